"""The ribbon's buttons: each runs one job on the open workbook, asks before it writes, says what it did."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from zlxl.errors import ZlxlError
from zlxl.hosts.learning import model_beside

if TYPE_CHECKING:
    from zlxl.edits import Edits
    from zlxl.excel.app import LiveBook
    from zlxl.excel.live_write import Written
    from zlxl.figures.satisfaction_period import Period
    from zlxl.findings import FileReport, Finding, Run
    from zlxl.jobs.history import LogEntry
    from zlxl.jobs.settings import Settings

SHOWN: Final = 18  # lines that a message box shows
LONGEST: Final = 90  # characters of a line there
DEBUG: Final = "ZLXL_DEBUG"
NO_CHANGE: Final = "没有要写入的内容。"


def run(button: str, today: date | None = None) -> None:
    """Carry out a button of Excel by its id on the workbook in front, and tell what it did."""
    from zlxl.excel.app import active_book, tell

    if told := carried_out(button, active_book, today or date.today()):
        tell(told)


def carried_out(button: str, opened: Callable[[], LiveBook], today: date) -> str:
    """Carry out a button by its id; what to tell, nothing where the user said no.

    Whatever goes wrong becomes one message, never a traceback.
    """
    from zlxl.hosts.buttons import BUTTON

    chosen = BUTTON[button]
    try:
        work: Callable[[LiveBook, date], str] = globals()[chosen.function]
        book = opened()
        with book.quiet():
            book.progress(f"{chosen.label}：正在读取 {book.path}……")
            return work(book, today)
    except ZlxlError as error:
        return str(error)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return f"“{chosen.label}”发生内部错误（{what}），请保存工作簿后重试；仍不行时把这句话交给 IT。"


# --- what all buttons do ------------------------------------------------------------------------------------


def shortened(lines: Iterable[str]) -> str:
    """Lines for a message box: as many as it shows, each as long as it shows."""
    kept = [line if len(line) <= LONGEST else line[:LONGEST] + "…" for line in lines]
    if len(kept) > SHOWN:
        kept = [*kept[: SHOWN - 1], f"……另有 {len(kept) - SHOWN + 1} 行。"]
    return "\n".join(kept)


def _write(book: LiveBook, edits: Edits, command: str, entries: Sequence[LogEntry] | None = None) -> Written:
    """Write with the lines of the log; no line for a cell that is refused."""
    from zlxl.hosts.writing import signature
    from zlxl.jobs.history import with_history

    book.progress("正在写入……")
    return book.apply(with_history(book, edits, signature(command), entries))


def _agreed(book: LiveBook, lines: Iterable[str], question: str) -> bool:
    """Show what would be written, and ask."""
    return book.confirm(f"{shortened(lines)}\n\n{question}")


def _refusals(written: Written) -> list[str]:
    from zlxl.grid import a1

    return [
        f"{refusal.change.sheet}!{a1(refusal.change.row, refusal.change.column)} {refusal.reason}，没有修改。"
        for refusal in written.refused
    ]


def _put(book: LiveBook, edits: Edits, lines: Iterable[str], sheet: str, command: str) -> str:
    """Preview figures, then write the sheet that holds them; what was done."""
    if not _agreed(book, lines, f"写入工作表“{sheet}”？"):
        return ""
    written = _write(book, edits, command)
    rows = f"，另加 {len(edits.rows)} 行" if edits.rows else ""
    return shortened([f"已写入工作表“{sheet}”{rows}。", *_refusals(written), *written.remarks])


# --- 校验 ---------------------------------------------------------------------------------------------------


def _checked(book: LiveBook, today: date) -> tuple[FileReport, Run]:
    from zlxl import __version__
    from zlxl.findings import Run
    from zlxl.jobs.validate import validate
    from zlxl.rules.catalog import RULES

    settings = _settings(today)
    report = validate(book, settings)
    run = Run(
        files=(report,),
        started=datetime.now().astimezone().isoformat(timespec="seconds"),
        version=__version__,
        today=today.isoformat(),
        rules=tuple(rule.code for rule in RULES),
    )
    return report, run


def _settings(today: date) -> Settings:
    from zlxl.jobs.settings import Settings

    return Settings(today=today)


def _counts(report: FileReport) -> str:
    from zlxl.findings import Severity

    return "，".join(f"{severity.chinese} {report.count(severity)}" for severity in Severity)


def check_workbook(book: LiveBook, today: date) -> str:
    """Check every row, and list the findings on 校验结果 (4.2.1)."""
    from dataclasses import replace

    from zlxl.jobs.marks import mark
    from zlxl.sheets.results import RESULTS

    report, checked = _checked(book, today)
    edits = replace(mark(book, report, checked).edits, marks=None)
    lines = [f"共查出：{_counts(report)}。", *map(_finding, report.findings)]
    return _put(book, edits, lines, RESULTS, "检查全表")


def _finding(finding: Finding) -> str:
    from zlxl.reports.words import one_line, place

    return one_line(f"{place(finding)} {finding.severity.chinese} {finding.message}{finding.suggestion}")


def check_selection(book: LiveBook, today: date) -> str:
    """List the findings of the selected rows."""
    sheet, top, bottom = book.selected_rows()
    report, _ = _checked(book, today)
    found = [f for f in report.findings if f.sheet == sheet and f.row and top <= f.row <= bottom]
    rows = f"“{sheet}”第 {top} 行" if top == bottom else f"“{sheet}”第 {top} 至 {bottom} 行"
    return shortened(map(_finding, found)) if found else f"{rows}没有问题。"


def next_finding(book: LiveBook, today: date) -> str:
    """Select the next cell at fault, behind the selected one; the reason stands in a message."""
    from zlxl.grid import Area

    sheet, top, _ = book.selected_rows()
    report, _ = _checked(book, today)
    order = {grid.sheet: number for number, grid in enumerate(book.grids())}
    found = [f for f in report.findings if f.cell and f.row]
    if not found:
        return "没有问题。"
    here = order.get(sheet, 0), top
    ahead = [f for f in found if (order[f.sheet], f.row or 0) > here]
    finding = min(ahead or found, key=lambda f: (order[f.sheet], f.row or 0))
    area = Area.parse(finding.cell or "A1")
    book.select(finding.sheet, area.top, area.left)
    return _finding(finding)


def clear_marks(book: LiveBook, _today: date) -> str:
    """Delete 校验结果."""
    from zlxl.edits import Edits
    from zlxl.sheets.results import RESULTS

    if RESULTS not in {grid.sheet for grid in book.grids()}:
        return f"没有工作表“{RESULTS}”，未改动。"
    if not book.confirm(f"删除工作表“{RESULTS}”（连同其中写下的处理结果）？"):
        return ""
    book.apply(Edits(removed=(RESULTS,)))
    return f"已删除工作表“{RESULTS}”。"


# --- 修复 ---------------------------------------------------------------------------------------------------


def preview_fixes(book: LiveBook, today: date) -> str:
    """List every repair with its old and new value; nothing is written."""
    from zlxl.jobs.fix import plan_fixes, plan_lines

    report, _ = _checked(book, today)
    return shortened(plan_lines(plan_fixes(report, unsafe=True)))


def apply_fixes(book: LiveBook, today: date) -> str:
    """Write the safe repairs, told in 变更记录 (4.2.1); a cell may need the button twice."""
    from zlxl.edits import Edits
    from zlxl.jobs.fix import as_one, plan_fixes, plan_lines
    from zlxl.jobs.history import entries_of

    report, _ = _checked(book, today)
    plan = plan_fixes(report)
    if not plan:
        return "没有可以自动修复的单元格。"
    if not _agreed(book, plan_lines(plan), f"写入这 {len(plan)} 处修改？"):
        return ""
    cells, reasons = as_one(plan)
    edits = Edits(cells=tuple(cells))
    written = _write(book, edits, "应用修复", entries_of(book, edits, reasons))
    return shortened([f"已修改 {written.cells} 处，可用“撤销上次”还原。", *_refusals(written)])


def undo_last(book: LiveBook, _today: date) -> str:
    """Take back the last run that wrote values: cells that hold what it wrote get back what they held."""
    from zlxl.edits import Edits
    from zlxl.jobs.history import find_log
    from zlxl.jobs.runs import UNDO, Log, last_to_undo
    from zlxl.jobs.undo import undo

    place = find_log(book)
    log = Log(place) if place else None
    last = last_to_undo(log.runs()) if log else None
    if log is None or last is None:
        return "“变更记录”中没有可以撤销的运行。"
    undoing = undo(book, last, log.lines(last))
    lines = [
        f"{e.sheet}!{e.cell} {e.field} {e.old or '（空）'} → {e.new or '（空）'}" for e in undoing.entries
    ]
    kept = [f"{k.line.sheet}!{k.line.cell} {k.line.field} 未还原：{k.reason}" for k in undoing.kept]
    head = f"运行 {last.run_id}（{last.moment} {last.operator} {last.command}）"
    if not undoing.cells:
        return shortened([f"{head}没有可以还原的单元格。", *kept])
    if not _agreed(book, [head, *lines, *kept], f"还原这 {len(lines)} 处？"):
        return ""
    written = _write(book, Edits(cells=undoing.cells), UNDO.format(last.run_id), undoing.entries)
    return shortened([f"已还原 {written.cells} 个单元格。", *_refusals(written), *kept])


# --- 要求处置 -----------------------------------------------------------------------------------------------


def classify_requests(book: LiveBook, today: date) -> str:
    """Propose topic, class, owner and deadlines of unconfirmed requests (4.4, 4.5)."""
    from zlxl.jobs.classifying.edits import edits_of, reasons
    from zlxl.jobs.classifying.sheet import classify_sheet
    from zlxl.jobs.classifying.words import sheet_lines
    from zlxl.jobs.history import entries_of

    sheet = classify_sheet(book, today=today, model=model_beside(book.file))
    edits = edits_of(sheet)
    if not edits:
        return f"建议与表中已有的相同。{NO_CHANGE}"
    if not _agreed(book, sheet_lines(sheet), f"把建议写入“客户要求”的 {len(edits.cells)} 个单元格？"):
        return ""
    written = _write(book, edits, "分类要求", entries_of(book, edits, reasons(sheet)))
    return shortened([f"已写入 {written.cells} 个单元格；确认栏没有改动。", *_refusals(written)])


def list_overdue(book: LiveBook, today: date) -> str:
    """List what is overdue, to be confirmed or to be reported (4.5, 4.9)."""
    from zlxl.jobs.classifying.sheet import classify_sheet
    from zlxl.jobs.classifying.words import sheet_lines

    return shortened(sheet_lines(classify_sheet(book, today=today, model=model_beside(book.file))))


def list_common(book: LiveBook, today: date) -> str:
    """List what several clients ask for, and the measures taken (4.6)."""
    from zlxl.jobs.classifying.problems import common_problems
    from zlxl.jobs.classifying.sheet import classify_sheet
    from zlxl.jobs.classifying.words import common_lines

    return shortened(
        common_lines(common_problems(classify_sheet(book, today=today, model=model_beside(book.file))))
    )


# --- 满意度 -------------------------------------------------------------------------------------------------


def _satisfaction(book: LiveBook, period: Period, today: date) -> str:
    from zlxl.jobs.satisfaction import analyse
    from zlxl.reports.satisfaction import satisfaction_lines
    from zlxl.sheets.satisfaction_words import conclusion

    analysed = analyse(book, period, today, model=model_beside(book.file))
    edits = analysed.edits()
    lines = satisfaction_lines(analysed.figures, conclusion(analysed.figures))
    return _put(book, edits, lines, edits.sheets[0].name, "满意度分析")


def satisfaction_quarter(book: LiveBook, today: date) -> str:
    """The satisfaction of this quarter, onto its sheet (4.7.1)."""
    from zlxl.figures.satisfaction_period import Period

    return _satisfaction(book, Period(year=today.year, quarter=(today.month + 2) // 3), today)


def satisfaction_year(book: LiveBook, today: date) -> str:
    """The satisfaction of this year, onto its sheet (4.7.2)."""
    from zlxl.figures.satisfaction_period import Period

    return _satisfaction(book, Period(year=today.year), today)


def yearend_report(book: LiveBook, today: date) -> str:
    """The summary of this year, onto its sheet (4.6)."""
    from zlxl.figures.satisfaction_period import Period
    from zlxl.jobs.yearend import summarise
    from zlxl.reports.yearend import yearend_lines
    from zlxl.sheets.yearend_words import conclusion

    found = summarise(book, Period(year=today.year), today, model=model_beside(book.file))
    edits = found.edits()
    lines = yearend_lines(found.figures, conclusion(found.figures))
    return _put(book, edits, lines, edits.sheets[0].name, "年终汇总")


# --- 资料 ---------------------------------------------------------------------------------------------------


def grade_clients(book: LiveBook, today: date) -> str:
    """Grade every client, onto 企业分级 (4.2.3)."""
    from zlxl.jobs.grade import edits_of, grade
    from zlxl.reports.grades import grade_lines

    graded = grade(book, today)
    edits = edits_of(graded)
    return _put(book, edits, grade_lines(graded.grades), edits.sheets[0].name, "企业分级")


def plan_service(book: LiveBook, today: date) -> str:
    """What is due, onto 待办提醒, and the rows that 服务计划 lacks (4.3)."""
    from zlxl.jobs.plan import edits_of, make_plan
    from zlxl.reports.plan import plan_lines

    planned = make_plan(book, today)
    edits = edits_of(planned)
    return _put(book, edits, plan_lines(planned.plan), edits.sheets[0].name, "待办提醒")


def make_directory(book: LiveBook, today: date) -> str:
    """The directory of certified clients, onto its sheet, and its line in 名录报送 (4.10.2)."""
    from zlxl.hosts.writing import operator
    from zlxl.jobs.directory import Delivery, edits_of, publish
    from zlxl.jobs.directory_words import directory_lines
    from zlxl.sheets.directory import DIRECTORY

    delivered = publish(book, today=today)
    edits = edits_of(delivered, Delivery(sender=operator()))
    if not edits:
        return "今天已报送，名录没有变化，没有写入。"
    return _put(book, edits, directory_lines(delivered), DIRECTORY, "获证名录")


def explain_rule(book: LiveBook, today: date) -> str:
    """The rules that the selected row breaks: their words, clause, and what to do."""
    from zlxl.rules.catalog import RULE, RULES

    sheet, top, bottom = book.selected_rows()
    report, _ = _checked(book, today)
    found = [f for f in report.findings if f.sheet == sheet and f.row and top <= f.row <= bottom]
    if found:
        return shortened(f"{f.rule} {RULE[f.rule].name}（{f.clause}）：{_finding(f)}" for f in found)
    told = f"所选单元格没有问题。全部规则（{len(RULES)} 条）："
    return shortened([told, *(f"{rule.code} {rule.name}" for rule in RULES)])
