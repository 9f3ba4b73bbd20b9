"""Generated sheets added, replaced and deleted in workbooks that Excel wrote; nothing else changes."""

from __future__ import annotations

import random
import re
import shutil
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator
from python_calamine import CalamineWorkbook

from tests import libreoffice
from tests.excel.patch.grafts import CHARTED, NAMES, charted, everything, put, remove
from tests.excel.patch.test_corpus import FEATURES, IN_CELL_TEXT, raw_parts
from tests.excel.test_corpus import BOOKS, CORPUS

SEED = 20261124
GROUPS = 4
TRIED = 160  # of all, anew chosen with another seed
DRAWN = 8
AUDITED = [path for path in BOOKS if path.stem in FEATURES][::4]
SHARED = {"[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"}
MAIN = "xl/workbook.xml"
CALCULATED = re.compile(rb' fullCalcOnLoad="1"|<calcPr/>')

pytestmark = pytest.mark.skipif(not BOOKS, reason=f"the corpus of Excel's own workbooks is not at {CORPUS}")


def some(count: int) -> list[Path]:
    return random.Random(SEED).sample(BOOKS, min(count, len(BOOKS)))


def copied(path: Path, folder: Path) -> Path:
    return Path(shutil.copyfile(path, folder / path.name))


def workbook_part(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return CALCULATED.sub(b"", archive.read(MAIN))


@pytest.mark.parametrize("group", range(GROUPS))
def test_untouched_parts_are_the_same_at_each_step(tmp_path, group):
    """After deletion even the workbook part is as before, but that all is to be calculated."""
    for source in some(TRIED)[group::GROUPS]:
        path = copied(source, tmp_path)
        old = raw_parts(source)

        def check(path: Path = path, old=old) -> set[str]:
            new = raw_parts(path)
            gone = {name for name in old if new.get(name) != old[name]}
            assert gone <= SHARED | {"xl/calcChain.xml"}, path.name
            return new.keys() - old.keys()

        put(path, charted(table="评分"), names=NAMES)
        assert {"charts", "drawings", "tables"} <= {Path(name).parts[1] for name in check()}
        put(path, charted(factor=2), names=NAMES)
        check()
        remove(path, CHARTED)
        assert check() == set()
        assert workbook_part(path) == workbook_part(source)


@pytest.mark.parametrize("source", AUDITED, ids=lambda path: path.stem)
def test_audit_finds_nothing_new(tmp_path, source):
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)

    def errors(path: Path) -> Counter[str]:
        found = validator.validate(path).errors
        return Counter(f"{e.part_uri} {e.description}" for e in found if e.id != IN_CELL_TEXT)

    before, path = errors(source), copied(source, tmp_path)
    put(path, *everything(), names=NAMES)
    assert errors(path) <= before
    remove(path, *[sheet.name for sheet in everything()])
    assert errors(path) <= before


@pytest.mark.parametrize("source", AUDITED, ids=lambda path: path.stem)
def test_openpyxl_sees_the_charts(tmp_path, source):
    path = copied(source, tmp_path)
    put(path, *everything())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep it warns of
        book, was = openpyxl.load_workbook(path), openpyxl.load_workbook(source)

    assert book.sheetnames == [*was.sheetnames, *[sheet.name for sheet in everything()]]
    assert len(book[CHARTED]._charts) == 2
    assert book[CHARTED]["B9"].value == 5
    assert book["问题清单"].tables.keys() == {"问题清单"}


@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_sees_the_values_of_both(tmp_path):
    """The user's sheets are the same as without ours; on ours LibreOffice computes what is cached."""
    chosen = [path for path in some(3 * DRAWN) if path.suffix == ".xlsx" and "array" not in path.stem][:DRAWN]
    (tmp_path / "new").mkdir()
    books = [copied(path, tmp_path / "new") for path in chosen]
    for path in books:
        put(path, *everything(3), names=NAMES)
    old = libreoffice.recalculate(chosen, tmp_path / "from_old")
    new = libreoffice.recalculate(books, tmp_path / "from_new")
    for source, before, after in zip(books, old, new, strict=True):
        was, now = CalamineWorkbook.from_path(before), CalamineWorkbook.from_path(after)
        cached = CalamineWorkbook.from_path(source)
        for name in was.sheet_names:
            assert values(now, name) == values(was, name), (source.name, name)
        for name in (CHARTED, "汇总", "问题清单"):
            assert values(now, name) == values(cached, name), (source.name, name)
        with zipfile.ZipFile(after) as archive:
            assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) >= 2


def values(book: CalamineWorkbook, name: str) -> list[list[object]]:
    return book.get_sheet_by_name(name).to_python()
