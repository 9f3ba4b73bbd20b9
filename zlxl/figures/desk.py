"""What every reckoning of due items goes by: the tables, today, 时限规则 and the working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zlxl.figures.due import Due, Line, Tables
from zlxl.figures.terms import Term, Terms
from zlxl.figures.workdays import Workdays, workdays


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One workbook on one day."""

    tables: Tables
    terms: Terms
    workdays: Workdays

    @classmethod
    def of(cls, tables: Tables) -> Desk:
        """The desk of a workbook, by the policy that it holds itself."""
        return cls(tables=tables, terms=Terms.of(tables.frames), workdays=workdays(tables.frames))

    @property
    def today(self) -> date:
        """The day that is reckoned for."""
        return self.tables.context.today

    def number(self, item: str, system: str = "") -> int:
        """The number of an item that is in force today."""
        return self.terms.number(item, self.today, system)

    def term(self, item: str, system: str = "") -> Term:
        """The term of an item that is in force today; where none is, one that only names it."""
        found = self.terms.on(item, self.today, system)
        return found or Term(item=item, value=0, profile="", source=item)

    def due(self, line: Line | None, term: Term, field: str = "", **facts: object) -> Due:
        """The item of a row, with the cell that it is about; None for one that no row stands for."""
        row = {} if line is None else _row(line, field)
        return Due(**{"rule": term.profile, "source": term.source, **row, **facts})  # type: ignore[arg-type]


def _row(line: Line, field: str) -> dict[str, object]:
    names = {"client": "client", "contract_no": "contract_no", "system": "system"}
    known = {key: line.text(name) for key, name in names.items() if name in line.frame.table.columns}
    return {**known, "sheet": line.frame.sheet, "cell": line.address(field)}
