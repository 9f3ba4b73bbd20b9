"""The five forms of section 5 of the procedure: title, number, the table each feeds, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from zlxl.schema.table import Table
from zlxl.sheet import Sheet
from zlxl.sheets import form_application, form_contract, form_evaluation, form_notice, form_survey
from zlxl.sheets.form_page import Facts, Terms
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.plans import PLANS
from zlxl.tables.surveys import SURVEYS


@dataclass(frozen=True, kw_only=True)
class FormKind:
    """One form; the procedure gives the numbers -01 and -02 twice, so the title is its name."""

    title: str
    number: str
    clause: str
    table: Table  #: that it feeds when it comes back
    draw: Callable[[Terms, Facts, str], Sheet]  #: policy, what is known beforehand, name of the sheet

    @property
    def name(self) -> str:
        """The title as a name of files and sheets."""
        return self.title.replace("/", "-")


FORMS: Final = (
    FormKind(
        title=form_application.TITLE,
        number=form_application.NUMBER,
        clause="4.1.3",
        table=APPLICATIONS,
        draw=form_application.draw,
    ),
    FormKind(
        title=form_contract.TITLE,
        number=form_contract.NUMBER,
        clause="4.1.4",
        table=CONTRACTS,
        draw=form_contract.draw,
    ),
    FormKind(
        title=form_survey.TITLE,
        number=form_survey.NUMBER,
        clause="4.7.1",
        table=SURVEYS,
        draw=form_survey.draw,
    ),
    FormKind(
        title=form_evaluation.TITLE,
        number=form_evaluation.NUMBER,
        clause="4.2.3",
        table=EVALUATIONS,
        draw=form_evaluation.draw,
    ),
    FormKind(
        title=form_notice.TITLE,
        number=form_notice.NUMBER,
        clause="4.3",
        table=PLANS,
        draw=form_notice.draw,
    ),
)
