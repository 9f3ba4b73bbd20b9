"""The part about groups of clients: who answered, how satisfied, whether groups differ; late answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Final

from zlxl.figures.satisfaction import Satisfaction
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
)
from zlxl.figures.satisfaction_segments import EARLY, LATE, LATE_AFTER, LEAST, Comparison, Segment
from zlxl.grid import Area
from zlxl.schema.context import Context
from zlxl.sheet import Content, Mark, Style
from zlxl.sheets.overview import absolute
from zlxl.sheets.satisfaction_holm import Holm
from zlxl.sheets.satisfaction_page import WIDTH, Page, live, plain_criterion, quoted

GREY: Final = 30  #: answers below which a group is greyed
WAVES: Final = "应答早晚"
_RIGHT: Final = 16  #: first column of a table on the right
_SHORT: Final = (((SYSTEM, 1), (AUDIT, _RIGHT)), ((REGION, 1), (GRADE, _RIGHT)), ((LEADER, 1),))
_LONG: Final = ((PROVINCE, 1), (SECTOR, _RIGHT))
_A_PAGE: Final = 10  #: groups from which a table begins a page
_SPANS: Final = (4, 1, 1, 2, 2, 2, 2)
_HEADS: Final = ("对象", "有效", "有效率", "指数", "满意率", "与其余")
_TESTS: Final = (
    *((4, "分组"), (3, "参检组数"), (3, "参检问卷"), (4, "Kruskal–\nWallis H"), (3, "自由度")),
    *((3, "p"), (3, "Holm\n校正 p"), (6, "判定")),
)


def segments_part(page: Page, figures: Satisfaction) -> None:
    """The tests of every dimension, then the groups of each, two tables beside each other."""
    page.section(
        "七　分组比较与覆盖",
        f"有效不足 {LEAST} 份的组不给百分比、不参加检验，不足 {GREY} 份的组以灰色斜体表示，只供参考；"
        "有效率 = 有效 ÷ 调查对象（含应发未发）。",
    )
    page.text(
        "检验：客户指数偏离正态，各组是否不同用 Kruskal–Wallis 秩和检验（含同分修正），"
        f"{len(DIMENSIONS)} 种分组的 p 值按 Holm 法校正；只有总体差异显著的分组，才逐组与其余各组比较"
        "（Mann–Whitney，组间再按 Holm 校正），标出高于、低于其余的组。"
        "把回收者视为随机样本，不作有限总体修正，偏于保守；差异显著只说明不像偶然，不说明原因。",
        Style.SMALL,
    )
    _tests(page, figures)
    for pair in _SHORT:
        page.gap(8)
        _tables(page, figures, pair)
    if max(len(figures.segments[name].segments) for name, _ in _LONG) >= _A_PAGE:
        page.pages_end()
    page.gap(8)
    _tables(page, figures, _LONG)


def _tests(page: Page, figures: Satisfaction) -> None:
    page.head(_TESTS)
    found = [figures.segments[name] for name in DIMENSIONS]
    holm = Holm(page=page, top=page.row, chances=[one.p for one in found], helper=1)
    for at, one in enumerate(found):
        statistic = _Statistic(page, one)
        p = absolute(page.row, 18)
        adjusted = page.name(f"检验.{one.name}", 21)
        page.line(
            [
                (4, one.name, Style.STRONG),
                (3, statistic.groups(5), Style.INTEGER),
                (3, statistic.sample(8), Style.INTEGER),
                (4, statistic.h(11), Style.DECIMAL),
                (3, statistic.freedom(), Style.INTEGER),
                (3, statistic.p(), Style.CHANCE),
                (3, holm.line(at, p), Style.CHANCE),
                (6, live(_differ(page, adjusted), differ_words(one, figures)), Style.CENTER),
            ],
            18,
        )
    _mark_differing(page, holm.top, len(found))


def _mark_differing(page: Page, top: int, count: int) -> None:
    area = Area(top, 24, top + count - 1, WIDTH)
    page.marks.append(Mark(area=area, formula=f'=$X{top}="各组差异显著"', style=Style.WARN))


def _differ(page: Page, adjusted: str) -> str:
    limit = f"1-{page.at('confidence')}"
    return f'IF({adjusted}="","基数不足，不检验",IF({adjusted}<{limit},"各组差异显著","差异不显著"))'


def differ_words(one: Comparison, figures: Satisfaction) -> str:
    """What the test of a dimension says."""
    if isnan(one.adjusted):
        return "基数不足，不检验"
    return "各组差异显著" if one.adjusted < figures.significance else "差异不显著"


class _Statistic:
    """Kruskal and Wallis's test in the row that is written next, from the groups' table and the ranks."""

    def __init__(self, page: Page, one: Comparison) -> None:
        self._page, self._one = page, one
        self._held = bool(len(one.ranks))
        self._k = self._n = self._h = ""

    def _cell(self, column: int) -> str:
        return absolute(self._page.row, column)

    def groups(self, column: int) -> Content:
        """How many groups take part; stands in that column."""
        self._k = self._cell(column)
        sums = self._page.at(f"{self._one.name}.平方")
        return live(f"COUNT({sums})", len(self._one.compared)) if self._held else 0

    def sample(self, column: int) -> Content:
        """How many answers take part."""
        self._n = self._cell(column)
        ranks = self._page.at(f"本期.{self._one.name}.秩")
        return live(f"COUNT({ranks})", self._one.sample) if self._held else 0

    def h(self, column: int) -> Content:
        """The statistic."""
        self._h = self._cell(column)
        if not self._held:
            return None
        sums, ranks = self._page.at(f"{self._one.name}.平方"), self._page.at(f"本期.{self._one.name}.秩")
        between = f"SUM({sums})-{self._n}*(({self._n}+1)/2)^2"
        value = f"MAX(0,({self._n}-1)*({between})/DEVSQ({ranks}))"
        return live(f'IF({self._k}<2,"",IF(DEVSQ({ranks})=0,0,{value}))', self._one.h)

    def freedom(self) -> Content:
        """Degrees of freedom."""
        known = not isnan(self._one.h)
        return live(f'IF({self._k}<2,"",{self._k}-1)', len(self._one.compared) - 1 if known else nan)

    def p(self) -> Content:
        """The chance of such a difference."""
        if not self._held:
            return None
        return live(f'IF({self._h}="","",CHIDIST({self._h},{self._k}-1))', self._one.p)


def _tables(page: Page, figures: Satisfaction, places: Sequence[tuple[str, int]]) -> None:
    """Tables beside each other: dimension and first column of each."""
    top = page.row
    tables = [
        _Table(page, figures, figures.segments[name], column, 1 + 5 * at)
        for at, (name, column) in enumerate(places)
    ]
    for table in tables:
        page.row = top
        table.draw()
    page.row = max(table.bottom for table in tables) + 1


@dataclass
class _Table:
    """The groups of one dimension."""

    page: Page
    figures: Satisfaction
    one: Comparison
    column: int
    helper: int  #: first of its five hidden columns

    @property
    def bottom(self) -> int:
        return self._top + len(self.one.segments) - 1

    def draw(self) -> None:
        """Head and lines."""
        heads = zip(_SPANS, (self.one.name, *_HEADS), strict=True)
        self.page.head(heads, self.column)
        self._top = self.page.row
        _name_groups(self.page, self.one, self.column + 5, self.helper + 1)
        holm = Holm(
            page=self.page,
            top=self._top,
            chances=[segment.p for segment in self.one.segments],
            helper=self.helper + 2,
        )
        for at, segment in enumerate(self.one.segments):
            self._line(segment, holm, at)
        _mark_small(self.page, self.column, self._top, self.bottom)

    def _line(self, segment: Segment, holm: Holm, at: int) -> None:
        page, row, name = self.page, self.page.row, segment.name
        own, asked, n = (absolute(row, self.column + offset) for offset in (0, 4, 5))
        everyone = page.at(f"对象.{self.one.name}")
        plain = plain_criterion(name)
        group = _Group(page, self.figures, self.one, segment, (own, n))
        ranks = group.rank_sum(self.helper)
        adjusted = holm.line(at, group.chance(ranks))
        verdict = self._verdict(segment, ranks, n, adjusted)
        page.line(
            [
                (4, name, Style.BODY),
                (
                    1,
                    live(f"COUNTIF({everyone},{own})", segment.asked) if plain else segment.asked,
                    Style.INTEGER,
                ),
                (1, group.sample(), Style.INTEGER),
                (2, live(f'IF({asked}=0,"",{n}/{asked})', segment.sample / segment.asked), Style.PERCENT),
                (2, group.mean(), Style.DECIMAL),
                (2, group.share(), Style.PERCENT),
                (2, verdict, Style.CENTER),
            ],
            15.5,
            self.column,
        )

    def _verdict(self, segment: Segment, ranks: str, n: str, adjusted: Content) -> Content:
        page, all_ranks = self.page, self.page.at(f"本期.{self.one.name}.秩")
        overall, limit = page.at(f"检验.{self.one.name}"), f"1-{page.at('confidence')}"
        own = page.helper(self.helper + 10, adjusted)
        above = f"{ranks}/{n}>(COUNT({all_ranks})+1)/2"
        told = f'IF({above},"偏高","偏低")'
        formula = (
            f'IF(OR({own}="",{overall}=""),"—",IF(AND({overall}<{limit},{own}<{limit}),{told},"不显著"))'
        )
        return live(formula, rest_words(self.one, segment, self.figures))


def rest_words(one: Comparison, segment: Segment, figures: Satisfaction) -> str:
    """What the test of a group against all others says; only where the groups differ at all."""
    if isnan(segment.adjusted) or isnan(one.adjusted):
        return "—"
    if max(segment.adjusted, one.adjusted) >= figures.significance:
        return "不显著"
    return "偏高" if segment.rank_sum / segment.sample > (one.sample + 1) / 2 else "偏低"


def _name_groups(page: Page, one: Comparison, n: int, squares: int) -> None:
    last = page.row + len(one.segments) - 1
    page.name_area(f"{one.name}.有效", Area(page.row, n, last, n))
    column = page.last + squares
    page.name_area(f"{one.name}.平方", Area(page.row, column, last, column))


@dataclass(frozen=True)
class _Group:
    """A group's numbers as formulas over the answers; ``cells`` hold its name and its answers."""

    page: Page
    figures: Satisfaction
    one: Comparison
    segment: Segment
    cells: tuple[str, str]

    @property
    def _live(self) -> bool:
        return bool(self.figures.current) and plain_criterion(self.segment.name)

    def _area(self, name: str) -> str:
        return self.page.at(f"本期.{name}")

    def sample(self) -> Content:
        """Answers that count."""
        own, _ = self.cells
        count = f"COUNTIF({self._area(self.one.name)},{own})"
        return live(count, self.segment.sample) if self._live else self.segment.sample

    def mean(self) -> Content:
        """Mean index."""
        own, n = self.cells
        mean = f"AVERAGEIF({self._area(self.one.name)},{own},{self._area('指数')})"
        return live(f'IF({n}=0,"",{mean})', self.segment.mean) if self._live else None

    def share(self) -> Content:
        """满意率, a dash where too few answered."""
        if not self._live:
            return None
        own, n = self.cells
        segment = self.segment
        limit = f'">="&({self.page.at("param.满意率界限")}-0.000000001)'
        satisfied = f"COUNTIFS({self._area(self.one.name)},{own},{self._area('指数')},{limit})"
        value: float | str = segment.satisfied / segment.sample if segment.sample >= LEAST else "—"
        return live(f'IF({n}<{LEAST},"—",{satisfied}/{n})', value)

    def rank_sum(self, helper: int) -> str:
        """The sum of ranks and its square by the answers, in two hidden columns; the cell of the sum."""
        own, n = self.cells
        value = self.segment.rank_sum
        summed = f"SUMIF({self._area(self.one.name)},{own},{self._area(self.one.name + '.秩')})"
        formula = f'IF(OR({own}={quoted(UNKNOWN)},{n}<{LEAST}),"",{summed})'
        plain: Content = "" if isnan(value) else value
        ranks = self.page.helper(helper, live(formula, value) if self._live else plain)
        square = value * value / self.segment.sample if self.segment.compared else nan
        self.page.helper(helper + 1, live(f'IF({ranks}="","",{ranks}^2/{n})', square))
        return ranks

    def chance(self, ranks: str) -> str:
        """Formula of p against all others."""
        _, n = self.cells
        area = self._area(self.one.name + ".秩")
        total = f"COUNT({area})"
        variance = f"{n}*({total}-{n})/{total}*DEVSQ({area})/({total}-1)"
        z = f"ABS({ranks}-{n}*({total}+1)/2)/SQRT({variance})"
        return (
            f'IF({ranks}="","",IF({total}<={n},"",IF(DEVSQ({area})=0,1,2*(1-NORMSDIST({z})))))'
            if self.figures.current
            else '""'
        )


def _mark_small(page: Page, column: int, top: int, bottom: int) -> None:
    n, name = (absolute(top, at).replace(f"${top}", f"{top}") for at in (column + 5, column))
    page.marks.append(
        Mark(
            area=Area(top, column, bottom, column + sum(_SPANS) - 1),
            formula=f'=AND({name}<>"",{n}<{GREY})',
            style=Style.FADED,
        )
    )


# -- early and late answers ---------------------------------------------------------------------------


def waves_part(page: Page, figures: Satisfaction, context: Context) -> None:
    """Early answers against late ones: whether the silent may think otherwise."""
    if not figures.current:
        return
    one = figures.waves
    page.gap(6)
    page.text(
        f"早答与迟答：下发满 {int(context.number(LATE_AFTER))} 天（首次催收）以后、或催收以后才收回的为迟答。"
        "迟答者与始终不答者较接近，两者若有显著差别，未答者的意见多半也不同（未回收偏差）。"
        "用 Mann–Whitney 秩和检验（两组时即 Kruskal–Wallis 检验）。",
        Style.SMALL,
    )
    page.head([(7, "应答"), (3, "有效"), (4, "指数"), (4, "满意率"), (11, "")])
    _name_groups(page, one, 8, 2)
    cells = {segment.name: _wave(page, figures, segment) for segment in one.segments}
    _wave_test(page, figures, cells)


def _wave(page: Page, figures: Satisfaction, segment: Segment) -> str:
    """A line; gives the cell of its mean."""
    own, n = absolute(page.row, 1), absolute(page.row, 8)
    group = _Group(page, figures, figures.waves, segment, (own, n))
    group.rank_sum(1)
    mean = absolute(page.row, 11)
    page.line(
        [
            (7, segment.name, Style.BODY),
            (3, group.sample(), Style.INTEGER),
            (4, group.mean(), Style.DECIMAL),
            (4, group.share(), Style.PERCENT),
            (11, None, Style.BODY),
        ],
        18,
    )
    return mean


def _wave_test(page: Page, figures: Satisfaction, cells: dict[str, str]) -> None:
    one, statistic = figures.waves, _Statistic(page, figures.waves)
    k, n = statistic.groups(page.last + 3), statistic.sample(page.last + 4)
    page.helper(3, k)
    page.helper(4, n)
    page.helper(5, statistic.h(page.last + 5))
    early, late = cells.get(EARLY), cells.get(LATE)
    difference, p = absolute(page.row, 11), absolute(page.row, 17)
    gap = (
        live(f'IF(OR({early}="",{late}=""),"",{late}-{early})', late_less_early(one))
        if early and late
        else None
    )
    words = live(_wave_verdict(page, p, difference), wave_words(figures))
    page.line(
        [
            (10, "差（迟答 − 早答）", Style.STRONG),
            (4, gap, Style.DECIMAL),
            (2, "p 值", Style.CENTER),
            (2, statistic.p(), Style.CHANCE),
            (11, words, Style.STRONG),
        ]
    )


def late_less_early(one: Comparison) -> float:
    """How much more satisfied late answers are; NaN where there are none of either."""
    means = {segment.name: segment.mean for segment in one.segments}
    return means.get(LATE, nan) - means.get(EARLY, nan)


def _wave_verdict(page: Page, p: str, difference: str) -> str:
    limit = f"1-{page.at('confidence')}"
    told = f'IF({difference}<0,"迟答者显著较低，指数可能偏高","迟答者显著较高，指数可能偏低")'
    return f'IF({p}="","早答或迟答不足 {LEAST} 份，不检验",IF({p}<{limit},{told},"没有显著差别"))'


def wave_words(figures: Satisfaction) -> str:
    """The same words."""
    p = figures.waves.p
    if isnan(p):
        return f"早答或迟答不足 {LEAST} 份，不检验"
    if p >= figures.significance:
        return "没有显著差别"
    lower = late_less_early(figures.waves) < 0
    return "迟答者显著较低，指数可能偏高" if lower else "迟答者显著较高，指数可能偏低"
