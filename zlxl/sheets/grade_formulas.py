"""The formulas of 企业分级: each figure of a row from the cells before it and the criteria above the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zlxl.figures.grade_criteria import (
    CAP,
    FULL,
    LEAST,
    MAJOR,
    MINOR,
    MOST_STEPS,
    OPEN_MAJOR,
    REPEAT,
    SUSPENDED,
    UNGRADED,
    VETO_MONTHS,
    Criteria,
    field_of,
)
from zlxl.tables.evaluations import EVALUATIONS

GRADES: Final = "企业分级"
OWN: Final = f"{GRADES}[[#This Row],"
COUNTS: Final = ("major", "minor", "repeated")


@dataclass(frozen=True, kw_only=True)
class Block:
    """Absolute addresses of the criteria above the list."""

    today: str
    numbers: Mapping[str, str]
    grades: str  #: ascending, with their lows
    lows: str
    vetoes: Mapping[str, str]
    weights: str
    shown_grades: str  #: as the distribution lists them, with their visits
    visits: str


def header(name: str) -> str:
    """Header of a field of 有效性评价."""
    return EVALUATIONS.columns[name].header


@dataclass(frozen=True, kw_only=True)
class Formulas:
    """The formulas of every row."""

    criteria: Criteria
    block: Block

    def score(self) -> str:
        """Of 100, by the weights of what was scored."""
        block, names = self.block, list(self.criteria.items)
        points = f"{GRADES}[[#This Row],[{header(names[0])}]:[{header(names[-1])}]]"
        scored = f"SUMPRODUCT({block.weights},--ISNUMBER({points}))"
        least = f"{scored}*100<SUM({block.weights})*{block.numbers[LEAST]}"
        sum_ = f"SUMPRODUCT({block.weights},{points})"
        return f'=IF(OR({scored}=0,{least}),"",ROUND(100*{sum_}/{block.numbers[FULL]}/{scored},2))'

    def deduction(self) -> str:
        """Points off for nonconformities."""
        major, minor, repeated = (f"N({OWN}[{header(name)}]])" for name in COUNTS)
        major, minor, repeated = (f"MAX(0,{text})" for text in (major, minor, repeated))
        numbers = self.block.numbers
        extra = f"MAX(0,{numbers[REPEAT]}-1)"
        less = f"MIN({numbers[CAP]},{numbers[MINOR]}*({minor}+{extra}*MIN({repeated},{minor})))"
        rest = f"MIN({repeated}-MIN({repeated},{minor}),{major})"
        return f"=ROUND({numbers[MAJOR]}*({major}+{extra}*{rest})+{less},2)"

    def band(self) -> str:
        """The grade of the total alone."""
        found = f"IFERROR(MATCH({OWN}[总分]],{self.block.lows},1),1)"
        return f'=IF({OWN}[总分]]="","{UNGRADED}",INDEX({self.block.grades},{found}))'

    def top(self) -> str:
        """The lowest of the grades that the vetoes leave."""
        block, most = self.block, len(self.criteria.grades)
        tests = [
            f"IF({self._stands(veto)},MATCH({cell},{block.grades},0),{most})"
            for veto, cell in block.vetoes.items()
        ]
        return f"=INDEX({block.grades},MIN({','.join([str(most), *tests])}))"

    def _stands(self, veto: str) -> str:
        name = field_of(veto)
        if veto == SUSPENDED:
            return f'{OWN}[{SUSPENDED}]]="是"'
        if veto == OPEN_MAJOR or name is None:
            return f'AND(N({OWN}[{header("major")}]])>0,{OWN}[{header("major_closed")}]]<>"是")'
        fresh = f"EDATE({OWN}[审核日期]],{self.block.numbers[VETO_MONTHS]})>={self.block.today}"
        return f'AND({OWN}[{header(name)}]]="是",{fresh})'

    def steps(self) -> str:
        """Grades up or down, where somebody answers for them."""
        word, most = f"{OWN}[{header('adjustment')}]]", self.block.numbers[MOST_STEPS]
        steps = "0"
        for name, step in self.criteria.steps.items():
            if step:
                steps = f'IF({word}="{name}",{step},{steps})'
        answered = f'{OWN}[{header("adjustment_reason")}]]<>"",{OWN}[{header("approver")}]]<>""'
        return f"=IF(AND({answered}),MAX(-{most},MIN({most},{steps})),0)"

    def grade(self) -> str:
        """The system's grade."""
        block = self.block
        band = f"MATCH({OWN}[分数等级]],{block.grades},0)"
        top = f"MATCH({OWN}[否决上限]],{block.grades},0)"
        place = f"MAX(1,MIN({top},{band}+{OWN}[调整级数]]))"
        return f'=IF({OWN}[分数等级]]="{UNGRADED}","{UNGRADED}",INDEX({block.grades},{place}))'
