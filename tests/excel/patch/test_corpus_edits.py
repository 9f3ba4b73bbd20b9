"""zlxl.edit on workbooks that Excel itself wrote, with values of every type and formulas replaced."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from openpyxl.formula.translate import Translator
from openxml_audit import FileFormat, OpenXmlValidator
from python_calamine import CalamineWorkbook

import zlxl
from tests import libreoffice
from tests.excel.patch.test_corpus import AUDITED, GROUPS, IN_CELL_TEXT, raw_parts
from tests.excel.test_corpus import BOOKS, CORPUS
from zlxl.excel.source import open_source
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Area, a1

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TOUCHED = {"xl/workbook.xml", "xl/styles.xml"}
CHAIN = {"xl/calcChain.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
SAMPLE = 60
SEED = 20261124
VALUES = [
    42,
    -1.5,
    Decimal("0.1"),
    "新值 <&> ",
    "=A1",
    True,
    None,
    dt.date(2024, 2, 29),
    dt.datetime(2024, 2, 29, 6, 30),
    dt.time(18, 45),
    dt.timedelta(hours=30),
    zlxl.Formula("=1+1", value=2),
    zlxl.Formula('="a"&"<"', value="a<"),
]

pytestmark = pytest.mark.skipif(not BOOKS, reason=f"the corpus of Excel's own workbooks is not at {CORPUS}")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A worksheet part as lxml sees it."""

    sheet: str
    name: str
    root: etree._Element

    def cells(self) -> dict[str, etree._Element]:
        return {cell.get("r"): cell for cell in self.root.iter(f"{MAIN}c")}

    def meanings(self) -> dict[str, tuple[object, ...]]:
        """Every cell by address: its attributes, what it holds, its formula in its own terms."""
        shared: dict[str, Translator] = {}
        found = {}
        for place, cell in self.cells().items():
            kept = [etree.tostring(item) for item in cell if item.tag != f"{MAIN}f"]
            formula = next(cell.iter(f"{MAIN}f"), None)
            found[place] = dict(cell.attrib), kept, _formula(formula, place, shared)
        return found

    def fixed(self) -> list[Area]:
        """Areas of formulas that fill several cells, and cells hidden by merges."""
        formulas = (f for f in self.root.iter(f"{MAIN}f") if f.get("t") in ("array", "dataTable"))
        areas = [Area.parse(f.get("ref")) for f in formulas]
        merges = [Area.parse(merge.get("ref")) for merge in self.root.iter(f"{MAIN}mergeCell")]
        return [area for area in areas if ":" in str(area)] + merges


def _formula(formula: etree._Element | None, place: str, shared: dict[str, Translator]) -> object:
    if formula is None:
        return None
    text = formula.text or ""
    if formula.get("t") != "shared":
        return dict(formula.attrib), text
    if text:
        shared[formula.get("si")] = Translator("=" + text, place)
    return shared[formula.get("si")].translate_formula(place)


def first_sheet(path: Path) -> Part:
    grid = open_source(path).grids()[0]
    with zipfile.ZipFile(path) as archive:
        return Part(sheet=grid.sheet, name=grid.part, root=etree.fromstring(archive.read(grid.part)))


def edits_of(path: Path, part: Part) -> dict[str, object]:
    """Values for formulas, stored cells, gaps in their rows and new rows; none where a cell is fixed."""
    dice = random.Random(f"{SEED} {path.name}")
    cells = part.cells()
    formulas = [place for place, cell in cells.items() if cell.find(f"{MAIN}f") is not None]
    rows = [Area.parse(place).top for place in cells] or [1]
    places = formulas[:2] + formulas[-1:] + dice.sample(sorted(cells), min(4, len(cells)))
    places += [a1(dice.choice(rows), dice.randint(1, 40)) for _ in range(3)]
    places += [a1(min(max(rows) + dice.randint(1, 9), MAX_ROWS), dice.choice((1, 2, MAX_COLUMNS)))]
    fixed = part.fixed() + [table.area for table in open_source(path).grids()[0].list_objects()]
    free = [place for place in dict.fromkeys(places) if not any(_holds(area, place) for area in fixed)]
    return {place: dice.choice(VALUES) for place in free}


def _holds(area: Area, place: str) -> bool:
    cell = Area.parse(place)
    return area.top <= cell.top <= area.bottom and area.left <= cell.left <= area.right


def edited(path: Path, target: Path) -> tuple[Part, dict[str, object]]:
    """The first sheet as it was, and the edits made in a copy."""
    part = first_sheet(path)
    edits = edits_of(path, part)
    book = zlxl.edit(path)
    for place, value in edits.items():
        book[part.sheet][place] = value
    book.save(target)
    return part, edits


def read(value: object) -> object:
    """What is to be read from a cell that was given the value."""
    if isinstance(value, zlxl.Formula):
        return value.value
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_wanted_cells_change_and_nothing_else(tmp_path, group):
    """Parts byte by byte, all cells of the sheet by lxml, the new values by reading them back."""
    for path in BOOKS[group::GROUPS]:
        target = tmp_path / path.name
        part, edits = edited(path, target)
        old, new = raw_parts(path), raw_parts(target)
        formulas = CHAIN & old.keys() if len(new) < len(old) else set()
        assert old.keys() - new.keys() <= {"xl/calcChain.xml"}, path.name
        touched = {name for name in new if old[name] != new[name]}
        assert touched <= TOUCHED | formulas | {part.name}, path.name

        after = first_sheet(target)
        was, now = part.meanings(), after.meanings()
        changed = {place for place in was.keys() | now.keys() if was.get(place) != now.get(place)}
        assert changed <= edits.keys(), path.name
        assert _around(part) == _around(after), path.name
        sheet = zlxl.edit(target)[part.sheet]
        for place, value in edits.items():
            found = sheet[place]
            if isinstance(value, dt.date):
                found = dt.datetime.combine(found, dt.time()) if type(found) is dt.date else found
                value = dt.datetime.combine(value, dt.time()) if type(value) is dt.date else value
            elif place in was and isinstance(found, dt.date | dt.time | dt.timedelta):
                continue  # a number in a cell that shows dates
            assert found == read(value), (path.name, place)


def _around(part: Part) -> list[bytes]:
    """Everything of the part but its cells; the dimension and spans may reach further."""
    copy = etree.fromstring(etree.tostring(part.root))
    for row in list(copy.iter(f"{MAIN}row")):
        row.attrib.pop("spans", None)
        for cell in list(row):
            row.remove(cell)
        if set(row.attrib) == {"r"}:
            row.getparent().remove(row)
    for dimension in list(copy.iter(f"{MAIN}dimension")):
        copy.remove(dimension)
    return [etree.tostring(item) for item in copy]


def with_formulas() -> Iterator[Path]:
    for path in BOOKS:
        with zipfile.ZipFile(path) as archive:
            if b"<f" in archive.read("xl/worksheets/sheet1.xml") and "xl/calcChain.xml" in archive.namelist():
                yield path


def test_audit_finds_nothing_new(tmp_path):
    """Also where a calculation chain is dropped."""
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)

    def errors(book: Path) -> list[str]:
        found = validator.validate(book).errors
        return sorted(f"{e.part_uri} {e.description}" for e in found if e.id != IN_CELL_TEXT)

    chosen = random.Random(SEED).sample(list(with_formulas()), 12) if BOOKS else []
    for path in (*chosen, *AUDITED[::4]):
        edited(path, tmp_path / path.name)
        assert errors(tmp_path / path.name) == errors(path), path.name


@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_values(tmp_path):
    """Sixty workbooks converted before and after: edited cells are as edited, all others the same."""
    chosen = random.Random(SEED).sample([path for path in BOOKS if path.suffix == ".xlsx"], SAMPLE)
    made = [edited(path, tmp_path / f"new_{path.name}") for path in chosen]
    for path in chosen:
        (tmp_path / f"old_{path.name}").write_bytes(path.read_bytes())
    libreoffice.convert(sorted(tmp_path.iterdir()), "xlsx", tmp_path / "converted")
    for path, (part, edits) in zip(chosen, made, strict=True):
        was, now = (
            values(tmp_path / "converted" / f"{age}_{path.name}", part.sheet) for age in ("old", "new")
        )
        for place in was.keys() | now.keys():
            if place not in edits and place not in dependent(part):
                assert now.get(place) == was.get(place), (path.name, place)
        for place, value in edits.items():
            assert agree(now.get(place), read(value)), (path.name, place, now.get(place), value)


def values(path: Path, sheet: str) -> dict[str, object]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    cells = ((a1(r, c), value) for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1))
    return {place: value for place, value in cells if value != ""}


def dependent(part: Part) -> set[str]:
    """Cells whose value may be another one now: LibreOffice calculates all formulas."""
    areas = [area for area in part.fixed() if ":" in str(area)]
    formulas = {place for place, cell in part.cells().items() if cell.find(f"{MAIN}f") is not None}
    return formulas | {place for place in part.cells() if any(_holds(area, place) for area in areas)}


def agree(found: object, wanted: object) -> bool:
    """Whether calamine's value is the wanted one, whatever the format of the cell makes of it."""
    if isinstance(found, dt.date | dt.time | dt.timedelta) and isinstance(wanted, int | float):
        return True
    if isinstance(found, dt.datetime) and type(wanted) is dt.date:
        return found == dt.datetime.combine(wanted, dt.time())
    if isinstance(found, dt.date | dt.datetime | dt.timedelta) and isinstance(wanted, dt.time | dt.timedelta):
        return True
    return found == wanted
