"""The functions as Excel calls them: through xlwings' own server."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.udfs.excel import MISSING, Cells
from zlxl.hosts.functions import FUNCTION, FUNCTIONS, MODULE, Shape

ROOT = Path(__file__).parents[2]
NOT_AVAILABLE = -2146826246
DIVISION = -2146826281
DAY = datetime(2026, 3, 2)

#: arguments after the first that make a function answer its example
FURTHER = {
    "ZL_CHECK": ("邮编",),
    "ZL_SUGGEST_FIX": ("邮编",),
    "ZL_FIND_DEADLINE": (DAY,),
    "ZL_ADD_WORKDAYS": (3.0,),
    "ZL_COUNT_WORKDAYS": (datetime(2026, 3, 9),),
    "ZL_ESTIMATE_INTERVAL": (100.0,),
}
#: a first argument that has an answer, and the answer
ASKED = {
    "ZL_CHECK": ("050000", ""),
    "ZL_SUGGEST_FIX": (50000.0, "050000"),
    "ZL_CHECK_USCC": ("91110000600037341L", True),
    "ZL_FIND_PROVINCE": ("050000", "河北省"),
    "ZL_LOOKUP_CLIENT": ("恒泰", "#N/A"),
    "ZL_CLASSIFY": ("请补寄一下发票", "b"),
    "ZL_FIND_OWNER": ("请补寄一下发票", "财务部"),
    "ZL_FIND_DEADLINE": ("请补寄一下发票", datetime(2026, 3, 9)),
    "ZL_PLAN_SURVEILLANCE": (DAY, datetime(2027, 2, 1)),
    "ZL_LIMIT_SURVEILLANCE": (DAY, datetime(2027, 3, 2)),
    "ZL_ADD_WORKDAYS": (DAY, datetime(2026, 3, 5)),
    "ZL_COUNT_WORKDAYS": (DAY, 5.0),
    "ZL_GRADE_CLIENT": (92.0, "A"),
    "ZL_LOOKUP_GRADE": ("恒泰", "#N/A"),
    "ZL_SCORE_NPS": (10.0, 100.0),
    "ZL_EXPLAIN_RULE": ("ZL132", None),
}


def naive(value: object) -> object:
    """A day without the zone that COM wants."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


@pytest.mark.parametrize("name", ASKED)
def test_scalar(excel, name):
    asked, answer = ASKED[name]
    found = naive(excel(name, asked, *FURTHER.get(name, ())))
    assert found == answer if answer is not None else str(found).startswith(asked)


@pytest.mark.parametrize("name", ASKED)
def test_single_cell(excel, name):
    """A reference to one cell answers as the value does."""
    asked, _ = ASKED[name]
    further = FURTHER.get(name, ())
    assert excel(name, Cells(((asked,),)), *further) == excel(name, asked, *further)


@pytest.mark.parametrize("name", [f.name for f in FUNCTIONS if f.shape is Shape.CELLS])
def test_range_keeps_its_shape(excel, name):
    asked, _ = ASKED[name]
    further = FURTHER.get(name, ())
    found = excel(name, Cells(((asked, None), (None, asked), (asked, asked))), *further)
    assert [len(row) for row in found] == [2, 2, 2]
    single = excel(name, asked, *further)
    assert naive(found[0][0]) == naive(found[1][1]) == naive(found[2][0]) == naive(single)


def test_ranges_of_figures(excel):
    """Each row has one answer, a whole range one, and an interval two side by side."""
    answers = Cells((("很满意",) * 11, (None,) * 11, ("满意",) * 11))
    assert excel("ZL_SCORE_SATISFACTION", answers) == [[100.0], ["#N/A"], [80.0]]
    assert excel("ZL_SCORE_SATISFACTION", Cells((("很满意",) * 11,))) == 100.0
    assert excel("ZL_AVERAGE_SATISFACTION", answers) == 90.0
    low, high = excel("ZL_ESTIMATE_INTERVAL", Cells(((90.0,), (None,), (95.0,))), 100.0)
    assert low < 92.5 < high
    assert excel("ZL_GRADE_CLIENT", Cells(((92.0,), (None,), (10.0,))))[:2] == [["A"], ["#N/A"]]
    assert excel("ZL_SCORE_NPS", Cells(((10.0,), (None,), (0.0,)))) == 0.0


@pytest.mark.parametrize("name", [f.name for f in FUNCTIONS if f.shape is Shape.CELLS])
def test_row_stays_a_row(excel, name):
    """xlwings hands a single row back as such; Excel then fills it across."""
    asked, _ = ASKED[name]
    found = excel(name, Cells(((asked, asked, asked),)), *FURTHER.get(name, ()))
    assert len(found) == 3
    assert not isinstance(found, str)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_left_out_is_the_default(excel, function):
    asked = ASKED.get(function.name, ((("很满意",) * 11),))[0]
    asked = Cells((asked,)) if isinstance(asked, tuple) else asked
    asked = Cells(((90.0,), (95.0,))) if function.name == "ZL_ESTIMATE_INTERVAL" else asked
    further = FURTHER.get(function.name, ())
    optional = sum(argument.optional for argument in function.arguments)
    left_out = excel(function.name, asked, *further, *[MISSING] * optional)
    empty = excel(function.name, asked, *further, *[Cells(((None,),))] * optional)
    assert left_out == empty == excel(function.name, asked, *further, *[None] * optional)
    assert left_out != "#VALUE!"


@pytest.mark.parametrize("name", [f.name for f in FUNCTIONS])
@pytest.mark.parametrize(("code", "answer"), [(NOT_AVAILABLE, "#N/A"), (DIVISION, "#VALUE!")])
def test_error_in_error_out(excel, name, code, answer):
    """An error of the sheet goes on as one; ZL_CHECK names it, figures pass #N/A over."""
    found = excel(name, Cells(((code,),)), *FURTHER.get(name, ()))
    if name == "ZL_CHECK":
        assert found.startswith("ZL005")
    elif name in ("ZL_SCORE_SATISFACTION", "ZL_AVERAGE_SATISFACTION"):
        assert found == "#VALUE!"  # one column is not the items
    else:
        assert found == answer


@pytest.mark.parametrize("name", [f.name for f in FUNCTIONS])
def test_empty(excel, name):
    found = excel(name, None, *FURTHER.get(name, ()))
    if name in ("ZL_CHECK", "ZL_SUGGEST_FIX"):
        assert found == ""
    elif name in ("ZL_SCORE_SATISFACTION", "ZL_AVERAGE_SATISFACTION"):
        assert found == "#VALUE!"
    else:
        assert found == "#N/A"


@pytest.mark.parametrize("name", [f.name for f in FUNCTIONS])
@pytest.mark.parametrize("value", [True, DAY, "�", -1e300, "x" * 40_000, 3, Cells(((1.0, "a"), (None, DAY)))])
def test_anything_is_answered(excel, name, value):
    """Whatever a cell holds, there is an answer of plain values and no traceback."""
    for further in (FURTHER.get(name, ()), (value,) * (len(FUNCTION[name].arguments) - 1)):
        needed = sum(not argument.optional for argument in FUNCTION[name].arguments)
        found = excel(name, value, *further, *[MISSING] * (needed - 1 - len(further)))
        cells = found if isinstance(found, list) else [found]
        flat = [cell for row in cells for cell in (row if isinstance(row, list) else [row])]
        assert all(isinstance(cell, str | float | bool | datetime) for cell in flat)
        assert not any("Traceback" in cell for cell in flat if isinstance(cell, str))


def test_zone_of_dates_does_not_move_them(excel):
    """COM hands dates over with a zone."""
    from datetime import UTC

    assert naive(excel("ZL_ADD_WORKDAYS", DAY.replace(tzinfo=UTC), 3.0)) == datetime(2026, 3, 5)


def test_policy_of_the_workbook(excel):
    """The lists of the active workbook hold; of another workbook the shipped ones."""
    rows = (
        ("列表", "值", "代码", "别名", "属性", "启用"),
        ("省份", "云端省", None, "云端", "邮编前缀=99", "是"),
    )
    book = ("库.xlsx", {"码表": rows, "便笺": (("x",),)})
    assert excel("ZL_FIND_PROVINCE", "990001", book=book) == "云端省"
    assert excel("ZL_FIND_PROVINCE", "990001", book=("别的.xlsx", {"Sheet1": ((None,),)})) == "#N/A"
    assert excel("ZL_FIND_PROVINCE", "990001", book=book) == "云端省"


def test_lookup_in_the_workbook(excel):
    rows = (("合同编号", "企业名称", "联系电话"), ("ZL20230015-Q", "石家庄恒泰机械有限公司", "0311-85551234"))
    book = ("台账.xlsx", {"客户台账": rows})
    assert excel("ZL_LOOKUP_CLIENT", "恒泰", "联系电话", book=book) == "0311-85551234"
    assert excel("ZL_LOOKUP_CLIENT", "恒泰", MISSING, 2.0, book=book) == "#N/A"


# --- the module ---------------------------------------------------------------------------------------------


def test_module_holds_the_registry():
    """One function a registry entry, with its arguments in order, and nothing else that cells could call."""
    tree = ast.parse((ROOT / (MODULE.replace(".", "/") + ".py")).read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    assert [node.name for node in functions] == [function.name for function in FUNCTIONS]
    for node in functions:
        declared = FUNCTION[node.name].arguments
        assert [argument.arg for argument in node.args.args] == [argument.name for argument in declared]
        assert len(node.args.defaults) == sum(argument.optional for argument in declared)
        assert len(node.body) == 1


def test_bodies_take_the_registrys_arguments():
    from zlxl.hosts.udf.call import body_of

    for function in FUNCTIONS:
        parameters = list(inspect.signature(body_of(function.name)).parameters.values())[1:]
        assert [p.name for p in parameters] == [argument.name for argument in function.arguments]
        optional = [p.default is not inspect.Parameter.empty for p in parameters]
        assert optional == [argument.optional for argument in function.arguments]


def test_words_fit_the_function_wizard():
    """Excel cuts help at 255 characters; names are plain and begin with a verb."""
    verbs = {"CHECK", "SUGGEST", "FIND", "LOOKUP", "CLASSIFY", "PLAN", "LIMIT", "ADD", "COUNT", "GRADE"}
    verbs |= {"SCORE", "AVERAGE", "ESTIMATE", "EXPLAIN"}
    for function in FUNCTIONS:
        assert function.name.isascii()
        assert function.name.split("_")[1] in verbs
        for told in (function.help, *(argument.help for argument in function.arguments)):
            assert 0 < len(told) <= 255
            assert not told.isascii()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_readme_lists_the_function(function):
    """Its row in README says what the registry says."""
    arguments = ", ".join(f"[{a.name}]" if a.optional else a.name for a in function.arguments)
    row = f"| `{function.name}({arguments})` | {function.help} | {function.clause} | `{function.example}` |"
    assert row in (ROOT / "README.md").read_text("utf-8").splitlines()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_example_calls_the_function(function):
    """The example gives as many arguments as the function can take and must have."""
    name, _, given = function.example.removeprefix("=").rstrip(")").partition("(")
    needed = sum(not argument.optional for argument in function.arguments)
    assert name == function.name
    assert needed <= given.replace("TODAY()", "TODAY").count(",") + 1 <= len(function.arguments)


def test_functions_load_without_pandas():
    """Neither the server's module, with xlwings, nor a first call needs pandas, which still can be loaded."""
    code = (
        "import sys\n"
        "import udfs.zlxl_udfs\n"
        "assert not {'pydantic', 'pandas'} & set(sys.modules)\n"
        "from zlxl.hosts.udf.call import Caller, body_of\n"
        "from zlxl.hosts.functions import FUNCTIONS\n"
        "[body_of(f.name) for f in FUNCTIONS]\n"
        "assert Caller()('ZL_CHECK', '050000', '邮编') == [['']]\n"
        "assert not {'pandas', 'openpyxl', 'xlsxwriter', 'click'} & set(sys.modules), set(sys.modules)\n"
        "import pandas, xlwings\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
