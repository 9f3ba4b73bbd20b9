"""The rows of the known tables as records: stored values by column name, the user's own columns too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from zlxl.errors import Unreadable
from zlxl.grid import Grid, TableSource
from zlxl.schema.comparing import meant, same
from zlxl.schema.headers import HeaderMatch, assign, extra_columns
from zlxl.schema.read import RawCells, read_raw
from zlxl.schema.table import Table
from zlxl.schema.values import Raw, shown
from zlxl.tables.catalog import TABLES

__all__ = ["Record", "RecordTable", "meant", "plain_identity", "read_records", "same", "tables_of"]

JOINT: Final = "|"  # between the parts of an identity
AGAIN: Final = "\x1e"  # before the number of a second and later record of the same identity


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One row of a table."""

    row: int  #: 1-based row of the sheet
    key: str  #: as shown: the first filled key field, empty where there is none
    identity: str  #: unique in its table, see ``plain_identity``
    values: Mapping[str, Raw]  #: by label; empty cells, and those of blanks only, are left out


@dataclass(frozen=True, kw_only=True)
class RecordTable:
    """A known table of a source. Labels are declared headers, and the sheet's spelling of other columns."""

    table: Table
    sheet: str
    header_row: int
    columns: Mapping[str, int]  #: 1-based column by label, in sheet order
    records: tuple[Record, ...] = field(repr=False)  #: in the order of the rows
    spelled: Mapping[str, str] = field(default_factory=dict)  #: header as the sheet spells it by label
    list_object: str | None = None  #: name of the Excel table, None where it is none
    typed: bool = True  #: whether stored types mean something, or all values are texts (CSV)

    @property
    def key_labels(self) -> tuple[str, ...]:
        """Declared headers of the key fields, the shown one first."""
        return tuple(self.table.columns[name].header for name in self.table.key)


def read_records(source: TableSource) -> tuple[RecordTable, ...]:
    """The known tables of a source, in the order of its sheets; its rows are those that are validated.

    Raises:
        Unreadable: no sheet holds a known table, or the source cannot be read.
    """
    found = tables_of(source)
    if not found:
        sheets = "、".join(grid.sheet for grid in source.grids()[:8])
        raise Unreadable(
            f"{source.path}：没有找到已知的表（现有工作表：{sheets or '无'}）。"
            "请确认表头在前 20 行内，列名与“客户台账”等一致。"
        )
    return found


def tables_of(source: TableSource) -> tuple[RecordTable, ...]:
    """The same, of a source that may hold no known table."""
    return tuple(_read(grid, match) for grid in source.grids() for match in assign(grid, TABLES))


def _read(grid: Grid, match: HeaderMatch) -> RecordTable:
    extra = extra_columns(grid, match)
    rows, cells = read_raw(grid, match, extra)
    labels = _labels(match, extra)
    keys = [cells[match.fields[name]] for name in match.table.key if name in match.fields]
    values: list[dict[str, Raw]] = [{} for _ in rows]
    for column, label in labels.items():
        for position, raw in _filled(cells[column]):
            values[position][label] = raw
    shown_keys = _key_texts(keys, len(rows))
    records = (
        Record(row=row, key=next(filter(None, key), ""), identity=identity, values=row_values)
        for row, key, identity, row_values in zip(
            rows.tolist(), shown_keys, _identities(shown_keys, values), values, strict=True
        )
    )
    spelled = {column: match.spelled[name] for name, column in match.fields.items()} | dict(extra)
    return RecordTable(
        table=match.table,
        sheet=grid.sheet,
        header_row=match.row,
        columns={label: column for column, label in labels.items()},
        records=tuple(records),
        spelled={label: spelled[column] for column, label in labels.items()},
        list_object=match.list_object.name if match.list_object else None,
        typed=grid.typed,
    )


def _labels(match: HeaderMatch, extra: Mapping[int, str]) -> dict[int, str]:
    """A name of its own for each column, in sheet order; a name met again gets a number."""
    known = {column: match.table.columns[name].header for name, column in match.fields.items()}
    taken = set(known.values())
    labels = dict(known)
    for column, text in extra.items():
        label, number = text, 1
        while label in taken:
            number += 1
            label = f"{text} ({number})"
        taken.add(label)
        labels[column] = label
    return dict(sorted(labels.items()))


def _filled(cells: RawCells) -> Iterator[tuple[int, Raw]]:
    """Positions and values of the cells that hold more than blanks."""
    held = [not (isinstance(raw, str) and (not raw or raw.isspace())) for raw in cells.raws]
    raws = cells.raws
    return (
        (position, raws[code])
        for position, code in enumerate(cells.codes.tolist())
        if code >= 0 and held[code]
    )


def _key_texts(keys: Sequence[RawCells], rows: int) -> list[tuple[str, ...]]:
    """The key fields of each row as shown; no field where the sheet has none."""
    columns = []
    for cells in keys:
        texts = [_key_text(raw) for raw in cells.raws]
        texts.append("")  # where code -1 points to
        columns.append([texts[code] for code in cells.codes.tolist()])
    return list(zip(*columns, strict=True)) if columns else [()] * rows


def _key_text(raw: Raw) -> str:
    text = shown(meant(raw))
    return "" if text.isspace() else text


def _identities(keys: Iterable[tuple[str, ...]], values: Sequence[Mapping[str, Raw]]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for key, row_values in zip(keys, values, strict=True):
        plain = JOINT.join(key) if any(key) else _content(row_values)
        seen[plain] += 1
        yield plain if seen[plain] == 1 else f"{plain}{AGAIN}{seen[plain]}"


def _content(values: Mapping[str, Raw]) -> str:
    """A record without key in one text, whatever the order of its columns."""
    return JOINT.join(f"{label}={shown(meant(raw))}" for label, raw in sorted(values.items()))


def plain_identity(identity: str) -> str:
    """All key fields as shown, or the whole content where they are empty; records may share it."""
    return identity.partition(AGAIN)[0]
