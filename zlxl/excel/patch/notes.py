"""Notes of ours on cells: added, replaced and removed beside those of the user, which stay as they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from zlxl.changes import NoteChange
from zlxl.excel.package import MIB
from zlxl.excel.patch.book import BookPatch, SheetEdit
from zlxl.excel.patch.comments import MARK, Comments, OwnNote, Place, new_comments, shown_text
from zlxl.excel.patch.markup import as_utf8, attribute, prefix_of, tags
from zlxl.excel.patch.note_box import Measures
from zlxl.excel.patch.parts import RELATIONSHIPS, STRICT_RELATIONSHIPS, Relation
from zlxl.excel.patch.tail import inserted, without
from zlxl.excel.patch.vml import Drawing, new_drawing
from zlxl.grid import Area, a1

MAX_NOTES_BYTES = 256 * MIB  # a sheet full of notes has some MiB
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
BORDER = 1024  # bytes within which a tag that a chunk cuts through is found again
NAMED = 5  # so many cells a remark lists
TAKEN = "已有您的批注，批注未改动"
NO_DRAWING = "的批注图形部件缺失，未添加批注；请用 Excel 打开并另存后再试"

#: Passes over comments, also over one that has not ended yet.
_SHEET_DATA = re.compile(rb"<!--.*?(?:-->|\Z)|<(?:[^\s/>:<!?]+:)?(?P<name>sheetData)[\s/>]", re.DOTALL)
_LEGACY = re.compile(rb"<(?:[^\s/>:]+:)?legacyDrawing\s[^>]*>")
_ID = re.compile(rb"""\s[^\s=:]+:id\s*=\s*["']([^"']*)["']""")
_IDMAP = re.compile(rb"""idmap\s[^>]*data\s*=\s*["']([0-9, ]+)["']""")
_RELATIONSHIPS = re.compile(
    rb"""\sxmlns:([^\s=]+)\s*=\s*["'](?:%b|%b)["']"""
    % tuple(re.escape(name.encode()) for name in (RELATIONSHIPS, STRICT_RELATIONSHIPS))
)

Notes = Mapping[Place, OwnNote | None]  #: None takes a note away


def change_notes(
    book: BookPatch, changes: Iterable[NoteChange], marks: Mapping[str, Mapping[Place, str]] | None = None
) -> list[str]:
    """Plan notes of ours; remarks about cells that could not have one.

    ``marks``: texts of the notes of marks by sheet (casefolded) and cell, in the place of all notes of this
    kind; None leaves these alone. A note that somebody wrote into is the user's from then on.
    """
    wanted: dict[str, dict[Place, OwnNote | None]] = defaultdict(dict)
    for name, texts in (marks or {}).items():
        wanted[name] |= {place: OwnNote(text=text, kind=MARK) for place, text in texts.items()}
    for change in changes:
        sheet = book.sheet(change.sheet).grid.sheet.casefold()
        note = None if change.text is None else OwnNote(text=change.text)
        wanted[sheet][change.row, change.column] = note
    free = _free_blocks(book)
    remarks: list[str] = []
    for edit in book.sheets:
        notes = wanted[edit.grid.sheet.casefold()]
        if notes or marks is not None:
            sheet_notes = _SheetNotes(book, edit, free)
            gone = dict.fromkeys(sheet_notes.marked if marks is not None else ())
            remarks += sheet_notes.change(gone | notes)
    return remarks


def marked_notes(book: BookPatch) -> Mapping[str, frozenset[Place]]:
    """Cells that have notes of marks, by sheet (casefolded)."""
    free = _free_blocks(book)
    return {
        edit.grid.sheet.casefold(): frozenset(_SheetNotes(book, edit, free).marked) for edit in book.sheets
    }


def _free_blocks(book: BookPatch) -> Iterator[int]:
    """Blocks of shape ids that no drawing of the workbook claims."""
    claimed: set[int] = set()
    for name in book.package.parts:
        if name.endswith(".vml") and name in book.parts:
            for data in _IDMAP.findall(book.parts.text(name, MAX_NOTES_BYTES)):
                claimed |= {int(n) for n in data.split(b",") if n.strip()}
    yield from (block for block in count(1) if block not in claimed)


@dataclass(frozen=True, kw_only=True)
class _Head:
    """What the start of a sheet says."""

    prefix: bytes  #: of its elements, with its colon
    relationships: bytes | None  #: prefix of relationship ids, None when it has none
    measures: Measures


class _SheetNotes:
    """The notes of one sheet."""

    def __init__(self, book: BookPatch, edit: SheetEdit, free: Iterator[int]) -> None:
        self._book, self._parts, self._edit, self._free = book, book.parts, edit, free
        self._part = edit.grid.part
        self._name = self._parts.related(self._part, "comments")
        self._comments = self._read_comments()

    def _read_comments(self) -> Comments:
        if self._name is None:
            return Comments(new_comments(strict=self._parts.strict))
        return Comments(self._parts.text(self._name, MAX_NOTES_BYTES))

    @property
    def marked(self) -> list[Place]:
        """Cells with a note of a mark."""
        return [place for place, note in self._comments.ours.items() if note.kind == MARK]

    def change(self, notes: Notes) -> list[str]:
        """Make the changes; remarks."""
        ours = self._comments.ours
        theirs = (self._comments.notes.keys() - ours.keys()) | self._threads
        taken = [place for place, note in notes.items() if note and place in theirs]
        todo = {
            place: note for place, note in notes.items() if place not in theirs and ours.get(place) != note
        }
        remarks = [self._remark(taken)] if taken else []
        if todo and self._legacy is not None and self._drawing_part is None:
            return [*remarks, f"工作表“{self._edit.grid.sheet}”{NO_DRAWING}。"]
        if todo:
            self._change_drawing(todo, keep=self._change_comments(todo))
        return remarks

    def _remark(self, places: list[Place]) -> str:
        named = "、".join(a1(*place) for place in sorted(places)[:NAMED])
        more = f"等 {len(places)} 个单元格" if len(places) > NAMED else ""
        return f"工作表“{self._edit.grid.sheet}”的 {named} {more}{TAKEN}。"

    @cached_property
    def _threads(self) -> set[Place]:
        """Cells with a conversation, which also keeps a note."""
        related = self._parts.relations(self._part)
        parts = [r.target for r in related if r.kind == "threadedComment" and r.target in self._parts]
        refs = (
            attribute(tag[0], b"ref")
            for part in parts
            for tag in tags(self._parts.text(part, MAX_NOTES_BYTES))
            if tag["name"] == b"threadedComment" and not tag["closing"]
        )
        return {(area.top, area.left) for ref in refs if ref for area in [Area.parse(ref)]}

    def _change_comments(self, notes: Notes) -> bool:
        """Write the comments part; whether there still is one."""
        text = self._comments.changed(notes)
        if self._name is None:
            self._name = self._parts.fresh("xl/comments{}.xml")
            self._parts.add(self._name, text, COMMENTS_TYPE)
            self._parts.relate(self._part, "comments", self._name)
        elif Comments(text).authors:
            self._parts.put(self._name, text)
        else:
            self._drop("comments", self._name)
            return False
        return True

    def _drop(self, kind: str, part: str) -> None:
        """Remove a part and what relates the sheet to it."""
        for relation in self._parts.relations(self._part):
            if relation.kind == kind and relation.target == part:
                self._parts.unrelate(self._part, relation.id)
        self._parts.remove(part)

    def _change_drawing(self, notes: Notes, *, keep: bool) -> None:
        """Write the boxes; ``keep``: whether the sheet still has notes."""
        name = self._drawing_part
        text = self._parts.text(name, MAX_NOTES_BYTES) if name else new_drawing(next(self._free))
        measures = self._head.measures
        boxes = {
            place: measures.box(*place, shown_text(note)) for place, note in sorted(notes.items()) if note
        }
        drawing = Drawing(text).without(set(notes))
        if boxes:
            drawing = drawing.with_notes(boxes, self._free)
        if name is None:
            if boxes:
                self._add_drawing(drawing)
        elif drawing.empty and (not keep or drawing.untouched):
            self._drop("vmlDrawing", name)
            self._edit.tail.append(lambda tail: without(tail, b"legacyDrawing"))
        else:
            self._parts.put(name, drawing.text)

    def _add_drawing(self, drawing: Drawing) -> None:
        name = self._parts.fresh("xl/drawings/vmlDrawing{}.vml")
        self._parts.ensure_default_type("vml", DRAWING_TYPE)
        self._parts.add(name, drawing.text)
        id_ = self._parts.relate(self._part, "vmlDrawing", name)
        prefix, declared = self._head.relationships, b""
        if prefix is None:
            namespace = STRICT_RELATIONSHIPS if self._parts.strict else RELATIONSHIPS
            prefix, declared = b"r", f' xmlns:r="{namespace}"'.encode()
        attributes = b'%b %b:id="%b"' % (declared, prefix, id_.encode())
        markup = b"<%blegacyDrawing%b/>" % (self._head.prefix, attributes)
        self._edit.tail.append(lambda tail: inserted(tail, b"legacyDrawing", markup))

    @cached_property
    def _drawing_part(self) -> str | None:
        """The part of the sheet's note boxes, None when there is none."""
        relation = self._legacy
        return relation.target if relation and relation.target in self._parts else None

    @cached_property
    def _legacy(self) -> Relation | None:
        """The relation that the sheet's ``legacyDrawing`` names; one without part where it names none."""
        drawings = [r for r in self._parts.relations(self._part) if r.kind == "vmlDrawing"]
        held = b""
        for chunk in as_utf8(self._book.package.chunks(self._part))[1] if drawings else ():
            held = held[-BORDER:] + chunk
            if tag := _LEGACY.search(held):
                found = _ID.search(tag[0])
                named = found[1].decode() if found else ""
                missing = Relation(id=named, kind="vmlDrawing", target="", external=False)
                return next((r for r in drawings if r.id == named), missing)
        return None

    @cached_property
    def _head(self) -> _Head:
        text = b""
        for chunk in as_utf8(self._book.package.chunks(self._part))[1]:
            text += chunk
            data = next((found for found in _SHEET_DATA.finditer(text) if found["name"]), None)
            if data is not None:
                text = text[: data.start()]
                break
        first = next(tags(text))
        found = _RELATIONSHIPS.search(first[0])
        return _Head(prefix=prefix_of(first), relationships=found and found[1], measures=Measures.of(text))
