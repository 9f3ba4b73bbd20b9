"""What a row that comes in leaves to the office: the state in which its table's rows begin (4.4, 4.3)."""

from __future__ import annotations

from typing import Final

from zlxl.jobs.importing.rows import Draft, Given
from zlxl.schema.context import Context
from zlxl.tables.plans import PLANS
from zlxl.tables.requests import REQUESTS

#: field and state in which a row begins, by table; a list of 码表 without it begins nothing
BEGINNINGS: Final = {REQUESTS.name: ("state", "待确认"), PLANS.name: ("status", "已安排")}


def begin(given: Given, context: Context) -> None:
    """Give the first state to a form that was returned without one, and to a list that has no such column.

    It changes no state that the database or another row of the import tells.
    """
    table, frame = given.offer.table, given.offer.frame
    name, state = BEGINNINGS.get(table.name, ("", ""))
    if not name or name in given.values or (name in frame.cells and given.offer.places is None):
        return
    if state in context.lists[table.columns[name].choices or ""].by_value:
        given.values = {**given.values, name: state}
        given.weak |= {name}


def yield_to_told(draft: Draft) -> None:
    """Take what a row only presumes out of it where another row of the draft tells it."""
    told = {name for given in draft.given for name in given.values if name not in given.weak}
    for given in draft.given:
        if given.weak & told & given.values.keys():
            given.values = {
                name: value for name, value in given.values.items() if name not in given.weak & told
            }
