"""The plan of fixes: one change a cell, nothing lost, and a file that needs none after it is carried out."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

import zlxl
from tests.excel import books
from tests.excel.books import patch_cells
from tests.rules.harness import BASE, FOLDER, Example
from zlxl.changes import CellChange
from zlxl.excel.source import open_source
from zlxl.findings import FileReport, Finding, Fix, Severity
from zlxl.grid import Kind
from zlxl.jobs.fix import Change, as_one, plan_fixes, plan_lines
from zlxl.schema.stored import Stored, after

EXAMPLES = sorted(FOLDER.glob("*/*.json"))
MAX_ROUNDS = 6


def finding(cell: str | None = "M12", rule: str = "ZL132", fix: Fix | None = None, **more: object) -> Finding:
    told = {"severity": Severity.WARNING, "sheet": "客户台账", "row": 12, "column": "邮编", "key": "ZL1"}
    told |= {"value": "50000", "message": "现象", "expected": "", "clause": "", "suggestion": ""}
    return Finding(rule=rule, cell=cell, fix=fix, fingerprint="", **(told | more))


def report(*findings: Finding) -> FileReport:
    return FileReport(path="台账.xlsx", findings=findings)


SAFE = Fix(new="050000", confidence="safe")
REVIEW = Fix(new="050001", confidence="review")


def test_change_says_all_a_person_needs():
    assert plan_fixes(report(finding(fix=SAFE))) == [
        Change(
            sheet="客户台账",
            cell="M12",
            key="ZL1",
            column="邮编",
            rule="ZL132",
            old="50000",
            new="050000",
            stored="text",
            confidence="safe",
            reason="邮编丢了开头的 0",
        )
    ]


def test_what_is_not_planned():
    """No fix, no cell, waived by a person, or for a person to judge."""
    nothing = report(
        finding(), finding(None, fix=SAFE), finding(fix=SAFE, state="waived"), finding(fix=REVIEW)
    )
    assert plan_fixes(nothing) == []
    assert [c.new for c in plan_fixes(nothing, unsafe=True)] == ["050001"]


def test_known_findings_are_mended_too():
    assert len(plan_fixes(report(finding(fix=SAFE, state="known")))) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_one_change_a_cell(turned):
    """The safe one, then the lower code, whatever the order of the findings."""
    found = [
        finding(rule="ZL101", fix=REVIEW),
        finding(rule="ZL133", fix=Fix(new="b", confidence="safe")),
        finding(rule="ZL132", fix=SAFE),
        finding("M13", rule="ZL132", fix=SAFE),
    ]
    plan = plan_fixes(report(*(reversed(found) if turned else found)), unsafe=True)
    assert [(c.cell, c.rule) for c in plan] == [("M12", "ZL132"), ("M13", "ZL132")]


def test_plan_is_in_reading_order():
    sheets = (("乙", "B10"), ("甲", "A1"), ("乙", "AA9"), ("乙", "B9"))
    plan = plan_fixes(report(*(finding(cell, fix=SAFE, sheet=sheet) for sheet, cell in sheets)))
    assert [c.place for c in plan] == ["乙!B9", "乙!AA9", "乙!B10", "甲!A1"]


@pytest.mark.parametrize(
    ("stored", "new", "value", "number_format", "over"),
    [
        ("text", "050000", "050000", "@", ()),
        ("text", "长" * 256, "长" * 256, None, ()),
        ("number", "1200.5", 1200.5, "General", ("@",)),
        ("date", "2024-02-29", dt.date(2024, 2, 29), "yyyy-mm-dd", ()),
        ("empty", "", None, None, ()),
    ],
)
def test_stored_types(stored, new, value, number_format, over):
    [change] = plan_fixes(report(finding(fix=Fix(new=new, confidence="safe", stored=stored))))
    assert change.cell_change() == CellChange(
        sheet="客户台账", row=12, column=13, value=value, number_format=number_format, over=over
    )


def test_preview_tells_grades_apart_and_counts():
    found = [
        finding(fix=SAFE),
        finding(
            "N12", "ZL999", Fix(new="", confidence="review", stored="empty"), column="备注", value="\x1b\n"
        ),
    ]
    assert list(plan_lines(plan_fixes(report(*found), unsafe=True))) == [
        "可自动修复（1 处）",
        "  客户台账!M12  邮编  50000 → 050000  (ZL132 邮编丢了开头的 0)",
        "须人工确认（1 处）",
        "  客户台账!N12  备注  ␛␊ → （空）  (ZL999 现象)",
        "共 2 处：可自动修复 1，须人工确认 1。",
    ]
    assert list(plan_lines([])) == ["没有可以修复的单元格。"]


KINDS = (
    Fix(new="050000", confidence="safe"),
    Fix(new="长" * 256, confidence="safe"),
    Fix(new="1200.5", confidence="safe", stored="number"),
    Fix(new="2024-02-29", confidence="safe", stored="date"),
    Fix(new="", confidence="safe", stored="empty"),
)


@pytest.mark.parametrize("code", ["@", "General", "000000", "yyyy-mm-dd"])
@pytest.mark.parametrize("second", KINDS, ids=lambda fix: f"{fix.stored}{len(fix.new)}")
@pytest.mark.parametrize("first", KINDS, ids=lambda fix: f"{fix.stored}{len(fix.new)}")
def test_two_rounds_as_one_leave_the_same(first, second, code):
    """Value and format of the cell are those that one after the other would leave."""
    rounds = [
        plan_fixes(report(finding(rule=rule, fix=fix)))[0] for rule, fix in (("A1", first), ("B2", second))
    ]
    [change], reasons = as_one(rounds)
    one_by_one = Stored(Kind.NUMBER, 50000.0, code)
    for done in rounds:
        one_by_one = after(done.cell_change(), one_by_one)
    assert after(change, Stored(Kind.NUMBER, 50000.0, code)) == one_by_one
    assert reasons == {("客户台账", 12, 13): "A1 现象；B2 现象"}


# --- carried out on workbooks -------------------------------------------------------------------------------


def settled(path: Path, *, unsafe: bool) -> int:
    """Mend until nothing is planned that was not refused; how many rounds it took."""
    refused: set[str] = set()
    for rounds in range(MAX_ROUNDS):
        checked = zlxl.validate(path, today=dt.date.fromisoformat(BASE["today"]))
        plan = [c for c in plan_fixes(checked, unsafe=unsafe) if c.place not in refused]
        if not plan:
            return rounds
        wanted = {c.cell_change(): c.place for c in plan}
        refused |= {wanted[r.change] for r in patch_cells(path, path, list(wanted), skip_refused=True)}
    raise AssertionError(f"not settled: {[*plan_lines(plan)]}")


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_examples_settle(tmp_path, path, unsafe):
    """Every example of every rule: after a few rounds nothing is left to mend, and no cell is worse."""
    example = Example(path)
    before = example.validate(tmp_path)
    book = tmp_path / "数据库.xlsx"
    original = shutil.copy(book, tmp_path / "原件.xlsx")
    rounds = settled(book, unsafe=unsafe)

    after = example_report(book, example)
    assert bool(rounds) is bool(plan_fixes(before, unsafe=unsafe))
    assert (rounds > 0) == (book.read_bytes() != Path(original).read_bytes())
    if not unsafe:
        assert after.count(Severity.WARNING) <= before.count(Severity.WARNING)


def example_report(book: Path, example: Example) -> FileReport:
    return zlxl.validate(book, today=dt.date.fromisoformat(example.content.get("today", BASE["today"])))


@pytest.mark.parametrize("date1904", [False, True])
def test_types_and_formats_as_they_are_written(tmp_path, date1904):
    """Text under ``@``, dates as serial numbers of the workbook's system, numbers out of ``@``."""
    styles = books.STYLES.replace('numFmtId="31"', 'numFmtId="49"')
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" s="{s}"><v>1</v></c></row>' for r, s in enumerate((0, 0, 3, 2, 2), 1)
    )
    properties = f'<workbookPr date1904="{int(date1904)}"/>'
    files = books.parts({"客户台账": books.worksheet(rows)}, styles=styles, properties=properties)
    path = books.write(tmp_path / "本.xlsx", files)
    fixes = [
        Fix(new="050000", confidence="safe"),
        Fix(new="2024-02-29", confidence="safe", stored="date"),
        Fix(new="1200.5", confidence="safe", stored="number"),
        Fix(new="1200.5", confidence="safe", stored="number"),
        Fix(new="", confidence="safe", stored="empty"),
    ]
    found = [finding(f"A{row}", fix=fix) for row, fix in enumerate(fixes, 1)]
    patch_cells(path, path, [c.cell_change() for c in plan_fixes(report(*found))])

    grid = open_source(path).grids()[0]
    cells = {row: cells[1] for row, cells in grid.head(9).items()}
    assert {row: (c.kind, c.value, grid.number_formats[c.style]) for row, c in cells.items()} == {
        1: (Kind.TEXT, "050000", "@"),
        2: (Kind.NUMBER, 45351 - 1462 * date1904, "yyyy-mm-dd"),
        3: (Kind.NUMBER, 1200.5, "General"),
        4: (Kind.NUMBER, 1200.5, "000000"),
    }


def test_csv_is_mended(tmp_path):
    source, target = tmp_path / "客户台账.csv", tmp_path / "新.csv"
    source.write_bytes("合同编号,企业名称,邮编\r\nZL1,甲　公司 ,50000\r\n".encode("gb18030"))
    found = [finding("C2", fix=SAFE), finding("B2", "ZL103", Fix(new="甲 公司", confidence="safe"))]
    patch_cells(source, target, [c.cell_change() for c in plan_fixes(report(*found))])

    assert target.read_bytes().decode("gb18030") == "合同编号,企业名称,邮编\r\nZL1,甲 公司,050000\r\n"
