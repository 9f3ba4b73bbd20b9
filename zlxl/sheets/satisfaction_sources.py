"""The tables of the workbook as formulas may look at them: by structured reference, where that is safe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from zlxl.schema.frame import Cells, Frame
from zlxl.schema.values import NOT_JUDGED
from zlxl.sheets.satisfaction_page import plain_criterion, quoted
from zlxl.tables.criteria import CRITERIA

_SPECIAL: Final = frozenset(
    "[]#'@\n\r\t"
)  # would have to be escaped in a reference, each program its own way
MOST_LIVE: Final = 3000  #: rows that are looked up by formulas; of more the values stand there


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The frames that formulas may refer to; none for a sheet that leaves the workbook."""

    frames: Mapping[str, Sequence[Frame]] = field(default_factory=dict)  #: by table

    def ref(self, table: str, name: str) -> str | None:
        """``表[列]`` of a field; None where no single Excel table holds it under a plain header."""
        frame = self._only(table)
        if frame is None or name not in frame.cells or frame.match.list_object is None:
            return None
        header = frame.match.spelled.get(name, "")
        if not header or set(header) & _SPECIAL or header != header.strip():
            return None
        return f"{frame.match.list_object.name}[{header}]"

    def clean(self, table: str, *names: str) -> tuple[str, ...] | None:
        """References of fields whose every cell says what it means; None where one does not."""
        frame = self._only(table)
        if frame is None:
            return None
        found = [self.ref(table, name) for name in names if _clean(frame.cells.get(name))]
        refs = tuple(ref for ref in found if ref is not None)
        return refs if len(refs) == len(names) else None

    def says(self, frame: Frame, name: str, position: int) -> bool:
        """Whether a cell holds literally what it means, so that a formula reads the same."""
        cells = frame.cells.get(name)
        if cells is None or (cells.lent is not None and cells.lent[position]):
            return False
        code = int(cells.codes[position])
        return code < 0 or (code not in cells.verdicts and _literal(cells, code))

    def _only(self, table: str) -> Frame | None:
        frames = self.frames.get(table, ())
        return frames[0] if len(frames) == 1 else None

    def index(self, frame: Frame, position: int) -> int:
        """Which row of its Excel table a position is, from 1."""
        top = frame.match.list_object.area.top if frame.match.list_object else frame.header_row
        return int(frame.rows[position]) - top

    def once(self, table: str, name: str, key: str) -> bool:
        """Whether MATCH finds the row of a key: it occurs once, and is no pattern."""
        return self._keys.get((table, name), Counter())[key.casefold()] == 1 and plain_criterion(key)

    @cached_property
    def _keys(self) -> Mapping[tuple[str, str], Counter[str]]:
        found = {}
        for table, frames in self.frames.items():
            for frame in frames:
                name = frame.table.key[0]
                texts = (text for text in frame.column(name) if isinstance(text, str))
                found[table, name] = Counter(text.casefold() for text in texts)
        return found

    def criterion(self, group: str, item: str, column: str, value: float) -> str | None:
        """Formula of a number of 评价准则; None where it does not come out as what is in force."""
        refs = self.clean(CRITERIA.name, "group", "item", column)
        enabled = self.clean(CRITERIA.name, "enabled")
        frame = self._only(CRITERIA.name)
        if refs is None or frame is None or not plain_criterion(item):
            return None
        held = frame.where("group", frozenset((group,))) & frame.where("item", frozenset((item,)))
        switch = ""
        if enabled is not None:
            held &= ~frame.where("enabled", frozenset(("否",)))
            switch = f',{enabled[0]},"<>否"'
        numbers = frame.numbers(column)[held]
        if len(numbers) != 1 or numbers[0] != value:
            return None
        groups, items, values = refs
        return f"SUMIFS({values},{groups},{quoted(group)},{items},{quoted(item)}{switch})"


def _clean(cells: Cells | None) -> bool:
    return cells is not None and not cells.verdicts and cells.lent is None


def _literal(cells: Cells, code: int) -> bool:
    raw, value = cells.raws[code], cells.values[code]
    return value is not NOT_JUDGED and (not isinstance(value, str) or raw == value)
