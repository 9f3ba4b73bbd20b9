"""Functions in cells of Calc: what LibreOffice hands over, what comes back, and the same as elsewhere."""

from __future__ import annotations

import math
from datetime import datetime

import psutil
import pytest
from zlxl_bridge import cells

from tests.udfs.test_zlxl_udfs import ASKED, FURTHER
from zlxl.hosts.calc.functions import Calls, given, sent
from zlxl.hosts.functions import FUNCTION, FUNCTIONS, Shape
from zlxl.hosts.udf.call import Caller
from zlxl.schema.values import ErrorValue, to_serial

ERRORS = {"#N/A", "#VALUE!"}
ANSWERS_OF_ONE = ((("很满意",) * 11),)


@pytest.fixture
def sheet(calc):
    document = calc.new()
    yield document.Sheets.getByIndex(0)
    document.close(True)


@pytest.fixture(scope="module")
def call():
    return Caller()


def put(sheet, place, rows):
    """Values into cells, days as Calc stores them."""
    values = tuple(tuple(map(stored, row)) for row in rows)
    sheet.getCellRangeByName(place).setDataArray(values)


def stored(value):
    if isinstance(value, datetime):
        return float(to_serial(value))
    return "" if value is None else float(value) if isinstance(value, bool) else value


def shown(sheet, formula, place="Z1"):
    """What cells show for a formula, an array formula where it is a range of them."""
    area = sheet.getCellRangeByName(place)
    if ":" in place:
        area.setArrayFormula(formula)
    else:
        area.setFormula(formula)
    return [
        [cell if cell is not None else area.getCellByPosition(column, row).String for column, cell in told]
        for row, told in enumerate(map(enumerate, area.getDataArray()))
    ]


def answered(rows):
    """The rows of an answer as cells show them."""
    return [[stored(cell) for cell in row] for row in rows]


def asked_of(name):
    """Arguments of a function that have an answer."""
    first = ASKED.get(name, (ANSWERS_OF_ONE if name != "ZL_ESTIMATE_INTERVAL" else ((90.0,), (95.0,)),))[0]
    return first, *FURTHER.get(name, ())


def formula_of(sheet, name):
    """A formula whose arguments are cells, each argument in a column of its own from row 1."""
    places = []
    for column, argument in enumerate(asked_of(name)):
        letter = chr(ord("A") + 3 * column)
        rows = argument if isinstance(argument, tuple) else ((argument,),)
        last = chr(ord(letter) + len(rows[0]) - 1)
        places.append(f"{letter}1:{last}{len(rows)}" if isinstance(argument, tuple) else f"{letter}1")
        put(sheet, f"{letter}1:{last}{len(rows)}", rows)
    return f"={name}({';'.join(places)})"


@pytest.mark.parametrize("name", FUNCTION)
def test_values_of_cells_are_answered_as_everywhere(sheet, call, name):
    expected = answered(call(name, *asked_of(name)))
    assert shown(sheet, formula_of(sheet, name)) == [expected[0][:1]]
    assert expected[0][0] != "#VALUE!"


@pytest.mark.parametrize("name", [function.name for function in FUNCTIONS if function.shape is Shape.CELLS])
def test_a_range_keeps_its_shape(sheet, call, name):
    asked, *further = asked_of(name)
    rows = [[asked, None], [None, asked], [asked, asked]]
    put(sheet, "A1:B3", rows)
    put(sheet, "D1:D2", [[value] for value in [*further, None, None][:2]])
    arguments = ";".join(["A1:B3", *("D1", "D2")[: len(further)]])
    found = shown(sheet, f"={name}({arguments})", "F1:G3")
    assert found == answered(call(name, rows, *further))
    assert len({str(cell) for row in found for cell in row}) <= 2


@pytest.mark.parametrize("name", FUNCTION)
def test_an_error_in_a_cell_goes_on_as_one(sheet, name):
    sheet.getCellRangeByName("A1").Formula = "=NA()"
    arguments = ";".join(["A1"] * min(2, len(FUNCTION[name].arguments)))
    assert shown(sheet, f"={name}({arguments})") == [["#N/A"]]


@pytest.mark.parametrize("name", FUNCTION)
def test_an_empty_cell_is_none(sheet, call, name):
    """LibreOffice hands a single empty cell over as 0."""
    _, *further = asked_of(name)
    put(sheet, "B1:B2", [[value] for value in [*further, None, None][:2]])
    arguments = ";".join(["A1", *("B1", "B2")[: len(further)]])
    expected = answered(call(name, None, *further))
    assert shown(sheet, f"={name}({arguments})") == expected
    assert expected != [[0.0]]


def test_what_is_left_out_is_the_default(sheet, call):
    assert shown(sheet, '=ZL_CHECK("1000";"邮编";)') == call("ZL_CHECK", "1000", "邮编")
    assert shown(sheet, "=ZL_CHECK()") == [["#VALUE!"]]
    assert shown(sheet, "=ZL_PLAN_SURVEILLANCE(45717;;)") == answered(
        call("ZL_PLAN_SURVEILLANCE", datetime(2025, 3, 1))
    )


def test_names_may_be_typed_in_small_letters(sheet):
    assert shown(sheet, '=zl_find_province("100081")') == [["北京市"]]


def test_a_range_of_ten_thousand(sheet, call):
    rows = [[f"{100_000 + number * 7 % 899_999:06}"] for number in range(10_000)]
    put(sheet, "A1:A10000", rows)
    assert shown(sheet, '=ZL_CHECK(A1:A10000;"邮编")', "B1:B10000") == call("ZL_CHECK", rows, "邮编")


def test_a_whole_column(sheet, call):
    put(sheet, "A1:A3", [["1000"], ["100081"], ["05"]])
    assert shown(sheet, '=ZL_CHECK(A:A;"邮编")') == call("ZL_CHECK", "1000", "邮编")
    found = shown(sheet, '=ZL_CHECK(A:A;"邮编")', "B1:B5")
    assert found[:4] == call("ZL_CHECK", [["1000"], ["100081"], ["05"], [None]], "邮编")
    assert found[4] == ["#N/A"]  # more rows than are answered


def test_a_range_with_an_error_is_refused_by_libreoffice(sheet):
    put(sheet, "A1:A2", [["100081"], ["200001"]])
    sheet.getCellRangeByName("A2").Formula = "=NA()"
    assert shown(sheet, "=ZL_FIND_PROVINCE(A1:A2)", "B1:B2") == [["Err:504"], ["Err:504"]]
    mended = shown(sheet, '=ZL_FIND_PROVINCE(IFERROR(A1:A2;""))', "C1:C2")
    assert mended == [["北京市"], ["#N/A"]]


def test_a_process_that_was_ended_is_started_again(calc, sheet):
    assert shown(sheet, '=ZL_FIND_PROVINCE("100081")') == [["北京市"]]
    for process in judging(calc):
        process.kill()
    assert shown(sheet, '=ZL_FIND_PROVINCE("200001")') == [["上海市"]]
    assert len(judging(calc)) == 1


def test_a_macro_may_call_without_a_document(calc):
    access = calc.create("com.sun.star.sheet.FunctionAccess")
    assert access.callFunction("ZL_FIND_PROVINCE", ("100081",)) == (("北京市",),)


def judging(calc):
    """The processes that LibreOffice has started to judge."""
    started = psutil.Process(calc.process).children(recursive=True)
    return [process for process in started if "zlxl.hosts.calc" in process.cmdline()]


def test_days_are_known_by_their_columns():
    """LibreOffice tells no formats: a number in a column of days is a day, elsewhere it is none."""
    rows = [[46086.0, 46086.0], [20260301.0, None]]
    assert given("ZL_CHECK", [rows, [["颁证日期", "邮编"]], None])[0] == [
        [datetime(2026, 3, 5), 46086.0],
        [20260301.0, None],
    ]
    assert given("ZL_CHECK", [46086.0, "实施时间"])[0] == [[datetime(2026, 3, 5)]]
    assert given("ZL_CHECK", [[[46086.0]], [["邮编", "邮编"]]])[0] == [[46086.0]]


def test_a_single_nought_is_an_empty_cell_but_for_counts():
    assert given("ZL_ADD_WORKDAYS", [46086.0, 0.0]) == [46086.0, 0.0]
    assert given("ZL_SCORE_NPS", [0.0]) == [None]
    assert given("ZL_SCORE_NPS", [[[0.0]]]) == [[[0.0]]]


def test_errors_and_days_come_over_the_wire():
    ((error, day),) = given("ZL_FIND_PROVINCE", [[[{"error": "#REF!"}, {"day": 46086.0}]]])[0]
    assert (type(error), error, day) == (ErrorValue, "#REF!", datetime(2026, 3, 5))
    assert sent([[datetime(2026, 3, 5, 12), "x"]]) == [[46086.5, "x"]]


ANYTHING = [
    True,
    -1e300,
    1e18,
    "x" * 40_000,
    "�",
    None,
    {"error": "#N/A"},
    [[1.0, "a"], [None, {"error": "#REF!"}]],
]


@pytest.mark.parametrize("name", FUNCTION)
@pytest.mark.parametrize("value", ANYTHING, ids=range(len(ANYTHING)))
def test_anything_is_answered(name, value):
    """Whatever the wire brings, rows of plain values go back."""
    rows = Calls(None)({"call": name, "arguments": [value] * len(FUNCTION[name].arguments)})
    assert all(isinstance(cell, str | float | bool | int) for row in rows for cell in row)


# --- the extension's part, without LibreOffice --------------------------------------------------------------


class Told:
    """A process that answers each row of its first argument by a text."""

    def call(self, _name, arguments, _book):
        self.arguments = arguments
        return [[f"{row}"] for row in arguments[0]] if isinstance(arguments[0], list) else [[arguments[0]]]


class Untitled:
    RuntimeUID = "1"


def called(*arguments):
    process = Told()
    return process, cells.called(process, Untitled(), "ZL_CHECK", arguments)


def test_one_empty_row_answers_for_all_below():
    column = (("100081",), ("",), ("050000",), *((("",),) * 997))
    process, shown = called(column, (("x",),) * 1000, "邮编")
    assert [len(argument) for argument in process.arguments] == [1000, 1000, 2]
    process, shown = called(column, "邮编")
    assert process.arguments == [[["100081"], [None], ["050000"], [None]], "邮编"]
    assert len(shown) == 1000
    assert set(shown[3:]) == {("[None]",)}


def test_an_empty_column_is_two_rows():
    process, shown = called((("",),) * 50)
    assert (len(process.arguments[0]), len(shown)) == (2, 50)


def test_errors_are_numbers_that_are_none():
    error = cells.error_number(524)
    assert math.isnan(error)
    assert cells.cell_of(error) == {"error": "#REF!"}
    assert cells.cell_of(cells.error_number(508)) == {"error": "#VALUE!"}
    assert [cells.cell_of(value) for value in ("", None, 0.0, "文")] == [None, None, 0.0, "文"]
    _, ((shown,),) = called("#N/A")
    assert cells.cell_of(shown) == {"error": "#N/A"}
