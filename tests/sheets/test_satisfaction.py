"""The sheets of the satisfaction analysis: every formula comes out as Python says, also after changes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date
from functools import cache
from math import isclose, isnan
from pathlib import Path

import openpyxl
import pytest

import zlxl
from tests import libreoffice
from tests.figures.surveyed import TODAY, client, criteria, different_systems, source, survey
from zlxl.edits import Edits
from zlxl.excel.edit import Book
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.figures.satisfaction_period import Period
from zlxl.grid import Area
from zlxl.jobs.satisfaction import LOOKED_UP, analyse
from zlxl.samples.database import sample_rows
from zlxl.sheet import Formula, Link, Sheet, Workbook
from zlxl.sheets.data import data_sheet
from zlxl.sheets.satisfaction_words import conclusion

PERIODS = ("2026Q3", "2026")
LEVELS = ("一般", "满意", "不满意", "很满意", "不适用", "很不满意")


def sheets(path: Path) -> tuple[Sheet, ...]:
    """The analyses of a database."""
    opened = open_source(path)
    return tuple(analyse(opened, Period.parse(p), TODAY).sheet(inside=True) for p in PERIODS)


def with_analysis(path: Path, target: Path, found: tuple[Sheet, ...]) -> Path:
    """A copy of the database with these sheets."""
    save(open_source(path), Edits(sheets=found), target)
    return target


def changed(path: Path, target: Path) -> Path:
    """The database after other answers, other weights, other proofs and a client that left."""
    book = zlxl.edit(path)
    surveys = book["满意度调查"]
    returned = [row for row in range(4, 900) if surveys[f"M{row}"] == "有效"]
    for at, row in enumerate(returned[::3]):
        for column in ("P", "R", "V"):
            surveys[f"{column}{row}"] = LEVELS[at % len(LEVELS)]
    _change_policy(book)
    book.save(target)
    return target


def _change_policy(book: Book) -> None:
    policy = book["评价准则"]
    for row in range(4, 60):
        if policy[f"B{row}"] == "审核员专业能力":
            policy[f"C{row}"] = 25
        if policy[f"B{row}"] == "满意" and policy[f"A{row}"] == "满意度等级":
            policy[f"D{row}"] = 85
        if policy[f"B{row}"] == "置信水平":
            policy[f"D{row}"] = 90


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The analysed database, and a changed one under the old and the new analysis; two recalculated."""
    folder = tmp_path_factory.mktemp("satisfaction")
    database = folder / "库.xlsx"
    rows = sample_rows(seed=16, clients=90, today=TODAY)
    tables = [data_sheet(table, rows.get(table.name, table.shipped)) for table in LOOKED_UP]
    write_workbook(Workbook(sheets=tuple(tables)), database)
    other = changed(database, folder / "改.xlsx")
    made = {
        "fresh": with_analysis(database, folder / "fresh.xlsx", sheets(database)),
        "stale": with_analysis(other, folder / "stale.xlsx", sheets(database)),
    }
    again = libreoffice.recalculate(list(made.values()), folder / "lo")
    made |= {f"{name} again": path for name, path in zip(made, again, strict=True)}
    return made | {"renewed": with_analysis(other, folder / "renewed.xlsx", sheets(other))}


@cache
def load(path: Path, *, values: bool = True) -> openpyxl.Workbook:
    """A workbook, without openpyxl's word on extensions it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, data_only=values)


def numbers(path: Path, formulas: Path) -> dict[tuple[str, str], object]:
    """What every cell that holds a formula in ``formulas`` shows in ``path``."""
    book, told = load(path), load(formulas, values=False)
    return {
        (sheet, cell.coordinate): book[sheet][cell.coordinate].value or 0
        for sheet in (f"满意度_{p}" for p in PERIODS)
        for row in told[sheet].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    }


def differing(one: dict[tuple[str, str], object], other: dict[tuple[str, str], object]) -> list[object]:
    """Cells that do not agree."""
    return [(place, value, other[place]) for place, value in one.items() if not _alike(value, other[place])]


def _alike(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-7, abs_tol=1e-9)
    return one == other


def test_every_formula_comes_out_as_python_says(books: dict[str, Path]) -> None:
    told = numbers(books["fresh"], books["fresh"])
    assert len(told) > 1500
    assert differing(told, numbers(books["fresh again"], books["fresh"])) == []


def test_groups_and_late_answers_are_tested_among_them(books: dict[str, Path]) -> None:
    told = analyse(open_source(books["fresh"]), Period.parse("2026"), TODAY).figures
    assert sum(not isnan(one.p) for one in told.segments.values()) > 1
    assert not isnan(told.waves.p)


def test_the_formulas_follow_the_tables(books: dict[str, Path]) -> None:
    """Recalculated after changes, the old analysis shows what a new run computes from the changed tables."""
    old = numbers(books["fresh"], books["stale"])
    now = numbers(books["stale again"], books["stale"])
    new = numbers(books["renewed"], books["stale"])
    changes = differing(old, now)
    assert len(changes) > 150
    assert differing(now, new) == []


def test_no_formula_is_an_error(books: dict[str, Path]) -> None:
    shown = numbers(books["stale again"], books["stale"]).values()
    assert [value for value in shown if isinstance(value, str) and value.startswith("#")] == []


@pytest.fixture(scope="module")
def small() -> Sheet:
    """The sheet of few questionnaires, outside of its workbook."""
    rows = [
        survey(1, "很满意", recommendation=9, worst="发票寄送慢"),
        survey(2, schedule="很不满意"),
        survey(3, None),
    ]
    return analyse(source(rows, [client(1)]), Period.parse("2026Q3"), TODAY).sheet(inside=False)


def cells_of(sheet: Sheet) -> Iterator[object]:
    return (cell.content for cell in sheet.cells.values())


def test_outside_of_the_workbook_no_formula_and_no_link_looks_into_its_tables(small: Sheet) -> None:
    formulas = [content.text for content in cells_of(small) if isinstance(content, Formula)]
    assert formulas
    assert [text for text in formulas if "[" in text] == []
    links = [content.target for content in cells_of(small) if isinstance(content, Link)]
    assert links
    assert all(target.startswith("#'满意度_2026Q3'!") for target in links)


def test_cells_do_not_lie_over_each_other(small: Sheet) -> None:
    taken: dict[tuple[int, int], Area] = {}
    for area in small.merges:
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                assert (row, column) not in taken, (area, taken[row, column])
                taken[row, column] = area
    beneath = [p for p, a in taken.items() if p != (a.top, a.left) and small.cells[p].content is not None]
    assert beneath == []


def test_the_sheet_prints_on_a4_one_page_wide(small: Sheet) -> None:
    assert (small.print.fit_width, small.print.landscape) == (1, True)
    assert small.print.area is not None
    assert small.print.area.right == 29


def test_small_groups_get_no_percentage(small: Sheet) -> None:
    dashes = [c.value for c in cells_of(small) if isinstance(c, Formula) and '"—",COUNTIFS' in c.text]
    assert dashes
    assert set(dashes) == {"—"}


def without(*items: str) -> list[dict[str, object]]:
    return criteria(**dict.fromkeys(items))  # type: ignore[return-value]


@pytest.mark.parametrize(
    "policy",
    [
        without("很满意", "一般", "很不满意", "廉洁自律"),
        without("很满意", "一般", "很不满意", "不满意"),
        without("很满意", "满意", "一般", "很不满意", "不满意"),
        without("优", "良", "达标关注", "需改进", "不合格"),
        [row for row in criteria() if row["group"] != "满意度题目"],
    ],
    ids=["two levels", "one level", "no levels", "no bands", "no items"],
)
def test_odd_criteria_still_make_a_sheet(policy: list[dict[str, object]]) -> None:
    rows = [survey(1, recommendation=3), survey(2, "不满意"), survey(3, None), survey(4, quarter="2026Q2")]
    told = analyse(source(rows, policy=policy), Period.parse("2026Q3"), TODAY)
    sheet = told.sheet(inside=True)
    assert "调查漏斗" in {chart.title for chart in sheet.charts}
    assert conclusion(told.figures)


def looked_up(rows: list[dict[str, object]], number: str) -> list[bool]:
    """Of the items in the line of a questionnaire, whether each is looked up in 满意度调查."""
    sheet = analyse(source(rows), Period.parse("2026Q3"), TODAY).sheet(inside=True)
    line = next(row for (row, column), cell in sheet.cells.items() if column == 1 and cell.content == number)
    contents = [sheet.cells[line, column].content for column in range(14, 25)]
    return [isinstance(content, Formula) and "满意度调查[" in content.text for content in contents]


def test_what_a_formula_would_not_read_stands_there_as_value() -> None:
    """Another spelling of a level, and a number that two rows bear."""
    assert looked_up([survey(1), survey(2)], "MY2026-0001") == [True] * 11
    assert looked_up([survey(1, competence="非常满意")], "MY2026-0001") == [True] * 3 + [False] + [True] * 7
    twice = [survey(1), survey(2, survey_no="MY2026-0001")]
    assert looked_up(twice, "MY2026-0001") == [False] * 11


def words(rows: list[dict[str, object]], period: str = "2026Q3", today: date = TODAY) -> str:
    return "\n".join(conclusion(analyse(source(rows), Period.parse(period), today).figures))


def test_the_conclusion_says_whether_a_change_is_more_than_chance() -> None:
    then = [survey(n, "满意" if n % 5 else "很满意", quarter="2026Q2") for n in range(1, 41)]
    now = [survey(n, "很满意" if n % 5 else "满意") for n in range(101, 141)]
    silent = [survey(n, None, quarter=q) for q in ("2026Q2", "2026Q3") for n in range(200, 260)]
    assert "显著上升" in words([*then, *now, *silent])
    same = [survey(n, "满意" if n % 5 else "很满意") for n in range(301, 341)]
    assert "差异不显著" in words([*then, *same, *silent])


def test_the_conclusion_names_the_groups_that_differ() -> None:
    told = words(different_systems())
    assert "分组：体系之间差异显著，EMS偏低（74.3）、QMS偏高（91.3）" in told
    assert "早答与迟答相比没有显著差别" in told


def test_the_paragraphs_are_numbered_without_gaps() -> None:
    told = conclusion(analyse(source(different_systems()), Period.parse("2026Q3"), TODAY).figures)
    numbers = [int(text.split(".")[0]) for text in told if text[0].isdigit()]
    assert numbers == [*range(1, len(numbers) + 1)]


def test_the_conclusion_of_nothing_says_so() -> None:
    assert words([survey(1, None)]).startswith("2026年第三季度没有有效问卷（应发 0，下发 1，回收 0）")


def test_the_year_is_told_with_index_deduction_and_result() -> None:
    assert "指数 80.00 − 重大事件扣分 0.00（无）= 80.00" in words([survey(1)], "2026")
