"""The first sheet: figures, look-up and its cached values, which equal what LibreOffice computes."""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, timedelta
from itertools import pairwise

import openpyxl
import pytest

from tests import libreoffice
from tests.sheets.plausible import plausible
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook
from zlxl.sheet import Formula, Link, Name, Sheet, Workbook
from zlxl.sheets.front import front_sheet
from zlxl.sheets.front_figures import KEY_FIGURES, TASKS, words
from zlxl.sheets.front_search import NOT_FOUND, Search
from zlxl.sheets.front_terms import MONTH_END, MONTH_START, Moment
from zlxl.sheets.names import THRESHOLDS, database_names, lists_used
from zlxl.tables.catalog import TABLES, table_named

TODAY = date.today()
KEYS = {"phone": "8555", "wild": "石?庄*机"}


def _with_key(key: str) -> Workbook:
    """The filled database while somebody looks something up."""
    rows = plausible(TODAY)
    book = new_workbook(rows, today=TODAY)
    front = front_sheet({**{t.name: t.shipped for t in TABLES}, **rows}, today=TODAY, key=key)
    return Workbook(
        sheets=(front, *book.sheets[1:], _probe()), names=(*book.names, Name(name="probe", formula="=1"))
    )


def _probe() -> Sheet:
    """Formulas that ask every name for its size or value."""
    from zlxl.sheet import Cell

    shipped = table_named("码表").shipped
    cells = {}
    for row, choices in enumerate(lists_used(), 1):
        values = [item["value"] for item in shipped if item["list_name"] == choices]
        cells[row, 1] = Cell(content=Formula(text=f"=ROWS(列表_{choices})", value=len(values)))
        cells[row, 2] = Cell(content=Formula(text=f"=INDEX(列表_{choices},1)", value=values[0]))
        last = Formula(text=f"=INDEX(列表_{choices},{len(values)})", value=values[-1])
        cells[row, 3] = Cell(content=last)
    for row, item in enumerate(THRESHOLDS, 1):
        value = Moment.of({"时限规则": table_named("时限规则").shipped}, TODAY).thresholds[item]
        cells[row, 4] = Cell(content=Formula(text=f"=时限_{item}", value=value))
    return Sheet(name="核对", cells=cells)


def _load(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names the extensions it does not know
        return openpyxl.load_workbook(path, **options)


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """By look-up key: formulas, cached values and LibreOffice's values, from one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("front")
    files = {name: folder / f"{name}.xlsx" for name in (*KEYS, "blank")}
    for name, key in KEYS.items():
        write_workbook(_with_key(key), files[name])
    write_workbook(new_workbook(today=TODAY), files["blank"])
    done = libreoffice.recalculate(list(files.values()), folder / "recalculated")
    return {
        name: (_load(path), _load(path, data_only=True), _load(theirs, data_only=True))
        for (name, path), theirs in zip(files.items(), done, strict=True)
    }


@pytest.mark.parametrize("name", [*KEYS, "blank"])
def test_cached_values_equal_what_libreoffice_computes(recalculated, name):
    formulas, ours, theirs = recalculated[name]
    compared = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    place = (sheet.title, cell.coordinate)
                    mine, other = (
                        _plain(book[sheet.title][cell.coordinate].value) for book in (ours, theirs)
                    )
                    assert mine == other, (place, cell.value)
                    compared += 1
    assert compared > 290


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    return "" if value is None else value


@pytest.mark.parametrize("name", [*KEYS, "blank"])
def test_no_cell_shows_an_error_in_libreoffice(recalculated, name):
    for sheet in recalculated[name][2].worksheets:
        for row in sheet.iter_rows(values_only=True):
            assert not [value for value in row if isinstance(value, str) and value.startswith(("#", "Err:"))]


def test_the_sample_makes_every_figure_count_something():
    rows = {**{t.name: t.shipped for t in TABLES}, **plausible(TODAY, 400)}
    moment = Moment.of(rows, TODAY)
    for figure in (*KEY_FIGURES, *TASKS):
        quantity = figure.quantity
        assert quantity.count(rows[quantity.table.name], moment) > 0, figure.label


def test_figures_count_what_their_words_say():
    yesterday = TODAY - timedelta(days=1)
    base = {"status": "有效", "certificate_no": "A1", "client": "甲", "planned_on": yesterday}
    rows = [
        base,
        {**base, "carried_out_on": TODAY},
        {**base, "status": "暂停"},
        {**base, "planned_on": TODAY},
    ]
    overdue = next(figure for figure in TASKS if figure.label == "监审逾期")
    assert overdue.quantity.count(rows, Moment.of({}, TODAY)) == 1
    doubled = next(figure for figure in TASKS if figure.label == "证书编号重复")
    assert doubled.quantity.count([base, {"certificate_no": "a1"}, {}], Moment.of({}, TODAY)) == 2


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 12, 31), date(2026, 1, 1)])
def test_months_begin_and_end_on_their_days(day):
    moment = Moment.of({}, day)
    assert MONTH_START.of(moment) == day.replace(day=1)
    assert (MONTH_END.of(moment) + timedelta(days=1)).day == 1


def test_thresholds_come_from_the_first_row_of_the_policy():
    rows = {
        "时限规则": [{"item": "监审紧急提醒天数", "value": 20.0}, {"item": "监审紧急提醒天数", "value": 9.0}]
    }
    moment = Moment.of(rows, TODAY)
    assert moment.thresholds["监审紧急提醒天数"] == 20
    label = words("{监审紧急提醒天数} 天内计划监审", moment)
    assert label == Formula(text='=时限_监审紧急提醒天数&" 天内计划监审"', value="20 天内计划监审")


def test_the_look_up_finds_by_part_in_any_of_its_fields():
    rows = [{"client": "石家庄恒泰"}, {"contract_no": "ZL2023"}, {"phone": "0311-8555"}, {"client": 7}]
    assert Search(key="$C$1", rows=rows, text="恒").positions()[0] == 1
    assert Search(key="$C$1", rows=rows, text="zl").positions()[0] == 2
    assert Search(key="$C$1", rows=rows, text="8555").total() == 1
    assert Search(key="$C$1", rows=rows, text="石*泰").total() == 1
    assert set(Search(key="$C$1", rows=rows, text="").positions()) == {NOT_FOUND}


def test_the_look_up_says_when_there_is_more_than_it_shows():
    search = Search(key="$C$1", rows=[{"client": "甲"}] * 11, text="甲")
    assert search.answer("$N$1").value == "找到 11 条，显示前 10 条"


def test_without_a_day_nothing_depends_on_the_clock():
    assert front_sheet({}) == front_sheet({})
    filled = front_sheet(plausible(TODAY))
    values = {cell.content.text: cell.content.value for cell in filled.cells.values() if _formula(cell)}
    assert values["=TODAY()"] == ""
    assert values[f"={TASKS[0].quantity.expression}"] == ""


def _formula(cell) -> bool:
    return isinstance(cell.content, Formula)


def test_the_first_sheet_leads_to_every_sheet():
    links = [cell.content.target for cell in front_sheet({}).cells.values() if isinstance(cell.content, Link)]
    for name in (*(table.name for table in TABLES), "使用说明"):
        assert f"#'{name}'!A1" in links


def test_merges_do_not_overlap():
    merges = sorted(front_sheet({}).merges, key=lambda area: (area.top, area.left))
    assert all(a.top < b.top or a.right < b.left for a, b in pairwise(merges))


def test_formulas_only_use_functions_of_excel_2010():
    text = (
        "COUNTIFS COUNTIF SUMPRODUCT IF IFERROR INDEX MATCH ROWS ROW MIN MAX N EDATE EOMONTH "
        "TODAY DAY OR AND ISNUMBER SEARCH HYPERLINK COUNTA ROUND ISREF INDIRECT YEAR MONTH INT MID TEXT"
    )
    allowed = set(text.split())
    texts = [cell.content.text for cell in front_sheet({}).cells.values() if _formula(cell)]
    texts += [name.formula for name in database_names("$A$1")]
    assert {name for text in texts for name in re.findall(r"([A-Z][A-Z.]+)\(", text)} <= allowed
