"""The parts that ask for action: incidents with deductions, low scores, reminders."""

from __future__ import annotations

from collections import Counter
from math import nan
from typing import Final

from zlxl.figures.satisfaction import Satisfaction
from zlxl.figures.satisfaction_incidents import COUNTS, Incident
from zlxl.grid import a1
from zlxl.schema.context import Context
from zlxl.sheet import Content, Link, Style, sheet_link
from zlxl.sheets.overview import absolute
from zlxl.sheets.satisfaction_page import WIDTH, Page, breadth, live, quoted
from zlxl.sheets.satisfaction_parts import deduction_standard
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.tables.incidents import INCIDENTS

MOST: Final = 200  #: lines of a list; of more only the number is told


def incidents_part(page: Page, figures: Satisfaction, sources: Sources, context: Context) -> None:
    """Every incident, what it takes off, and the year's satisfaction from index and deduction (4.7.2)."""
    annual = figures.period.annual
    page.section(
        "八　重大事件与年度满意度（4.7.2）" if annual else "八　本季重大事件（年度汇总时扣分）",
        "仅查实、部分查实的事件扣分；有核定扣分的按核定，否则按评价准则。",
    )
    page.head(
        [
            *((3, "事件编号"), (2, "发生日期"), (5, "企业名称"), (3, "类型"), (2, "查实状态"), (1, "廉洁")),
            *((2, "准则扣分"), (2, "核定扣分"), (2, "计入扣分"), (7, "事件描述")),
        ]
    )
    top = page.row
    for incident in figures.incidents:
        _incident(page, incident, sources, context)
    if not figures.incidents:
        page.line([(WIDTH, "本期没有登记的重大事件。", Style.MUTED)])
    column = f"{absolute(top, 21)}:{absolute(page.row - 1, 21)}"
    total = live(f"SUM({column})", figures.total_deduction)
    page.name("扣分合计", 21)
    page.line([(20, "扣分合计", Style.TOTAL), (2, total, Style.DECIMAL), (7, None, Style.TOTAL)])
    if annual:
        _annual(page, figures)
    else:
        _judged(page, figures, page.at("本期.均值"))


def _incident(page: Page, incident: Incident, sources: Sources, context: Context) -> None:
    found = _found(page, incident, sources)
    standard = absolute(page.row, 17)
    decided, proof = absolute(page.row, 19), absolute(page.row, 14)
    states = context.lists["查实状态"].choices
    proven = [choice.value for choice in states if choice.attributes.get(COUNTS) == "是"]
    test = ",".join(f"{proof}={quoted(word)}" for word in proven) or "FALSE"
    taken = f'IF(OR({test}),IF({decided}="",{standard},{decided}),0)'
    page.line(
        [
            (3, incident.number, Style.CODE),
            (2, incident.occurred_on, Style.DATE),
            (5, incident.client, Style.BODY),
            (3, incident.kind, Style.CENTER),
            (2, _told(incident, sources, found, "proof", incident.proof), Style.CENTER),
            (1, "是" if incident.integrity else "", Style.BAD if incident.integrity else Style.CENTER),
            (2, deduction_standard(sources, incident.charged_as, incident.standard), Style.DECIMAL),
            (2, _told(incident, sources, found, "deduction", incident.decided), Style.DECIMAL),
            (2, live(taken, incident.deduction), Style.DECIMAL),
            (7, incident.description, Style.NOTE),
        ],
        max(20, 15 * -(-breadth(incident.description) // 32)),
    )


def _found(page: Page, incident: Incident, sources: Sources) -> str | None:
    keys = sources.clean(INCIDENTS.name, "incident_no")
    if keys is None or not sources.once(INCIDENTS.name, "incident_no", incident.number):
        return None
    index = sources.index(incident.frame, incident.position)
    return page.helper(1, live(f"MATCH({a1(page.row, 1)},{keys[0]},0)", index))


def _told(
    incident: Incident, sources: Sources, found: str | None, field: str, value: str | float | None
) -> Content:
    ref = sources.ref(INCIDENTS.name, field)
    if found is None or ref is None or not sources.says(incident.frame, field, incident.position):
        return value
    cell = f"INDEX({ref},{found})"
    return live(f'IF({cell}="","",{cell})', value if value is not None else nan)


def _annual(page: Page, figures: Satisfaction) -> None:
    cap = page.at("param.扣分上限")
    index = page.at("本期.均值")
    page.name("扣分", 21)
    deduction = live(f"MIN({cap},{page.at('扣分合计')})", figures.deduction)
    limit = f"扣分 D（不超过上限 {figures.criteria.parameters['扣分上限']:g}）"
    page.line([(20, limit, Style.STRONG), (2, deduction, Style.DECIMAL), (7, None, Style.BODY)])
    shown = live(f'IF({index}="","",{index})', figures.summary.mean)
    page.line([(20, "年度满意度指数 I", Style.STRONG), (2, shown, Style.DECIMAL), (7, None, Style.BODY)])
    annual = page.name("年度", 21)
    result = live(f'IF({index}="","",MAX(0,{index}-{page.at("扣分")}))', figures.annual)
    page.line(
        [
            (20, "年度顾客满意度 = max(0, I − D)", Style.TOTAL),
            (2, result, Style.DECIMAL),
            (7, None, Style.TOTAL),
        ]
    )
    _judged(page, figures, annual)


def _judged(page: Page, figures: Satisfaction, figure: str) -> None:
    """评价, the target, and whether integrity is to be looked into."""
    page.name("评价", 21)
    lows, results = page.at("lows"), page.at("results")
    formula = f'IF({figure}="","",IFERROR(LOOKUP({figure},{lows},{results}),""))'
    page.line(
        [(20, "评价", Style.TOTAL), (2, live(formula, figures.verdict), Style.CENTER), (7, None, Style.TOTAL)]
    )
    guard = figures.criteria.parameters["廉洁警戒分"]
    number = figures.low_integrity + figures.bribery
    flagged = figures.integrity_flag
    words = (
        f"廉洁警示：廉洁自律不高于 {guard:g} 分的问卷 {figures.low_integrity} 份，"
        f"查实涉及廉洁的事件 {figures.bribery} 件"
        + ("；无论总分高低，须报主管副总专项处理。" if flagged else "。")
    )
    page.line([(WIDTH, words, Style.BAD if number else Style.GOOD)], 24)


#: Widths and headers of the lists.
LOW_HEADS: Final = (
    *((3, "问卷编号"), (3, "合同编号"), (6, "企业名称"), (2, "客户指数")),
    *((10, "低分题目"), (2, "廉洁"), (3, "转入要求")),
)
REMINDER_HEADS: Final = (
    *((3, "问卷编号"), (3, "合同编号"), (8, "企业名称"), (3, "起算日期")),
    *((2, "已过天数"), (2, "方式"), (8, "建议")),
)


def low_scores_part(page: Page, figures: Satisfaction) -> None:
    """Questionnaires that somebody must follow up, and the requests they became."""
    limit = figures.criteria.parameters["低分界限"]
    page.section(
        f"九　低分问卷（{len(figures.low_scores)} 份）",
        f"任一题或总体满意度不高于 {limit:g} 分。"
        "加 --low-scores --write 运行，把尚未转入的登记到“客户要求”。",
    )
    if not figures.low_scores:
        page.line([(WIDTH, "本期没有低分问卷。", Style.GOOD)])
        return
    page.head(LOW_HEADS)
    answers = figures.answers
    for low in figures.low_scores[:MOST]:
        index = float(answers.index[low.row])
        page.line(
            [
                (3, survey_link(page, figures, low.row, "survey_no"), Style.LINK),
                (3, answers.contracts[low.row] or "", Style.CODE),
                (6, answers.clients[low.row] or "", Style.BODY),
                (2, None if index != index else index, Style.DECIMAL),
                (10, low.what, Style.NOTE),
                (2, "是" if low.integrity else "", Style.BAD if low.integrity else Style.CENTER),
                (
                    3,
                    answers.requests[low.row] or "未转入",
                    Style.CODE if answers.requests[low.row] else Style.WARN,
                ),
            ],
            max(20, 15 * -(-breadth(low.what) // 48)),
        )
    _rest(page, len(figures.low_scores))


def survey_link(page: Page, figures: Satisfaction, row: int, field: str) -> Content:
    """The questionnaire's number, as a link to a cell of its row."""
    frame_number, position = figures.answers.places[row]
    frame = figures.answers.frames[frame_number]
    at = int(frame.rows[position])
    address = frame.address(field, at) or a1(at, 1)
    text = figures.answers.numbers[row] or f"第 {at} 行"
    if not page.linked:
        return text
    return Link(target=sheet_link(frame.sheet, address), text=text, tip=f"到“{frame.sheet}”的 {address}")


def _rest(page: Page, number: int) -> None:
    if number > MOST:
        page.line([(WIDTH, f"另有 {number - MOST} 条未列出。", Style.MUTED)])


def reminders_part(page: Page, figures: Satisfaction) -> None:
    """What is to be sent, or to be asked for again."""
    found = figures.reminders
    counts = Counter(reminder.advice for reminder in found)
    words = "，".join(f"{advice} {count}" for advice, count in counts.items())
    page.section(
        f"十　未回收与未下发（{len(found)} 条）",
        f"截至 {figures.today}；首次、再次催收天数取自“时限规则”。{words}",
    )
    if not found:
        page.line([(WIDTH, "没有需要催收或补发的调查表。", Style.GOOD)])
        return
    page.head(REMINDER_HEADS)
    for reminder in found[:MOST]:
        subject = reminder.subject
        sent = subject.row >= 0
        page.line(
            [
                (
                    3,
                    survey_link(page, figures, subject.row, "reminded_on") if sent else "—",
                    Style.LINK if sent else Style.CENTER,
                ),
                (3, subject.contract, Style.CODE),
                (8, subject.client, Style.BODY),
                (3, reminder.since, Style.DATE),
                (2, reminder.days, Style.INTEGER),
                (2, figures.answers.ways[subject.row] if sent else None, Style.CENTER),
                (8, reminder.advice, Style.BODY),
            ],
            18,
        )
    _rest(page, len(found))
