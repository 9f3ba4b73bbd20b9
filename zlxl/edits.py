"""Everything that one write does to a workbook; it is done as a whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from zlxl.changes import CellChange, CellMark, LookChange, NoteChange, RowAppended
from zlxl.sheet import Name, Sheet


@dataclass(frozen=True, kw_only=True)
class Edits:
    """Changes of one workbook. Every sheet and table is called as the file spells it."""

    cells: tuple[CellChange, ...] = ()
    looks: tuple[LookChange, ...] = ()
    notes: tuple[NoteChange, ...] = ()
    rows: tuple[RowAppended, ...] = ()  #: in the order in which they are to stand
    marks: tuple[CellMark, ...] | None = None  #: the new set of marks, which replaces all of ours; None: stay
    sheets: tuple[Sheet, ...] = ()  #: generated sheets to be added, each in the place of ours of that name
    names: tuple[Name, ...] = ()  #: defined names that these sheets use
    removed: tuple[str, ...] = ()  #: generated sheets to be deleted; others of that name are refused

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return self != Edits()
