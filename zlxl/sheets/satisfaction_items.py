"""The parts about single questions: distribution, mean, change, importance against satisfaction, NPS."""

from __future__ import annotations

from math import isnan, nan
from typing import Final

from zlxl.figures.satisfaction import DERIVED_FROM, ItemFigures, Satisfaction
from zlxl.grid import Area
from zlxl.sheet import Axis, Chart, ChartKind, Content, Mark, Series, Style
from zlxl.sheets.overview import absolute
from zlxl.sheets.satisfaction_holm import Holm
from zlxl.sheets.satisfaction_page import PIXELS_A_COLUMN, WIDTH, Page, Part, live
from zlxl.sheets.satisfaction_parts import (
    HALF,
    HALF_PIXELS,
    change_words,
    p_formula,
)

#: colours of the levels from worst to best: told apart by the colour-blind and on a black-and-white print
_WORST: Final = ("B5456A", "D97B29")
_BEST: Final = ("6FA8C9", "1F5A8C")
_MIDDLE: Final = "C9CED6"
PROMOTERS_HEIGHT: Final = 150  #: pixels of the chart of promoters
SHORT: Final = 6  #: letters of an item's name beside its point


def items_part(page: Page, figures: Satisfaction) -> None:
    """A line a question, the distribution of answers, and both as charts."""
    scale = figures.criteria.scale
    page.section(
        "四　各题结果",
        "n 为作答人数，未答和不适用不计；标准差为样本标准差；变化与上期比较，"
        f"{len(figures.items)} 题的 p 值按 Holm 法校正后判定显著性。",
    )
    name_span = WIDTH - 3 - len(scale) - 16
    page.head(
        [
            *((name_span, "题目"), (1, "权重"), (1, "n")),
            *((1, level.name) for level in scale),
            *((1, "未答"), (2, "平均分"), (2, "标准差"), (2, "前两级\n比例"), (2, "后两级\n比例")),
            *((2, "上期"), (2, "变化"), (2, "校正 p"), (2, "判定")),
        ]
    )
    top = page.row
    holm = Holm(page=page, top=top, chances=[item.p for item in figures.items], helper=4)
    for at, item in enumerate(figures.items):
        _item(page, figures, item, name_span, (holm, at))
    _mark_items(page, top, page.row - 1)
    page.gap(4)
    page.chart(_diverging(page, figures), _means(page, figures, top, name_span))


def _item(page: Page, figures: Satisfaction, item: ItemFigures, span: int, holm: tuple[Holm, int]) -> None:
    scale = figures.criteria.scale
    first = span + 3  # column of the counts
    after = first + len(scale)
    n, mean = page.name(f"{item.name}.n", span + 2), page.name(f"{item.name}.均值", after + 1)
    deviation = absolute(page.row, after + 3)
    before = absolute(page.row, after + 9)
    change, adjusted = absolute(page.row, after + 11), absolute(page.row, after + 13)
    area, held = page.at(f"本期.{item.name}"), bool(figures.current)
    counts = [
        live(f"COUNTIF({area},{page.at(f'level.{level.name}')})", count) if held else 0
        for level, count in zip(scale, item.counts, strict=True)
    ]
    page.name_area(f"{item.name}.人数", Area(page.row, first, page.row, after - 1))
    tested, at = holm
    chance = _chance(page, figures, item, (n, deviation, change))
    parts: list[Part] = [
        (span, item.name, Style.BODY),
        (1, live(page.at(f"weight.{item.name}"), item.weight), Style.NUMBER),
        (1, live(f"COUNT({area})", item.sample) if held else 0, Style.INTEGER),
        *((1, count, Style.INTEGER) for count in counts),
        (1, live(f"ROWS({area})-{n}", item.unanswered) if held else 0, Style.INTEGER),
        (2, live(f'IF({n}=0,"",AVERAGE({area}))', item.mean) if held else None, Style.DECIMAL),
        (2, live(f'IF({n}<2,"",STDEV({area}))', item.deviation) if held else None, Style.DECIMAL),
        (
            2,
            live(f'IF({n}=0,"",SUM({_ends(first, after, page.row, best=True)})/{n})', item.top),
            Style.PERCENT,
        ),
        (
            2,
            live(f'IF({n}=0,"",SUM({_ends(first, after, page.row, best=False)})/{n})', item.bottom),
            Style.PERCENT,
        ),
        (2, _before(page, figures, item), Style.DECIMAL),
        (2, live(f'IF(OR({mean}="",{before}=""),"",{mean}-{before})', item.change), Style.DECIMAL),
        (2, tested.line(at, chance), Style.CHANCE),
        (2, live(_verdict(page, adjusted, change), _verdict_words(figures, item)), Style.CENTER),
    ]
    page.line(parts)


def _ends(first: int, after: int, row: int, *, best: bool) -> str:
    """The cells of the two best, or two worst, levels."""
    left, right = (first, min(first + 1, after - 1)) if best else (max(first, after - 2), after - 1)
    return f"{absolute(row, left)}:{absolute(row, right)}"


def _before(page: Page, figures: Satisfaction, item: ItemFigures) -> Content:
    if not figures.previous:
        return None
    area = page.at(f"上期.{item.name}")
    return live(f'IF(COUNT({area})=0,"",AVERAGE({area}))', item.before)


def _chance(page: Page, figures: Satisfaction, item: ItemFigures, refs: tuple[str, str, str]) -> str:
    """Formula of the p of a change; standard errors stand in the hidden columns 1 to 3."""
    n, deviation, change = refs
    known = page.at("本期.N")
    now = page.helper(1, live(f'IF({n}<2,"",{_error(deviation, n, known)})', item.error))
    if figures.previous:
        area = page.at(f"上期.{item.name}")
        number = page.helper(2, live(f"COUNT({area})", item.sample_before))
        formula = f'IF({number}<2,"",{_error(f"STDEV({area})", number, page.at("上期.N"))})'
        then = page.helper(3, live(formula, item.error_before))
    else:
        number, then = page.helper(2, 0), page.helper(3, "")
    return p_formula(change, (now, then), (n, number))


def _error(deviation: str, n: str, population: str) -> str:
    return f"{deviation}/SQRT({n})*SQRT(MAX(0,({population}-{n})/({population}-1)))"


def _verdict(page: Page, adjusted: str, change: str) -> str:
    limit = f"1-{page.at('confidence')}"
    return f'IF({adjusted}="","—",IF({adjusted}<{limit},IF({change}>0,"上升","下降"),"不显著"))'


def _verdict_words(figures: Satisfaction, item: ItemFigures) -> str:
    words = change_words(item.adjusted, item.change, figures)
    return {"显著上升": "上升", "显著下降": "下降", "差异不显著": "不显著"}.get(words, "—")


def _mark_items(page: Page, top: int, bottom: int) -> None:
    verdict, mean = WIDTH - 1, absolute(top, WIDTH - 1)
    area = Area(top, verdict, bottom, verdict + 1)
    first = mean.replace(f"${top}", f"{top}")
    page.marks.append(Mark(area=area, formula=f'={first}="上升"', style=Style.GOOD))
    page.marks.append(Mark(area=area, formula=f'={first}="下降"', style=Style.BAD))


def shares_part(page: Page, figures: Satisfaction) -> None:
    """Shares of the levels, worst first, with the spacer of the diverging chart."""
    scale = figures.criteria.scale
    page.section("图表数据：各题回答分布", "供第四部分的分向条形图使用；“留白”使各题以“一般”的中点对齐。")
    page.head([(7, "各题分布"), (3, "留白"), *((3, level.name) for level in reversed(scale))])
    top = page.row
    last = top + len(figures.items) - 1
    page.name_area("半幅", Area(top, page.last + 1, last, page.last + 1))
    most = max((_half(item) for item in figures.items), default=0.0)
    for item in figures.items:
        n, counts = page.at(f"{item.name}.n"), page.at(f"{item.name}.人数")
        cells = [
            live(
                f"IF({n}=0,0,INDEX({counts},{place})/{n})",
                item.counts[place - 1] / item.sample if item.sample else 0.0,
            )
            for place in range(len(scale), 0, -1)
        ]
        own = [absolute(page.row, 11 + 3 * at) for at in range(len(scale))]
        half = page.helper(1, live(_half_formula(own), _half(item)))
        spacer = live(f"MAX({page.at('半幅')})-{half}", most - _half(item))
        page.line(
            [
                (7, item.name, Style.BODY),
                (3, spacer, Style.PERCENT),
                *((3, cell, Style.PERCENT) for cell in cells),
            ],
            18,
        )
    page.name_area("分布", Area(top, 1, last, 10 + 3 * len(scale)))


def _half(item: ItemFigures) -> float:
    """What stands left of the middle: the worse half of the levels, and half of the middle one."""
    worse = item.counts[::-1]
    middle = len(worse) // 2
    left = sum(worse[:middle]) + (worse[middle] / 2 if len(worse) % 2 else 0)
    return left / item.sample if item.sample else 0.0


def _half_formula(own: list[str]) -> str:
    middle = len(own) // 2
    parts = [*own[:middle], *([f"{own[middle]}/2"] if len(own) % 2 else [])]
    return "+".join(parts) or "0"


def _diverging(page: Page, figures: Satisfaction) -> Chart:
    area = Area.parse(page.at("分布"))
    rows = area.top, area.bottom

    def cells(column: int) -> str:
        return f"='{page.sheet}'!{absolute(rows[0], column)}:{absolute(rows[1], column)}"

    worst_first = figures.criteria.scale[::-1]
    spacer = Series(name=" ", values=cells(8), categories=cells(1), invisible=True)
    levels = tuple(
        Series(name=level.name, values=cells(11 + 3 * at), categories=cells(1), colour=colour)
        for at, (level, colour) in enumerate(zip(worst_first, _colours(len(worst_first)), strict=True))
    )
    return Chart(
        kind=ChartKind.BAR_STACKED,
        row=page.row,
        column=1,
        series=(spacer, *levels),
        title="各题回答分布（以“一般”为中线）",
        x=Axis(hidden=True, minimum=0),
        y=Axis(reverse=True),
        width=HALF_PIXELS,
        height=345,
        gap=35,
        alt_text="各题等级分布的分向堆积条形图",
    )


def _colours(levels: int) -> list[str]:
    """Warm for the worse half, cool for the better, grey between."""
    half = levels // 2
    warm = [_WORST[min(at, 1)] for at in range(half)]
    cool = [_BEST[max(0, 2 - half + at)] for at in range(half)]
    return [*warm, *([_MIDDLE] if levels % 2 else []), *cool]


def _means(page: Page, figures: Satisfaction, top: int, span: int) -> Chart:
    after = span + 3 + len(figures.criteria.scale)
    last = top + len(figures.items) - 1

    def cells(column: int) -> str:
        return f"='{page.sheet}'!{absolute(top, column)}:{absolute(last, column)}"

    return Chart(
        kind=ChartKind.COLUMN,
        row=page.row,
        column=WIDTH - HALF + 1,
        series=(
            Series(
                name="平均分", values=cells(after + 1), categories=cells(1), labels=True, label_format="0.0"
            ),
        ),
        title="各题平均分与目标",
        y=Axis(minimum=_floor(figures), maximum=100, gridlines=True, number_format="0"),
        width=HALF_PIXELS,
        height=345,
        overlay=Chart(
            kind=ChartKind.LINE,
            row=page.row,
            column=1,
            series=(
                Series(
                    name="目标", values=page.full("目标列"), categories=cells(1), colour="B5456A", dashed=True
                ),
            ),
        ),
        alt_text="各题平均分与满意度目标",
    )


def _floor(figures: Satisfaction) -> float:
    """Where the axis of means begins: below the lowest of them."""
    means = [item.mean for item in figures.items if not isnan(item.mean)]
    return 50 if min(means, default=100.0) >= 55 else 0


def importance_part(page: Page, figures: Satisfaction) -> None:
    """Importance against satisfaction, as table and quadrants."""
    if not figures.current:
        return
    how = (
        f"重要性由数据推得：各题得分与总体满意度的相关系数（n ≥ {DERIVED_FROM}）"
        if figures.derived
        else f"有效问卷不足 {DERIVED_FROM} 份，重要性采用评价准则的权重"
    )
    page.section("五　重要性—满意度矩阵", f"{how}；以两项平均值为界，“低”只是相对其他题目而言。")
    top = page.row
    page.head([(6, "题目"), (2, "重要性"), (2, "满意度"), (3, "象限"), (2, "目标")])
    first = page.row
    last = first + len(figures.items) - 1
    xs, ys = (f"{absolute(first, c)}:{absolute(last, c)}" for c in (7, 9))
    page.name_area("目标列", Area(first, 14, last, 14))
    middle = _middle(figures)
    average = page.name("重要性平均", 7, last + 1), page.name("满意度平均", 9, last + 1)
    target = figures.criteria.parameters["满意度目标"]
    for item in figures.items:
        x, y = absolute(page.row, 7), absolute(page.row, 9)
        page.line(
            [
                (6, item.name, Style.BODY),
                (2, _importance(page, figures, item), Style.DECIMAL),
                (2, live(page.at(f"{item.name}.均值"), item.mean), Style.DECIMAL),
                (3, live(_quadrant_formula(x, y, average), quadrant(item, middle)), Style.CENTER),
                (2, live(page.at("param.满意度目标"), target), Style.NUMBER),
            ]
        )
    _averages(page, (xs, ys), middle)
    page.charts.append(_matrix(page, figures, (first, last), top, middle))
    while page.row < top + 16:
        page.gap(20)


def _averages(page: Page, columns: tuple[str, str], middle: tuple[float, float]) -> None:
    xs, ys = columns
    page.line(
        [
            (6, "平均（分界）", Style.TOTAL),
            (2, live(f'IF(COUNT({xs})=0,"",AVERAGE({xs}))', middle[0]), Style.DECIMAL),
            (2, live(f'IF(COUNT({ys})=0,"",AVERAGE({ys}))', middle[1]), Style.DECIMAL),
            (5, None, Style.TOTAL),
        ]
    )


def _importance(page: Page, figures: Satisfaction, item: ItemFigures) -> Content:
    if not figures.derived:
        return live(page.at(f"weight.{item.name}"), item.weight)
    one, other = page.at(f"本期.{item.name}"), page.at("本期.总体")
    return live(f'IFERROR(CORREL({one},{other}),"")', item.importance)


def _middle(figures: Satisfaction) -> tuple[float, float]:
    xs = [item.importance for item in figures.items if not isnan(item.importance)]
    ys = [item.mean for item in figures.items if not isnan(item.mean)]
    return (sum(xs) / len(xs) if xs else nan, sum(ys) / len(ys) if ys else nan)


def quadrant(item: ItemFigures, middle: tuple[float, float]) -> str:
    """Where an item stands: 优势, 优先改进, 维持 or 机会; empty where it cannot be said."""
    if isnan(item.importance) or isnan(item.mean):
        return ""
    important, liked = item.importance >= middle[0], item.mean >= middle[1]
    return ("优势" if liked else "优先改进") if important else ("维持" if liked else "机会")


def _quadrant_formula(x: str, y: str, average: tuple[str, str]) -> str:
    ax, ay = average
    return (
        f'IF(OR({x}="",{y}=""),"",IF({x}>={ax},IF({y}>={ay},"优势","优先改进"),IF({y}>={ay},"维持","机会")))'
    )


def _matrix(
    page: Page, figures: Satisfaction, rows: tuple[int, int], top: int, middle: tuple[float, float]
) -> Chart:
    def cells(column: int) -> str:
        return f"='{page.sheet}'!{absolute(rows[0], column)}:{absolute(rows[1], column)}"

    labels = tuple(item.name[:SHORT] for item in figures.items)
    word = "相关系数" if figures.derived else "权重"
    return Chart(
        kind=ChartKind.SCATTER,
        row=top,
        column=WIDTH - HALF + 1,
        series=(Series(name="题目", values=cells(9), categories=cells(7), label_cells=labels),),
        title="重要性—满意度（右下为优先改进）",
        x=Axis(
            title=f"重要性（{word}）", crossing=_crossing(middle[0], 3), number_format="0.00", labels_low=True
        ),
        y=Axis(title="满意度", crossing=_crossing(middle[1], 2), number_format="0", labels_low=True),
        width=HALF_PIXELS,
        height=400,
        legend=None,
        alt_text="各题重要性与满意度的散点图",
    )


def _crossing(value: float, places: int) -> float | None:
    return None if isnan(value) else round(value, places)


def promoters_part(page: Page, figures: Satisfaction) -> None:
    """NPS, only from the question with 0 to 10."""
    told = figures.promoters
    page.section(
        "六　净推荐值 NPS",
        "仅由 0–10 分的“推荐意愿”题计算：9–10 推荐者，7–8 中立，0–6 贬损者；区间为调整 Wald 法。",
    )
    if not told.sample:
        page.name("NPS", 1)
        page.line(
            [(1, None, Style.PLAIN), (WIDTH - 1, "本期没有 0–10 分推荐意愿的回答，不计算 NPS。", Style.MUTED)]
        )
        return
    page.head([(4, "n"), (4, "推荐者"), (4, "中立"), (4, "贬损者"), (4, "NPS"), (4, "下限"), (5, "上限")])
    area = page.at("本期.推荐")
    n, up, down = (absolute(page.row, column) for column in (1, 5, 13))
    page.name("NPS", 17)
    page.charts.append(_promoters_chart(page))
    low, high = told.interval or (nan, nan)
    grown, z = f"({n}+3)", page.at("z")
    a, b = f"(({up}+0.75)/{grown})", f"(({down}+0.75)/{grown})"
    reach = f"{z}*SQRT(({a}+{b}-({a}-{b})^2)/{grown})"
    page.line(
        [
            (4, live(f"COUNT({area})", told.sample), Style.INTEGER),
            (4, live(f'COUNTIF({area},">=9")', told.promoters), Style.INTEGER),
            (4, live(f"{n}-{up}-{down}", told.passives), Style.INTEGER),
            (4, live(f'COUNTIF({area},"<=6")', told.detractors), Style.INTEGER),
            (4, live(f"({up}-{down})/{n}", told.score), Style.PERCENT),
            (4, live(f"MAX(-1,{a}-{b}-{reach})", low), Style.PERCENT),
            (5, live(f"MIN(1,{a}-{b}+{reach})", high), Style.PERCENT),
        ]
    )
    page.gap(PROMOTERS_HEIGHT * 0.75 + 10)


def _promoters_chart(page: Page) -> Chart:
    """One bar of all answers in three parts, below the line that is written next."""
    row = page.row
    series = (
        Series(name=name, values=f"='{page.sheet}'!{absolute(row, column)}", colour=colour, labels=True)
        for name, column, colour in (
            ("贬损者", 13, _WORST[0]),
            ("中立", 9, _MIDDLE),
            ("推荐者", 5, _BEST[1]),
        )
    )
    return Chart(
        kind=ChartKind.BAR_PERCENT,
        row=row + 1,
        column=1,
        series=tuple(series),
        title="推荐者、中立与贬损者",
        x=Axis(minimum=0, maximum=1, number_format="0%"),
        y=Axis(hidden=True),
        width=WIDTH * PIXELS_A_COLUMN - 10,
        height=PROMOTERS_HEIGHT,
        alt_text="推荐者、中立与贬损者的份数",
    )


def lowest_words(figures: Satisfaction, number: int) -> list[ItemFigures]:
    """The items with the lowest mean."""
    known = [item for item in figures.items if not isnan(item.mean)]
    return sorted(known, key=lambda item: item.mean)[:number]
