"""Repairs of repairs: a workbook is mended in thought until nothing more is to be mended."""

from __future__ import annotations

from typing import Final

from zlxl.grid import TableSource
from zlxl.jobs.fix import Change, as_one, plan_fixes
from zlxl.jobs.overlay import Overlaid
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate

ROUNDS: Final = 5  # a cell may need two repairs, one after the other; more never settle


def settled(source: TableSource, settings: Settings) -> list[Change]:
    """The safe repairs of a source, round after round: a cell comes once for each it needs."""
    done: list[Change] = []
    now = source
    for _ in range(ROUNDS):
        plan = plan_fixes(validate(now, settings))
        if not plan:
            break
        done += plan
        now = Overlaid(source, as_one(done)[0])
    return done
