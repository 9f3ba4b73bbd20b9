"""The functions in cells of Excel, one call each; their words are in zlxl/hosts/functions.py."""

from __future__ import annotations

import xlwings as xw

from zlxl.hosts.functions import CATEGORY, FUNCTION
from zlxl.hosts.udf.call import Caller


def _active():
    """The workbook that the calling cell's Excel shows; None where nothing called."""
    from zlxl.hosts.udf.live import OpenBook

    try:
        return OpenBook(xw.Book.caller())
    except Exception:  # xlwings has no narrower one for "not called from Excel"
        return None


_call = Caller(_active)


def _in_cells(body):
    """A function of the registry: raw values, so that errors stay errors; only days are converted."""
    function = FUNCTION[body.__name__]
    body.__doc__ = function.help
    registered = xw.func(category=CATEGORY)(body)
    for argument in function.arguments:
        registered = xw.arg(argument.name, "raw", doc=argument.help)(registered)
    return registered if function.dates else xw.ret("raw")(registered)


@_in_cells
def ZL_CHECK(value, column, table=None):
    return _call("ZL_CHECK", value, column, table)


@_in_cells
def ZL_SUGGEST_FIX(value, column, table=None, safe_only=None):
    return _call("ZL_SUGGEST_FIX", value, column, table, safe_only)


@_in_cells
def ZL_CHECK_USCC(code):
    return _call("ZL_CHECK_USCC", code)


@_in_cells
def ZL_FIND_PROVINCE(place):
    return _call("ZL_FIND_PROVINCE", place)


@_in_cells
def ZL_LOOKUP_CLIENT(key, column=None, nth=None):
    return _call("ZL_LOOKUP_CLIENT", key, column, nth)


@_in_cells
def ZL_CLASSIFY(text, part=None):
    return _call("ZL_CLASSIFY", text, part)


@_in_cells
def ZL_FIND_OWNER(text):
    return _call("ZL_FIND_OWNER", text)


@_in_cells
def ZL_FIND_DEADLINE(text, received_on, stage=None):
    return _call("ZL_FIND_DEADLINE", text, received_on, stage)


@_in_cells
def ZL_PLAN_SURVEILLANCE(audited_on, issued_on=None, system=None):
    return _call("ZL_PLAN_SURVEILLANCE", audited_on, issued_on, system)


@_in_cells
def ZL_LIMIT_SURVEILLANCE(audited_on, issued_on=None, system=None):
    return _call("ZL_LIMIT_SURVEILLANCE", audited_on, issued_on, system)


@_in_cells
def ZL_ADD_WORKDAYS(start_day, workdays):
    return _call("ZL_ADD_WORKDAYS", start_day, workdays)


@_in_cells
def ZL_COUNT_WORKDAYS(start_day, last_day):
    return _call("ZL_COUNT_WORKDAYS", start_day, last_day)


@_in_cells
def ZL_GRADE_CLIENT(scores, major=None, minor=None, repeated=None):
    return _call("ZL_GRADE_CLIENT", scores, major, minor, repeated)


@_in_cells
def ZL_LOOKUP_GRADE(key, part=None):
    return _call("ZL_LOOKUP_GRADE", key, part)


@_in_cells
def ZL_SCORE_SATISFACTION(answers, items=None):
    return _call("ZL_SCORE_SATISFACTION", answers, items)


@_in_cells
def ZL_AVERAGE_SATISFACTION(answers, items=None):
    return _call("ZL_AVERAGE_SATISFACTION", answers, items)


@_in_cells
def ZL_ESTIMATE_INTERVAL(scores, population, measure=None):
    return _call("ZL_ESTIMATE_INTERVAL", scores, population, measure)


@_in_cells
def ZL_SCORE_NPS(ratings):
    return _call("ZL_SCORE_NPS", ratings)


@_in_cells
def ZL_EXPLAIN_RULE(code, part=None):
    return _call("ZL_EXPLAIN_RULE", code, part)
