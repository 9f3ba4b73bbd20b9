"""The first parts of the analysis: key figures, response, index with interval, trend, criteria."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import Final

from zlxl.figures.satisfaction import Satisfaction, Summary
from zlxl.figures.satisfaction_criteria import BANDS, DEDUCTIONS, ITEMS
from zlxl.figures.satisfaction_period import Period
from zlxl.grid import Area
from zlxl.proportions import normal_quantile
from zlxl.sheet import Axis, Chart, ChartKind, Content, Series, Style
from zlxl.sheets.overview import absolute
from zlxl.sheets.satisfaction_page import (
    PIXELS_A_COLUMN,
    WIDTH,
    Page,
    Part,
    live,
)
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.tables.policy import FIGURES, LEVELS
from zlxl.tables.surveys import SURVEYS

HALF: Final = 14  #: columns of a chart that shares the page's width
HALF_PIXELS: Final = HALF * PIXELS_A_COLUMN - 10


def shown_number(value: float, places: int, suffix: str = "") -> str:
    """A figure in words: rounded as TEXT of a worksheet does, a dash where there is none."""
    return "—" if isnan(value) else f"{round(value + 1e-11, places):.{places}f}{suffix}"


def criteria_part(page: Page, figures: Satisfaction, sources: Sources) -> None:
    """The weights, scores and parameters in force, each looked up in 评价准则."""
    criteria = figures.criteria
    page.section("评价准则取值", "取自工作表“评价准则”，改动后本页数字随之重算；统计期的划分和明细行除外。")
    page.head(
        [
            (6, "参数"),
            (3, "取值"),
            (6, "题目"),
            (3, "权重"),
            (4, "等级"),
            (2, "分值"),
            (3, "评价"),
            (2, "下限"),
        ]
    )
    top = page.row
    lists = (
        _parameters(page, figures, sources),
        _weights(page, figures, sources),
        _levels(page, figures, sources),
        _bands(page, figures, sources),
    )
    for at in range(max(map(len, lists))):
        page.row = top + at
        column = 1
        for entries, spans in zip(lists, ((6, 3), (6, 3), (4, 2), (3, 2)), strict=True):
            name, place, value, style = entries[at] if at < len(entries) else ("", "", None, Style.NUMBER)
            if place:
                page.name(place, column + spans[0])
            page.line([(spans[0], name, Style.BODY), (spans[1], value, style)], 18, column, last=False)
            column += sum(spans)
    page.row = top + max(map(len, lists))
    page.name_area("levels", Area(top, 19, top + len(criteria.levels) - 1, 19))
    page.name_area("scores", Area(top, 23, top + len(criteria.levels) - 1, 23))
    page.name_area("lows", Area(top, 28, top + len(criteria.bands) - 1, 28))
    page.name_area("results", Area(top, 25, top + len(criteria.bands) - 1, 25))


Entry = tuple[str, str, Content, Style]  #: words, name of the place, value, look


def _from_criteria(sources: Sources, group: str, item: str, column: str, value: float) -> Content:
    formula = sources.criterion(group, item, column, value)
    return live(formula, value) if formula else value


def _parameters(page: Page, figures: Satisfaction, sources: Sources) -> list[Entry]:
    found: list[Entry] = [
        (name, f"param.{name}", _from_criteria(sources, FIGURES, name, "value", value), Style.NUMBER)
        for name, value in figures.criteria.parameters.items()
    ]
    confidence = page.at("param.置信水平")
    share = f"MIN(0.999,MAX(0.5,{confidence}/100))"
    level = figures.criteria.confidence
    found.append(("置信水平（比例）", "confidence", live(share, level), Style.NUMBER))
    z = live(f"NORMSINV((1+{page.at('confidence')})/2)", normal_quantile(level))
    found.append(("正态分位数 z", "z", z, Style.DECIMAL))
    return found


def _weights(page: Page, figures: Satisfaction, sources: Sources) -> list[Entry]:
    return [
        (
            item.name,
            f"weight.{item.name}",
            _from_criteria(sources, ITEMS, item.name, "weight", item.weight),
            Style.NUMBER,
        )
        for item in figures.criteria.items
    ]


def _levels(page: Page, figures: Satisfaction, sources: Sources) -> list[Entry]:
    return [
        (
            level.name,
            f"level.{level.name}",
            _from_criteria(sources, LEVELS, level.name, "value", level.score),
            Style.NUMBER,
        )
        for level in figures.criteria.levels
    ]


def _bands(page: Page, figures: Satisfaction, sources: Sources) -> list[Entry]:
    return [
        (
            band.result,
            f"band.{band.result}",
            _from_criteria(sources, BANDS, band.result, "low", band.low),
            Style.NUMBER,
        )
        for band in figures.criteria.bands
    ]


def deduction_standard(sources: Sources, item: str, value: float) -> Content:
    """What 评价准则 takes off for an incident of that kind."""
    return _from_criteria(sources, DEDUCTIONS, item, "value", value)


def key_figures(page: Page, figures: Satisfaction) -> None:
    """The figures that are looked at first."""
    summary = figures.summary
    entries: list[tuple[str, str, str]] = []
    index = (page.at("本期.均值"), shown_number(summary.mean, 2))
    if figures.period.annual:
        entries.append(("年度满意度指数", f'IF({index[0]}="","—",TEXT({index[0]},"0.00"))', index[1]))
        deduction = shown_number(figures.deduction, 2)
        entries.append(("重大事件扣分", f'TEXT({page.at("扣分")},"0.00")', deduction))
        annual = page.at("年度")
        entries.append(
            ("年度顾客满意度", f'IF({annual}="","—",TEXT({annual},"0.00"))', shown_number(figures.annual, 2))
        )
    else:
        entries.append(("满意度指数", f'IF({index[0]}="","—",TEXT({index[0]},"0.00"))', index[1]))
    verdict = page.at("评价")
    entries.append(("评价", f'IF({verdict}="","—",{verdict})', figures.verdict or "—"))
    share = page.at("本期.满意率")
    told = shown_number(summary.share * 100, 1, "%")
    entries.append(("满意率", f'IF({share}="","—",TEXT({share}*100,"0.0")&"%")', told))
    rate = summary.sample / figures.sent if figures.sent else nan
    response = f'IF({page.at("下发")}=0,"—",TEXT({page.at("有效")}/{page.at("下发")}*100,"0.0")&"%")'
    entries.append(("有效回收率", response, shown_number(rate * 100, 1, "%")))
    nps = figures.promoters.score * 100
    entries.append(
        (
            "净推荐值 NPS",
            f'IF({page.at("NPS")}="","—",TEXT({page.at("NPS")}*100,"0.0"))',
            shown_number(nps, 1),
        )
    )
    spans = _spread(len(entries))
    page.line(
        [(span, label, Style.KPI_LABEL) for span, (label, _, _) in zip(spans, entries, strict=True)], 18
    )
    page.line(
        [(span, live(text, value), Style.KPI) for span, (_, text, value) in zip(spans, entries, strict=True)],
        36,
    )


def _spread(number: int) -> list[int]:
    """The page's columns dealt out to so many parts."""
    return [WIDTH // number + (at < WIDTH % number) for at in range(number)]


def response_part(page: Page, figures: Satisfaction) -> None:
    """The funnel from who ought to be asked to answers that count, with its chart."""
    page.section("一　调查与回收（4.7.1）")
    page.head([(5, "环节"), (3, "数量"), (3, "比例"), (WIDTH - 11 - HALF, "口径")], last=False)
    top = page.row
    page.row += 1
    stages = _funnel(page, figures)
    for stage in stages.values():
        page.name(stage.name, 6)
        parts: list[Part] = [
            (5, stage.name, Style.BODY),
            (3, live(stage.formula, stage.value) if stage.formula else stage.value, Style.INTEGER),
            (3, _rate(page, stage, stages.get(stage.whole)), Style.PERCENT),
            (WIDTH - 11 - HALF, stage.note, Style.MUTED),
        ]
        page.line(parts)
    _warn_response(page, figures)
    page.charts.append(_funnel_chart(page, top))
    while page.row < top + 10:
        page.gap(20)


@dataclass(frozen=True)
class _Stage:
    """A stage of the funnel."""

    name: str
    formula: str  #: empty where there is nothing to count
    value: int
    whole: str  #: the stage it is a share of, empty for none
    note: str


def _funnel(page: Page, figures: Satisfaction) -> dict[str, _Stage]:
    """The stages by name, in their order."""
    numbers, due = page.at("对象.问卷编号"), page.at("对象.应发")
    valid = f"COUNT({page.at('本期.指数')})" if figures.current else ""
    enough = f"答满 {figures.criteria.parameters['有效应答比例']:g}%"
    missed = f'COUNTIF({page.at("对象.送达")},"否")'
    counted: tuple[tuple[str, str, int, str, str], ...] = (
        ("应发", f'COUNTIF({due},"是")', figures.due, "", "首个服务周期内未发过的合同"),
        ("应发已下发", f'COUNTIFS({due},"是",{numbers},"?*")', figures.due_sent, "应发", "占应发"),
        ("下发", f'COUNTIF({numbers},"?*")', figures.sent, "", "含历次审核后的调查"),
        ("送达", f'COUNTIF({numbers},"?*")-{missed}', figures.delivered, "下发", "占下发"),
        ("回收", _returned(page), figures.returned, "下发", "占下发"),
    )
    held = bool(figures.subjects)
    stages = [
        _Stage(name, formula if held else "", value, whole, note)
        for name, formula, value, whole, note in counted
    ]
    stages.append(_Stage("有效", valid, figures.summary.sample, "下发", enough))
    return {stage.name: stage for stage in stages}


def _rate(page: Page, stage: _Stage, whole: _Stage | None) -> Content:
    if whole is None:
        return None
    part, all_ = page.at(stage.name), page.at(whole.name)
    return live(f'IF({all_}=0,"",{part}/{all_})', stage.value / whole.value if whole.value else nan)


def _returned(page: Page) -> str:
    """Answers that came back are those whose state says whether they count."""
    states = page.at("对象.计入")
    return f'COUNTIF({states},"有效")+COUNTIF({states},"不计")'


def _warn_response(page: Page, figures: Satisfaction) -> None:
    parameters = figures.criteria.parameters
    rate = figures.summary.sample / figures.sent * 100 if figures.sent else nan
    told = []
    if figures.summary.sample < parameters["最少样本数"]:
        told.append(f"有效问卷不足 {parameters['最少样本数']:g} 份，结果不稳")
    if rate < parameters["最低回收率"]:
        told.append(f"有效回收率低于 {parameters['最低回收率']:g}%")
    if figures.summary.sample < figures.needed:
        told.append(
            f"按允许误差 {parameters['抽样允许误差']:g}% 需 {figures.needed} 份，"
            f"还差 {figures.needed - figures.summary.sample} 份"
        )
    text = "；".join(told) or f"样本量满足要求（需 {figures.needed} 份）"
    page.line([(WIDTH - HALF, f"{text}。", Style.WARN if told else Style.GOOD)], 22)


def _funnel_chart(page: Page, top: int) -> Chart:
    names = f"='{page.sheet}'!$A${top + 1}:$A${top + 6}"
    values = f"='{page.sheet}'!$F${top + 1}:$F${top + 6}"
    return Chart(
        kind=ChartKind.BAR,
        row=top,
        column=WIDTH - HALF + 2,
        series=(Series(name="数量", values=values, categories=names, labels=True),),
        title="调查漏斗",
        x=Axis(minimum=0, number_format="0", gridlines=True),
        y=Axis(reverse=True),
        width=HALF_PIXELS,
        height=250,
        legend=None,
        gap=40,
        alt_text="应发、下发、送达、回收、有效的数量",
    )


SUMMARY_HEADS: Final = (
    *((3, "期间"), (2, "下发 N"), (2, "有效 n"), (3, "指数"), (2, "标准差"), (2, "指数\n下限")),
    *((2, "指数\n上限"), (2, "满意\n客户"), (3, "满意率"), (2, "率\n下限"), (2, "率\n上限")),
    *((2, "误差"), (2, "目标")),
)


def summary_row(
    page: Page, label: str, figures: Satisfaction, summary: Summary, population: Content, *, words: str = ""
) -> None:
    """Index and 满意率 of some answers with their intervals."""
    held = bool(summary.sample)
    target = figures.criteria.parameters["满意度目标"]
    names = ("N", "n", "均值", "标准差", "下限", "上限", "满意", "满意率", "率下限", "率上限")
    places = dict(zip(names, (4, 6, 8, 11, 13, 15, 17, 19, 22, 24), strict=True))
    ref = {name: page.name(f"{label}.{name}", column) for name, column in places.items()}
    area, n, count = page.at(f"{label}.指数"), ref["n"], summary.sample
    low, high = summary.mean_interval or (nan, nan)
    share_low, share_high = summary.share_interval or (nan, nan)
    half = _half(page, label, ref, summary)
    cells: list[Part] = [
        (3, words or label, Style.STRONG),
        (2, population, Style.INTEGER),
        (2, live(f"COUNT({area})", count) if held else 0, Style.INTEGER),
        (3, live(f'IF({n}=0,"",AVERAGE({area}))', summary.mean) if held else None, Style.DECIMAL),
        (2, live(f'IF({n}<2,"",STDEV({area}))', summary.deviation) if held else None, Style.DECIMAL),
        (2, live(f'IF({half}="","",{ref["均值"]}-{half})', low), Style.DECIMAL),
        (2, live(f'IF({half}="","",{ref["均值"]}+{half})', high), Style.DECIMAL),
        (2, _satisfied(page, area, summary) if held else 0, Style.INTEGER),
        (3, live(f'IF({n}=0,"",{ref["满意"]}/{n})', summary.share), Style.PERCENT),
        (2, live(_wilson(page, ref, "-"), share_low), Style.PERCENT),
        (2, live(_wilson(page, ref, "+"), share_high), Style.PERCENT),
        (2, live(f'IF({half}="",0,{half})', 0 if isnan(low) else summary.mean - low), Style.DECIMAL),
        (2, live(page.at("param.满意度目标"), target), Style.NUMBER),
    ]
    page.line(cells)


def _half(page: Page, label: str, ref: dict[str, str], summary: Summary) -> str:
    """Half the interval of the mean, in a hidden cell."""
    n, population = ref["n"], ref["N"]
    error = f"{ref['标准差']}/SQRT({n})*SQRT(MAX(0,({population}-{n})/({population}-1)))"
    se = page.helper(2, live(f'IF({n}<2,"",{error})', summary.error))
    page.places[f"{label}.标准误"] = se
    quantile = f"TINV(1-{page.at('confidence')},{n}-1)"
    low = summary.mean_interval[0] if summary.mean_interval else nan
    return page.helper(1, live(f'IF({se}="","",{quantile}*{se})', summary.mean - low))


def _satisfied(page: Page, area: str, summary: Summary) -> Content:
    return live(f'COUNTIF({area},">="&({page.at("param.满意率界限")}-0.000000001))', summary.satisfied)


def _wilson(page: Page, ref: dict[str, str], sign: str) -> str:
    """One end of Wilson's interval with finite population correction."""
    n, population, p, z = ref["n"], ref["N"], ref["满意率"], page.at("z")
    grown = f"({n}*({population}-1)/({population}-{n}))"
    root = f"{z}*SQRT({p}*(1-{p})/{grown}+{z}^2/(4*{grown}^2))"
    end = f"({p}+{z}^2/(2*{grown}){sign}{root})/(1+{z}^2/{grown})"
    clamped = f"MAX(0,{end})" if sign == "-" else f"MIN(1,{end})"
    return f'IF({n}=0,"",IF({population}<={n},{p},{clamped}))'


def index_part(page: Page, figures: Satisfaction, sources: Sources) -> None:
    """Index and 满意率 of the period and the one before, the change and whether it is more than chance."""
    period = figures.period
    level = f"{figures.criteria.confidence * 100:g}%"
    page.section(
        "二　满意度指数与满意率",
        f"指数为客户指数的平均；满意率为客户指数不低于 {figures.criteria.parameters['满意率界限']:g} 的比例。"
        f"区间为 {level} 置信区间，均含有限总体修正：指数用 t 区间，满意率用 Wilson 区间"
        "（把回收者视为随机样本，未回收的影响见下方最坏与最好界限）。",
    )
    page.head(SUMMARY_HEADS)
    sent = live(page.at("下发"), figures.sent)
    summary_row(page, "本期", figures, figures.summary, sent, words=f"{period} 本期")
    before = _sent_in(sources, period.previous, figures.before.population)
    summary_row(page, "上期", figures, figures.before, before, words=f"{period.previous} 上期")
    _change_row(page, figures)
    _bounds_rows(page, figures)


def _sent_in(sources: Sources, period: Period, value: int) -> Content:
    """Questionnaires that belong to a period, counted in 满意度调查."""
    refs = sources.clean(SURVEYS.name, "quarter", "sent_on", "survey_no")
    if refs is None:
        return value
    quarters, sent, _ = refs
    first, last = period.start, period.end
    until = f'"<="&DATE({last.year},{last.month},{last.day})'
    since = f'">="&DATE({first.year},{first.month},{first.day})'
    named = quoted_pattern(period)
    return live(f'COUNTIF({quarters},{named})+COUNTIFS({quarters},"",{sent},{since},{sent},{until})', value)


def quoted_pattern(period: Period) -> str:
    """COUNTIF's criterion of the quarters of a period."""
    return f'"{period}*"' if period.annual else f'"{period}"'


def _change_row(page: Page, figures: Satisfaction) -> None:
    now, then = "本期", "上期"
    means = page.at(f"{now}.均值"), page.at(f"{then}.均值")
    errors = page.at("本期.标准误"), page.at("上期.标准误")
    change = page.name("变化", 8)
    p = page.name("变化.p", 13)
    known = not isnan(figures.change_p)
    difference = figures.summary.mean - figures.before.mean
    samples = page.at("本期.n"), page.at("上期.n")
    test = p_formula(change, errors, samples)
    page.line(
        [
            (7, "变化（本期 − 上期）", Style.STRONG),
            (
                3,
                live(f'IF(OR({means[0]}="",{means[1]}=""),"",{means[0]}-{means[1]})', difference),
                Style.DECIMAL,
            ),
            (2, "p 值", Style.CENTER),
            (4, live(test, figures.change_p), Style.CHANCE),
            (3, "结论", Style.CENTER),
            (
                10,
                live(verdict_formula(page, p, change), change_words(figures.change_p, difference, figures)),
                Style.STRONG if known else Style.MUTED,
            ),
        ]
    )


def p_formula(change: str, errors: tuple[str, str], samples: tuple[str, str]) -> str:
    """Two-sided p of a change, degrees of freedom from the smaller sample."""
    one, two = errors
    error = f"SQRT({one}^2+{two}^2)"
    test = f"TDIST(ABS({change})/{error},MIN({samples[0]},{samples[1]})-1,2)"
    return f'IF(OR({change}="",{one}="",{two}=""),"",IF({error}=0,IF({change}=0,1,0),{test}))'


def verdict_formula(page: Page, p: str, change: str) -> str:
    """What a p says, in words."""
    limit = f"1-{page.at('confidence')}"
    return (
        f'IF({p}="","样本不足，不作比较",IF({p}<{limit},IF({change}>0,"显著上升","显著下降"),"差异不显著"))'
    )


def change_words(p: float, change: float, figures: Satisfaction) -> str:
    """The same words."""
    if isnan(p) or isnan(change):
        return "样本不足，不作比较"
    if p < figures.significance:
        return "显著上升" if change > 0 else "显著下降"
    return "差异不显著"


def _bounds_rows(page: Page, figures: Satisfaction) -> None:
    bounds = figures.bounds
    if bounds is None:
        return
    page.gap(6)
    page.text(
        "未回收的影响：假定应发未发和下发未答的全部给最低分（最坏）或最高分（最好），真值必在两者之间。",
        Style.SMALL,
    )
    page.head(
        [
            (7, "界限"),
            (3, "总体"),
            (3, "未答"),
            (4, "最坏指数"),
            (4, "最好指数"),
            (4, "最坏满意率"),
            (4, "最好满意率"),
        ]
    )
    whole, silent = page.name("总体", 8), page.name("未答", 11)
    at = page.at
    total = f"{at('本期.均值')}*{at('本期.n')}"
    worst, best = (f"{end}({at('scores')})" for end in ("MIN", "MAX"))
    subjects = f"ROWS({at('对象.应发')})"
    silent_number = bounds.population - figures.summary.sample
    page.line(
        [
            (7, "总体 = 下发 + 应发未发", Style.BODY),
            (3, live(subjects, bounds.population), Style.INTEGER),
            (3, live(f"{whole}-{at('本期.n')}", silent_number), Style.INTEGER),
            (4, live(f"({total}+{silent}*{worst})/{whole}", bounds.index.low), Style.DECIMAL),
            (4, live(f"({total}+{silent}*{best})/{whole}", bounds.index.high), Style.DECIMAL),
            (4, live(f"{at('本期.满意')}/{whole}", bounds.share.low), Style.PERCENT),
            (4, live(f"({at('本期.满意')}+{silent})/{whole}", bounds.share.high), Style.PERCENT),
        ]
    )


def trend_part(page: Page, figures: Satisfaction, sources: Sources) -> None:
    """Index by quarter with its interval, as table and chart."""
    if not figures.trend:
        return
    page.section(
        "三　季度趋势", "误差线为指数的置信区间；两季区间重叠时不得称为上升或下降，以第二部分的检验为准。"
    )
    page.head(SUMMARY_HEADS)
    top = page.row
    for quarter in figures.trend:
        number = _sent_in(sources, Period.parse(quarter.name), quarter.summary.population)
        summary_row(page, quarter.name, figures, quarter.summary, number)
    last = page.row - 1
    page.gap(4)
    page.chart(_trend_chart(page, top, last, figures))


def _trend_chart(page: Page, top: int, last: int, figures: Satisfaction) -> Chart:
    def cells(column: int) -> str:
        return f"='{page.sheet}'!{absolute(top, column)}:{absolute(last, column)}"

    lows = [q.summary.mean_interval.low for q in figures.trend if q.summary.mean_interval]
    lowest = min(lows, default=60)
    return Chart(
        kind=ChartKind.LINE,
        row=page.row,
        column=1,
        series=(
            Series(
                name="满意度指数",
                values=cells(8),
                categories=cells(1),
                error_plus=cells(26),
                error_minus=cells(26),
            ),
            Series(name="目标", values=cells(28), categories=cells(1), colour="B5456A", dashed=True),
        ),
        title="满意度指数趋势（误差线为置信区间）",
        y=Axis(minimum=max(0, min(80, int(lowest // 5 * 5))), maximum=100, gridlines=True, number_format="0"),
        width=WIDTH * PIXELS_A_COLUMN - 10,
        height=280,
        alt_text="各季度满意度指数、置信区间和目标",
    )
