"""Fills of marks: solid, with a background colour that does not show and numbers the fill that stood before.

What stood before is kept in hidden names of the workbook: it then outlives Excel's own saving, which numbers
all formats anew.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from zlxl.excel.patch.markup import attribute, prefixed, root, with_attribute
from zlxl.excel.patch.styles import StylesPatch, solid_fill
from zlxl.excel.patch.workbook_tabs import DefinedName, Tabs
from zlxl.findings import Severity
from zlxl.sheet import Style
from zlxl.sheets.look import LOOKS

NAME = "_zlxl.fill."
LONGEST = 255  # characters of a text in a formula
MOST = 0xFFFF
NOWHERE = 1 << 20  # no format has this index
SIGNATURE = "FF5A"  # begins the background colour, four hexadecimal digits follow
COLOURS: Mapping[str, str] = {
    Severity.ERROR: LOOKS[Style.BAD].fill or "",
    Severity.WARNING: LOOKS[Style.WARN].fill or "",
    Severity.NOTE: LOOKS[Style.INFO].fill or "",
}

#: What was there: nothing at all, not even rows; no row; a row without end tag; no cell; a cell without
#: format; a cell with a format that says nothing; a cell with a format.
NO_ROWS, NO_ROW, BARE_ROW, NO_CELL, BARE_CELL, BLANK_CELL, CELL = "drechbs"
ABSENT = (NO_ROWS, NO_ROW, BARE_ROW, NO_CELL)

_RECORD = re.compile(r"([drechbs])(\d{1,5})\|([^|]*)\|(.*)", re.DOTALL)
_PATTERN = re.compile(rb"""patternType\s*=\s*["'](\w+)["']""")
_FORE = re.compile(rb"<(?:[^\s/>:]+:)?fgColor\s[^>]*>")
_BACK = re.compile(rb"<(?:[^\s/>:]+:)?bgColor\s[^>]*>")
_TAKEN_OUT = (b"fillId", b"applyFill")  # of a cell format, when only the rest is compared


@dataclass(frozen=True, kw_only=True)
class Original:
    """A format before it was marked, and what kind of cell had it."""

    kind: str
    index: int
    applied: str | None  #: its ``applyFill``
    fill: bytes  #: unprefixed markup

    def record(self) -> str:
        """The text that is kept."""
        return f"{self.kind}{self.index}|{self.applied or ''}|{self.fill.decode()}"

    @classmethod
    def of(cls, record: str) -> Original | None:
        """What a text says; None when it says nothing."""
        found = _RECORD.fullmatch(record)
        if found is None:
            return None
        return cls(kind=found[1], index=int(found[2]), applied=found[3] or None, fill=found[4].encode())


class Before(Mapping[int, tuple[str, int]]):
    """Kind and format of what was there, by the format now; made when asked for, as not all are in use."""

    def __init__(self, makers: Mapping[int, Callable[[], tuple[str, int]]]) -> None:
        self._makers = makers
        self._made: dict[int, tuple[str, int]] = {}

    def __getitem__(self, index: int) -> tuple[str, int]:
        if index not in self._made:
            self._made[index] = self._makers[index]()
        return self._made[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _same(index: int) -> tuple[str, int]:
    return CELL, index


class Fills:
    """Formats of marks made from formats of the workbook, and made into them again."""

    def __init__(self, styles: StylesPatch, records: Mapping[int, str]) -> None:
        self._styles = styles
        self._old = {number: found for number, text in records.items() if (found := Original.of(text))}
        self._numbers: dict[Original, int] = {}
        self._painted: dict[tuple[str, int, str], int | None] = {}
        self.left = 0  #: cells whose own fill does not fit into a name, and which were not painted

    @property
    def records(self) -> dict[int, str]:
        """What is to be kept of the formats that were marked."""
        return {number: original.record() for original, number in self._numbers.items()}

    def painted(self, index: int, kind: str, level: str) -> int | None:
        """Index of the format with the fill of a level; None when the present fill cannot be kept."""
        key = kind, index, level
        if key not in self._painted:
            self._painted[key] = self._paint(*key)
        self.left += self._painted[key] is None
        return self._painted[key]

    def _paint(self, kind: str, index: int, level: str) -> int | None:
        original = self._original(kind, index)
        markup = prefixed(original.fill, self._styles.prefix)
        if len(original.record()) > LONGEST or markup != self._styles.fill_of(index):
            return None
        number = self._numbers.setdefault(original, len(self._numbers) + 1)
        if number > MOST:
            return None
        return self._styles.filled(index, solid_fill(COLOURS[level], f"{SIGNATURE}{number:04X}"))

    def _original(self, kind: str, index: int) -> Original:
        tag = self._tag(index)
        prefix = self._styles.prefix
        fill = self._styles.fill_of(index)
        if prefix:
            fill = fill.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
        return Original(kind=kind, index=index, applied=attribute(tag, b"applyFill"), fill=fill)

    def ours(self) -> Before:
        """What was there by the index of every format of ours that tells it."""
        found: dict[int, Callable[[], tuple[str, int]]] = {}
        for index in range(len(self._styles.items(b"cellXfs"))):
            if SIGNATURE.encode() in self._styles.fill_of(index):
                original = self._old.get(self._number(index))
                if original is not None:
                    found[index] = partial(self._before, index, original)
        return Before(found)

    def _before(self, index: int, original: Original) -> tuple[str, int]:
        return original.kind, self._restore(index, original)

    def faded(self) -> Before:
        """The same for formats of our colours without a number, which some programs drop.

        What was there is a format that differs in its fill alone, which is one that was marked, or else the
        fill that most marked formats had. Which of the cells are ours, their notes tell.
        """
        formats = self._styles.items(b"cellXfs")[:]
        faded = [index for index in range(len(formats)) if self._is_faded(index)]
        known = {_seen(original.fill): original for original in self._old.values()} if faded else {}
        alike: dict[bytes, dict[object, int]] = defaultdict(dict)
        for index, markup in enumerate(formats if known else ()):
            if (fill := _seen(self._styles.fill_of(index))) in known:
                alike[_without_fill(markup)].setdefault(fill, index)
        found: dict[int, Callable[[], tuple[str, int]]] = {}
        for index in faded:
            before = list(alike[_without_fill(formats[index])].values())
            if len(before) == 1:
                found[index] = partial(_same, before[0])
            elif known:
                [(usual, _)] = Counter(_seen(original.fill) for original in self._old.values()).most_common(1)
                original = replace(known[usual], kind=CELL, index=NOWHERE)
                found[index] = partial(self._before, index, original)
        return Before(found)

    def _is_faded(self, index: int) -> bool:
        fore, back = self._colours(index)
        return fore[2:] in COLOURS.values() and not back.startswith(SIGNATURE)

    def _number(self, index: int) -> int:
        """The number in a fill of ours, 0 in any other."""
        fore, back = self._colours(index)
        known = fore[2:] in COLOURS.values() and back.startswith(SIGNATURE)
        return int(back[len(SIGNATURE) :], 16) if known else 0

    def _colours(self, index: int) -> tuple[str, str]:
        """Both colours of a solid fill, ARGB; nothing for any other fill."""
        fill = self._styles.fill_of(index)
        fore, back = _FORE.search(fill), _BACK.search(fill)
        pattern = _PATTERN.search(fill)
        if fore is None or pattern is None or pattern[1] != b"solid":
            return "", ""
        first, second = ((attribute(tag[0], b"rgb") or "").upper() if tag else "" for tag in (fore, back))
        return first, second

    def _restore(self, index: int, original: Original) -> int:
        """Index of the format before: the very one, an equal one, or one appended."""
        formats = self._styles.items(b"cellXfs")
        markup = formats[index]
        fill = prefixed(original.fill, self._styles.prefix)
        same = (
            original.index < len(formats)
            and _without_fill(formats[original.index]) == _without_fill(markup)
            and self._styles.fill_of(original.index) == fill
        )
        if same:
            return original.index
        tag = with_attribute(self._tag(index), b"fillId", str(self._styles.append(b"fills", fill)))
        tag = with_attribute(tag, b"applyFill", original.applied)
        return self._styles.append(b"cellXfs", tag + markup[root(markup).inner :])

    def _tag(self, index: int) -> bytes:
        formats = self._styles.items(b"cellXfs")
        markup = formats[index] if index < len(formats) else formats[0]
        return root(markup).tag(markup)


def _seen(fill: bytes) -> tuple[bytes, bytes]:
    """What of a fill is seen: its pattern and colour, or all of another kind of fill."""
    pattern, fore = _PATTERN.search(fill), _FORE.search(fill)
    if pattern is None or pattern[1] not in (b"none", b"solid"):
        return fill, b""
    return pattern[1], fore[0].partition(b"fgColor")[2] if fore and pattern[1] == b"solid" else b""


def _without_fill(markup: bytes) -> bytes:
    tag = bare = root(markup).tag(markup)
    for name in _TAKEN_OUT:
        bare = with_attribute(bare, name, None)
    return bare + markup[len(tag) :]


def read_records(tabs: Tabs) -> dict[int, str]:
    """What the workbook keeps of formats that were marked, by number."""
    found = {}
    for name in tabs.names():
        number = name.name[len(NAME) :]
        if name.name.startswith(NAME) and re.fullmatch("[0-9A-F]{4}", number):
            found[int(number, 16)] = name.formula.strip()[1:-1].replace('""', '"')
    return found


def keep_records(tabs: Tabs, records: Mapping[int, str]) -> None:
    """Keep these records and no others."""
    tabs.drop_names(lambda name: name.name.startswith(NAME))
    tabs.add_names(
        DefinedName(name=f"{NAME}{number:04X}", formula='"' + text.replace('"', '""') + '"', hidden=True)
        for number, text in sorted(records.items())
    )
