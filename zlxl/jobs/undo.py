"""Taking back a run: what it changed is restored where it still stands, the rest is named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from zlxl.changes import CellChange
from zlxl.edits import Edits
from zlxl.grid import GENERAL, Grid, Kind, TableSource, a1
from zlxl.jobs.history import (
    CELL,
    GONE_ROW,
    NEW_ROW,
    LogEntry,
    entries_of,
    storable,
    summary,
)
from zlxl.jobs.places import Place, by_sheet, places_of
from zlxl.jobs.runs import Line, RunSeen
from zlxl.jobs.undo_guess import meant, why_unknown
from zlxl.jobs.undo_rows import Rows, Spot, spot_of
from zlxl.schema.restore import row_restore
from zlxl.schema.stored import Stored, StoredCells


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a run changed and cannot be taken back, and why."""

    line: Line
    reason: str  #: Chinese, follows the place


@dataclass(frozen=True, kw_only=True)
class Undoing:
    """What takes a run back."""

    cells: tuple[CellChange, ...] = ()
    entries: tuple[LogEntry, ...] = ()
    kept: tuple[Kept, ...] = ()
    already: int = 0  #: lines whose cells hold again what they held before


def undo(source: TableSource, run: RunSeen, lines: Iterable[Line]) -> Undoing:
    """What is to be done to take back a run; nothing is written over that was changed since."""
    by_name: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_name[line.sheet.strip()].append(line)
    grids = {grid.sheet.strip(): grid for grid in source.grids()}
    places = by_sheet(places_of(source))
    parts: list[_Sheet] = []
    kept: list[Kept] = []
    for name, some in by_name.items():
        if name in grids:
            parts.append(_Sheet(grid=grids[name], places=places.get(grids[name].sheet, []), lines=some))
        else:
            kept += [Kept(line=line, reason="工作表已不存在") for line in some]
    for part in parts:
        part.run()
    cells = tuple(change for part in parts for change in part.cells)
    rows = [entry for part in parts for entry in part.entries]
    reason = f"撤销运行 {run.run_id}"
    why = {(change.sheet, change.row, change.column): reason for change in cells}
    entries = (*entries_of(source, Edits(cells=cells), why), *(replace(e, reason=reason) for e in rows))
    return Undoing(
        cells=cells + tuple(change for part in parts for change in part.in_rows),
        entries=entries,
        kept=(*kept, *(k for part in parts for k in part.kept)),
        already=sum(part.already for part in parts),
    )


@dataclass(kw_only=True)
class _Sheet:
    """One sheet of a workbook, and the lines of a run that concern it."""

    grid: Grid
    places: Sequence[Place]
    lines: Sequence[Line]
    cells: list[CellChange] = field(default_factory=list)
    in_rows: list[CellChange] = field(default_factory=list)  #: of whole rows, which have entries of their own
    entries: list[LogEntry] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    already: int = 0
    taken: set[Spot] = field(default_factory=set)

    def run(self) -> None:
        """Decide on every line; those whose cell is where it was come first."""
        self.alike = Counter(map(_likeness, self.lines))
        told = [(line, self._spots(line)) for line in self.lines]
        for line, spots in sorted(told, key=lambda one: not self._stayed(*one)):
            if line.field == NEW_ROW:
                self._empty_row(line)
            elif line.field == GONE_ROW:
                self._refill_row(line)
            else:
                self._restore(line, spots)

    # --- what is read ---

    @cached_property
    def _stored(self) -> StoredCells:
        columns = {column for place in self.places for column in place.labels}
        spots = [spot for line in self.lines for spot in (spot_of(line.cell), spot_of(line.row_key)) if spot]
        return StoredCells(self.grid, columns | {column for _, column in spots}, 1)

    @cached_property
    def _rows(self) -> Mapping[int, Rows]:
        """The rows of every table."""
        return {id(place): Rows(place, self._stored) for place in self.places}

    def _shown(self, stored: Stored) -> str:
        return storable(stored.shown(date1904=self.grid.date1904))

    # --- single cells ---

    def _restore(self, line: Line, spots: Sequence[Spot]) -> None:
        if not spots:
            self._keep(line, "找不到这一行或这一列（已删除、改名，或行的标识已改）")
            return
        free = [spot for spot in spots if spot not in self.taken]
        ours = [spot for spot in free if self._is_ours(line, self._stored.at(*spot))]
        recorded = spot_of(line.cell)
        if recorded in free:
            ours = [recorded] if recorded in ours else []
        elif len(spots) > 1 and len(ours) > self.alike[_likeness(line)]:
            self._keep(line, f"有 {len(ours)} 行的标识和值都相同，不能确定是哪一行")
            return
        if ours:
            self._put_back(line, ours[0])
        else:
            self._not_ours(line, recorded if recorded in free else (free or spots)[0])

    def _spots(self, line: Line) -> list[Spot]:
        """Cells that the line may mean."""
        recorded = spot_of(line.cell)
        if line.field == CELL:
            spot = spot_of(line.row_key) or recorded
            return [spot] if spot else []
        found: list[Spot] = []
        for place in self.places:
            columns = place.columns_of(line.field)
            if recorded and recorded[1] in columns:
                columns = [recorded[1]]
            rows = self._rows[id(place)].find(line, recorded[0] if recorded else None)
            found += [(row, column) for row in rows for column in columns]
        return found

    def _stayed(self, line: Line, spots: Sequence[Spot]) -> bool:
        spot = spot_of(line.cell)
        return spot is not None and spot in spots and self._is_ours(line, self._stored.at(*spot))

    def _is_ours(self, line: Line, stored: Stored) -> bool:
        if line.told.new is not None:
            return stored.same(line.told.new)
        return self._shown(stored) == line.new

    def _put_back(self, line: Line, spot: Spot) -> None:
        old = line.told.old or meant(line)
        if old is None:
            self._keep(line, why_unknown(line))
            return
        present = self._stored.at(*spot)
        if present.kind and line.told.new is not None and not _same_format(present, line.told.new):
            old = replace(old, number_format=None)  # somebody chose another format since
        if present.same(old) and (old.number_format is None or _same_format(present, old)):
            self.taken.add(spot)
            self.already += 1  # a run that changed the format only: the value is as it was and as it became
            return
        change = old.change(self.grid.sheet, *spot)
        if change is None:
            self._keep(line, f"原来是 {line.old}，这样的值不能写回")
            return
        self.taken.add(spot)
        self.cells.append(change)

    def _not_ours(self, line: Line, spot: Spot) -> None:
        stored = self._stored.at(*spot)
        old = line.told.old
        if stored.same(old) if old is not None else self._shown(stored) == line.old:
            self.already += 1
            return
        self._keep(line, f"之后已改为 {self._shown(stored) or '（空）'}")

    def _keep(self, line: Line, reason: str) -> None:
        self.kept.append(Kept(line=line, reason=reason))

    # --- whole rows ---

    def _empty_row(self, line: Line) -> None:
        """Empty a row that the run added, as long as it holds what the run wrote and nothing else."""
        for place in self.places:
            written = {c: s for header, s in line.told.row.items() for c in place.columns_of(header)[:1]}
            rows = self._rows[id(place)]
            whole = [r for r in rows.with_cells(written) if (r, 0) not in self.taken] if written else []
            if not whole:
                continue
            row = whole[-1]
            if more := self._added(place, row, written):
                self._keep(line, f"这一行之后又填写了 {more}")
                return
            self.taken.add((row, 0))
            self._change_row(line, place, row, dict.fromkeys(written, Stored()))
            return
        if not line.told.row:
            self._keep(line, "没有还原信息，请手工删除这一行")
        else:
            self._keep(line, "找不到这一行，或其中的值之后已修改")

    def _added(self, place: Place, row: int, written: Mapping[int, Stored]) -> str:
        """Known columns that were filled since."""
        columns = [column for column in place.match.fields.values() if column not in written]
        stored = {column: self._stored.at(row, column) for column in columns}
        return "、".join(
            place.labels[c] for c, s in stored.items() if s.kind not in (Kind.EMPTY, Kind.PENDING)
        )

    def _refill_row(self, line: Line) -> None:
        """Fill a row again that was emptied, as long as it is still empty."""
        if not line.told.was:
            self._keep(line, "没有还原信息，请从备份恢复这一行")
            return
        spot = spot_of(line.cell)
        for place in self.places:
            written = {c: s for header, s in line.told.was.items() for c in place.columns_of(header)[:1]}
            if spot is None or not place.holds(*spot) or len(written) < len(line.told.was):
                continue
            if any(self._stored.at(spot[0], column).kind is not Kind.EMPTY for column in written):
                self._keep(line, "这一行现在有别的内容")
            else:
                self._change_row(line, place, spot[0], written)
            return
        self._keep(line, "找不到原来的位置")

    def _change_row(self, line: Line, place: Place, row: int, new: Mapping[int, Stored]) -> None:
        changes = [s.change(self.grid.sheet, row, c) for c, s in new.items()]
        made = [change for change in changes if change is not None]
        if len(made) < len(changes):
            self._keep(line, "其中有不能写回的值")
            return
        spots = {(row, column) for column in new}
        if spots & self.taken:
            self._keep(line, "同一次运行的另一条记录也说到这一行")
            return
        self.taken |= spots
        self.in_rows += made
        empties = not any(stored.kind for stored in new.values())
        held = {place.labels[c]: self._stored.at(row, c) if empties else stored for c, stored in new.items()}
        told = summary(held, date1904=self.grid.date1904)
        self.entries.append(
            LogEntry(
                sheet=self.grid.sheet,
                row_key=line.row_key,
                field=GONE_ROW if empties else NEW_ROW,
                old=told if empties else "",
                new="" if empties else told,
                cell=a1(row, min(new)),
                restore=row_restore("was" if empties else "row", held),
                change=made[0],
            )
        )


def _likeness(line: Line) -> tuple[object, ...]:
    """What makes two lines exchangeable: the same is restored from the same to the same."""
    return line.row_key, line.field, line.told.key, line.old, line.new


def _same_format(one: Stored, other: Stored) -> bool:
    """Whether two cells are shown alike: Excel writes the format ``yyyy-mm-dd`` as ``yyyy\\-mm\\-dd``."""
    return _bare(one.number_format) == _bare(other.number_format)


def _bare(code: str | None) -> str:
    return (code or GENERAL).replace("\\", "").replace('"', "")
