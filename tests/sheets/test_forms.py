"""The forms as sheets: numbers of section 5, what may be typed, labels that are read back, pages."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.libreoffice import convert, recalculate
from zlxl.excel.write import write_workbook
from zlxl.jobs.forms import blank_form, form_named
from zlxl.schema.headers import field_of, normalised
from zlxl.sheet import Sheet, Style
from zlxl.sheets.form_page import COLUMNS, Terms
from zlxl.sheets.forms import FORMS, FormKind
from zlxl.sheets.look import LOOKS
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.forms import FORM_TITLES, PAPER_LABELS, PRINTED
from zlxl.tables.policy import rows_in_force, shipped_context

TERMS = Terms(context=shipped_context(date(2026, 11, 24)), criteria=rows_in_force(CRITERIA))
each = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
FILLED = {Style.FORM_FIELD, Style.FORM_TEXT, Style.FORM_DATE, Style.FORM_MONEY, Style.FORM_SCORE}


def sheet_of(form: FormKind) -> Sheet:
    return form.draw(TERMS, {}, form.name)


def right_of(sheet: Sheet, row: int, column: int) -> tuple[int, int]:
    """The place behind a cell and what it is merged with."""
    area = next((a for a in sheet.merges if (a.top, a.left) == (row, column)), None)
    return row, (area.right if area else column) + 1


def test_titles_and_numbers_are_those_of_section_5():
    """The procedure numbers two pairs of forms alike."""
    assert [(form.number, form.title) for form in FORMS] == [
        ("ZL/CX-16-01", "管理体系认证申请书"),
        ("ZL/CX-16-02", "管理体系认证合同"),
        ("ZL/CX-16-01", "认证客户满意度调查表"),
        ("ZL/CX-16-02", "受审核方体系有效性水平评价表"),
        ("ZL/CX-16-03", "认证审核预通知/回执单"),
    ]


@each
def test_form_is_found_by_its_title(form: FormKind):
    assert form_named(form.title) is form
    assert form_named(f"《{form.title}》") is form
    assert form_named(form.name) is form


@each
def test_title_says_which_table_it_feeds(form: FormKind):
    """The first words of the reader that the title holds name the table of the form."""
    assert next(table for words, table in FORM_TITLES if words in form.title) is form.table


@each
def test_every_label_beside_a_blank_is_known(form: FormKind):
    """Else an empty cell would take the next label for its value."""
    sheet = sheet_of(form)
    labels = {
        cell.content
        for place, cell in sheet.cells.items()
        if cell.style is Style.FORM_LABEL
        and (beside := sheet.cells.get(right_of(sheet, *place)))
        and beside.style in FILLED | {Style.FORM_TICK}
    }
    unknown = {
        text for text in labels if not field_of(form.table, text) and normalised(text) not in PAPER_LABELS
    }
    assert unknown == set()
    assert len(labels) >= 4


@each
def test_lines_fill_the_width(form: FormKind):
    """Boxes are aligned on both sides, and none lie over each other."""
    sheet = sheet_of(form)
    taken: dict[int, set[int]] = {}
    spans = {(a.top, a.left): a for a in sheet.merges}
    for row, column in sheet.cells:
        area = spans.get((row, column))
        for at in range(row, (area.bottom if area else row) + 1):
            columns = set(range(column, (area.right if area else column) + 1))
            assert not taken.setdefault(at, set()) & columns, (at, column)
            taken[at] |= columns
    assert {len(columns) for columns in taken.values()} == {COLUMNS}


@each
def test_only_what_is_to_be_filled_in_is_open(form: FormKind):
    sheet = sheet_of(form)
    assert sheet.protected
    for cell in sheet.cells.values():
        if isinstance(cell.content, str) and cell.content not in ("☐", "☑"):
            assert not LOOKS[cell.style].unlocked, cell.content


def test_printed_labels_are_labels():
    assert {normalised(label) for label in PRINTED} <= PAPER_LABELS


def test_items_and_scale_come_from_the_policy():
    texts = [cell.content for cell in sheet_of(FORMS[2]).cells.values()]
    items = [row.text("item") for row in TERMS.items("满意度题目")]
    assert [text for text in texts if text in items] == items
    levels = TERMS.options("满意度等级")
    assert [text for text in texts if text in levels] == list(levels)


@pytest.fixture(scope="module")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The five forms as files."""
    folder = tmp_path_factory.mktemp("blank")
    paths = [folder / f"{form.name}.xlsx" for form in FORMS]
    for form, path in zip(FORMS, paths, strict=True):
        write_workbook(blank_form(form, date(2026, 11, 24)), path)
    return paths


def test_one_or_two_pages_each(blanks: list[Path], tmp_path: Path):
    """Application and contract take two pages, the others one."""
    pages = []
    for printed in convert(blanks, "pdf", tmp_path):
        told = subprocess.run(["pdfinfo", str(printed)], capture_output=True, text=True, check=True).stdout
        assert "A4" in told
        pages.append(int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages"))))
    assert pages == [2, 2, 1, 1, 1]


def test_weighted_sum_is_computed(blanks: list[Path], tmp_path: Path):
    """Blank while nothing is scored; then weight times score by the full score."""
    path = tmp_path / "评价.xlsx"
    book = openpyxl.load_workbook(blanks[3])
    sheet = book.active
    rows = {cell.value: cell.row for row in sheet for cell in row if isinstance(cell.value, str)}
    total = (rows["加权合计（未扣分）"], 13)
    sheet.cell(rows["运行过程控制"], 13).value = 4.5
    sheet.cell(rows["管理评审"], 13).value = 2
    book.save(path)
    empty, filled = recalculate([blanks[3], path], tmp_path / "算")
    assert openpyxl.load_workbook(empty, data_only=True).active.cell(*total).value in (None, "")
    assert openpyxl.load_workbook(filled, data_only=True).active.cell(*total).value == (20 * 4.5 + 6 * 2) / 5
