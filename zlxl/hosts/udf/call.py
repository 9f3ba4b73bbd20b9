"""Calling a function by its name: never an exception, never a write; heavy modules are loaded when used."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from zlxl.hosts.functions import BAD_ARGUMENT, FUNCTION, NO_ANSWER, PREFIX, Shape

if TYPE_CHECKING:
    from zlxl.hosts.udf.policy import Current, Policies

_ROOMS: Final = {
    "check": ("ZL_CHECK", "ZL_SUGGEST_FIX", "ZL_CHECK_USCC"),
    "clients": ("ZL_FIND_PROVINCE", "ZL_LOOKUP_CLIENT"),
    "requests": ("ZL_CLASSIFY", "ZL_FIND_OWNER", "ZL_FIND_DEADLINE"),
    "dates": ("ZL_PLAN_SURVEILLANCE", "ZL_LIMIT_SURVEILLANCE", "ZL_ADD_WORKDAYS", "ZL_COUNT_WORKDAYS"),
    "figures": (
        *("ZL_GRADE_CLIENT", "ZL_SCORE_SATISFACTION", "ZL_AVERAGE_SATISFACTION"),
        *("ZL_ESTIMATE_INTERVAL", "ZL_SCORE_NPS"),
    ),
    "grades": ("ZL_LOOKUP_GRADE",),
    "rules": ("ZL_EXPLAIN_RULE",),
}
_ROOM: Final = {name: room for room, names in _ROOMS.items() for name in names}
_log = logging.getLogger(__name__)


@cache
def body_of(name: str) -> Callable[..., list[list[Any]]]:
    """What computes a function: it takes the policy and the raw arguments.

    Raises:
        KeyError: there is no such function.
    """
    module = import_module(f"zlxl.hosts.udf.{_ROOM[name]}")
    gc.freeze()  # modules are never garbage: to look through them takes longer than most calls
    body: Callable[..., list[list[Any]]] = getattr(module, name.removeprefix(PREFIX).lower())
    return body


class Caller:
    """Answers calls from cells by the policy of the active workbook."""

    def __init__(self, current: Current | None = None, today: Callable[[], date] = date.today) -> None:
        """``current`` gives the active workbook; without it, or where it gives None, the shipped policy."""
        self._current, self._today = current, today
        self._policies: Policies | None = None

    def __call__(self, name: str, *arguments: object) -> list[list[Any]]:
        """The rows of the answer; one cell of #VALUE! or #N/A where there is none."""
        from zlxl.hosts.udf.shape import BadArgumentError, NoAnswerError, without_tail

        try:
            given, spared = without_tail(arguments)
            rows = body_of(name)(self._held().policy(), *given)
            return rows if FUNCTION[name].shape is Shape.ONE else rows + rows[-1:] * spared
        except BadArgumentError:
            return [[BAD_ARGUMENT]]
        except NoAnswerError:
            return [[NO_ANSWER]]
        except Exception:
            _log.exception("%s", name)
            return [[BAD_ARGUMENT]]

    def _held(self) -> Policies:
        if self._policies is None:
            from zlxl.hosts.udf.policy import Policies

            current = self._current or (lambda: None)
            self._policies = Policies(current=current, today=self._today)
        return self._policies
