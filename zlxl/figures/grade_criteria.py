"""评价准则 as grading uses it: items with weights, deductions, bands, vetoes (4.2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from zlxl.schema.column import Storage
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.policy import PolicyRow, rows_in_force, shipped_rows

ITEMS, DEDUCTIONS, BANDS, VETOES = "有效性题目", "有效性扣分", "有效性等级", "有效性否决"
FREQUENCIES: Final = "服务频次"
MOST_VISITS: Final = 366  #: a year
UNGRADED: Final = "未评级"
STEPS: Final = "级数"  #: attribute of 等级调整 in 码表
ADJUSTMENTS: Final = "等级调整"
MAJOR, MINOR, CAP, REPEAT = "严重不符合", "一般不符合", "一般不符合扣分上限", "重复发生倍数"
FULL, MOST_STEPS, LEAST, VETO_MONTHS = "满分", "调整最多级数", "最少评分比例", "否决有效月数"
NUMBERS: Final = (FULL, MAJOR, MINOR, CAP, REPEAT, MOST_STEPS, LEAST, VETO_MONTHS)
OPEN_MAJOR, SUSPENDED = "严重不符合未关闭", "暂停中"
_MOST: Final = 1_000_000
_WHOLE: Final = 1e15  # from here on 15 digits leave no places
_COUNTED: Final = frozenset({"major", "minor", "repeated", "major_closed"})
_COLUMNS: Final = {name: column for name, column in EVALUATIONS.columns.items() if name not in _COUNTED}
_SCORED: Final = {c.header: name for name, c in _COLUMNS.items() if c.storage is Storage.NUMBER}
_FLAGS: Final = {c.header: name for name, c in _COLUMNS.items() if c.choices == "是否"}


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What a grade is reckoned by. Grades run from the lowest to the highest."""

    items: Mapping[str, float]  #: weight by field of 有效性评价
    numbers: Mapping[str, float]  #: by name of 有效性扣分
    bands: tuple[tuple[float, str], ...]  #: least total and grade, ascending
    vetoes: Mapping[str, str]  #: highest grade by what stands against a higher one
    steps: Mapping[str, int]  #: grades up or down by word of 等级调整
    problems: tuple[str, ...] = ()  #: what of the sheet is not obeyed, in Chinese

    @classmethod
    def of(cls, frames: Sequence[Frame], context: Context) -> Criteria:
        """The workbook's criteria; groups that it does not have as shipped."""
        rows = rows_in_force(CRITERIA, frames)
        numbers = _numbers(_group(shipped_rows(CRITERIA), DEDUCTIONS)) | _numbers(_group(rows, DEDUCTIONS))
        bands = _bands(_group(rows, BANDS)) or _bands(_group(shipped_rows(CRITERIA), BANDS))
        items = _items(_group(rows, ITEMS)) or _items(_group(shipped_rows(CRITERIA), ITEMS))
        grades = {grade for _, grade in bands}
        vetoes = {row.text("item"): row.text("result") for row in _group(rows, VETOES)}
        return cls(
            items=items,
            numbers=numbers,
            bands=bands,
            vetoes={item: grade for item, grade in vetoes.items() if _known(item) and grade in grades},
            steps=_steps(context),
            problems=tuple(_problems(rows, grades)),
        )

    @property
    def grades(self) -> tuple[str, ...]:
        """From the lowest to the highest."""
        return tuple(grade for _, grade in self.bands)

    def rank(self, grade: str) -> int:
        """Place of a grade, 0 for the lowest."""
        return self.grades.index(grade)

    def band(self, total: float) -> str:
        """The grade of a total: the highest whose least total it reaches."""
        return next((grade for least, grade in reversed(self.bands) if total >= least), self.grades[0])


def visits_of(frames: Sequence[Frame]) -> dict[str, PolicyRow]:
    """Rows of 服务频次 by grade, whose number is the visits a year."""
    rows = _group(rows_in_force(CRITERIA, frames), FREQUENCIES)
    return {row.text("item"): row for row in rows if 1 <= (row.number("value") or 0) <= MOST_VISITS}


def _known(item: str) -> bool:
    return item in (OPEN_MAJOR, SUSPENDED) or item in _FLAGS


def field_of(veto: str) -> str | None:
    """The yes-or-no field of 有效性评价 that a veto looks at; None for those that are worked out."""
    return _FLAGS.get(veto)


def _group(rows: Sequence[PolicyRow], group: str) -> list[PolicyRow]:
    return [row for row in rows if row.text("group") == group]


def _numbers(rows: Sequence[PolicyRow]) -> dict[str, float]:
    found = {row.text("item"): row.number("value") for row in rows}
    bounds = {FULL: (0.01, _MOST), VETO_MONTHS: (0, 1_200)}  # what is divided by, and what a calendar holds
    return {
        item: value
        for item, value in found.items()
        if value is not None and bounds.get(item, (0, _MOST))[0] <= value <= bounds.get(item, (0, _MOST))[1]
    }


def _items(rows: Sequence[PolicyRow]) -> dict[str, float]:
    found = {_SCORED.get(row.text("item")): row.number("weight") for row in rows}
    return {name: weight for name, weight in found.items() if name and weight is not None and weight > 0}


def _bands(rows: Sequence[PolicyRow]) -> tuple[tuple[float, str], ...]:
    found = {row.text("result"): row.number("low") for row in rows}
    return tuple(sorted((low, grade) for grade, low in found.items() if grade and low is not None))


def _steps(context: Context) -> dict[str, int]:
    found: dict[str, int] = {}
    for choice in context.lists[ADJUSTMENTS].choices if ADJUSTMENTS in context.lists else ():
        try:
            found[choice.value] = int(choice.attributes.get(STEPS, "0"))
        except ValueError:
            found[choice.value] = 0
    return found


def _problems(rows: Sequence[PolicyRow], grades: set[str]) -> list[str]:
    """Rows that say what nobody can obey."""
    told = []
    for row in rows:
        place, item = f"{row.sheet}第 {row.row} 行", row.text("item")
        if row.text("group") == ITEMS and item not in _SCORED:
            told.append(f"{place}：有效性评价没有“{item}”这一栏，本题未采用；请与表头写成一样")
        if row.text("group") == VETOES and (not _known(item) or row.text("result") not in grades):
            told.append(f"{place}：否决“{item}”的等级“{row.text('result')}”或项目不认识，未采用")
    return told


def rounded(value: float) -> float:
    """To two places, halves away from zero, as spreadsheets round what they show to 15 digits."""
    if abs(value) >= _WHOLE:
        return value
    return float(Decimal(f"{value:.15g}").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
