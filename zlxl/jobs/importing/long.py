"""Questionnaires listed one answer a row, turned into one questionnaire a row (4.7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from zlxl.grid import EMPTY_CELL, Cell, Grid, Kind, MemoryGrid, RawColumn, a1
from zlxl.schema.headers import HEADER_ROWS, field_of, normalised
from zlxl.tables.surveys import SURVEYS

#: headers of the question and of its answer, normalised
QUESTION: Final = frozenset(
    {"题目", "问题", "题干", "评价项目", "调查项目", "评价题目", "调查题目", "项目", "题目名称"}
)
ANSWER: Final = frozenset(
    {
        "回答",
        "答案",
        "评价",
        "得分",
        "评分",
        "分值",
        "等级",
        "评价等级",
        "评价结果",
        "满意度",
        "选项",
        "答案内容",
    }
)
WHOSE: Final = ("survey_no", "contract_no", "client")
LEAST: Final = 3  #: questions that must be known, lest a list of other things is taken for answers

Cells = Mapping[int, Cell]  #: of a row, by column


@dataclass(frozen=True, kw_only=True)
class Wide:
    """The questionnaires, and where each answer stands in the source."""

    grid: MemoryGrid
    places: Mapping[tuple[int, int], str]  #: A1 address by row and column of the grid


@dataclass(kw_only=True)
class _Record:
    """One questionnaire; it bears the number of its first row."""

    row: int
    cells: dict[int, Cell]
    answers: dict[str, tuple[Cell, int]] = field(default_factory=dict)  #: cell and row by question


@dataclass(frozen=True, kw_only=True)
class _Header:
    row: int
    texts: Mapping[int, str]
    question: int
    answer: int


def widened(grid: Grid) -> Wide | None:
    """The sheet with one questionnaire a row; None where it is no list of answers."""
    header = next(_headers(grid), None)
    if header is None:
        return None
    rows = _rows(grid, header)
    records = list(_records(header, rows))
    questions = list(dict.fromkeys(question for record in records for question in record.answers))
    known = {name for question in questions if (name := field_of(SURVEYS, question))}
    if len(known) < LEAST:
        return None
    return _wide(grid, header, records, questions)


def _headers(grid: Grid) -> Iterator[_Header]:
    for row, cells in grid.head(HEADER_ROWS).items():
        texts = {column: str(cell.value) for column, cell in cells.items() if cell.kind == Kind.TEXT}
        plain = {column: normalised(text) for column, text in texts.items()}
        question = [column for column, text in plain.items() if text in QUESTION]
        answer = [column for column, text in plain.items() if text in ANSWER]
        whose = [text for text in texts.values() if field_of(SURVEYS, text) in WHOSE]
        if len(question) == 1 and len(answer) == 1 and whose:
            yield _Header(row=row, texts=texts, question=question[0], answer=answer[0])


def _rows(grid: Grid, header: _Header) -> Iterator[tuple[int, Cells]]:
    block = grid.block(header.texts, header.row + 1)
    for at, row in enumerate(block.rows.tolist()):
        yield row, {column: _cell(grid, raw, at) for column, raw in block.columns.items()}


def _cell(grid: Grid, raw: RawColumn, at: int) -> Cell:
    kinds, data, styles = raw.kinds, raw.data, raw.styles
    kind = Kind(int(kinds[at])) if at < len(kinds) else Kind.EMPTY
    if kind == Kind.EMPTY:
        return EMPTY_CELL
    textual = kind in (Kind.TEXT, Kind.ISO_DATE, Kind.ERROR)
    value = grid.strings[int(data[at])] if textual else float(data[at])
    return Cell(kind, value, int(styles[at]))


def _records(header: _Header, rows: Iterator[tuple[int, Cells]]) -> Iterator[_Record]:
    """Rows that agree in all but question and answer; another answer to a question begins a new one."""
    open_: dict[tuple[object, ...], _Record] = {}
    for row, cells in rows:
        question, answer = cells[header.question], cells[header.answer]
        if question.kind != Kind.TEXT or not str(question.value).strip():
            continue
        own = {c: cell for c, cell in cells.items() if c not in (header.question, header.answer)}
        key = tuple(cell.value for _, cell in sorted(own.items()))
        record = open_.get(key)
        text = str(question.value).strip()
        told = record.answers.get(text) if record else None
        if record is None or (told is not None and told[0].value != answer.value):
            if record is not None:
                yield record
            record = open_[key] = _Record(row=row, cells=own)
        record.answers.setdefault(text, (answer, row))
    yield from open_.values()


def _wide(grid: Grid, header: _Header, records: list[_Record], questions: list[str]) -> Wide:
    first = max(header.texts) + 1
    columns = {question: first + at for at, question in enumerate(questions)}
    heads = {c: Cell(Kind.TEXT, text) for c, text in header.texts.items()}
    del heads[header.question], heads[header.answer]
    cells: dict[int, dict[int, Cell]] = {
        header.row: heads | {column: Cell(Kind.TEXT, question) for question, column in columns.items()}
    }
    places: dict[tuple[int, int], str] = {}
    for record in sorted(records, key=lambda record: record.row):
        answers = {columns[question]: cell for question, (cell, _) in record.answers.items()}
        cells[record.row] = record.cells | answers
        for question, (_, row) in record.answers.items():
            places[record.row, columns[question]] = a1(row, header.answer)
    made = MemoryGrid(
        sheet=grid.sheet,
        cells=cells,
        number_formats=grid.number_formats,
        typed=grid.typed,
        date1904=grid.date1904,
    )
    return Wide(grid=made, places=places)
