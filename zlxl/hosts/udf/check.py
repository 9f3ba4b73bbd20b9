"""ZL_CHECK, ZL_SUGGEST_FIX, ZL_CHECK_USCC: cells and rows held against the types and facts of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from zlxl.findings import Fix
from zlxl.grid import GENERAL
from zlxl.hosts.functions import BAD_ARGUMENT, NO_ANSWER
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import BadArgumentError, NoAnswerError, Rows, each, rows_of, single, word
from zlxl.rules.catalog import RULE
from zlxl.rules.rule import facts_of
from zlxl.schema.facts import Values
from zlxl.schema.frame import Verdict
from zlxl.schema.headers import field_of
from zlxl.schema.read import judge_distinct
from zlxl.schema.table import Table
from zlxl.schema.values import NOT_JUDGED, ErrorValue, StoredNumber, shown
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS

_BY_NAME: Final = {table.name: table for table in TABLES}
_ROUNDS: Final = 5  # a mended value may need mending again


class Judged(NamedTuple):
    """What was found of a value."""

    meaning: Any
    words: str = ""  #: empty where nothing is held against it
    fix: Fix | None = None


def check(policy: Policy, value: object, column: object, table: object = None) -> Rows:
    """What is held against each cell, empty where nothing is; under a row of headers also between cells.

    Raises:
        BadArgumentError: no such column or table, or another number of headers than columns.
    """
    rows, fields, declared = _columns(value, column, table)
    if len(fields) == 1:
        return _one_column(policy, rows, declared, fields[0])
    known = [
        _judged(policy, declared, name, cells) for name, cells in zip(fields, _turned(rows), strict=True)
    ]
    return [
        _row(
            policy, declared, fields, row, [found[_key(cell)] for found, cell in zip(known, row, strict=True)]
        )
        for row in rows
    ]


def suggest_fix(
    policy: Policy, value: object, column: object, table: object = None, safe_only: object = None
) -> Rows:
    """Each value as it should be written: itself, mended, or #N/A where nobody knows how.

    Raises:
        BadArgumentError: as ``check``, or ``safe_only`` is neither TRUE nor FALSE.
    """
    rows, fields, declared = _columns(value, column, table)
    safe = single(safe_only)
    if safe not in (None, "", True, False, 1.0, 0.0):
        raise BadArgumentError
    names = fields if len(fields) > 1 else fields * len(rows[0])
    known = [
        _mended(policy, declared, *one, safe=bool(safe)) for one in zip(names, _turned(rows), strict=True)
    ]
    return [[mended[_key(cell)] for mended, cell in zip(known, row, strict=True)] for row in rows]


def check_uscc(policy: Policy, code: object) -> Rows:
    """Whether each code is a right one, as it stands."""

    cells = [cell for row in rows_of(code) for cell in row]
    known = _judged(policy, CLIENTS, "uscc", cells)

    def right(cell: object) -> bool:
        if cell is None or cell == "":
            raise NoAnswerError
        found = known[_key(cell)]
        return not found.words and found.meaning is not None

    return each(right, code)


# --- arguments ----------------------------------------------------------------------------------------------


def _columns(value: object, column: object, table: object) -> tuple[Rows, list[str], Table]:
    """The rows, the field of each of their columns (one for all), and their table."""
    name = word(table, CLIENTS.name)
    if name not in _BY_NAME:
        raise BadArgumentError
    rows = rows_of(value)
    headers = [column] if isinstance(column, str) else [cell for row in rows_of(column) for cell in row]
    if len(headers) not in (1, len(rows[0])):
        raise BadArgumentError
    return rows, _fields(_BY_NAME[name], headers), _BY_NAME[name]


def _fields(table: Table, headers: Sequence[object]) -> list[str]:
    """The field of each header; "" for the user's own columns beside others and for a second of a field."""
    found = [_known_field(table, header) if isinstance(header, str) else None for header in headers]
    if not any(found) or type(headers[0]) is ErrorValue:
        raise BadArgumentError
    return [name if name and name not in found[:at] else "" for at, name in enumerate(found)]


@cache
def _known_field(table: Table, header: str) -> str | None:
    return field_of(table, header)


def _turned(rows: Rows) -> list[list[Any]]:
    return [list(cells) for cells in zip(*rows, strict=True)]


# --- cells --------------------------------------------------------------------------------------------------


def _one_column(policy: Policy, rows: Rows, table: Table, name: str) -> Rows:
    """The words of every cell; texts, which most cells are, are looked up without a detour."""
    known = policy.answers((table.name, name))
    try:
        return [[known[cell if type(cell) is str else _key(cell)].words for cell in row] for row in rows]
    except KeyError:
        known = _judged(policy, table, name, [cell for row in rows for cell in row])
        return [[known[_key(cell)].words for cell in row] for row in rows]


def _key(cell: object) -> object:
    return cell if type(cell) is str else (type(cell), cell)


def _judged(policy: Policy, table: Table, name: str, cells: Sequence[object]) -> dict[Any, Judged]:
    """What was found of values of a field, by their key."""
    if not name:
        return defaultdict(lambda: Judged(None))
    known = policy.answers((table.name, name))
    keyed = zip((cell if type(cell) is str else (type(cell), cell) for cell in cells), cells, strict=True)
    new = {key: cell for key, cell in keyed if key not in known}
    if new:
        raws = [StoredNumber(c, GENERAL) if type(c) is float else c for c in new.values()]
        values, verdicts = judge_distinct(table, name, raws, policy.context)
        known.update(zip(new, map(Judged, values), strict=True))
        keys = list(new)
        for at, verdict in verdicts.items():
            known[keys[at]] = _guilty(table, name, raws[at], values[at], verdict)
    return known


def _guilty(table: Table, name: str, raw: object, meaning: object, verdict: Verdict) -> Judged:
    words = _words(table, name, verdict.code, verdict.facts, shown(raw))
    return Judged(meaning, words, verdict.fix)


def _words(table: Table, name: str, code: str, facts: Mapping[str, object], value: str) -> str:
    """Code, what is wrong and what to do, as the report words it."""
    rule, header = RULE[code], table.columns[name].header
    told = facts_of(facts, value=value, header=header, key="", table=table.name)
    return f"{code} {rule.message.format_map(told)}{rule.suggestion.format_map(told)}"


# --- rows ---------------------------------------------------------------------------------------------------


def _row(
    policy: Policy, table: Table, fields: Sequence[str], row: Sequence[object], found: Sequence[Judged]
) -> list[str]:
    """The words of a row's cells, those of the facts between them behind; of an empty row none."""
    if all(cell is None or cell == "" for cell in row):
        return [""] * len(row)
    words = [[one.words] if one.words else [] for one in found]
    values: Values = dict.fromkeys(table.model.model_fields, NOT_JUDGED) | {
        name: one.meaning for name, one in zip(fields, found, strict=True) if name
    }
    for name, code, facts in _accused(policy, table, values):
        at = fields.index(name)
        words[at].append(_words(table, name, code, facts, shown(row[at])))
    return ["\n".join(said) for said in words]


def _accused(policy: Policy, table: Table, values: Values) -> Iterator[tuple[str, str, Any]]:
    """Accusations of the row's facts against cells that were given."""
    for fact in table.model.facts:
        for name, accused in fact.judge(values, policy.context):
            if values[name] is not NOT_JUDGED:
                yield name, accused.type, (accused.context or {})["facts"]


# --- fixes --------------------------------------------------------------------------------------------------


def _mended(
    policy: Policy, table: Table, name: str, cells: Sequence[object], *, safe: bool
) -> dict[object, object]:
    """Each distinct value of a column, by its key, after as many rounds of mending as it takes."""
    answers: dict[object, object] = {}
    waiting = {_key(cell): cell for cell in cells}
    for _ in range(_ROUNDS):
        judged = _judged(policy, table, name, list(waiting.values()))
        answers |= {key: _as_it_stands(cell, judged[_key(cell)]) for key, cell in waiting.items()}
        fixes = {key: judged[_key(cell)].fix for key, cell in waiting.items() if answers[key] == NO_ANSWER}
        waiting = {
            key: _stored(fix)
            for key, fix in fixes.items()
            if fix is not None and (fix.confidence == "safe" or not safe)
        }
    return answers


def _as_it_stands(cell: object, found: Judged) -> object:
    """The value where nothing is held against it, an error of the sheet as such, #N/A else."""
    if type(cell) is ErrorValue:
        return NO_ANSWER if cell == NO_ANSWER else BAD_ARGUMENT
    if found.words:
        return NO_ANSWER
    return "" if cell is None else cell


def _stored(fix: Fix) -> object:
    match fix.stored:
        case "number":
            return float(fix.new)
        case "date":
            return datetime.fromisoformat(fix.new)
        case "empty":
            return None
    return fix.new
