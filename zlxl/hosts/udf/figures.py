"""ZL_GRADE_CLIENT and the functions of satisfaction: figures of the rows they are given (4.2.3, 4.7)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np

from zlxl.figures.grade import deduction_of, score_of
from zlxl.figures.grade_criteria import FULL, UNGRADED, rounded
from zlxl.figures.grade_criteria import Criteria as Grading
from zlxl.figures.satisfaction import DETRACTOR, PROMOTER, deviation_of, mean_of
from zlxl.figures.satisfaction_answers import Numbers, customer_index
from zlxl.figures.satisfaction_criteria import Criteria, Item
from zlxl.figures.statistics import mean_interval, net_promoters
from zlxl.hosts.functions import NO_ANSWER
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import (
    BadArgumentError,
    NoAnswerError,
    Rows,
    by_row,
    number_of,
    numbers_in,
    rows_of,
    single,
    word,
)
from zlxl.proportions import Interval, wilson
from zlxl.schema.headers import field_of, normalised
from zlxl.schema.values import ErrorValue
from zlxl.tables.surveys import SURVEYS

INDEX, SHARE, PROMOTERS = "指数", "满意率", "净推荐值"
_HIGHEST: Final = 10.0  # of a recommendation
_FULL: Final = 100.0


def grade_client(
    policy: Policy, scores: object, major: object = None, minor: object = None, repeated: object = None
) -> Rows:
    """The grade of each row of scores, or of each total where there is one column.

    Raises:
        BadArgumentError: neither one column nor as many as 评价准则 has items.
    """
    criteria = policy.grading
    if len(rows_of(scores)[0]) not in (1, len(criteria.items)):
        raise BadArgumentError
    return by_row(partial(_grade, criteria), scores, major, minor, repeated)


def _grade(criteria: Grading, cells: Sequence[object], *counts: object) -> str:
    if all(cell is None or cell == "" for cell in cells):
        raise NoAnswerError
    score = _total(cells[0]) if len(cells) == 1 else score_of(criteria, _points(criteria, cells))
    numbers = [number_of(count, 0.0) for count in counts]
    if min(numbers) < 0:
        raise BadArgumentError
    if score is None:
        return UNGRADED
    return criteria.band(max(0.0, rounded(score - deduction_of(criteria, *numbers))))


def _total(cell: object) -> float:
    total = number_of(cell)
    if not 0 <= total <= _FULL:
        raise BadArgumentError
    return total


def _points(criteria: Grading, cells: Sequence[object]) -> dict[str, float | None]:
    """Points by item; None where nobody scored, or more than there is."""
    points: dict[str, float | None] = {}
    for name, cell in zip(criteria.items, cells, strict=True):
        known = type(cell) is float and 0 <= cell <= criteria.numbers[FULL]
        points[name] = number_of(cell) if known else None
    return points


def score_satisfaction(policy: Policy, answers: object, items: object = None) -> Rows:
    """The customer index of each row of answers.

    Raises:
        BadArgumentError: the columns are not those of the items.
    """
    return [[NO_ANSWER if np.isnan(one) else float(one)] for one in _indexes(policy, answers, items)]


def average_satisfaction(policy: Policy, answers: object, items: object = None) -> Rows:
    """The mean of the customer indexes.

    Raises:
        BadArgumentError: the columns are not those of the items. NoAnswerError: nobody answered.
    """
    mean = mean_of(_indexes(policy, answers, items))
    if np.isnan(mean):
        raise NoAnswerError
    return [[mean]]


def _indexes(policy: Policy, answers: object, items: object) -> Numbers:
    """Customer indexes, shape (rows,); NaN where no item was answered."""
    criteria = policy.surveying
    rows = rows_of(answers)
    asked = _asked(criteria, items, len(rows[0]))
    scores = {level.name: level.score for level in criteria.levels}
    known = [[scores.get(cell, np.nan) if isinstance(cell, str) else np.nan for cell in row] for row in rows]
    places = [at for at, item in enumerate(asked) if item is not None]
    weights = np.array([item.weight for item in asked if item is not None])
    return customer_index(np.array(known, dtype=np.float64)[:, places], weights)


def _asked(criteria: Criteria, items: object, columns: int) -> list[Item | None]:
    """The item of each column, None for a column that is none."""
    headers = [cell for row in rows_of(items) for cell in row]
    if headers in ([None], [""]):
        found: list[Item | None] = list(criteria.items)
    else:
        found = [_item(criteria, header) for header in headers]
    if len(found) != columns or not any(found):
        raise BadArgumentError
    return found


def _item(criteria: Criteria, header: object) -> Item | None:
    if not isinstance(header, str) or type(header) is ErrorValue:
        return None
    name = field_of(SURVEYS, header)
    plain = normalised(header)
    return next((i for i in criteria.items if i.field == name or normalised(i.name) == plain), None)


def estimate_interval(policy: Policy, scores: object, population: object, measure: object = None) -> Rows:
    """Both ends of the interval for everybody asked, side by side; a share from 0 to 1, NPS in points.

    Raises:
        BadArgumentError: no such measure, or fewer were asked than answered. NoAnswerError: too few answers.
    """
    values = np.array(list(numbers_in(scores)), dtype=np.float64)
    asked = number_of(single(population))
    kind = word(measure, INDEX, (INDEX, SHARE, PROMOTERS))
    if asked != int(asked) or asked < len(values):
        raise BadArgumentError
    found = _interval(policy.surveying, values, int(asked), kind)
    if found is None or not np.isfinite(found).all():
        raise NoAnswerError
    return [[found.low, found.high]]


def _interval(criteria: Criteria, values: Numbers, population: int, kind: str) -> Interval | None:
    confidence, sample = criteria.confidence, len(values)
    if kind == PROMOTERS:
        up, down = _promoters(values)
        found = net_promoters(up, down, sample, confidence)
        return Interval(100 * found.low, 100 * found.high) if found else None
    if kind == SHARE:
        satisfied = int(np.sum(values >= criteria.parameters["满意率界限"] - 1e-9))
        return wilson(satisfied, sample, population, confidence)
    return mean_interval(mean_of(values), deviation_of(values), sample, population, confidence)


def score_nps(policy: Policy, ratings: object) -> Rows:
    """Net promoter score in points.

    Raises:
        BadArgumentError: a rating is not from 0 to 10. NoAnswerError: there is none.
    """
    values = np.array(list(numbers_in(ratings)), dtype=np.float64)
    up, down = _promoters(values)
    if not len(values):
        raise NoAnswerError
    return [[100 * (up - down) / len(values)]]


def _promoters(values: Numbers) -> tuple[int, int]:
    """How many recommend, and how many advise against."""
    if len(values) and not (values.min() >= 0 and values.max() <= _HIGHEST):
        raise BadArgumentError
    return int(np.sum(values >= PROMOTER)), int(np.sum(values <= DETRACTOR))
