"""评价准则 as the analysis uses it: items with weights, levels, deductions, bands, parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.headers import extra_columns
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.policy import LEVELS, PolicyRow, rows_in_force
from zlxl.tables.surveys import SURVEYS

ITEMS: Final = "满意度题目"
DEDUCTIONS: Final = "满意度扣分"
BANDS: Final = "满意度评价"
OWN: Final = "own:"  #: before the header, the field of a column that only this workbook has
INTEGRITY: Final = "integrity"  #: the item that is watched whatever the score
#: parameters of 评价准则 that the analysis looks at
PARAMETERS: Final = (
    *("满意度目标", "满意率目标", "满意率界限", "有效应答比例", "廉洁警戒分", "低分界限"),
    *("最少样本数", "最低回收率", "抽样允许误差", "置信水平", "扣分上限"),
)


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question: its header, the field that holds its answers, its weight."""

    name: str
    field: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Level:
    """An answer and its score."""

    name: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Band:
    """A verdict from a score on."""

    low: float
    result: str


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """The criteria in force."""

    items: tuple[Item, ...]
    levels: tuple[Level, ...]  #: best first
    deductions: Mapping[str, float]  #: by the item an incident is charged to
    bands: tuple[Band, ...]  #: lowest first
    parameters: Mapping[str, float]
    unknown: tuple[str, ...] = ()  #: items that 满意度调查 has no column for

    def score(self, level: str) -> float | None:
        """The score of an answer, None where it has none."""
        return next((known.score for known in self.levels if known.name == level), None)

    @property
    def scale(self) -> tuple[Level, ...]:
        """The levels that differ in score, best first."""
        return tuple({level.score: level for level in reversed(self.levels)}.values())[::-1]

    def band(self, figure: float) -> str:
        """The verdict on a figure; empty below the lowest band."""
        return next((band.result for band in reversed(self.bands) if figure >= band.low), "")

    @property
    def confidence(self) -> float:
        """Confidence level as a share."""
        return min(0.999, max(0.5, self.parameters["置信水平"] / 100))


def criteria_of(frames: Sequence[Frame], context: Context) -> Criteria:
    """The criteria of a workbook's 评价准则, or the shipped ones."""
    rows = rows_in_force(CRITERIA, frames)
    fields = {column.header: name for name, column in SURVEYS.columns.items() if column.choices == LEVELS}
    fields = {item: OWN + item for item in own_columns(frames)} | fields
    items = {row.text("item"): row.number("weight") or 0.0 for row in _group(rows, ITEMS)}
    levels = [Level(name=row.text("item"), score=score) for row, score in _valued(rows, LEVELS)]
    bands = [Band(low=row.number("low") or 0.0, result=row.text("result")) for row in _group(rows, BANDS)]
    return Criteria(
        items=tuple(
            Item(name=name, field=fields[name], weight=weight)
            for name, weight in items.items()
            if name in fields and weight > 0
        ),
        levels=tuple(sorted({level.name: level for level in levels}.values(), key=lambda lv: -lv.score)),
        deductions={row.text("item"): value for row, value in _valued(rows, DEDUCTIONS)},
        bands=tuple(sorted(bands, key=lambda band: band.low)),
        parameters={name: context.number(name) for name in PARAMETERS if name in context.parameters},
        unknown=tuple(name for name in items if name not in fields),
    )


def own_columns(frames: Sequence[Frame]) -> set[str]:
    """Headers of columns that the body added to 满意度调查."""
    surveys = (frame for frame in frames if frame.table is SURVEYS)
    return {text for frame in surveys for text in extra_columns(frame.grid, frame.match).values()}


def _group(rows: Sequence[PolicyRow], group: str) -> list[PolicyRow]:
    return [row for row in rows if row.text("group") == group and row.text("item")]


def _valued(rows: Sequence[PolicyRow], group: str) -> list[tuple[PolicyRow, float]]:
    found = ((row, row.number("value")) for row in _group(rows, group))
    return [(row, value) for row, value in found if value is not None]
