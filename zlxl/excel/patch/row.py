"""The rows and cells of a worksheet part as bytes, with new values in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from zlxl.changes import CellChange, Formula, Refusal
from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import (
    Node,
    Replacement,
    attribute,
    child,
    children,
    closed,
    opened,
    prefix_of,
    replaced,
    root,
    tags,
    with_attribute,
)
from zlxl.excel.patch.shared import SharedFormulas
from zlxl.excel.patch.value import NotStorableError, content
from zlxl.excel.styles import style_index
from zlxl.grid import MAX_COLUMNS, Area, a1, column_number

METADATA = (b"cm", b"vm")  # of the value that is replaced
REPLACED = (b"f", b"v", b"is")
HAS_FORMULA = "是公式单元格"
IN_ARRAY = "属于数组公式或溢出区域"
ODDLY_SHARED = "是公式单元格，其他单元格与它共用公式，且无法改写"
FORMULA_AREAS = ("array", "dataTable")

MANY_ARRAYS = 1_000
MAX_ARRAYS = 100_000  # that reach into one row

_PLAIN_CELL = re.compile(
    rb'<c r="(?P<reference>[A-Z]{1,3}[0-9]+)"[^<>/]*(?:/>|>(?P<inner>(?:<v>[^<]*</v>)?)</c>)'
)
_VALUE = re.compile(rb"(?:<v>[^<]*</v>)?")
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")

#: Index of the cell format for a new value, given the present one.
Styled = Callable[[int, CellChange], int]
#: Index of another cell format, given the present one.
Restyle = Callable[[int], int]
Restyles = Mapping[int, Mapping[int, Restyle]]  #: by row and column


class RowPatch:
    """Changes of one sheet by row and column, and what of the sheet they need to know."""

    def __init__(
        self,
        changes: Mapping[int, Mapping[int, CellChange]],
        styled: Styled,
        *,
        date1904: bool,
        restyles: Restyles | None = None,
    ) -> None:
        self.changes = changes
        self.restyles = restyles or {}
        self.refused: list[Refusal] = []  #: changes that cannot be made
        self.formulas_changed = False  #: whether a formula came or went
        self.prefix = b""  #: of the sheet's elements, with its colon
        self.arrays: list[Area] = []  #: what formulas fill, as far as they were passed
        self.column_styles: list[tuple[int, int, int]] = []  #: first column, last column, cell format
        self._many_arrays = MANY_ARRAYS
        self.shared = SharedFormulas()
        self._replaces = any(c.replace_formula for row in changes.values() for c in row.values())
        self._styled = styled
        self._date1904 = date1904

    @property
    def rows(self) -> set[int]:
        """Numbers of the rows that change."""
        return self.changes.keys() | self.restyles.keys()

    def note_formula(self, tag: bytes) -> None:
        """Remember the area that a formula fills, or what it shares; called for each as it passes."""
        if attribute(tag, b"t") in FORMULA_AREAS:
            area = Area.parse(attribute(tag, b"ref") or "")
            if (area.top, area.left) != (area.bottom, area.right):
                self._note_array(area)  # one cell holds its formula itself
        elif self._replaces:
            self.shared.note(tag)

    def _note_array(self, area: Area) -> None:
        self.arrays.append(area)
        if len(self.arrays) > self._many_arrays:
            self._forget_arrays_above(area.top)
            self._many_arrays = max(MANY_ARRAYS, 2 * len(self.arrays))
        if len(self.arrays) > MAX_ARRAYS:
            raise SuspectError("内有异常多互相重叠的数组公式")

    def concerns(self, number: int) -> bool:
        """Whether a row may have to change: it is asked to, or may hold the heir of a shared formula."""
        return bool(self.shared.orphans) or number in self.changes or number in self.restyles

    def new_row(self, number: int) -> bytes:
        """A row that was not there; nothing where it would be empty."""
        self._forget_arrays_above(number)
        cells = b"".join(self._new_cell(number, column, None) for column in sorted(self._places(number)))
        return b'<%brow r="%d">%b</%brow>' % (self.prefix, number, cells, self.prefix) if cells else b""

    def made(self, number: int) -> list[int]:
        """Columns of a row in which a cell is to stand."""
        changes = self.changes.get(number, {}).items()
        return [*self.restyles.get(number, ()), *(c for c, change in changes if makes_cell(change))]

    def _places(self, number: int) -> set[int]:
        return self.changes.get(number, {}).keys() | self.restyles.get(number, {}).keys()

    def _forget_arrays_above(self, number: int) -> None:
        if self.arrays:
            self.arrays = [area for area in self.arrays if area.bottom >= number]

    def patched_row(self, markup: bytes, number: int) -> bytes:
        """A whole row with its changes."""
        if not self._places(number) and b"shared" not in markup:
            return markup
        self._forget_arrays_above(number)
        if cells := self._at_sight(markup, number):
            patched = ((c.start, c.end, self._patched_cell(markup, c, number, column)) for column, c in cells)
            return replaced(markup, patched)
        row = row_node(markup)
        tag = row.tag(markup)
        own_style = style_index(attribute(tag, b"s") or "")
        default = own_style if attribute(tag, b"customFormat") in ("1", "true") else None
        todo = sorted(self._places(number), reverse=True)  # the next one last
        edits: list[Replacement] = []
        end = row.inner
        for column, cell in cells_of(markup, row, number):
            if new := self._new_cells_before(number, column, todo, default):
                edits.append((cell.start, cell.start, new))
            if todo and todo[-1] == column:
                edits.append((cell.start, cell.end, self._patched_cell(markup, cell, number, todo.pop())))
            elif heir := self._heir(markup, cell, number, column):
                edits.append(heir)
            if not todo and not self.shared.orphans:
                break
            end = cell.end
        if new := self._new_cells_before(number, MAX_COLUMNS + 1, todo, default):
            edits.append((end, end, new))
        return _assembled(markup, row, edits, self.made(number))

    def _at_sight(self, markup: bytes, number: int) -> list[tuple[int, Node]]:
        """The cells to change, where all are there and none of the row has to be looked at besides."""
        found: list[tuple[int, Node]] = []
        if self.prefix or self.shared.orphans or b"<!" in markup or b"<?" in markup:
            return found
        for column in sorted(self._places(number)):
            at = markup.find(b'<c r="%b"' % a1(number, column).encode())
            cell = _PLAIN_CELL.match(markup, at) if at >= 0 else None
            if cell is None:
                return []
            found.append((column, _plain_node(cell)))
        return found

    def _heir(self, markup: bytes, cell: Node, row: int, column: int) -> Replacement | None:
        """The edit by which a cell takes over a shared formula that another gave up."""
        if not self.shared.orphans or cell.inner == cell.close:
            return None
        formula = child(markup, cell, b"f")
        return self.shared.heir(markup, formula, (row, column)) if formula else None

    def _new_cells_before(self, row: int, column: int, todo: list[int], default: int | None) -> bytes:
        made = b""
        while todo and todo[-1] < column:
            made += self._new_cell(row, todo.pop(), default)
        return made

    def _new_cell(self, row: int, column: int, row_style: int | None) -> bytes:
        """Markup of a cell that was not there; nothing where it would be empty and plain."""
        change, restyle = self._planned(row, column)
        made = self._content(change) if change else None
        wanted = made is not None and change is not None and makes_cell(change)
        if not wanted and restyle is None:
            return b""
        style = default = self._column_style(column) if row_style is None else row_style
        if change is not None and wanted:
            style = self._styled(style, change)
        if restyle is not None:
            style = restyle(style)
        if not wanted and style == default:
            return b""
        kind, inner = made or (None, b"")
        tag = b'<%bc r="%b"' % (self.prefix, a1(row, column).encode())
        tag += b' s="%d"' % style if style else b""
        tag += b' t="%b"' % kind.encode() if kind else b""
        return b"%b>%b</%bc>" % (tag, inner, self.prefix) if inner else tag + b"/>"

    def _planned(self, row: int, column: int) -> tuple[CellChange | None, Restyle | None]:
        return self.changes.get(row, {}).get(column), self.restyles.get(row, {}).get(column)

    def _column_style(self, column: int) -> int:
        return next((style for first, last, style in self.column_styles if first <= column <= last), 0)

    def _patched_cell(self, markup: bytes, cell: Node, row: int, column: int) -> bytes:
        """The cell with its new content and look."""
        change, restyle = self._planned(row, column)
        whole = markup[cell.start : cell.end]
        if change is not None:
            whole = self._with_content(markup, cell, change)
        return whole if restyle is None else _restyled(whole, restyle)

    def _with_content(self, markup: bytes, cell: Node, change: CellChange) -> bytes:
        """The cell with its new content; as it was where it may not be changed."""
        whole = markup[cell.start : cell.end]
        is_value = _VALUE.fullmatch(markup, cell.inner, cell.close)
        inner = [] if is_value else list(children(markup, cell.inner, cell.close))
        formula = next((node for node in inner if node.name == b"f"), None)
        if formula is not None and not change.replace_formula:
            self._refuse(change, HAS_FORMULA)
            return whole
        made = self._content(change)
        if made is None or (formula is not None and not self._leaves(markup, formula, change)):
            return whole
        self.formulas_changed |= formula is not None
        tag = cell.tag(markup)
        present = style_index(attribute(tag, b"s") or "")
        style = self._styled(present, change)
        if style != present:
            tag = with_attribute(tag, b"s", str(style))
        for name in METADATA:
            tag = with_attribute(tag, name, None) if name in tag else tag
        tag = with_attribute(tag, b"t", made[0])
        kept = b"".join(markup[n.start : n.end] for n in inner if n.name not in REPLACED)
        if not made[1] and not kept:
            return closed(tag)
        ending = markup[cell.close : cell.end] or b"</" + cell.prefix + b"c>"
        return opened(tag) + made[1] + kept + ending

    def _leaves(self, markup: bytes, formula: Node, change: CellChange) -> bool:
        """Whether the formula may go; a refusal where it may not."""
        if attribute(formula.tag(markup), b"t") == "dataTable":
            self._refuse(change, IN_ARRAY)
            return False
        if not self.shared.leave(markup, formula, (change.row, change.column)):
            self._refuse(change, ODDLY_SHARED)
            return False
        return True

    def _content(self, change: CellChange) -> tuple[str | None, bytes] | None:
        """Type and inner markup; None, and a refusal, where the cell cannot take the value."""
        if any(holds(area, change.row, change.column) for area in self.arrays):
            self._refuse(change, IN_ARRAY)
            return None
        try:
            made = content(change.value, self.prefix, self._date1904)
        except NotStorableError as error:
            self._refuse(change, str(error))
            return None
        self.formulas_changed |= isinstance(change.value, Formula)
        return made

    def _refuse(self, change: CellChange, reason: str) -> None:
        self.refused.append(Refusal(change=change, reason=reason))


def _restyled(cell: bytes, restyle: Restyle) -> bytes:
    tag = cell[: root(cell).inner]
    present = style_index(attribute(tag, b"s") or "")
    style = restyle(present)
    return cell if style == present else with_attribute(tag, b"s", str(style)) + cell[len(tag) :]


def row_node(markup: bytes) -> Node:
    """The row that the markup is."""
    tag = next(tags(markup))
    close = tag.end() if tag["empty"] else markup.rindex(b"</")
    return Node(tag["name"], prefix_of(tag), 0, tag.end(), close, len(markup))


def cells_of(markup: bytes, row: Node, number: int) -> Iterator[tuple[int, Node]]:
    """The cells of a row by column number; ValueError where they are out of order."""
    column = 0
    for reference, cell in _referenced(markup, row):
        stated_row, stated = number, column + 1
        if reference is not None:
            match = _ADDRESS.fullmatch(reference.strip().replace("$", ""))
            stated_row, stated = (int(match[2]), column_number(match[1].upper())) if match else (0, 0)
        if stated_row != number or not column < stated <= MAX_COLUMNS:
            raise ValueError(f"第 {number} 行的单元格次序错乱")
        column = stated
        yield column, cell


def _referenced(markup: bytes, row: Node) -> Iterator[tuple[str | None, Node]]:
    """The cells of a row with their references: by pattern as far as they are spelled as Excel does."""
    at = row.inner
    while plain := _PLAIN_CELL.match(markup, at, row.close):
        at = plain.end()
        yield plain["reference"].decode(), _plain_node(plain)
    for node in children(markup, at, row.close):
        if node.name == b"c":
            yield attribute(node.tag(markup), b"r"), node


def _plain_node(cell: re.Match[bytes]) -> Node:
    inner, close = cell.span("inner") if cell["inner"] is not None else (cell.end(), cell.end())
    return Node(b"c", b"", cell.start(), inner, close, cell.end())


def holds(area: Area, row: int, column: int) -> bool:
    """Whether a cell lies in the area."""
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def makes_cell(change: CellChange) -> bool:
    """Whether the change needs a cell to be there."""
    return change.value not in (None, "") or change.number_format is not None


def _assembled(markup: bytes, row: Node, edits: list[Replacement], columns: Sequence[int]) -> bytes:
    """The row with its edits; its ``spans``, where stated, reach to the new cells."""
    if not any(new != markup[start:end] for start, end, new in edits):
        return markup
    tag = row.tag(markup)
    if row.close == row.inner and tag.endswith(b"/>"):
        ending = b"</" + row.prefix + b"row>"
        return _spanning(opened(tag), columns) + b"".join(new for _, _, new in edits) + ending
    edits.append((row.start, row.inner, _spanning(tag, columns)))
    return replaced(markup, edits)


def _spanning(tag: bytes, columns: Sequence[int]) -> bytes:
    spans = [span.split(":") for span in (attribute(tag, b"spans") or "").split()]
    try:
        stated = [(int(first), int(last)) for first, last in spans]
    except ValueError:
        return with_attribute(tag, b"spans", None)
    if not stated or all(any(first <= c <= last for first, last in stated) for c in columns):
        return tag
    first = min(*columns, *(first for first, _ in stated))
    last = max(*columns, *(last for _, last in stated))
    return with_attribute(tag, b"spans", f"{first}:{last}")
