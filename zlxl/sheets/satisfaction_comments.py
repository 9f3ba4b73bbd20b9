"""What clients wrote: the topics with their numbers and a chart, and every comment under its topics."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from zlxl.figures.satisfaction import Satisfaction
from zlxl.figures.satisfaction_comments import QUESTIONS, TO_A_PERSON, Comment, Theme, themes
from zlxl.grid import Area
from zlxl.sheet import Axis, Chart, ChartKind, Content, Link, Series, Style, sheet_link
from zlxl.sheets.overview import absolute, run
from zlxl.sheets.report_words import cell_text
from zlxl.sheets.satisfaction_follow import survey_link
from zlxl.sheets.satisfaction_page import (
    PIXELS_A_COLUMN,
    WIDTH,
    Page,
    Part,
    breadth,
    live,
    plain_criterion,
    quoted,
)

DRAWN: Final = 15  #: topics in the chart
_TOPIC, _COUNT, _SUM, _SHARE, _TYPICAL = 6, 3, 2, 3, 6  # columns that each takes
_SUM_AT: Final = 1 + _TOPIC + _COUNT * len(QUESTIONS)
_SHARE_AT: Final = _SUM_AT + _SUM
_TITLES: Final = dict(QUESTIONS)


def comments_part(page: Page, figures: Satisfaction) -> None:
    """Topics with their numbers, most frequent first, as table and chart."""
    number = len(figures.comments)
    page.section(
        f"十一　客户意见（{number} 条）",
        "主题由客户要求的判定程序（要求词库、权限表）得出，与 zlxl classify 相同；一条意见可含几个主题，"
        f"分别计数；没有把握的列为“{TO_A_PERSON}”。填“无”的不计。点主题到附录三的原文。",
    )
    found = themes(figures.comments)
    if not found:
        page.line([(WIDTH, "本期问卷没有填写意见。", Style.MUTED)])
        return
    heads = [(_TOPIC, "主题"), *((_COUNT, title) for _, title in QUESTIONS), (_SUM, "合计")]
    page.head([*heads, (_SHARE, "占不满意\n和建议"), (_SHARE, "累计占比"), (_TYPICAL, "例")])
    top, total = page.row, sum(theme.wanting for theme in found)
    for theme, so_far in zip(found, accumulate(theme.wanting for theme in found), strict=True):
        _theme(page, theme, (top, top + len(found) - 1), (total, so_far))
    _total(page, found, top, number)
    page.gap(4)
    page.chart(_pareto(page, top, min(DRAWN, len(found))))


def _theme(page: Page, theme: Theme, rows: tuple[int, int], sums: tuple[int, int]) -> None:
    row, (first, last), (total, so_far) = page.row, rows, sums
    counts = [_count(page, theme, field) for field, _ in QUESTIONS]
    own = f"{absolute(row, 1 + _TOPIC)}:{absolute(row, _SUM_AT - 1)}"
    left, right = 1 + _TOPIC, _SUM_AT - _COUNT - 1  # dissatisfaction and wishes
    everything = f"SUM({absolute(first, left)}:{absolute(last, right)})"
    until = f"SUM({absolute(first, left)}:{absolute(row, right)})"
    wanting = f"SUM({absolute(row, left)}:{absolute(row, right)})"
    link = Link(
        target=sheet_link(page.sheet, page.at(f"主题.{theme.name}").replace("$", "")),
        text=cell_text(theme.name) or TO_A_PERSON,
        tip="到附录三的原文",
    )
    page.line(
        [
            (_TOPIC, link, Style.LINK),
            *((_COUNT, count, Style.INTEGER) for count in counts),
            (_SUM, live(f"SUM({own})", len(theme.comments)), Style.INTEGER),
            (_SHARE, _of(wanting, everything, theme.wanting, total), Style.PERCENT),
            (_SHARE, _of(until, everything, so_far, total), Style.PERCENT),
            (_TYPICAL, cell_text(theme.typical), Style.NOTE),
        ],
        _height(theme.typical, _TYPICAL),
    )


def _of(part: str, whole: str, number: int, total: int) -> Content:
    return live(f"IF({whole}=0,0,{part}/{whole})", number / total if total else 0.0)


def _count(page: Page, theme: Theme, field: str) -> Content:
    count = theme.count(field)
    if not plain_criterion(theme.name):
        return count
    topics, questions = page.at("意见.主题"), page.at("意见.题目")
    name = absolute(page.row, 1)
    return live(f"COUNTIFS({topics},{name},{questions},{quoted(_TITLES[field])})", count)


def _total(page: Page, found: Sequence[Theme], top: int, number: int) -> None:
    """Mentions by question, and how many comments they come from."""
    parts: list[Part] = [(_TOPIC, "合计（主题次数）", Style.TOTAL)]
    for at, (field, _) in enumerate(QUESTIONS):
        cells = run(top, 1 + _TOPIC + _COUNT * at, len(found))
        total = sum(theme.count(field) for theme in found)
        parts.append((_COUNT, live(f"SUM({cells})", total), Style.TOTAL_NUMBER))
    mentions = sum(len(theme.comments) for theme in found)
    parts.append((_SUM, live(f"SUM({run(top, _SUM_AT, len(found))})", mentions), Style.TOTAL_NUMBER))
    comments = live(f"SUM({page.at('意见.首项')})", number)
    page.line([*parts, (2 * _SHARE, "意见条数", Style.TOTAL), (_TYPICAL, comments, Style.TOTAL_NUMBER)])


def _pareto(page: Page, top: int, count: int) -> Chart:
    def cells(column: int) -> str:
        return f"='{page.sheet}'!{run(top, column, count)}"

    share = Series(name="占比", values=cells(_SHARE_AT), categories=cells(1), labels=True, label_format="0%")
    so_far = Series(name="累计占比", values=cells(_SHARE_AT + _SHARE), categories=cells(1), colour="B5456A")
    return Chart(
        kind=ChartKind.COLUMN,
        row=page.row,
        column=1,
        series=(share,),
        title="不满意之处和建议的主题（占比与累计占比）",
        y=Axis(minimum=0, maximum=1, gridlines=True, number_format="0%"),
        width=WIDTH * PIXELS_A_COLUMN - 10,
        height=300,
        overlay=Chart(kind=ChartKind.LINE, row=page.row, column=1, series=(so_far,)),
        alt_text="各主题的意见占比和累计占比",
    )


def comments_list(page: Page, figures: Satisfaction) -> None:
    """附录三: every comment under each of its topics, linked to its cell."""
    found = themes(figures.comments)
    if not found:
        return
    page.section(
        f"附录三　客户意见明细（{len(figures.comments)} 条）",
        "按主题排列，一条意见含几个主题的在每个主题下各列一次；点问卷编号到原文所在单元格。"
        "投诉、申诉和廉洁一律上报，由人确认。",
    )
    page.head([(5, "主题"), (3, "题目"), (3, "问卷编号"), (10, "原文"), (7, "判定依据"), (1, "上报")])
    top = page.row
    for theme in found:
        page.name(f"主题.{theme.name}", 1)
        for comment in theme.comments:
            _comment(page, figures, theme, comment)
    bottom = page.row - 1
    page.name_area("意见.主题", Area(top, 1, bottom, 1))
    page.name_area("意见.题目", Area(top, 6, bottom, 6))
    page.name_area("意见.首项", Area(top, page.last + 1, bottom, page.last + 1))


def _comment(page: Page, figures: Satisfaction, theme: Theme, comment: Comment) -> None:
    page.helper(1, 1 if comment.topics[0] == theme.name else 0)
    grave = comment.read.escalates
    page.line(
        [
            (5, cell_text(theme.name), Style.MUTED),
            (3, _TITLES[comment.field], Style.CENTER),
            (3, survey_link(page, figures, comment.row, comment.field), Style.LINK),
            (10, cell_text(comment.text), Style.NOTE),
            (7, cell_text(comment.read.why), Style.NOTE),
            (1, "是" if grave else "", Style.BAD if grave else Style.CENTER),
        ],
        max(_height(comment.text, 10), _height(comment.read.why, 7)),
    )


def _height(text: str, span: int) -> float:
    """Points that a text needs in so many columns."""
    return min(400, max(18, 15 * -(-breadth(text) // (span * 5))))
