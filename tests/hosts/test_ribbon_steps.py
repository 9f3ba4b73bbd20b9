"""What all buttons do, on a workbook in memory: long previews, questions, settings beside the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from zlxl.edits import Edits
from zlxl.errors import Unwritable
from zlxl.excel.live_write import Written
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.grid import Grid
from zlxl.hosts import ribbon
from zlxl.hosts.check import check_file
from zlxl.hosts.ribbon.findings import checked, settings_beside
from zlxl.hosts.ribbon.steps import SHOWN, Listing, agreed, shortened, told
from zlxl.jobs.demo import make_demo
from zlxl.jobs.fix import as_one
from zlxl.jobs.settings import Settings
from zlxl.jobs.settle import settled

TODAY = date(2026, 11, 24)


@dataclass
class Book:
    """A file as an open workbook, in which nothing is written; answers are given in turn."""

    file: Path
    answers: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    shown: list[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = field(default_factory=list)
    applied: list[Edits] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.file.name

    def grids(self) -> Sequence[Grid]:
        return open_source(self.file).grids()

    def apply(self, edits: Edits) -> Written:
        self.applied.append(edits)
        return Written(cells=len(edits.cells))

    def confirm(self, text: str) -> bool:
        self.asked.append(text)
        return self.answers.pop(0)

    def show(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.shown.append((title, headers, rows))

    def progress(self, text: str) -> None:
        assert text

    @contextmanager
    def quiet(self) -> Iterator[None]:
        yield

    def selected_rows(self) -> tuple[str, int, int]:
        return "客户台账", 1, 1000

    def select(self, sheet: str, row: int, column: int) -> None:
        raise AssertionError((sheet, row, column))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database with faults in it."""
    path = tmp_path_factory.mktemp("db") / "库.xlsx"
    write_workbook(make_demo(seed=7, clients=12, today=TODAY).faulty, path)
    return path


SHORT = Listing(title="甲", lines=["一", "二"])
LONG = Listing(title="甲", lines=[f"第{n}行  值{n}" for n in range(30)], headers=("行", "值"))


def test_a_short_preview_is_one_question() -> None:
    book = Book(Path("库.xlsx"), [True])
    assert agreed(book, SHORT, "写入？")
    assert book.asked == ["一\n二\n\n写入？"]


@pytest.mark.parametrize(("answers", "written", "shown"), [([1], 1, 0), ([0, 1], 0, 1), ([0, 0], 0, 0)])
def test_a_long_preview_can_be_seen_whole_before_it_is_written(
    answers: list[int], written: int, shown: int
) -> None:
    book = Book(Path("库.xlsx"), [bool(answer) for answer in answers])
    assert agreed(book, LONG, "写入？") == bool(written)
    assert f"……另有 {30 - SHOWN + 1} 行" in book.asked[0]
    assert "选“否”可先在新工作簿中看全部" in book.asked[0]
    assert len(book.shown) == shown
    if shown:
        title, headers, rows = book.shown[0]
        assert (title, headers, len(rows), rows[7]) == ("甲", ["行", "值"], 30, ["第7行", "值7"])


def test_a_long_list_is_told_in_part_and_shown_whole() -> None:
    book = Book(Path("库.xlsx"), [True, False])
    assert told(book, LONG) == ""
    assert told(book, LONG) == ""
    assert len(book.shown) == 1
    assert told(book, SHORT) == "一\n二"
    assert len(book.asked) == 2


def test_what_was_done_is_told_though_excel_is_busy_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of a busy Excel say that nothing was written, which would not be true here."""

    def busy(_book: Book, _text: str) -> bool:
        raise Unwritable("Excel 正忙，没有写入。")

    monkeypatch.setattr(Book, "confirm", busy)
    assert told(Book(Path("库.xlsx"), []), LONG) == shortened(LONG.lines)


def test_a_line_that_does_not_fit_is_shown_whole() -> None:
    """Not only many lines are cut."""
    book = Book(Path("库.xlsx"), [True])
    assert told(book, Listing(title="甲", lines=["长" * 500])) == ""
    assert book.shown[0][2] == [["长" * 500]]


def test_all_findings_are_shown_in_columns(faulty: Path) -> None:
    book = Book(faulty, [False, True])
    assert ribbon.carried_out("zl_check_workbook", lambda: book, TODAY) == ""
    (_, headers, rows), found = book.shown[0], checked(book, TODAY)[0].findings
    assert len(rows) == len(found)
    assert rows[0][headers.index("单元格")] == found[0].cell
    assert not book.applied


def test_repairs_are_made_in_all_their_rounds_in_one_write(faulty: Path) -> None:
    book = Book(faulty, [True])
    said = ribbon.carried_out("zl_apply_fixes", lambda: book, TODAY)
    cells, _ = as_one(settled(book, Settings(today=TODAY)))
    assert [list(edits.cells) for edits in book.applied] == [cells]
    assert f"已修改 {len(cells)} 处" in said
    assert len(book.asked) == 1


def test_a_run_of_a_button_says_so_in_the_log(faulty: Path) -> None:
    book = Book(faulty, [True])
    ribbon.carried_out("zl_apply_fixes", lambda: book, TODAY)
    assert {row.values["方式"] for row in book.applied[0].rows if "方式" in row.values} == {"按钮"}


def test_settings_beside_the_workbook_hold_for_buttons(faulty: Path, tmp_path: Path) -> None:
    """Selection, severity, waivers and baseline: the findings are those of the batch."""
    file = tmp_path / "库.xlsx"
    file.write_bytes(faulty.read_bytes())
    plain = checked(Book(file), TODAY)[0].findings
    waived, known, other = plain[0], plain[1], plain[2]
    lines = [
        f'ignore = ["{other.rule}"]' if other.rule not in (waived.rule, known.rule) else "",
        'baseline = "基线.json"',
        f'severity = {{ {known.rule} = "note" }}',
        "[[waivers]]",
        f'rule = "{waived.rule}"',
        f'fingerprint = "{waived.fingerprint}"',
        'reason = "客户已确认"',
    ]
    (tmp_path / "zlxl.toml").write_text("\n".join(lines), "utf-8")
    known_marks = {"库.xlsx": {known.fingerprint: known.rule}}
    content = {"baseline_version": 1, "files": known_marks}
    (tmp_path / "基线.json").write_text(json.dumps(content), "utf-8")
    book = Book(file)
    report, run = checked(book, TODAY)
    settings = settings_beside(book, TODAY)
    batch = check_file(
        file,
        Settings(
            today=TODAY,
            select=settings.select,
            ignore=settings.ignore,
            severity=settings.severity,
            waivers=settings.waivers,
            baseline={str(file): {known.fingerprint: known.rule}},
        ),
    )
    assert report.findings == batch.findings
    states = {finding.fingerprint: finding.state for finding in report.findings}
    assert states[waived.fingerprint] == "waived"
    assert states[known.fingerprint] == "known"
    assert (other.rule in run.rules) == (not lines[0])


def test_a_wrong_configuration_is_one_message(faulty: Path, tmp_path: Path) -> None:
    file = tmp_path / "库.xlsx"
    file.write_bytes(faulty.read_bytes())
    (tmp_path / "zlxl.toml").write_text("ignor = []", "utf-8")
    said = ribbon.carried_out("zl_check_workbook", lambda: Book(file), TODAY)
    assert "没有“ignor”这个配置项" in said


def test_a_workbook_that_was_never_saved_has_no_settings() -> None:
    assert settings_beside(Book(Path("工作簿1")), TODAY) == Settings(today=TODAY)
