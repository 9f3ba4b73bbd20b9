"""The policy in force: lists and parameters of the shipped rows, overridden by the workbook's own sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from zlxl.schema.context import Choice, ChoiceList, Context
from zlxl.schema.frame import Frame
from zlxl.schema.table import Table
from zlxl.schema.values import Pending, Value, plain_number, shown
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.lists import LISTS
from zlxl.tables.parameters import PARAMETER_LIST, ParameterError, checked_number, checked_text
from zlxl.tables.timing import TIMING

_SEPARATORS = re.compile(r"[;；\n]+")
_EQUALS = re.compile(r"\s*[=＝]\s*")
LEVELS = "满意度等级"  #: list in 码表 and group in 评价准则
FIGURES = "满意度参数"  #: group in 评价准则 whose values are parameters
SCORE = "分值"  #: attribute of a level


@dataclass(frozen=True, kw_only=True)
class PolicyProblem:
    """A policy row that is not obeyed, and why; the shipped value holds instead."""

    sheet: str
    row: int  #: sheet row, 0 for a list as a whole
    text: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A context together with what of the policy sheets it could not obey."""

    context: Context
    problems: tuple[PolicyProblem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """A row of a policy table, shipped (row 0) or of the workbook; cells that could not be read are None."""

    sheet: str
    row: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str:
        """A cell as text, empty when it is."""
        return shown(self.values.get(name)).strip()

    def number(self, name: str) -> float | None:
        """A cell's number, None when it holds none."""
        value = self.values.get(name)
        return float(value) if isinstance(value, float | int) else None

    def day(self, name: str) -> date | None:
        """A cell's date, None when it holds none."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None


@cache
def shipped_context(today: date) -> Context:
    """The context of the shipped policy."""
    return policy_of((), today).context


def context_of(frames: Sequence[Frame], today: date, *, typed: bool = True) -> Context:
    """The context of the workbook whose policy sheets were read as these frames."""
    return policy_of(frames, today, typed=typed).context


def policy_of(frames: Sequence[Frame], today: date, *, typed: bool = True) -> Policy:
    """The context of a workbook, and what of its policy sheets was ignored."""
    problems: list[PolicyProblem] = []
    lists = _lists(shipped_rows(LISTS), problems) | _lists(workbook_rows(LISTS, frames), problems)
    parameters: dict[str, str] = {}
    for lines in (shipped_rows(LISTS), workbook_rows(LISTS, frames)):
        parameters |= _text_parameters(lines, problems)
    for lines in (shipped_rows(TIMING), workbook_rows(TIMING, frames)):
        parameters |= _numbers_in_force(lines, today, problems)
    for lines in (shipped_rows(CRITERIA), workbook_rows(CRITERIA, frames)):
        parameters |= _numbers_of(FIGURES, lines, problems)
        lists[LEVELS] = _scored(lists[LEVELS], _numbers_of(LEVELS, lines, problems))
    context = Context(today=today, lists=lists, parameters=parameters, typed=typed)
    return Policy(context=context, problems=tuple(problems))


def rows_in_force(table: Table, frames: Sequence[Frame] = ()) -> tuple[PolicyRow, ...]:
    """Enabled rows of a policy table: the workbook's own where it holds any, else the shipped ones."""
    return workbook_rows(table, frames) or shipped_rows(table)


@cache
def shipped_rows(table: Table) -> tuple[PolicyRow, ...]:
    """The enabled rows that a new workbook holds."""
    rows = (PolicyRow(sheet=table.name, row=0, values=dict(_values(row))) for row in table.shipped)
    return tuple(row for row in rows if row.text("enabled") != "否")


def _values(row: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    for name, value in row.items():
        if isinstance(value, str | float | date):
            yield name, value


def workbook_rows(table: Table, frames: Iterable[Frame]) -> tuple[PolicyRow, ...]:
    """The enabled rows of the workbook's own sheets of that table."""
    return tuple(
        row
        for frame in frames
        if frame.table.name == table.name
        for position in range(len(frame))
        if (row := _row(frame, position)).text("enabled") != "否"
    )


def _row(frame: Frame, position: int) -> PolicyRow:
    values = {name: _known(value) for name, value in frame.values(position).items()}
    return PolicyRow(sheet=frame.sheet, row=int(frame.rows[position]), values=values)


def _known(value: Value | Pending) -> Value:
    return None if isinstance(value, Pending) else value


def _lists(rows: Iterable[PolicyRow], problems: list[PolicyProblem]) -> dict[str, ChoiceList]:
    found: dict[str, dict[str, Choice]] = {}
    for row in rows:
        name, value = row.text("list_name"), row.text("value")
        if not name or not value:
            problems.append(_problem(row, "缺少列表或值，本行未采用"))
        elif name != PARAMETER_LIST:
            choices = found.setdefault(name, {})
            if value in choices:
                problems.append(_problem(row, f"列表“{name}”中“{value}”重复，只采用第一行"))
            choices.setdefault(value, _choice(row, value, problems))
    return {name: ChoiceList(name=name, choices=tuple(choices.values())) for name, choices in found.items()}


def _choice(row: PolicyRow, value: str, problems: list[PolicyProblem]) -> Choice:
    aliases = tuple(part for part in _parts(row.text("aliases")) if part != value)
    attributes = dict(_attributes(row, problems))
    return Choice(value=value, code=row.text("code"), aliases=aliases, attributes=attributes)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _attributes(row: PolicyRow, problems: list[PolicyProblem]) -> Iterator[tuple[str, str]]:
    for part in _parts(row.text("attributes")):
        pair = _EQUALS.split(part, maxsplit=1)
        if len(pair) != 2 or not all(pair):
            problems.append(_problem(row, f"属性“{part}”不是“键=值”，未采用"))
            continue
        try:
            yield pair[0], checked_text(pair[0], pair[1])
        except ParameterError as why:
            problems.append(_problem(row, f"属性“{part}”{why}，未采用"))


def _text_parameters(rows: Iterable[PolicyRow], problems: list[PolicyProblem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        if row.text("list_name") != PARAMETER_LIST:
            continue
        try:
            found[row.text("value")] = checked_text(row.text("value"), row.text("code"))
        except ParameterError as why:
            problems.append(_problem(row, f"参数“{row.text('value')}”{why}，沿用原值"))
    return found


def _numbers_in_force(
    rows: Iterable[PolicyRow], today: date, problems: list[PolicyProblem]
) -> dict[str, str]:
    """Numbers by name; of several rows of a name the one that began last and has not ended."""
    best: dict[str, date] = {}
    found: dict[str, str] = {}
    for row in rows:
        since, until = row.day("valid_from") or date.min, row.day("valid_until") or date.max
        if not since <= today <= until:
            continue
        number = _number(row, problems)
        for name in _names(row) if number is not None else ():
            if since >= best.get(name, date.min):
                best[name], found[name] = since, number or ""
    return found


def _names(row: PolicyRow) -> list[str]:
    """The name of a row's parameter: its item, or ``项目@体系`` for each system it is restricted to."""
    item, systems = row.text("item"), _parts(row.text("system"))
    return [f"{item}@{system}" for system in systems] or [item]


def _number(row: PolicyRow, problems: list[PolicyProblem]) -> str | None:
    try:
        return plain_number(checked_number(row.text("item"), row.number("value")))
    except ParameterError as why:
        problems.append(_problem(row, f"项目“{row.text('item')}”{why}，沿用原值"))
        return None


def _numbers_of(group: str, rows: Iterable[PolicyRow], problems: list[PolicyProblem]) -> dict[str, str]:
    """Values of a group of 评价准则 by item."""
    numbers = ((row, _number(row, problems)) for row in rows if row.text("group") == group)
    return {row.text("item"): number for row, number in numbers if number is not None}


def _scored(levels: ChoiceList, scores: Mapping[str, str]) -> ChoiceList:
    """The levels with their score as an attribute, so that both sheets say the same."""
    choices = tuple(
        replace(choice, attributes={**choice.attributes, SCORE: scores[choice.value]})
        if choice.value in scores
        else choice
        for choice in levels.choices
    )
    return ChoiceList(name=levels.name, choices=choices)


def _problem(row: PolicyRow, text: str) -> PolicyProblem:
    return PolicyProblem(sheet=row.sheet, row=row.row, text=text)
