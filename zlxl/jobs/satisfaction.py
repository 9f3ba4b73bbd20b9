"""Customer satisfaction of a period: its figures, its sheet, and requests opened for low scores (4.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from zlxl.changes import CellChange, RowAppended
from zlxl.decisions.decide import Asked, Decider, decider_of
from zlxl.decisions.opinions import TopicModel
from zlxl.edits import Edits
from zlxl.errors import UsageError
from zlxl.figures.grade import grades_of
from zlxl.figures.satisfaction import Satisfaction, Told, satisfaction
from zlxl.figures.satisfaction_comments import QUESTIONS, LowScore, Reader, Topics
from zlxl.figures.satisfaction_period import Period
from zlxl.grid import TableSource
from zlxl.jobs.classifying.edits import evidence_words
from zlxl.jobs.importing.target import Target
from zlxl.jobs.importing.values import TEXT_FORMAT, row_of
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.rules.rule import Book
from zlxl.schema.values import Value
from zlxl.sheet import Sheet
from zlxl.sheets.satisfaction import satisfaction_sheet
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.tables.clients import CLIENTS
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.incidents import INCIDENTS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.surveys import SURVEYS

LOOKED_UP: Final = (SURVEYS, CLIENTS, EVALUATIONS, INCIDENTS, CRITERIA)
LINK: Final = "request_no"  #: field of 满意度调查 that names the request a questionnaire became
#: of a request that a questionnaire became: 4.4.1 a), 4.4.2 a)
KIND, WAY, DEPARTMENT, STATE = "意见和建议", "满意度调查及评价表", "市场部", "待确认"


@dataclass(frozen=True, kw_only=True)
class Analysed:
    """A workbook and the figures of a period."""

    book: Book
    figures: Satisfaction
    requests: Edits = field(default_factory=Edits)  #: rows of 客户要求, and their numbers in 满意度调查
    remarks: tuple[str, ...] = ()  #: what the reader should know, in Chinese

    @property
    def opened(self) -> int:
        """How many requests are opened."""
        return len(self.requests.rows)

    def sheet(self, *, inside: bool) -> Sheet:
        """The sheet of the analysis; ``inside``: it goes into the workbook, so that formulas look there."""
        found = {table.name: tuple(self.book.of(table)) for table in LOOKED_UP} if inside else {}
        return satisfaction_sheet(self.figures, Sources(frames=found), self.book.context)

    def edits(self) -> Edits:
        """The sheet in the workbook, and the requests that are opened."""
        return replace(self.requests, sheets=(self.sheet(inside=True),))


def analyse(source: TableSource, period: Period, today: date, *, model: TopicModel | None = None) -> Analysed:
    """All figures of the period; comments are read as requests are, by the workbook's own policy.

    Raises:
        Unreadable: no sheet holds a known table. UsageError: none of them is 满意度调查.
    """
    book = read_book(source, Settings(today=today))
    if not book.of(SURVEYS):
        raise UsageError(f"「{source.path}」中没有“{SURVEYS.name}”，无法统计满意度。请给出客户服务数据库。")
    frames = {table.name: tuple(book.of(table)) for table in LOOKED_UP}
    decider = decider_of(book.frames, book.context, model=model)
    told = Told(
        tables=frames.__getitem__,
        frames=book.frames,
        context=book.context,
        read=_reader(decider),
        grades=grades_of(book).by_client(),
    )
    figures = satisfaction(told, period)
    unknown = (
        f"评价准则的题目“{item}”在“{SURVEYS.name}”中没有对应的列，未计入。"
        for item in figures.criteria.unknown
    )
    return Analysed(book=book, figures=figures, remarks=(*book.remarks, *unknown))


def _reader(decider: Decider) -> Reader:
    def read(texts: Sequence[str]) -> list[Topics]:
        decisions = decider.decide([Asked(text=text) for text in texts])
        return [
            Topics(topics=found.topics, why=evidence_words(found), escalates=found.escalates)
            for found in decisions
        ]

    return read


def with_requests(analysed: Analysed) -> Analysed:
    """The same with a request for every low score that has none yet; the figures know their numbers.

    Raises:
        UsageError: the workbook has no 客户要求, or no column for the number, which keeps it from a second.
    """
    frames = analysed.book.of(REQUESTS)
    numbering = Target(table=REQUESTS, frames=tuple(frames)).numbering() if frames else None
    if numbering is None:
        raise UsageError(f"数据库没有“{REQUESTS.name}”表，低分问卷无法转入。请用 zlxl new 的模板补上这张表。")
    figures, target = analysed.figures, Target(table=REQUESTS, frames=tuple(frames))
    numbers = figures.answers.requests.copy()
    cells: list[CellChange] = []
    rows: list[RowAppended] = []
    for low in figures.low_scores:
        if numbers[low.row] is not None:
            continue
        number = numbers[low.row] = numbering.next(figures.today)
        cells.append(_entered(figures, low, number))
        row = row_of(target, {"request_no": number, **_request(figures, low)})
        rows.append(replace(row, because=cells[-1]))
    answers = replace(figures.answers, requests=numbers)
    return replace(
        analysed,
        figures=replace(figures, answers=answers),
        requests=Edits(cells=tuple(cells), rows=tuple(rows)),
    )


def _entered(figures: Satisfaction, low: LowScore, number: str) -> CellChange:
    """The request's number in the questionnaire's row."""
    frame_number, position = figures.answers.places[low.row]
    frame = figures.answers.frames[frame_number]
    if LINK not in frame.cells:
        header = SURVEYS.columns[LINK].header
        raise UsageError(f"“{frame.sheet}”没有“{header}”一栏，转入后会重复。请先补上这一栏。")
    return CellChange(
        sheet=frame.sheet,
        row=int(frame.rows[position]),
        column=frame.cells[LINK].column,
        value=number,
        number_format=TEXT_FORMAT,
    )


def _request(figures: Satisfaction, low: LowScore) -> dict[str, Value]:
    answers = figures.answers
    returned = answers.returned[low.row].astype(object)
    values: dict[str, Value] = {
        "received_on": returned or figures.today,
        "contract_no": answers.contracts[low.row],
        "client": answers.clients[low.row],
        "contact": _text(answers.value(low.row, "filled_by")),
        "content_kind": KIND,
        "way": WAY,
        "from_department": DEPARTMENT,
        "text": "；".join(_told(figures, low)),
        "state": STATE,
    }
    return {name: value for name, value in values.items() if value is not None}


def _told(figures: Satisfaction, low: LowScore) -> Iterator[str]:
    """What the request says: the low items, the client's own words, the questionnaire."""
    answers = figures.answers
    yield f"满意度调查低分：{low.what}"
    for name, title in QUESTIONS[:2]:
        if text := _text(answers.value(low.row, name)):
            yield f"{title}：{text}"
    yield f"问卷 {answers.numbers[low.row] or '（无编号）'}"


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
