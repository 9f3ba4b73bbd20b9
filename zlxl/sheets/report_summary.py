"""汇总, the page of the report that is printed and signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from zlxl.findings import FileReport, Run, Severity, State
from zlxl.grid import Area, a1
from zlxl.sheet import (
    Cell,
    ColumnLook,
    Content,
    DataBar,
    Formula,
    Link,
    Mark,
    Print,
    Sheet,
    Style,
    sheet_link,
)
from zlxl.sheets.data import footer
from zlxl.sheets.report_list import FIXES
from zlxl.sheets.report_view import View
from zlxl.sheets.report_words import (
    LIST,
    OUTCOME,
    OUTCOMES,
    STATES,
    SUMMARY,
    cell_text,
    unreadable,
    verdict,
)

LEFT: Final = 2
WIDTH: Final = 8  # columns of the page, from LEFT on
TOP: Final = 8  # rules, columns and files that are told
_LEVELS: Final = {Severity.ERROR: Style.BAD, Severity.WARNING: Style.WARN, Severity.NOTE: Style.INFO}


@dataclass(kw_only=True)
class _Page:
    """The page while it is filled from the top."""

    row: int = 1
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    bars: list[DataBar] = field(default_factory=list)

    def line(self, parts: Iterable[tuple[int, Content, Style]], height: float = 20) -> None:
        """A row of parts, each with its number of columns; then the next row."""
        column = LEFT
        for span, content, style in parts:
            for beside in range(column, column + span):
                self.cells[self.row, beside] = Cell(style=style)
            self.cells[self.row, column] = Cell(content=content, style=style)
            if span > 1:
                self.merges.append(Area(self.row, column, self.row, column + span - 1))
            column += span
        self.heights[self.row] = height
        self.row += 1

    def gap(self, height: float = 10) -> None:
        """An empty row."""
        self.heights[self.row] = height
        self.row += 1

    def section(self, title: str) -> None:
        """A heading over the whole width."""
        self.gap(12)
        self.line([(WIDTH, title, Style.SECTION)], 24)


def summary_sheet(view: View) -> Sheet:
    """The page: verdict, numbers, the worst rules, columns and files."""
    page = _Page()
    _head(page, view)
    _levels(page, view)
    _progress(page, view)
    _rules(page, view)
    _columns(page, view)
    _files(page, view)
    return Sheet(
        name=SUMMARY,
        cells=page.cells,
        columns={1: ColumnLook(width=2), **{LEFT + n: ColumnLook(width=11.5) for n in range(WIDTH)}},
        row_heights=page.heights,
        merges=tuple(page.merges),
        marks=tuple(page.marks),
        bars=tuple(page.bars),
        print=Print(
            landscape=False,
            fit_height=1,
            centered=True,
            margins=(0.5, 0.5, 0.6, 0.7),
            footer=footer("校验报告"),
            area=Area(1, LEFT, page.row - 1, LEFT + WIDTH - 1),
        ),
        tab="1F3A5F",
        selected=(1, LEFT),
    )


def _head(page: _Page, view: View) -> None:
    run = view.run
    page.line([(WIDTH, "客户服务数据库校验报告", Style.TITLE)], 38)
    page.line([(WIDTH, cell_text(_scope(run)), Style.SUBTITLE)], 18)
    page.gap(8)
    form = [(1, part, style) for label in ("文件编号", "版本", "检查人") for part, style in _form(label)]
    page.line([*form, (1, "日期", Style.FORM_LABEL), (1, _day(run.today), Style.FORM_DATE)], 26)
    page.gap(10)
    area = Area(page.row, LEFT, page.row, LEFT + WIDTH - 1)
    page.line([(WIDTH, verdict(run), Style.FORM_TITLE)], 40)
    page.marks.append(Mark(area=area, formula="=TRUE", style=_tone(run)))
    page.gap(8)
    safe = sum(
        line.finding.fix is not None and line.finding.fix.confidence == "safe" and line.state != "waived"
        for line in view.lines
    )
    numbers = [(severity.chinese, _count(view, severity, "new")) for severity in Severity]
    numbers.append(("可自动修复", _ticked(view, safe)))
    page.line([(2, label, Style.KPI_LABEL) for label, _ in numbers], 18)
    page.line([(2, number, Style.KPI) for _, number in numbers], 36)


def _form(label: str) -> Iterator[tuple[Content, Style]]:
    yield label, Style.FORM_LABEL
    yield None, Style.FORM_FIELD


def _day(today: str) -> date | str:
    try:
        return date.fromisoformat(today)
    except ValueError:
        return today


def _scope(run: Run) -> str:
    rows = sum(table.rows for file in run.files for table in file.tables)
    what = run.files[0].path if len(run.files) == 1 else f"{len(run.files)} 个文件"
    return f"{what}　·　{rows} 行　·　{len(run.rules)} 条规则　·　检查于 {run.started[:16].replace('T', ' ')}"


def _tone(run: Run) -> Style:
    if unreadable(run) or run.count(Severity.ERROR):
        return Style.BAD
    return Style.WARN if run.count(Severity.WARNING) else Style.GOOD


def _counted(view: View, value: int, *conditions: tuple[str, str]) -> Content:
    """The number as a formula over 问题清单, or as it is when the list does not hold everything."""
    if view.left_out:
        return value
    tests = ",".join(f'{LIST}[{header}],"{wanted}"' for header, wanted in conditions)
    return Formula(text=f"=COUNTIFS({tests})", value=value)


def _count(view: View, severity: Severity, state: State) -> Content:
    value = view.counts[severity, state]
    return _counted(view, value, ("级别", severity.chinese), ("状态", STATES[state]))


def _ticked(view: View, safe: int) -> Content:
    return safe if view.left_out else Formula(text=f'=COUNTIFS({FIXES}[把握],"可自动修复")', value=safe)


def _levels(page: _Page, view: View) -> None:
    page.section("级别与状态")
    page.line([(2, "级别", Style.HEADER), *((2, word, Style.HEADER) for word in (*STATES.values(),))])
    top = page.row
    for severity in Severity:
        numbers = [(2, _count(view, severity, state), Style.INTEGER) for state in STATES]
        page.line([(2, severity.chinese, _LEVELS[severity]), *numbers])
    totals = [
        (2, _sum(top, LEFT + 2 * place, sum(view.counts[s, state] for s in Severity)), Style.TOTAL_NUMBER)
        for place, state in enumerate(STATES, 1)
    ]
    page.line([(2, "合计", Style.TOTAL), *totals])
    if view.compared:
        page.line([(WIDTH, f"上次的问题中有 {len(view.gone)} 条已消除，见“与上次对比”。", Style.SMALL)], 16)


def _sum(top: int, column: int, value: int) -> Formula:
    return Formula(text=f"=SUM({a1(top, column)}:{a1(top + len(Severity) - 1, column)})", value=value)


def _progress(page: _Page, view: View) -> None:
    """How far people have come with the list; the numbers follow what they choose."""
    page.section("处理进度")
    settled = Counter(_outcome(view, line.finding.fingerprint) for line in view.listed)
    words = (*OUTCOMES, "未处理")
    page.line([*((1, word, Style.HEADER) for word in words), (3, "填写处", Style.HEADER)])
    numbers = [
        (1, Formula(text=f'=COUNTIF({LIST}[{OUTCOME}],"{word}")', value=settled[word]), Style.INTEGER)
        for word in OUTCOMES
    ]
    rest = len(view.listed) - sum(settled[word] for word in OUTCOMES)
    first = a1(page.row, LEFT)
    last = a1(page.row, LEFT + len(OUTCOMES) - 1)
    left = Formula(text=f'=COUNTIF({LIST}[级别],"?*")-SUM({first}:{last})', value=rest)
    link = Link(target=sheet_link(LIST), text="打开问题清单 ›")
    page.line([*numbers, (1, left, Style.INTEGER), (3, link, Style.LINK_CENTER)])


def _outcome(view: View, mark: str) -> str:
    return view.earlier[mark][0] if mark in view.earlier else ""


def _rules(page: _Page, view: View) -> None:
    found = Counter((line.finding.rule, line.finding.severity) for line in view.lines if line.state == "new")
    if not found:
        return
    page.section(f"按规则（新增，前 {min(TOP, len(found))} 条，共 {len(found)} 条）")
    heads = ((1, "规则"), (3, "名称"), (1, "级别"), (3, "条数"))
    page.line([(span, head, Style.HEADER) for span, head in heads])
    top = page.row
    for (code, severity), count in found.most_common(TOP):
        name = view.rules[code].name if code in view.rules else ""
        number = _counted(view, count, ("规则", code), ("级别", severity.chinese), ("状态", STATES["new"]))
        page.line(
            [
                (1, cell_text(code), Style.CENTER),
                (3, cell_text(name), Style.BODY),
                (1, severity.chinese, _LEVELS[severity]),
                (3, number, Style.INTEGER),
            ]
        )
    _bar(page, top, LEFT + 5)


def _columns(page: _Page, view: View) -> None:
    found = Counter(
        (line.finding.sheet, line.finding.column or "") for line in view.lines if line.state == "new"
    )
    if not found:
        return
    page.section(f"按字段（新增，前 {min(TOP, len(found))} 个，共 {len(found)} 个）")
    page.line([(span, head, Style.HEADER) for span, head in ((2, "工作表"), (3, "字段"), (3, "条数"))])
    top = page.row
    for (sheet, column), count in found.most_common(TOP):
        row = ((2, cell_text(sheet)), (3, cell_text(column) or "（整行）"))
        page.line([*((span, text, Style.BODY) for span, text in row), (3, count, Style.INTEGER)])
    _bar(page, top, LEFT + 5)


def _bar(page: _Page, top: int, column: int) -> None:
    page.bars.append(DataBar(area=Area(top, column, page.row - 1, column), colour="CFDCE9"))


def _files(page: _Page, view: View) -> None:
    files = view.run.files
    notes = [remark for file in files[:TOP] for remark in file.remarks]
    if len(files) > 1 or unreadable(view.run):
        page.section(f"文件（前 {min(TOP, len(files))} 个，共 {len(files)} 个，详见“运行信息”）")
        heads = ((5, "文件"), *((1, severity.chinese) for severity in Severity))
        page.line([(span, head, Style.HEADER) for span, head in heads])
        for file in sorted(files, key=_badness)[:TOP]:
            page.line(_file(file))
    if notes:
        page.section("说明")
        for note in list(dict.fromkeys(notes))[:TOP]:
            page.line([(WIDTH, cell_text(note), Style.PLAIN_WRAP)], 18 * (1 + len(note) // 48))


def _badness(file: FileReport) -> tuple[bool, int, int]:
    return file.reason is None, -file.count(Severity.ERROR), -file.count(Severity.WARNING)


def _file(file: FileReport) -> Sequence[tuple[int, Content, Style]]:
    if file.reason is not None:
        return [(5, cell_text(file.path), Style.BODY), (3, cell_text(f"无法检查：{file.reason}"), Style.BAD)]
    numbers = [(1, file.count(severity), Style.INTEGER) for severity in Severity]
    return [(5, cell_text(file.path), Style.BODY), *numbers]
