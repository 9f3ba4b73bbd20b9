"""企业分级: every client's grade, reckoned by live formulas from 有效性评价 and 评价准则 (4.2.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from zlxl.figures.grade import Grades
from zlxl.figures.grade_criteria import (
    BANDS,
    DEDUCTIONS,
    FREQUENCIES,
    ITEMS,
    NUMBERS,
    UNGRADED,
    VETOES,
    visits_of,
)
from zlxl.grid import Area, column_letters
from zlxl.schema.frame import Frame
from zlxl.sheet import Axis, Cell, Chart, ChartKind, Formula, Mark, Sheet, Style, Workbook
from zlxl.sheets.grade_formulas import GRADES, Block
from zlxl.sheets.grade_rows import FIRST_ITEM, PRINTED, fields_of, rows_of
from zlxl.sheets.live import CriteriaCells
from zlxl.sheets.overview import (
    Cells,
    Overview,
    absolute,
    across,
    column_chart,
    heads,
    joined,
    over,
    run,
    second_line,
    slim_line,
    total,
)
from zlxl.sheets.report_table import table_sheet
from zlxl.sheets.report_words import cell_text
from zlxl.tables.evaluations import EVALUATIONS

HEAD_ROW: Final = 5  #: of the blocks above the list
_PARAMETER_AT, _BAND_AT, _VETO_AT, _CHART_AT = 6, 11, 14, 16
_TITLE_AT: Final = (2, 4)  # columns of title and hint
_HEADER: Final = 32.0  # points; narrow columns have headers of two lines
_CHART_ROWS: Final = 15
_LOOKS: Final = (Style.BAD, Style.WARN, Style.INFO, Style.GOOD)  # from the lowest grade up


def grades_sheet(
    grades: Grades, frames: Sequence[Frame] = (), *, live: bool = True, front: bool = True, file: str = ""
) -> Sheet:
    """The sheet of a workbook read as these frames.

    ``live`` has the formulas look into its tables, ``front`` links back to 首页, and ``file`` is where the
    rows stand when that is elsewhere.
    """
    page = _Page(grades=grades, frames=frames, live=live)
    fields = fields_of(grades.criteria)
    rows = list(rows_of(grades, frames, page.block, live=live, file=file))
    listed = table_sheet(GRADES, "", fields, rows, header_row=page.below, title="客户服务")
    above = Overview(
        cells=[*_title(grades, len(fields), front=front), *page.cells()],
        rows=(HEAD_ROW, page.below),
        printed=PRINTED,
        charts=(page.chart(),),
        merges=page.merges(),
        marks=_marks(grades, page.below + 1, page.below + max(len(rows), 1)),
        tab="3B8574",
    )
    return over(replace(listed, row_heights={**listed.row_heights, page.below: _HEADER}), above)


def grades_workbook(grades: Grades, frames: Sequence[Frame], file: str) -> Workbook:
    """The sheet as a workbook of its own: its formulas reckon from the points that it lists."""
    sheet = grades_sheet(grades, frames, live=False, front=False, file=file)
    return Workbook(sheets=(sheet,), active=GRADES)


def _title(grades: Grades, width: int, *, front: bool) -> Cells:
    hint = f"算于 {grades.today}，由公式从“有效性评价”和“评价准则”得出；新录评价后运行 zlxl grade --write。"
    told = (
        "等级只供安排回访和服务参考：不减少监督审核（间隔不超过 12 个月）和规定人日，不作标志对外宣传。",
        "企业等级取各体系最低。其它渠道信息只作参考，最多按准则调整，须有理由和批准人，且不超过否决上限。"
        "重复发生的先计入一般不符合。",
    )
    yield from slim_line(GRADES, hint, width, front=front, places=_TITLE_AT)
    yield from second_line(grades.today, told, _TITLE_AT)


def _marks(grades: Grades, first: int, last: int) -> Iterator[Mark]:
    known = grades.criteria.grades
    for number, grade in enumerate(known):
        style = _LOOKS[round(number * (len(_LOOKS) - 1) / max(len(known) - 1, 1))]
        for column in (4, 5):
            letters = column_letters(column)
            area = Area(first, column, last, column)
            yield Mark(area=area, formula=f'=${letters}{first}="{grade}"', style=style)


@dataclass(frozen=True)
class _Page:
    """What stands above the list: the distribution, and the criteria that the formulas use."""

    grades: Grades
    frames: Sequence[Frame]
    live: bool

    @property
    def _tall(self) -> int:
        criteria = self.grades.criteria
        blocks = (len(criteria.grades) + 2, len(NUMBERS), len(criteria.bands), len(criteria.vetoes))
        return max(_CHART_ROWS, *blocks)

    @property
    def below(self) -> int:
        """Header row of the list; the weights stand in the row above it."""
        return HEAD_ROW + self._tall + 3

    @property
    def block(self) -> Block:
        """Where the criteria stand."""
        criteria, first = self.grades.criteria, HEAD_ROW + 1
        last = self.below - 1
        item = FIRST_ITEM + len(criteria.items) - 1
        return Block(
            today="$B$2",
            numbers={name: absolute(first + n, _PARAMETER_AT + 3) for n, name in enumerate(NUMBERS)},
            grades=run(first, _BAND_AT, len(criteria.bands)),
            lows=run(first, _BAND_AT + 1, len(criteria.bands)),
            vetoes={veto: absolute(first + n, _VETO_AT + 1) for n, veto in enumerate(criteria.vetoes)},
            weights=f"${column_letters(FIRST_ITEM)}${last}:${column_letters(item)}${last}",
            shown_grades=run(first, 1, len(criteria.grades) + 1),
            visits=run(first, 4, len(criteria.grades) + 1),
        )

    @property
    def _cells(self) -> CriteriaCells:
        return CriteriaCells(self.frames if self.live else ())

    def cells(self) -> Cells:
        """The blocks."""
        yield from self._distribution()
        yield from self._parameters()
        yield from self._bands()
        yield from self._vetoes()
        yield from self._weights()

    def _distribution(self) -> Cells:
        counts, clients = self.grades.counts(), len(self.grades.companies)
        visits = visits_of(self.frames)
        yield from heads(HEAD_ROW, ["等级", "企业数", "占比", "每年回访"])
        shown = [*reversed(self.grades.criteria.grades), UNGRADED]
        sum_row = HEAD_ROW + len(shown) + 1
        for row, grade in enumerate(shown, HEAD_ROW + 1):
            text = f"=COUNTIFS({GRADES}[企业等级],$A{row},{GRADES}[企业首行],1)"
            share = Formula(
                text=f"=IF($B${sum_row}=0,0,B{row}/$B${sum_row})",
                value=counts[grade] / clients if clients else 0,
            )
            times = visits[grade].number("value") if grade in visits else None
            visit = None if times is None else self._cells.number(FREQUENCIES, grade, "value", times)
            content = [cell_text(grade), Formula(text=text, value=counts[grade]), share, visit]
            styles = [Style.CENTER, Style.INTEGER, Style.PERCENT, Style.INTEGER]
            yield from across(row, content, styles)
        content = ["合计", total(Area(HEAD_ROW + 1, 2, sum_row - 1, 2), clients), None, None]
        yield from across(sum_row, content, [Style.TOTAL, Style.TOTAL_NUMBER, Style.TOTAL, Style.TOTAL])

    def _parameters(self) -> Cells:
        yield from heads(HEAD_ROW, ["扣分与参数", None, None, "数值"], _PARAMETER_AT)
        for row, name in enumerate(NUMBERS, HEAD_ROW + 1):
            value = self._cells.number(DEDUCTIONS, name, "value", self.grades.criteria.numbers[name])
            styles = [Style.BODY, Style.BODY, Style.BODY, Style.NUMBER]
            yield from across(row, [name, None, None, value], styles, _PARAMETER_AT)

    def _bands(self) -> Cells:
        yield from heads(HEAD_ROW, ["等级", "下限"], _BAND_AT)
        for row, (least, grade) in enumerate(self.grades.criteria.bands, HEAD_ROW + 1):
            value = self._cells.number(BANDS, grade, "low", least)
            content = [cell_text(grade), value]
            yield from across(row, content, [Style.CENTER, Style.NUMBER], _BAND_AT)

    def _vetoes(self) -> Cells:
        yield from heads(HEAD_ROW, ["否决情形", "最高等级"], _VETO_AT)
        for row, (veto, grade) in enumerate(self.grades.criteria.vetoes.items(), HEAD_ROW + 1):
            value = self._cells.text(VETOES, veto, "result", grade)
            yield from across(row, [veto, value], [Style.BODY, Style.CENTER], _VETO_AT)

    def _weights(self) -> Cells:
        row = self.below - 1
        yield (row, FIRST_ITEM - 1), Cell(content="权重", style=Style.TOTAL)
        for column, (name, weight) in enumerate(self.grades.criteria.items.items(), FIRST_ITEM):
            header = EVALUATIONS.columns[name].header
            value = self._cells.number(ITEMS, header, "weight", weight)
            yield (row, column), Cell(content=value, style=Style.TOTAL_NUMBER)

    def merges(self) -> Iterator[Area]:
        """Names of parameters take several columns."""
        return joined(range(HEAD_ROW, HEAD_ROW + len(NUMBERS) + 1), _PARAMETER_AT, 3)

    def chart(self) -> Chart:
        """The distribution as columns."""
        drawn = Chart(
            kind=ChartKind.COLUMN,
            row=HEAD_ROW,
            column=_CHART_AT,
            title="企业等级分布",
            series=(),
            y=Axis(minimum=0, number_format="0", gridlines=True),
            width=275,
            height=300,
            legend=None,
            alt_text="各等级的企业数",
        )
        return column_chart(drawn, GRADES, (HEAD_ROW, 2), 1, len(self.grades.criteria.grades) + 1)
