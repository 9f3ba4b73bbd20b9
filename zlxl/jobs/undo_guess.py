"""What a line without 还原信息 restores: a text or nothing, but never a guess of the type."""

from __future__ import annotations

import re

from zlxl.grid import Kind
from zlxl.jobs.history import CUT
from zlxl.jobs.runs import Line
from zlxl.schema.stored import Stored

_NUMBER_LIKE = re.compile(r"[-+\d.,:/%\s年月日时分秒TZ]*")


def meant(line: Line) -> Stored | None:
    """The old value of a line without 还原信息: nothing or a text; None where its type is not known."""
    if line.told.new is not None or line.old.endswith(CUT):
        return None
    if not line.old:
        return Stored()
    return None if _may_be_number(line.old) else Stored(Kind.TEXT, line.old)


def _may_be_number(text: str) -> bool:
    if _NUMBER_LIKE.fullmatch(text) or text in ("TRUE", "FALSE") or text.startswith("#"):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def why_unknown(line: Line) -> str:
    """Why ``meant`` knows no value; Chinese."""
    if line.told.new is not None:
        return "原来是公式，请手工恢复"
    if line.old.endswith(CUT):
        return "原值过长，记录中不完整；请从备份恢复"
    return f"没有还原信息，不知道原值 {line.old} 是文字还是数字；请手工改回"
