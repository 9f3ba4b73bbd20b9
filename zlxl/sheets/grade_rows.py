"""The list of 企业分级: one row a client and system, each figure a formula over the ones before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from zlxl.figures.due import Line
from zlxl.figures.grade import Company, Evaluated, Grades, Standing, change_of, history_of
from zlxl.figures.grade_criteria import SUSPENDED, UNGRADED, Criteria, field_of, visits_of
from zlxl.schema.frame import Frame
from zlxl.sheet import Content, Formula, Style
from zlxl.sheets.grade_formulas import COUNTS, GRADES, OWN, Block, Formulas, header
from zlxl.sheets.links import cell_link
from zlxl.sheets.live import PATTERNS, looked_up, place_in_table, reference
from zlxl.sheets.report_table import Field
from zlxl.sheets.report_words import cell_text
from zlxl.tables.clients import CLIENTS
from zlxl.tables.evaluations import EVALUATIONS

LINE: Final = "评价表行"  #: header of the row's number within 有效性评价
FIRST_ITEM: Final = 21  #: column of the first item
_HEAD: Final = (
    Field(header="企业名称", width=28, style=Style.NOTE),
    Field(header="体系", width=10, style=Style.CENTER),
    Field(header="合同编号", width=18, style=Style.CODE),
    Field(header="企业等级", width=8, style=Style.CENTER),
    Field(header="体系等级", width=8, style=Style.CENTER),
    Field(header="总分", width=8, style=Style.DECIMAL),
    Field(header="题目得分", width=8, style=Style.DECIMAL),
    Field(header="扣分", width=8, style=Style.DECIMAL),
    Field(header="分数等级", width=8, style=Style.CENTER),
    Field(header="否决上限", width=8, style=Style.CENTER),
    Field(header="调整级数", width=8, style=Style.INTEGER),
    Field(header="上次等级", width=8, style=Style.CENTER),
    Field(header="总分变化", width=8, style=Style.DECIMAL),
    Field(header="主要变化", width=32, style=Style.NOTE),
    Field(header="审核日期", width=12, style=Style.DATE),
    Field(header="每年回访", width=8, style=Style.INTEGER),
    Field(header="说明", width=32, style=Style.NOTE),
    Field(header="评价编号", width=15, style=Style.LINK_CENTER),
    Field(header="上次总分", width=9, style=Style.DECIMAL),
    Field(header="历次", width=34, style=Style.NOTE),
)
PRINTED: Final = 17  #: columns that are printed
_SIGNS: Final = PATTERNS | set("<>=")
_LONGEST: Final = 100  #: characters of a number that a formula holds
_FLAG: Final = 8.5
_CAPTION: Final = 10.0
_MORE: Final = ("adjustment", "adjustment_reason", "approver")


def fields_of(criteria: Criteria) -> list[Field]:
    """The columns: results first, then what they were reckoned from."""
    items = [Field(header=header(name), width=_CAPTION, style=Style.NUMBER) for name in criteria.items]
    counts = [Field(header=header(name), width=_FLAG, style=Style.INTEGER) for name in COUNTS]
    flags = [Field(header=header(name), width=_FLAG, style=Style.CENTER) for name in _flags(criteria)]
    more = [Field(header=header(name), width=_CAPTION) for name in _MORE]
    return [
        *_HEAD,
        *items,
        *counts,
        Field(header=header("major_closed"), width=_FLAG, style=Style.CENTER),
        *flags,
        Field(header=SUSPENDED, width=_FLAG, style=Style.CENTER),
        *more,
        Field(header="企业序号", width=_FLAG, style=Style.INTEGER),
        Field(header="企业首行", width=_FLAG, style=Style.INTEGER),
        Field(header=LINE, width=_FLAG, style=Style.INTEGER),
    ]


def _flags(criteria: Criteria) -> list[str]:
    return [name for veto in criteria.vetoes if (name := field_of(veto)) is not None]


def rows_of(
    grades: Grades, frames: Sequence[Frame], block: Block, *, live: bool, file: str
) -> Iterator[list[Content]]:
    """One row a client and system, systems without an evaluation last."""
    rows = _Rows(grades, frames, block, live=live, file=file)
    for number, company in enumerate(grades.companies, 1):
        yield from rows.of(company, number)


class _Rows:
    def __init__(
        self, grades: Grades, frames: Sequence[Frame], block: Block, *, live: bool, file: str
    ) -> None:
        self._grades, self._block, self._live, self._file = grades, block, live, file
        self._criteria = grades.criteria
        self._formulas = Formulas(criteria=grades.criteria, block=block)
        self._headers = [field.header for field in fields_of(grades.criteria)]
        self._visits = visits_of(frames)
        evaluations = [frame for frame in frames if frame.table is EVALUATIONS]
        self._numbers = Counter(
            Line(frame=frame, position=position).text("evaluation_no").casefold()
            for frame in evaluations
            for position in range(len(frame))
        )
        ledgers = [frame for frame in frames if frame.table is CLIENTS]
        self._ledger = ledgers[0] if len(ledgers) == 1 else None
        self._suspended = Counter(_suspended(self._ledger)) if self._ledger else Counter[tuple[str, str]]()

    def of(self, company: Company, number: int) -> Iterator[list[Content]]:
        """The rows of one client."""
        systems = [(standing.system, standing) for standing in company.standings]
        empty = [(system, None) for system in company.unevaluated]
        rows: list[tuple[str, Standing | None]] = [*systems, *empty]
        for place, (system, standing) in enumerate(rows or [("", None)]):
            cells = {
                "企业名称": cell_text(company.client),
                "体系": cell_text(system),
                "企业等级": self._company(company),
                "每年回访": self._visit(company),
                "企业序号": number,
                "企业首行": 1 if place == 0 else 0,
                **(self._evaluated(standing) if standing else {"体系等级": UNGRADED, "说明": "尚无评价表"}),
            }
            yield [cells.get(header) for header in self._headers]

    def _company(self, company: Company) -> Formula:
        """The lowest grade that one of the client's rows has."""
        text = f'"{UNGRADED}"'
        for grade in reversed(self._criteria.grades):
            tests = f'{GRADES}[企业序号],{OWN}[企业序号]],{GRADES}[体系等级],"{grade}"'
            text = f'IF(COUNTIFS({tests})>0,"{grade}",{text})'
        return Formula(text=f"={text}", value=company.grade)

    def _visit(self, company: Company) -> Formula:
        row = self._visits.get(company.grade)
        times = row.number("value") if row else None
        place = f"MATCH({OWN}[企业等级]],{self._block.shown_grades},0)"
        found = f"INDEX({self._block.visits},{place})"
        text = f'=IFERROR(IF(ISNUMBER({found}),{found},""),"")'
        return Formula(text=text, value="" if times is None else times)

    def _evaluated(self, standing: Standing) -> dict[str, Content]:
        last, line = standing.last, standing.last.line
        before = standing.before
        told = [f"否决：{'、'.join(last.vetoes)}"] if last.vetoes else []
        return {
            **self._inputs(standing),
            **self._results(last),
            "合同编号": cell_text(line.text("contract_no")),
            "上次等级": before.grade if before else None,
            "上次总分": before.total if before else None,
            "总分变化": self._change(last, before),
            "主要变化": cell_text(change_of(standing)),
            "审核日期": last.audited_on,
            "评价编号": self._linked(line),
            "说明": cell_text("；".join([*told, *last.remarks])),
            "历次": cell_text(history_of(standing)),
        }

    def _linked(self, line: Line) -> Content:
        """The number of the form, linked to it; the place alone where no formula can hold it."""
        link = cell_link(line.frame.sheet, line.address("evaluation_no"), self._file)
        number = line.text("evaluation_no")
        if (
            not isinstance(link, Formula)
            or not number
            or len(number) > _LONGEST
            or cell_text(number) != number
        ):
            return link
        target, shown = link.text.partition('","')[0], number.replace('"', '""')
        return Formula(text=f'{target}","{shown}")', value=number)

    def _inputs(self, standing: Standing) -> dict[str, Content]:
        """The form's own cells."""
        line = standing.last.line
        cells: dict[str, Content] = {LINE: self._place(line)}
        for name, points in standing.last.scores.items():
            cells[header(name)] = self._cell(line, name, points)
        for name in COUNTS:
            cells[header(name)] = self._cell(line, name, line.number(name))
        for name in ("major_closed", *_flags(self._criteria), *_MORE):
            cells[header(name)] = self._cell(line, name, line.text(name) or None)
        cells[SUSPENDED] = self._is_suspended(standing)
        return cells

    def _place(self, line: Line) -> Content:
        place, number = place_in_table(line), line.text("evaluation_no")
        numbers = reference(line.frame, "evaluation_no") if self._live else None
        known = _stored(line, "evaluation_no") == number and self._numbers[number.casefold()] == 1
        if numbers is None or not known or not _sayable(number) or set(number) & (PATTERNS | {'"'}):
            return place
        return Formula(text=f'=MATCH("{number}",{numbers},0)', value=place)

    def _cell(self, line: Line, name: str, value: float | str | None) -> Content:
        shown = cell_text(value) if isinstance(value, str) else value
        return looked_up(line, name, f"{OWN}[{LINE}]]", shown) if self._live else shown

    def _is_suspended(self, standing: Standing) -> Content:
        value = "是" if standing.suspended else "否"
        if not self._live or self._ledger is None:
            return value
        names = ("client", "system", "status")
        refs = [reference(self._ledger, name) for name in names]
        texts = (standing.client, standing.system)
        found = self._suspended[texts[0].casefold(), texts[1].casefold()] > 0
        plain = all(texts) and not set("".join(texts)) & (PATTERNS | set("<>="))
        if (
            not plain
            or found != standing.suspended
            or None in refs
            or cell_text(standing.client) != standing.client
        ):
            return value
        tests = f'{refs[0]},{OWN}[企业名称]],{refs[1]},{OWN}[体系]],{refs[2]},"暂停"'
        return Formula(text=f'=IF(COUNTIFS({tests})>0,"是","否")', value=value)

    def _results(self, last: Evaluated) -> dict[str, Content]:
        criteria = self._criteria
        top = min((criteria.rank(criteria.vetoes[v]) for v in last.vetoes), default=len(criteria.grades) - 1)
        return {
            "题目得分": Formula(text=self._formulas.score(), value="" if last.score is None else last.score),
            "扣分": Formula(text=self._formulas.deduction(), value=last.deduction),
            "总分": Formula(
                text=f'=IF({OWN}[题目得分]]="","",MAX(0,ROUND({OWN}[题目得分]]-{OWN}[扣分]],2)))',
                value="" if last.total is None else last.total,
            ),
            "分数等级": Formula(text=self._formulas.band(), value=last.band),
            "否决上限": Formula(text=self._formulas.top(), value=criteria.grades[top]),
            "调整级数": Formula(text=self._formulas.steps(), value=last.steps),
            "体系等级": Formula(text=self._formulas.grade(), value=last.grade),
        }

    def _change(self, last: Evaluated, before: Evaluated | None) -> Formula:
        text = f'=IF(OR({OWN}[总分]]="",{OWN}[上次总分]]=""),"",ROUND({OWN}[总分]]-{OWN}[上次总分]],2))'
        known = before is not None and before.total is not None and last.total is not None
        value = round((last.total or 0.0) - (before.total or 0.0), 2) if known and before else ""
        return Formula(text=text, value=value)


def _stored(line: Line, name: str) -> object:
    cells = line.frame.cells.get(name)
    return None if cells is None else cells.raw(line.position)


def _sayable(number: str) -> bool:
    """Whether a formula can hold the number of a form."""
    return 0 < len(number) <= _LONGEST and number.isprintable() and cell_text(number) == number


def _suspended(ledger: Frame) -> Iterator[tuple[str, str]]:
    """Client and system of suspended rows as the ledger spells them, in the case that criteria overlook."""
    for position in range(len(ledger)):
        line = Line(frame=ledger, position=position)
        told = [str(_stored(line, name) or "") for name in ("client", "system", "status")]
        if told[2] == "暂停":
            yield told[0].casefold(), told[1].casefold()
