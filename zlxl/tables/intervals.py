"""When certificates need their next audit, as columns of 客户台账: what rules and plan both go by (4.3)."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from zlxl.schema.context import Choice, Context
from zlxl.schema.facts import Days, add_months_columns
from zlxl.schema.frame import Frame
from zlxl.tables.parameters import TRANSITION

SUCCESSOR: Final = "换版为"  #: attribute: the standard that follows it


def last_audit(clients: Frame) -> Days:
    """The later of 审核时间 and 实施时间, shape (rows,); NaT where there is neither."""
    return np.fmax(clients.days("audited_on"), clients.days("carried_out_on"))


def interval_start(clients: Frame) -> Days:
    """The day from which the next surveillance is counted, shape (rows,).

    The first one after certification or recertification counts from the certificate's issue
    (CNCA-QMS-01:2025 5.4.1.4), every later one from the audit before.
    """
    return np.fmax(last_audit(clients), clients.days("issued_on"))


def suspension_end(clients: Frame, months: int) -> Days:
    """The last day of a suspension, shape (rows,); NaT where none began."""
    return add_months_columns(clients.days("suspended_on"), months)


def verification_end(clients: Frame, months: int) -> Days:
    """The day by which the contact data are to be verified again, shape (rows,)."""
    return add_months_columns(clients.days("verified_on"), months)


def transition_of(standard: Choice | None) -> date | None:
    """The last day on which certificates to a standard hold, by 码表; None where it says none."""
    told = standard.attributes.get(TRANSITION) if standard else None
    return date.fromisoformat(told) if told else None


def transition_end(clients: Frame, context: Context) -> Days:
    """The day by which certificates must be to the new edition, shape (rows,); NaT where nobody says so.

    The row's own date counts before that of its standard in 码表.
    """
    codes, texts = clients.texts("standard")
    known = context.lists["标准"].by_value
    ends = [transition_of(known.get(text)) for text in texts]
    of_standard: Days = np.array([*ends, None], dtype="datetime64[D]")[codes]
    own = clients.days("transition_until")
    return np.where(np.isnat(own) & ~clients.filled("transition_until"), of_standard, own)
