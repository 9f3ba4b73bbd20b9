"""The appendices that every number of the analysis is computed from: answers, and who was to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from zlxl.figures.satisfaction import Satisfaction
from zlxl.figures.satisfaction_population import CERTIFIED, Subject, cycle_start
from zlxl.figures.satisfaction_profiles import (
    AUDIT,
    DIMENSIONS,
    GRADE,
    LEADER,
    PROVINCE,
    REGION,
    SECTOR,
    SYSTEM,
    UNKNOWN,
    profile_of,
)
from zlxl.figures.satisfaction_segments import EARLY, LATE, LATE_AFTER, LEAST, wave
from zlxl.grid import Area, a1
from zlxl.schema.context import Context
from zlxl.sheet import Content, Formula, Style
from zlxl.sheets.satisfaction_page import WIDTH, Page, known_number, live, plain_criterion, quoted
from zlxl.sheets.satisfaction_segments import WAVES
from zlxl.sheets.satisfaction_sources import MOST_LIVE, Sources
from zlxl.tables.clients import CLIENTS
from zlxl.tables.surveys import SURVEYS

NUMBER, CLIENT, FIRST_ITEM = 1, 4, 14
GROUPS_AT: Final = {PROVINCE: 9, SECTOR: 11, SYSTEM: 12, AUDIT: 13}
BEHIND: Final = (REGION, GRADE, LEADER)  #: dimensions that stand behind the printed page
BESIDE: Final = len(BEHIND) + 1  #: columns there; the last one says whether an answer came early or late
RANKED: Final = (*DIMENSIONS, WAVES)
MOST_RANKED: Final = 1000  #: answers that are ranked by formulas, each of which looks at all of them
INDEX, OVERALL, PROMOTER, QUARTER = 26, 27, 28, 29
ROOM: Final = INDEX - FIRST_ITEM  #: items that the page has room for
SIZE: Final = 2  #: hidden column of the size of an answer's first group; its rank stands behind it
COUNTS, COUNTS_NOT = "有效", "不计"


def answers_part(page: Page, figures: Satisfaction, sources: Sources, context: Context) -> None:
    """附录一: one line an answer that counts, newest quarter first, each score looked up in 满意度调查."""
    shown = [quarter for quarter in reversed(figures.trend) if quarter.rows]
    rows = [row for quarter in shown for row in quarter.rows]
    page.section(
        f"附录一　有效问卷得分明细（{len(rows)} 份）",
        "每题得分按“等级分值”由“满意度调查”查得；客户指数 = Σ(权重×得分)÷Σ(已答题权重)。"
        "新收回的问卷请重新运行 zlxl satisfaction 后计入。",
    )
    _answers_head(page, figures)
    live_rows = len(rows) <= MOST_LIVE
    top = page.row
    for row in rows:
        _answer(page, figures, sources, context, row, live_rows=live_rows)
    _name_quarters(page, figures, [(q.name, len(q.rows)) for q in shown], top)


def _answers_head(page: Page, figures: Satisfaction) -> None:
    items = figures.criteria.items
    weights = [(1, live(page.at(f"weight.{item.name}"), item.weight), Style.NUMBER) for item in items]
    page.name_area("weights", Area(page.row, FIRST_ITEM, page.row, FIRST_ITEM + len(items) - 1))
    page.line([(FIRST_ITEM - 1, "权重", Style.MUTED), *weights], last=True)
    heads = [(3, "问卷编号"), (5, "企业名称"), (2, "省份"), (1, "大类"), (1, "体系"), (1, "审核")]
    heads += [(1, item.name[:4]) for item in items] + [(1, "")] * (ROOM + page.more - len(items))
    heads += [(1, "客户指数"), (1, "总体"), (1, "推荐"), (1, "季度")]
    page.head([*heads, *((1, name) for name in BEHIND), (1, "应答")])


def _name_quarters(page: Page, figures: Satisfaction, counts: Sequence[tuple[str, int]], top: int) -> None:
    """Name the columns of every quarter, and of the period and the one before it."""
    spans: dict[str, tuple[int, int]] = {}
    row = top
    for name, count in counts:
        spans[name] = (row, row + count - 1)
        row += count
    for label, period in (("本期", figures.period), ("上期", figures.period.previous)):
        inside = [spans[name] for name, _ in counts if period.holds(name)]
        if inside:
            spans[label] = (inside[0][0], inside[-1][1])
    columns = {"指数": INDEX + page.more, "总体": OVERALL + page.more, "推荐": PROMOTER + page.more}
    columns |= {"编号": NUMBER}
    columns |= _group_columns(page) | {WAVES: page.last}
    columns |= {f"{name}.基数": page.last + SIZE + 2 * at for at, name in enumerate(RANKED)}
    columns |= {f"{name}.秩": page.last + SIZE + 2 * at + 1 for at, name in enumerate(RANKED)}
    columns |= {item.name: FIRST_ITEM + at for at, item in enumerate(figures.criteria.items)}
    for label, (first, last) in spans.items():
        for name, column in columns.items():
            page.name_area(f"{label}.{name}", Area(first, column, last, column))


def _group_columns(page: Page) -> dict[str, int]:
    return GROUPS_AT | {name: page.last - BESIDE + 1 + at for at, name in enumerate(BEHIND)}


def _answer(
    page: Page, figures: Satisfaction, sources: Sources, context: Context, row: int, *, live_rows: bool
) -> None:
    answers, criteria = figures.answers, figures.criteria
    profile = profile_of(row, answers, figures.known)
    found = _found(page, sources, figures, row, NUMBER) if live_rows else None
    scores = [
        _score(page, figures, sources, found, row, item.field, answers.scores[row, at])
        for at, item in enumerate(criteria.items)
    ]
    own = f"{a1(page.row, FIRST_ITEM)}:{a1(page.row, FIRST_ITEM + len(scores) - 1)}"
    weights = page.at("weights")
    index = live(
        f'IF(COUNT({own})=0,"",SUMPRODUCT({weights},{own})/SUMPRODUCT({weights},--ISNUMBER({own})))',
        float(answers.index[row]),
    )
    recommended = known_number(float(answers.recommendation[row]))
    groups = profile.groups(answers.audits[row] or UNKNOWN)
    texts = [groups[name] for name in GROUPS_AT]
    _ranks(page, figures, row, live_rows=live_rows)
    page.line(
        [
            (3, answers.numbers[row] or "", Style.CODE),
            (5, answers.clients[row] or "", Style.BODY),
            *((span, text, Style.CENTER) for span, text in zip((2, 1, 1, 1), texts, strict=True)),
            *((1, score, Style.INTEGER) for score in scores),
            *((1, None, Style.INTEGER) for _ in range(ROOM + page.more - len(scores))),
            (1, index, Style.DECIMAL),
            (1, _score(page, figures, sources, found, row, "overall", answers.overall[row]), Style.INTEGER),
            (1, _told(sources, found, recommended), Style.INTEGER),
            (1, answers.quarters[row], Style.CENTER),
            *((1, groups[name], Style.CENTER) for name in BEHIND),
            (1, _wave(figures, sources, context, row, found), Style.CENTER),
        ],
        17,
    )


def _wave(figures: Satisfaction, sources: Sources, context: Context, row: int, found: str | None) -> Content:
    """Whether the answer came early or late."""
    names = ("sent_on", "returned_on", "reminded_on")
    late = int(context.number(LATE_AFTER))
    value = wave(figures.answers, row, late)
    frame_number, position = figures.answers.places[row]
    frame = figures.answers.frames[frame_number]
    refs = [sources.ref(SURVEYS.name, name) for name in names]
    if found is None or None in refs or not all(sources.says(frame, name, position) for name in names):
        return value
    sent, back, reminded = (f"INDEX({ref},{found})" for ref in refs)
    test = f'INT({back})-INT({sent})>={late},AND({reminded}<>"",{back}>={reminded})'
    formula = f'IF(OR({sent}="",{back}=""),{quoted(UNKNOWN)},IF(OR({test}),"{LATE}","{EARLY}"))'
    return live(formula, value)


def _ranks(page: Page, figures: Satisfaction, row: int, *, live_rows: bool) -> None:
    """How many answers the row's group of each dimension has, and its rank among the groups compared."""
    place = figures.places.get(row)
    if place is None:
        return
    index = a1(page.row, INDEX + page.more)
    for at, name in enumerate(RANKED):
        one = figures.waves if name == WAVES else figures.segments[name]
        group, rank = one.groups[place], float(one.ranks[place])
        own = a1(page.row, page.last if name == WAVES else _group_columns(page)[name])
        formulas = live_rows and len(figures.current) <= MOST_RANKED and plain_criterion(group)
        size = 0 if group == UNKNOWN else figures.sizes[name][group]
        count = f"IF({own}={quoted(UNKNOWN)},0,COUNTIF({page.at(f'本期.{name}')},{own}))"
        held = page.helper(SIZE + 2 * at, live(count, size) if formulas else size)
        ranked = live(_rank(page, name, index, held), rank)
        page.helper(SIZE + 2 * at + 1, ranked if formulas else known_number(rank))


def _rank(page: Page, name: str, index: str, size: str) -> str:
    """The mid-rank among the answers of all groups that are compared."""
    sizes, everything = page.at(f"本期.{name}.基数"), page.at("本期.指数")
    held, rounded = f"({sizes}>={LEAST})", f"ROUND({everything},6)"
    below = f"SUMPRODUCT({held}*({rounded}<ROUND({index},6)))"
    ties = f"SUMPRODUCT({held}*({rounded}=ROUND({index},6)))"
    return f'IF({size}<{LEAST},"",IFERROR({below}+({ties}+1)/2,""))'


def _found(page: Page, sources: Sources, figures: Satisfaction, row: int, column: int) -> str | None:
    """The cell that holds the questionnaire's row in 满意度调查; None where a formula would not find it.

    Its number stands in that column of the line that is written next.
    """
    frame_number, position = figures.answers.places[row]
    keys = sources.clean(SURVEYS.name, "survey_no")
    number = figures.answers.numbers[row]
    if keys is None or number is None or not sources.once(SURVEYS.name, "survey_no", number):
        return None
    index = sources.index(figures.answers.frames[frame_number], position)
    return page.helper(1, live(f"MATCH({a1(page.row, column)},{keys[0]},0)", index))


def _score(
    page: Page,
    figures: Satisfaction,
    sources: Sources,
    found: str | None,
    row: int,
    field: str,
    score: float,
) -> Content:
    frame_number, position = figures.answers.places[row]
    frame = figures.answers.frames[frame_number]
    ref = sources.ref(SURVEYS.name, field)
    if found is None or ref is None or not sources.says(frame, field, position):
        return known_number(float(score))
    names, scores = page.at("levels"), page.at("scores")
    return live(f'IFERROR(INDEX({scores},MATCH(INDEX({ref},{found}),{names},0)),"")', float(score))


def _told(sources: Sources, found: str | None, value: float | None) -> Content:
    """The answer to the question of recommendation."""
    ref = sources.ref(SURVEYS.name, "recommendation")
    refs = sources.clean(SURVEYS.name, "recommendation")
    if found is None or ref is None or refs is None or value is None:
        return value
    return live(f"INDEX({ref},{found})", value)


# -- who was to be asked ------------------------------------------------------------------------------

_DUE, _NUMBER_B, _SENT, _WAY, _DELIVERED, _REMINDED, _RETURNED, _STATE = 14, 16, 19, 21, 23, 24, 26, 28


def subjects_part(page: Page, figures: Satisfaction, sources: Sources, context: Context) -> None:
    """附录二: one line a questionnaire of the period, then a line a contract that ought to have got one."""
    page.section(
        f"附录二　调查对象明细（{len(figures.subjects)} 行）",
        "应发：状态有效或暂停、本期开始时仍在第一个服务周期内（首次获证未满 "
        f"{int(context.number('监审最长间隔月数'))} 个月）且此前从未下发的合同，"
        "由“客户台账”和“满意度调查”计算；一个合同只计一次。",
    )
    heads = [(3, "合同编号"), (5, "企业名称"), (2, "省份"), (1, "大类"), (1, "体系"), (1, "审核")]
    heads += [(2, "应发"), (3, "问卷编号"), (2, "下发日期"), (2, "下发方式"), (1, "送达")]
    heads += [(2, "催收日期"), (2, "回收日期"), (2, "计入"), *((1, "") for _ in range(page.more))]
    page.head([*heads, *((1, name) for name in BEHIND)])
    top = page.row
    live_rows = len(figures.subjects) <= MOST_LIVE
    for subject in figures.subjects:
        _subject(page, figures, sources, subject, context, live_rows=live_rows)
    if figures.subjects:
        _name_subjects(page, top)
    else:
        page.line([(WIDTH, "本期没有应发或已发的调查表。", Style.MUTED)])


def _name_subjects(page: Page, top: int) -> None:
    columns = {"应发": _DUE, "问卷编号": _NUMBER_B, "送达": _DELIVERED, "回收": _RETURNED, "计入": _STATE}
    columns |= _group_columns(page)
    for name, column in columns.items():
        page.name_area(f"对象.{name}", Area(top, column, page.row - 1, column))


def _subject(
    page: Page,
    figures: Satisfaction,
    sources: Sources,
    subject: Subject,
    context: Context,
    *,
    live_rows: bool,
) -> None:
    groups = subject.profile.groups(subject.audit)
    due = _due(page, figures, sources, subject, context) if live_rows else None
    mark: Content = live(due, "是" if subject.due else "否") if due else ("是" if subject.due else "否")
    parts: list[tuple[int, Content, Style]] = [
        (3, subject.contract, Style.CODE),
        (5, subject.client, Style.BODY),
        *((span, groups[name], Style.CENTER) for span, name in zip((2, 1, 1, 1), GROUPS_AT, strict=True)),
        (2, mark, Style.CENTER),
    ]
    if subject.row >= 0:
        found = _found(page, sources, figures, subject.row, _NUMBER_B) if live_rows else None
        parts += _sent(page, figures, sources, subject.row, found)
    else:
        parts += [(span, None, Style.CENTER) for span in (3, 2, 2, 1, 2, 2, 2)]
    parts += [(1, None, Style.CENTER) for _ in range(page.more)]
    parts += [(1, groups[name], Style.CENTER) for name in BEHIND]
    page.line(parts, 17)


def _sent(
    page: Page, figures: Satisfaction, sources: Sources, row: int, found: str | None
) -> list[tuple[int, Content, Style]]:
    answers = figures.answers

    def told(field: str, value: str | date | None) -> Content:
        frame_number, position = answers.places[row]
        ref = sources.ref(SURVEYS.name, field)
        frame = answers.frames[frame_number]
        if found is None or ref is None or value is None or not sources.says(frame, field, position):
            return value
        return live_day(f"INDEX({ref},{found})", value)

    state = _state(page, figures, row)
    return [
        (3, answers.numbers[row] or "（无编号）", Style.CODE),
        (2, told("sent_on", _day(answers.sent[row])), Style.DATE),
        (2, answers.ways[row], Style.CENTER),
        (1, told("delivered", answers.delivered[row]), Style.CENTER),
        (2, _day(answers.reminded[row]), Style.DATE),
        (2, told("returned_on", _day(answers.returned[row])) or _blank_return(figures, row), Style.DATE),
        (2, state, Style.CENTER),
    ]


def _blank_return(figures: Satisfaction, row: int) -> str | None:
    """What stands for the date of an answer that bears none."""
    return "未填" if figures.answers.answered[row] else None


def live_day(formula: str, value: str | date) -> Content:
    """A formula whose value is a text or a day."""
    return Formula(f"={formula}", value=value)


def _state(page: Page, figures: Satisfaction, row: int) -> Content:
    """Whether the answer counts: whether it stands in the first appendix."""
    counted, answered = bool(figures.answers.counted[row]), bool(figures.answers.answered[row])
    word = COUNTS if counted else COUNTS_NOT if answered else ""
    numbers = page.at("本期.编号")
    own = a1(page.row, _NUMBER_B)
    number = figures.answers.numbers[row]
    if not figures.current or number is None or not plain_criterion(number):
        return word
    back = a1(page.row, _RETURNED)
    return live(f'IF(COUNTIF({numbers},{own})>0,"{COUNTS}",IF({back}="","","{COUNTS_NOT}"))', word)


def _day(value: np.datetime64) -> date | None:
    return None if np.isnat(value) else value.astype(object)


def _due(
    page: Page, figures: Satisfaction, sources: Sources, subject: Subject, context: Context
) -> str | None:
    """Whether the contract is due, from 客户台账 and 满意度调查; None where a formula cannot say."""
    names = ("contract_no", "status", "issued_on", "first_issued_on")
    ledger = sources.clean(CLIENTS.name, *names)
    survey = sources.clean(SURVEYS.name, "contract_no", "sent_on")
    repeated = subject.row >= 0 and not subject.due
    if ledger is None or survey is None or repeated or not plain_criterion(subject.contract):
        return None
    contracts, states, issued, first = ledger
    own = a1(page.row, NUMBER)
    since, until = _serial(cycle_start(figures.period, context)), _serial(figures.period.end)
    held = "+".join(
        f'COUNTIFS({contracts},{own},{states},{quoted(state)},{days},">"&{since},{days},"<="&{until}{only})'
        for state in CERTIFIED
        for days, only in ((first, ""), (issued, f',{first},""'))
    )
    asked = f'COUNTIFS({survey[0]},{own},{survey[1]},"<"&{_serial(figures.period.start)})'
    return f'IF(AND({held}>0,{asked}=0),"是","否")'


def _serial(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
