"""The analysis sheets on 首页: where each is, of which day, or how to make it; by formulas alone (4.2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.sheet import Cell, Formula, Style
from zlxl.sheets.names import TODAY

Cells = Iterator[tuple[tuple[int, int], Cell]]

NOT_YET: Final = "尚未生成"
NAME_COLUMN, TEXT_COLUMN = "N", "O"  #: hidden: the sheet's name, and what its first lines say
#: words before the day on which a sheet was reckoned, in its first lines
_DAY_WORDS: Final = ("算于 ", "截止 ", "截至 ")
_LINES: Final = ("A1", "B1", "C1", "D1", "E1", "F1", "G1", "H1", "A2", "B2")


@dataclass(frozen=True, kw_only=True)
class Name:
    """A sheet's name, which may depend on today: the formula, and its value on a day."""

    expression: str
    years_ago: int | None = None  #: of the year in it
    quarters_ago: int | None = None  #: of the quarter in it
    stem: str

    def on(self, day: date | None) -> str:
        """The name on a day; empty where that is not told."""
        if self.years_ago is None and self.quarters_ago is None:
            return self.stem
        if day is None:
            return ""
        if self.years_ago is not None:
            return f"{self.stem}{day.year - self.years_ago}"
        year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 - (self.quarters_ago or 0), 4)
        return f"{self.stem}{year}Q{quarter + 1}"


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A sheet that a command writes."""

    name: Name
    clause: str
    holds: str
    command: str
    day_at: str = ""  #: the cell of its day, where no text of its first lines says it


def _fixed(stem: str) -> Name:
    return Name(stem=stem, expression=f'="{stem}"')


def _of_year(stem: str, ago: int) -> Name:
    return Name(stem=stem, years_ago=ago, expression=f'="{stem}"&(YEAR({TODAY})-{ago})')


def _of_quarter(stem: str, ago: int) -> Name:
    day = f"EDATE({TODAY},-{3 * ago})"
    text = f'="{stem}"&YEAR({day})&"Q"&INT((MONTH({day})+2)/3)'
    return Name(stem=stem, quarters_ago=ago, expression=text)


_SATISFACTION: Final = "回收率、各题得分、指数与区间、分组、结论"
_INDEX: Final = "指数减重大事件扣分，年度满意度报主管副总"
ANALYSES: Final = (
    Analysis(name=_fixed("待办提醒"), clause="4.3", holds="逾期和将到期的事项", command="plan"),
    Analysis(name=_fixed("企业分级"), clause="4.2.3", holds="等级、得分、扣分、历次", command="grade"),
    Analysis(
        name=_of_quarter("满意度_", 1),
        clause="4.7.1",
        holds=_SATISFACTION,
        command="satisfaction --period 季度",
    ),
    Analysis(
        name=_of_quarter("满意度_", 2),
        clause="4.7.1",
        holds=_SATISFACTION,
        command="satisfaction --period 季度",
    ),
    Analysis(name=_of_year("满意度_", 0), clause="4.7.2", holds=_INDEX, command="satisfaction --period 年度"),
    Analysis(name=_of_year("满意度_", 1), clause="4.7.2", holds=_INDEX, command="satisfaction --period 年度"),
    *(
        Analysis(
            name=_of_year("年终汇总_", ago),
            clause="4.6",
            holds="要求、共性问题、需求与措施",
            command="yearend --period 年度",
            day_at="X2",
        )
        for ago in (0, 1)
    ),
    Analysis(
        name=_of_year("流程时效_", 0),
        clause="4.10.1",
        holds="各部门各环节用时",
        command="turnaround --period 年度",
    ),
    Analysis(
        name=_fixed("流程时效_在办"),
        clause="4.1.3",
        holds="在办申请还缺什么",
        command="turnaround --period 年度",
    ),
    Analysis(name=_fixed("获证客户名录"), clause="4.10.2", holds="可公开的名录和变化", command="directory"),
)


def lines(row: int, day: date | None) -> Cells:
    """A line an analysis, from a row on: link or name, clause, day, what it holds and how it is made."""
    for number, analysis in enumerate(ANALYSES):
        yield from _line(row + number, analysis, day)


def _line(row: int, analysis: Analysis, day: date | None) -> Cells:
    name, text = f"${NAME_COLUMN}{row}", f"${TEXT_COLUMN}{row}"
    shown = analysis.name.on(day)
    there = f"ISREF({_cell(name, 'A1')})"
    link = f'=IF({there},HYPERLINK("#\'"&{name}&"\'!A1",{name}),{name})'
    said = "&".join(f'{_cell(name, cell)}&" "' for cell in _LINES)
    if analysis.day_at:
        said += f'&"{_DAY_WORDS[0]}"&TEXT({_cell(name, analysis.day_at)},"yyyy-mm-dd")'
    yield (row, 2), Cell(content=Formula(text=link, value=shown), style=Style.LINK)
    yield (row, 4), Cell(content=analysis.clause, style=Style.MUTED)
    yield (row, 5), Cell(content=Formula(text=f"={_told(text)}", value=NOT_YET), style=Style.CENTER)
    made = f"{analysis.holds}；生成或更新：zlxl {analysis.command} --write"
    yield (row, 6), Cell(content=made, style=Style.MUTED)
    yield (row, 14), Cell(content=Formula(text=analysis.name.expression, value=shown), style=Style.BODY)
    yield (row, 15), Cell(content=Formula(text=f'=IF({there},{said},"")', value=""), style=Style.BODY)


def _cell(name: str, cell: str) -> str:
    """A cell of the sheet of that name; a reference only where there is such a sheet."""
    return f'INDIRECT("\'"&{name}&"\'!{cell}")'


def _told(text: str) -> str:
    """The day in a sheet's first lines, that it is there, or that it is not."""
    found = '"已生成"'
    for words in reversed(_DAY_WORDS):
        found = f'IFERROR(MID({text},SEARCH("{words}",{text})+{len(words)},10),{found})'
    return f'IF({text}="","{NOT_YET}",{found})'
