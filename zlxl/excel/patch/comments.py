"""A comments part: who wrote which note, and the same part with notes of ours added or taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from zlib import crc32

from zlxl.excel.patch.markup import (
    Node,
    Replacement,
    attribute,
    child,
    children,
    prefixed,
    replaced,
    root,
    with_child,
)
from zlxl.excel.patch.value import text_markup
from zlxl.grid import Area, a1

AUTHOR = "zlxl"
MARK = "校验"  #: kind of the notes that marks have
SIGN = "—— zlxl"  #: begins the last line of a note of ours
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
FONT = '<rFont val="微软雅黑"/><family val="2"/><charset val="134"/>'

_TEXT = re.compile(rb"<(?:[^\s/>:]+:)?t(?:\s[^>]*)?>([^<]*)</")
_CODE = re.compile("_x([0-9A-Fa-f]{4})_")
_SIGNED = re.compile(rf"\s*{SIGN}(?: (\w+))? ([0-9a-f]{{4}})\s*")

Place = tuple[int, int]  #: row and column


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnNote:
    """A note of ours to be written; the kind is told in its last line."""

    text: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Comment:
    node: Node
    author: str


class Comments:
    """The notes of a sheet."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._root = root(text)
        self.prefix = self._root.prefix

    @cached_property
    def authors(self) -> list[str]:
        """Who wrote notes, in the order of the part."""
        return [_plain(self._text[n.inner : n.close]) for n in self._within(b"authors")]

    @cached_property
    def notes(self) -> Mapping[Place, _Comment]:
        """Every note by its cell."""
        found: dict[Place, _Comment] = {}
        for node in self._within(b"commentList"):
            tag = node.tag(self._text)
            number = attribute(tag, b"authorId") or ""
            known = number.isdecimal() and int(number) < len(self.authors)
            place = _place(attribute(tag, b"ref") or "")
            if place is not None:
                author = self.authors[int(number)] if known else ""
                found[place] = _Comment(node=node, author=author)
        return found

    def _within(self, name: bytes) -> list[Node]:
        holder = child(self._text, self._root, name)
        return list(children(self._text, holder.inner, holder.close)) if holder else []

    @cached_property
    def ours(self) -> Mapping[Place, OwnNote]:
        """Notes of ours that nobody has changed since; not every program keeps their author."""
        signed = {place: self._own(comment.node) for place, comment in self.notes.items()}
        return {place: note for place, note in signed.items() if note}

    def _own(self, node: Node) -> OwnNote | None:
        """A note as it was given; None when its last line does not sign what stands before."""
        text = "".join(_plain(t) for t in _TEXT.findall(self._text, node.inner, node.close))
        before, sign, _ = text.rpartition(SIGN)
        found = _SIGNED.fullmatch(text, len(before)) if sign else None
        note = OwnNote(text=before.rstrip("\n"), kind=found[1] or "") if found else None
        return note if note and found and _checksum(note.text) == found[2] else None

    def changed(self, notes: Mapping[Place, OwnNote | None]) -> bytes:
        """The part with notes of ours; None takes one away. The places hold no notes of others."""
        text = self._text if AUTHOR in self.authors else self._with_author()
        edited = Comments(text)
        edits = edited._edits(notes)
        left = Comments(replaced(text, edits))
        return left._without_author() if left.authors[-1:] == [AUTHOR] else left._text

    def _edits(self, notes: Mapping[Place, OwnNote | None]) -> list[Replacement]:
        number, edits, new = self.authors.index(AUTHOR), [], {}
        for place, note in notes.items():
            markup = prefixed(_comment(place, note, number), self.prefix) if note else b""
            if place in self.notes:
                node = self.notes[place].node
                edits.append((node.start, node.end, markup))
            elif note:
                new[place] = markup
        return edits + self._insertions(new)

    def _insertions(self, new: Mapping[Place, bytes]) -> list[Replacement]:
        """Each new note before the first that follows it on the sheet."""
        holder = child(self._text, self._root, b"commentList")
        if holder is None:
            raise ValueError("批注部件没有批注列表")
        left, edits = sorted(new, reverse=True), []
        for place, comment in self.notes.items():
            while left and left[-1] < place:
                edits.append((comment.node.start, comment.node.start, new[left.pop()]))
        rest = b"".join(new[place] for place in reversed(left))
        return [*edits, with_child(self._text, holder, rest)] if rest else edits

    def _with_author(self) -> bytes:
        holder = child(self._text, self._root, b"authors")
        author = f"<author>{AUTHOR}</author>".encode()
        if holder is None:
            at, markup = self._root.inner, b"<authors>" + author + b"</authors>"
            return replaced(self._text, [(at, at, prefixed(markup, self.prefix))])
        return replaced(self._text, [with_child(self._text, holder, prefixed(author, self.prefix))])

    def _without_author(self) -> bytes:
        """The part without our name at the end of the authors, unless a note still needs it."""
        last = str(len(self.authors) - 1)
        nodes = (comment.node for comment in self.notes.values())
        if any(attribute(node.tag(self._text), b"authorId") == last for node in nodes):
            return self._text
        node = self._within(b"authors")[-1]
        return replaced(self._text, [(node.start, node.end, b"")])


def _place(reference: str) -> Place | None:
    """The cell of a reference; None where it is none, and the note shows nowhere."""
    try:
        area = Area.parse(reference.strip().upper())
    except ValueError:
        return None
    return area.top, area.left


def new_comments(*, strict: bool) -> bytes:
    """A part without notes."""
    main = STRICT_MAIN if strict else MAIN
    return HEAD + b'<comments xmlns="%b"><authors></authors><commentList></commentList></comments>' % main


def shown_text(note: OwnNote) -> str:
    """The note as it is read, with its last line."""
    kind = f" {note.kind}" if note.kind else ""
    return f"{note.text}\n{SIGN}{kind} {_checksum(note.text)}"


def _checksum(text: str) -> str:
    """Tells a note that was written into from one that was not; blanks change on the way through Excel."""
    return f"{crc32(''.join(text.split()).encode()) & 0xFFFF:04x}"


def _comment(place: Place, note: OwnNote, author: int) -> bytes:
    text, sign = shown_text(note).rsplit("\n", 1)
    return (
        f'<comment ref="{a1(*place)}" authorId="{author}" shapeId="0"><text>'
        f'<r><rPr><sz val="9"/><color rgb="FF1F2A37"/>{FONT}</rPr>{_run(text)}</r>'
        f'<r><rPr><sz val="7"/><color rgb="FF8A94A0"/>{FONT}</rPr>{_run(chr(10) + sign)}</r>'
        "</text></comment>"
    ).encode()


def _run(text: str) -> str:
    return f'<t xml:space="preserve">{text_markup(text)}</t>'


def _plain(markup: bytes) -> str:
    text = unescape(markup.decode())
    return _CODE.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n")
