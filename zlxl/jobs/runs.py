"""The runs that 变更记录 tells of: who, when, how many lines, and which of them were undone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from zlxl.jobs.places import Place
from zlxl.schema.restore import Restore, read_restore
from zlxl.schema.stored import StoredCells

UNDO: Final = "zlxl undo --run {}"  #: the command in the log's lines of an undoing run

_MARKS = ("--mark", "--unmark")  # end the command of a run that changed no value
_UNDO = re.compile(r"zlxl undo --run (\S+)")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the log, read back."""

    sheet: str
    row_key: str
    field: str
    cell: str
    old: str
    new: str
    told: Restore


@dataclass(frozen=True, kw_only=True)
class RunSeen:
    """One run, by the lines that bear its id."""

    run_id: str
    moment: str
    operator: str
    command: str
    rows: tuple[int, ...]  #: of the log's sheet
    undone: int = 0  #: how many of its lines later runs took back
    undone_by: str = ""  #: the last run that did

    @property
    def undoes(self) -> str:
        """Id of the run that this one took back; empty where it is no undoing."""
        found = _UNDO.search(self.command)
        return found[1] if found else ""

    @property
    def marks(self) -> bool:
        """Whether the run only marked cells: it changed no value, and marks have a way off of their own."""
        return self.command.endswith(_MARKS)

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.marks:
            return "只是标记，用 zlxl validate --unmark 取消"
        if not self.undone:
            return f"撤销了 {self.undoes}" if self.undoes else "可撤销"
        share = "已撤销" if self.undone >= len(self.rows) else f"已撤销 {self.undone}/{len(self.rows)}"
        return f"{share}（运行 {self.undone_by}）"


class Log:
    """The log of a workbook, its texts read at once."""

    def __init__(self, place: Place) -> None:
        self._fields = place.match.fields
        self._date1904 = place.grid.date1904
        self._cells = StoredCells(place.grid, self._fields.values(), place.match.row + 1)

    def text(self, row: int, field: str) -> str:
        """A field of a line; empty where the log has no such column."""
        if field not in self._fields:
            return ""
        return self._cells.at(row, self._fields[field]).shown(date1904=self._date1904)

    def runs(self) -> list[RunSeen]:
        """The runs in the order of time; lines without an id are nobody's."""
        rows: dict[str, list[int]] = {}
        for row in self._cells.filled():
            if run_id := self.text(row, "run_id").strip():
                rows.setdefault(run_id, []).append(row)
        runs = [self._run(run_id, found) for run_id, found in rows.items()]
        return _with_states(sorted(runs, key=lambda run: (run.moment, run.rows)))

    def _run(self, run_id: str, rows: Sequence[int]) -> RunSeen:
        return RunSeen(
            run_id=run_id,
            moment=self.text(rows[0], "changed_at"),
            operator=self.text(rows[0], "operator"),
            command=self.text(rows[0], "command"),
            rows=tuple(rows),
        )

    def lines(self, run: RunSeen) -> Iterator[Line]:
        """The lines of a run in the order of the log."""
        for row in run.rows:
            yield Line(
                sheet=self.text(row, "sheet"),
                row_key=self.text(row, "row_key"),
                field=self.text(row, "field"),
                cell=self.text(row, "address"),
                old=self.text(row, "old"),
                new=self.text(row, "new"),
                told=read_restore(self.text(row, "restore")),
            )


def _with_states(runs: Sequence[RunSeen]) -> list[RunSeen]:
    """The runs with what later ones took back; an undoing that was itself undone does not count."""
    undone: dict[str, int] = {}
    undone_by: dict[str, str] = {}
    for run in reversed(runs):
        if run.undoes and not undone.get(run.run_id):
            undone[run.undoes] = undone.get(run.undoes, 0) + len(run.rows)
            undone_by.setdefault(run.undoes, run.run_id)
    return [
        replace(run, undone=undone.get(run.run_id, 0), undone_by=undone_by.get(run.run_id, ""))
        for run in runs
    ]


def last_to_undo(runs: Sequence[RunSeen]) -> RunSeen | None:
    """The newest run that changed values, is no undoing and was not undone, None where there is none."""
    return next((r for r in reversed(runs) if not (r.undone or r.undoes or r.marks)), None)
