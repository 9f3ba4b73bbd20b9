"""A workbook in memory that edits can be made in, as the writer would make them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime

from zlxl.changes import CellChange, RowAppended
from zlxl.edits import Edits
from zlxl.grid import GENERAL, Cell, MemoryGrid
from zlxl.jobs.history import LogEntry, find_log, sign, with_history
from zlxl.jobs.runs import UNDO, Log, RunSeen
from zlxl.jobs.undo import Undoing, undo
from zlxl.schema.stored import Stored, after, stored_value

MOMENT = datetime(2026, 11, 24, 9, 30, 5)


@dataclass
class Logbook:
    """Sheets in memory as a source; every write of a run is signed a second later than the one before."""

    sheets: list[MemoryGrid]
    path: str = "memory.xlsx"
    runs_made: int = 0

    def grids(self) -> Sequence[MemoryGrid]:
        return self.sheets

    def copy(self) -> Logbook:
        return deepcopy(self)

    def sheet(self, name: str) -> MemoryGrid:
        return next(grid for grid in self.sheets if grid.sheet == name)

    def write(
        self,
        command: str,
        edits: Edits,
        entries: Iterable[LogEntry] | None = None,
        refused: Sequence[CellChange] = (),
    ) -> str:
        """Make the edits with their lines of the log; the run's id."""
        self.runs_made += 1
        run = sign(command, operator="张敏", moment=MOMENT.replace(second=self.runs_made), token="7f3a")
        told = with_history(self, edits, run, entries)
        for change in told.cells:
            if change not in refused:
                self.set(change)
        for row in told.rows:
            if row.because not in refused or row.because is None:
                self.append(row)
        return run.run_id

    def change(self, *changes: CellChange) -> str:
        """A run that changes cells."""
        return self.write("zlxl fix", Edits(cells=changes))

    def undo(self, run_id: str) -> Undoing:
        """Take back a run, and write that."""
        log = self.log()
        run = self.run(run_id)
        undoing = undo(self, run, log.lines(run))
        if undoing.cells:
            self.write(UNDO.format(run_id), Edits(cells=undoing.cells), undoing.entries)
        return undoing

    def log(self) -> Log:
        place = find_log(self)
        assert place is not None
        return Log(place)

    def run(self, run_id: str) -> RunSeen:
        return next(run for run in self.log().runs() if run.run_id == run_id)

    def at(self, sheet: str, row: int, column: int) -> Stored:
        grid = self.sheet(sheet)
        cell = grid.cells.get(row, {}).get(column, Cell())
        return Stored(cell.kind, cell.value, grid.number_formats[cell.style] if cell.kind else None)

    def set(self, change: CellChange) -> None:
        self._put(change.sheet, change.row, change.column, after(change, self._styled(change)))

    def _styled(self, change: CellChange) -> Stored:
        grid = self.sheet(change.sheet)
        cell = grid.cells.get(change.row, {}).get(change.column, Cell())
        return Stored(cell.kind, cell.value, grid.number_formats[cell.style])

    def _put(self, sheet: str, row: int, column: int, stored: Stored) -> None:
        grid = self.sheet(sheet)
        code = stored.number_format or GENERAL
        if code not in grid.number_formats:
            grid = replace(grid, number_formats=(*grid.number_formats, code))
            self.sheets[[g.sheet for g in self.sheets].index(sheet)] = grid
        cell = Cell(stored.kind, stored.value, grid.number_formats.index(code))
        grid.cells.setdefault(row, {})[column] = cell  # type: ignore[attr-defined, index]

    def append(self, row: RowAppended) -> None:
        grid = self.sheet(row.table)
        header = next(
            cells for cells in grid.cells.values() if set(row.values) <= {c.value for c in cells.values()}
        )
        columns = {cell.value: column for column, cell in header.items()}
        bottom = max(grid.cells) + 1
        for name, value in row.values.items():
            code = (row.number_formats or {}).get(name, "@" if isinstance(value, str) else GENERAL)
            self._put(row.table, bottom, columns[name], Stored(*stored_value(value), code))

    def move(self, sheet: str, order: Sequence[int], first: int) -> None:
        """Put rows into another order: ``order`` lists the rows that stand from ``first`` on."""
        grid = self.sheet(sheet)
        moved = {first + at: grid.cells[row] for at, row in enumerate(order)}
        grid.cells.update(moved)  # type: ignore[attr-defined]
