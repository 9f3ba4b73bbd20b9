"""The parts that ask for measures: common problems, what was reported at once, measures and their state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from zlxl.figures import improvements
from zlxl.figures.improvements import STATES, Measure
from zlxl.figures.yearend import Problem, YearEnd
from zlxl.figures.yearend_requests import UNANSWERED, UNTOLD, Asked
from zlxl.grid import Area, a1
from zlxl.sheet import Axis, Chart, ChartKind, Content, Formula, Link, Series, Style, sheet_link
from zlxl.sheets.report_words import cell_text
from zlxl.sheets.satisfaction_page import PIXELS_A_COLUMN, WIDTH, Page, breadth, quoted
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.sheets.yearend_lookup import Lookup

MOST: Final = 200  #: lines of a list; of more only the number is told
LISTED: Final = 30  #: problems that are listed
DETAILED: Final = 15  #: problems whose measures and requests stand below them
LINKS: Final = 7  #: links to requests of one problem
_PROBLEMS: Final = (
    *((1, "序"), (5, "主题"), (7, "代表性原文"), (2, "客户数"), (2, "条数"), (4, "月份")),
    *((2, "未办结"), (3, "责任部门"), (3, "措施")),
)
_FEEDBACK: Final = (
    *((3, "要求编号"), (2, "接收日期"), (4, "企业名称"), (6, "要求原文"), (3, "为何反馈")),
    *((2, "反馈对象"), (2, "反馈日期"), (1, "工作日"), (2, "状态"), (4, "答复")),
)
_MEASURES: Final = (
    *((3, "措施编号"), (2, "来源"), (6, "共性问题或需求"), (6, "措施内容"), (2, "责任部门")),
    *((2, "计划完成"), (2, "实际完成"), (2, "状态"), (4, "效果验证")),
)
_LOOKS: Final = {UNTOLD: Style.BAD, UNANSWERED: Style.WARN}
_DUE, _DONE, _STATE = 20, 22, 24  #: columns of a measure


def shown_text(text: str) -> str:
    """The text as a cell can hold it."""
    return cell_text(text) or ""


def link(page: Page, sheet: str, address: str, text: str) -> Content:
    """The text, leading to a cell of the workbook."""
    if not page.linked:
        return shown_text(text)
    return Link(target=sheet_link(sheet, address), text=shown_text(text), tip=f"到“{sheet}”的 {address}")


def request_link(page: Page, one: Asked, field: str = "text") -> Content:
    """The request's number, leading to its row."""
    frame = one.line.frame
    row = int(frame.rows[one.line.position])
    return link(page, frame.sheet, frame.address(field, row) or a1(row, 1), one.key)


def note_height(*texts: tuple[str, int]) -> float:
    """Height in which each text shows in a cell of so many columns."""
    return max(20, *(15 * -(-breadth(text) // (span * 5 - 1)) + 4 for text, span in texts))


def rest(page: Page, number: int, most: int = MOST) -> None:
    """How many lines are not listed."""
    if number > most:
        page.line([(WIDTH, f"另有 {number - most} 条未列出，见 --format json。", Style.MUTED)])


def problems_part(page: Page, figures: YearEnd) -> None:
    """What several clients asked, each with its requests, who is to act, and the measure."""
    page.section(
        f"三　共性问题（{len(figures.problems)} 组）",
        "相近的要求归为一组，达到“时限规则”的共性问题最少客户数即列入；措施取自“改进措施”"
        "（主题相同，或依据记录中有这些编号）。",
    )
    if not figures.problems:
        page.line([(WIDTH, "本年没有达到客户数的共性问题。", Style.GOOD)])
        return
    page.head(_PROBLEMS)
    for number, problem in enumerate(figures.problems[:LISTED], 1):
        _problem(page, number, problem)
        if number <= DETAILED:
            _measures_and_links(page, problem)
    rest(page, len(figures.problems), LISTED)


def _problem(page: Page, number: int, problem: Problem) -> None:
    months, text = spans_in_words(problem.months), shown_text(problem.group.text)
    page.line(
        [
            (1, number, Style.CENTER),
            (5, shown_text(problem.group.topic or "待人工"), Style.NOTE),
            (7, text, Style.NOTE),
            (2, len(problem.clients), Style.INTEGER),
            (2, len(problem.asked), Style.INTEGER),
            (4, months, Style.NOTE),
            (2, problem.open, Style.INTEGER),
            (3, shown_text(problem.owner or "市场部"), Style.CENTER),
            (3, problem.stage, Style.CENTER if problem.measures else Style.WARN),
        ],
        note_height((text, 7), (problem.group.topic, 5), (months, 4)),
    )


def _measures_and_links(page: Page, problem: Problem) -> None:
    """What is done about it, and the way to its requests."""
    measures = "；".join(measure.text("measure") for measure in problem.measures) or "；".join(
        problem.group.noted
    )
    if measures:
        told = shown_text(f"{problem.state}　{measures}")
        height = note_height((told, WIDTH - 4))
        page.line([(4, "措施及状态", Style.MUTED), (WIDTH - 4, told, Style.NOTE)], height)
    shown = problem.asked[:LINKS]
    links = [(3, request_link(page, one), Style.LINK) for one in shown]
    more = f"等 {len(problem.asked)} 条" if len(problem.asked) > len(shown) else None
    page.line([(4, "要求记录", Style.MUTED), *links, (WIDTH - 4 - 3 * len(shown), more, Style.MUTED)], 18)


def spans_in_words(months: Sequence[int]) -> str:
    """Months with consecutive ones drawn together: 1–3、7 月."""
    spans: list[list[int]] = []
    for month in months:
        if spans and month == spans[-1][-1] + 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    told = (f"{span[0]}–{span[-1]}" if len(span) > 1 else f"{span[0]}" for span in spans)
    return f"{'、'.join(told)} 月" if spans else ""


def feedback_part(page: Page, figures: YearEnd) -> None:
    """What was reported at once, to whom, when, and whether it was answered."""
    counts = Counter(told.state for told in figures.feedback)
    words = "，".join(f"{state} {number}" for state, number in counts.items()) or "无"
    page.section(
        f"四　及时反馈清单（{len(figures.feedback)} 条）",
        f"共性问题和流程改进建议应及时反馈相关部门或主管副总（4.6）；工作日自接收起算。{words}。",
    )
    if not figures.feedback:
        page.line([(WIDTH, "本年没有应及时反馈的意见和建议。", Style.MUTED)])
        return
    page.head(_FEEDBACK)
    for told in sorted(figures.feedback, key=lambda told: told.state != UNTOLD)[:MOST]:
        one, text = told.asked, shown_text(told.asked.line.text("text"))
        reply = shown_text(told.reply)
        page.line(
            [
                (3, request_link(page, one, "fed_back_to"), Style.LINK),
                (2, one.received_on, Style.DATE),
                (4, shown_text(one.who), Style.NOTE),
                (6, text, Style.NOTE),
                (3, told.why, Style.NOTE),
                (2, told.to or None, Style.CENTER),
                (2, told.on, Style.DATE),
                (1, told.days, Style.INTEGER),
                (2, told.state, _LOOKS.get(told.state, Style.GOOD)),
                (4, reply or None, Style.NOTE),
            ],
            note_height((text, 6), (one.who, 4), (told.why, 3), (reply, 4)),
        )
    rest(page, len(figures.feedback))


# ---- measures


def measures_part(page: Page, figures: YearEnd, sources: Sources, title: str) -> None:
    """Every measure of the year, and of earlier years not finished by then, with its state by its dates."""
    page.section(
        f"{title}　改进措施及状态（{len(figures.measures)} 项）",
        "取自“改进措施”本年度的行和上年结转的行；状态由计划、实际完成日期与计算日算出，没有计划日期的为“未定”。",
    )
    if not figures.measures:
        page.line([(WIDTH, "“改进措施”中没有本年度的措施。请逐项登记，报主管副总批准。", Style.WARN)])
        return
    page.head(_MEASURES)
    top = page.row
    for measure in figures.measures[:MOST]:
        _measure(page, figures, sources, measure)
    rest(page, len(figures.measures))
    bottom = top + len(figures.measures[:MOST]) - 1
    page.gap(6)
    _states(page, figures.measures[:MOST], Area(top, _STATE, bottom, _STATE))


def _measure(page: Page, figures: YearEnd, sources: Sources, measure: Measure) -> None:
    key = quoted(measure.number)
    cells = Lookup(page, sources, measure.line, measure.number, key=key, helper=2)
    carried = "（上年结转）" if measure.year != figures.period.year else ""
    problem = shown_text(f"{carried}{measure.text('problem')}")
    content, effect = shown_text(measure.text("measure")), _effect(measure)
    look = Style.BAD if measure.state == improvements.OVERDUE else Style.CENTER
    page.line(
        [
            (3, _number(page, measure), Style.LINK),
            (2, shown_text(measure.text("origin")), Style.NOTE),
            (6, problem, Style.NOTE),
            (6, content, Style.NOTE),
            (2, shown_text(measure.text("owner")) or None, Style.CENTER),
            (2, cells.day("due_on", measure.day("due_on")), Style.DATE),
            (2, cells.day("done_on", measure.day("done_on")), Style.DATE),
            (2, _state(page, measure, cells), look),
            (4, effect or None, Style.NOTE),
        ],
        note_height((problem, 6), (content, 6), (effect, 4), (measure.text("origin"), 2)),
    )


def _effect(measure: Measure) -> str:
    verdict = {"是": "有效：", "否": "无效："}.get(measure.text("effective"), "")
    effect = measure.text("effect")
    return shown_text(f"{verdict}{effect}") if effect else "待验证" if measure.day("done_on") else ""


def _number(page: Page, measure: Measure) -> Content:
    frame = measure.line.frame
    row = int(frame.rows[measure.line.position])
    return link(
        page, frame.sheet, frame.address("measure_no", row) or a1(row, 1), measure.number or "（无编号）"
    )


def _state(page: Page, measure: Measure, cells: Lookup) -> Formula:
    """How far it has come, from the dates beside it and its status in a hidden column."""
    status = page.helper(1, cells.text("status"))
    due, done = a1(page.row, _DUE), a1(page.row, _DONE)
    finished = f'IF({done}<={due},"{improvements.IN_TIME}","{improvements.LATE}")'
    waiting = f'IF({due}<{page.at("计算日")},"{improvements.OVERDUE}","{improvements.RUNNING}")'
    dated = f'IF({due}="","{improvements.UNDATED}",IF({done}<>"",{finished},{waiting}))'
    return Formula(
        f'=IF({status}="{improvements.CANCELLED}","{improvements.OFF}",{dated})', value=measure.state
    )


def _states(page: Page, measures: Sequence[Measure], area: Area) -> None:
    """Measures by state, with a chart beside."""
    found = Counter(measure.state for measure in measures)
    page.head([(5, "措施状态"), (3, "项数")], last=False)
    page.name("措施.项数名", 6)
    page.row += 1
    top = page.row
    cells = f"{a1(area.top, area.left)}:{a1(area.bottom, area.right)}"
    for state in STATES:
        number = Formula(f"=COUNTIF({cells},{a1(page.row, 1)})", value=found[state])
        page.line([(5, state, Style.BODY), (3, number, Style.INTEGER)], 19)
    total = Formula(f"=SUM({a1(top, 6)}:{a1(page.row - 1, 6)})", value=len(measures))
    page.line([(5, "合计", Style.TOTAL), (3, total, Style.TOTAL_NUMBER)], 19)
    page.name_area("措施.状态", Area(top, 1, page.row - 2, 1))
    page.name_area("措施.项数", Area(top, 6, page.row - 2, 6))
    page.charts.append(
        Chart(
            kind=ChartKind.BAR,
            row=top - 1,
            column=10,
            title="改进措施的状态",
            series=(
                Series(
                    name=page.full("措施.项数名"),
                    values=page.full("措施.项数"),
                    categories=page.full("措施.状态"),
                    labels=True,
                    colour="3B8574",
                ),
            ),
            x=Axis(minimum=0, number_format="0", gridlines=True),
            y=Axis(reverse=True),
            width=20 * PIXELS_A_COLUMN - 10,
            height=220,
            legend=None,
            alt_text="改进措施按状态的项数",
        )
    )
