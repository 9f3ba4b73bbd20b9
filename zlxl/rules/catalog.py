"""Every rule, by code; a new rule is one entry in the tuple of its module."""

from __future__ import annotations

from collections.abc import Mapping

from zlxl.rules import applications, clients, documents, references, timing, workbook
from zlxl.rules.cells import CELL_RULES
from zlxl.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *workbook.RULES,
            *CELL_RULES,
            *clients.RULES,
            *timing.RULES,
            *references.RULES,
            *documents.RULES,
            *applications.RULES,
        ),
        key=lambda rule: rule.code,
    )
)
RULE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
