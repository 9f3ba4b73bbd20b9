"""A run as the report's sheets look at it: its lines in order, their state, and links to their cells."""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from zlxl.findings import FileReport, Finding, Run, Severity, State
from zlxl.rules.rule import Rule
from zlxl.sheet import Formula
from zlxl.sheets.links import cell_target, hyperlink, linkable
from zlxl.sheets.report_remarks import Remark
from zlxl.sheets.report_words import cell_order, cell_text, place

LISTED: Final = 100_000  # lines of a sheet; Excel takes 1,048,576 but no person does
LINKED: Final = 60_000  # more links make a workbook slow to open

_RANKS: Final[Mapping[State, int]] = {"new": 0, "known": 1, "waived": 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A finding with its file and its state against the earlier report."""

    file: FileReport
    finding: Finding
    state: State


@dataclass(frozen=True, kw_only=True)
class View:
    """What the sheets are made from."""

    run: Run
    rules: Mapping[str, Rule]
    earlier: Mapping[str, Remark] = field(default_factory=dict)  #: lines of the earlier report
    folder: str | None = "."  #: where the report will stand; None: in the checked file itself

    @cached_property
    def lines(self) -> Sequence[Line]:
        """Every finding: the unsettled and the worst first, then as the eye goes over the sheets."""
        lines = [
            (order, Line(file=file, finding=finding, state=self._state(finding)))
            for order, (file, finding) in enumerate(self._in_order())
        ]
        lines.sort(key=lambda pair: (_RANKS[pair[1].state] == 2, -pair[1].finding.severity.rank, pair[0]))
        return [line for _, line in lines]

    @cached_property
    def listed(self) -> Sequence[Line]:
        """The lines that have a row of their own."""
        return self.lines[:LISTED]

    @cached_property
    def counts(self) -> Counter[tuple[Severity, State]]:
        """How many lines have the severity and the state."""
        return Counter((line.finding.severity, line.state) for line in self.lines)

    @property
    def left_out(self) -> int:
        """How many lines have no row of their own."""
        return len(self.lines) - len(self.listed)

    @cached_property
    def gone(self) -> Mapping[str, Remark]:
        """What was there last time and is no more, by fingerprint."""
        here = {line.finding.fingerprint for line in self.lines}
        marks = [*self.earlier, *(mark for file in self.run.files for mark in file.gone)]
        return {mark: self.earlier.get(mark, Remark()) for mark in marks if mark not in here}

    @property
    def compared(self) -> bool:
        """Whether there is anything to compare with."""
        return bool(self.earlier or self.gone) or any(line.state == "known" for line in self.lines)

    @property
    def many_files(self) -> bool:
        """Whether a line has to say which file it is about."""
        return len(self.run.files) > 1

    def link(self, line: Line, number: int) -> Formula | str | None:
        """The place of a line, linked to its cell in its file; ``number`` counts the links from 1."""
        shown = cell_text(place(line.finding))
        target = self._target(line)
        if shown is None or number > LINKED or not linkable(target + shown):
            return shown
        return hyperlink(target, shown)

    def _target(self, line: Line) -> str:
        path = "" if self.folder is None else _beside(line.file.path, self.folder)
        finding = line.finding
        if not finding.sheet or path.lower().endswith((".csv", ".tsv", ".txt")):
            return path
        return cell_target(finding.sheet, finding.cell or f"A{finding.row or 1}", path)

    def _state(self, finding: Finding) -> State:
        """The run's own state; without a baseline, what the earlier report held is known."""
        if finding.state == "new" and finding.fingerprint in self.earlier:
            return "known"
        return finding.state

    def _in_order(self) -> Iterator[tuple[FileReport, Finding]]:
        for file in self.run.files:
            tabs = {table.sheet: index for index, table in enumerate(file.tables)}
            order = sorted(
                file.findings, key=lambda f: (tabs.get(f.sheet, len(tabs)), f.sheet, cell_order(f))
            )
            yield from ((file, finding) for finding in order)


def _beside(path: str, folder: str) -> str:
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:  # another drive
        relative = path
    return relative.replace("\\", "/")
