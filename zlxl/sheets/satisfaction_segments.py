"""The part about groups of clients: who answered, how satisfied, with small groups told apart."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from zlxl.figures.satisfaction import Satisfaction, Segment
from zlxl.grid import Area
from zlxl.sheet import Mark, Style
from zlxl.sheets.satisfaction_page import WIDTH, Page, live, plain_criterion
from zlxl.sheets.satisfaction_parts import a1_absolute

NO_PERCENT: Final = 10  #: answers below which no percentage is given
GREY: Final = 30  #: answers below which a group is greyed
_PAIRS: Final = (("体系", "对应审核"), ("省份", "专业大类"))
_RIGHT: Final = 16  #: first column of the right table
_SPANS: Final = (4, 2, 2, 2, 2, 2)


def segments_part(page: Page, figures: Satisfaction) -> None:
    """Two tables beside each other, twice."""
    page.section(
        "七　分组比较与覆盖",
        f"有效不足 {NO_PERCENT} 份的组不给百分比，不足 {GREY} 份的组以灰色斜体表示，只供参考，不作结论；"
        "有效率 = 有效 ÷ 调查对象（含应发未发）。",
    )
    for left, right in _PAIRS:
        top = page.row
        for name, column in ((left, 1), (right, _RIGHT)):
            heads = (name, "对象", "有效", "有效率", "指数", "满意率")
            page.head(zip(_SPANS, heads, strict=True), column, last=False)
        page.row += 1
        for one, other in zip_longest(figures.segments[left], figures.segments[right]):
            for name, segment, column in ((left, one, 1), (right, other, _RIGHT)):
                if segment is not None:
                    _segment(page, figures, name, segment, column)
            page.row += 1
        _mark_small(page, top + 1, page.row - 1)
        page.gap(8)


def _segment(page: Page, figures: Satisfaction, dimension: str, segment: Segment, column: int) -> None:
    name = f"{segment.name}类" if dimension == "专业大类" and segment.name.isdigit() else segment.name
    own, asked, n = (a1_absolute(page.row, column + at) for at in (0, 4, 6))
    everyone = page.at(f"对象.{dimension}")
    groups, index = page.at(f"本期.{dimension}"), page.at("本期.指数")
    held = bool(figures.current) and plain_criterion(name)
    asked_cell = live(f"COUNTIF({everyone},{own})", segment.asked) if plain_criterion(name) else segment.asked
    limit = f'">="&({page.at("param.满意率界限")}-0.000000001)'
    share: float | str = segment.satisfied / segment.sample if segment.sample >= NO_PERCENT else "—"
    satisfied = f"COUNTIFS({groups},{own},{index},{limit})"
    parts = [
        (4, name, Style.BODY),
        (2, asked_cell, Style.INTEGER),
        (2, live(f"COUNTIF({groups},{own})", segment.sample) if held else segment.sample, Style.INTEGER),
        (2, live(f'IF({asked}=0,"",{n}/{asked})', segment.sample / segment.asked), Style.PERCENT),
        (2, live(f'IF({n}=0,"",AVERAGEIF({groups},{own},{index}))', segment.mean), Style.DECIMAL)
        if held
        else (2, None, Style.DECIMAL),
        (2, live(f'IF({n}<{NO_PERCENT},"—",{satisfied}/{n})', share), Style.PERCENT)
        if held
        else (2, None, Style.PERCENT),
    ]
    page.line(parts, 15.5, column, last=False)


def _mark_small(page: Page, top: int, bottom: int) -> None:
    for column in (1, _RIGHT):
        n = a1_absolute(top, column + 6).replace(f"${top}", f"{top}")
        name = a1_absolute(top, column).replace(f"${top}", f"{top}")
        page.marks.append(
            Mark(
                area=Area(top, column, bottom, min(column + sum(_SPANS) - 1, WIDTH)),
                formula=f'=AND({name}<>"",{n}<{GREY})',
                style=Style.FADED,
            )
        )
