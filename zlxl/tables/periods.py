"""The cell type of quarters, such as 2026Q3."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from zlxl.schema.context import Context
from zlxl.schema.values import StoredNumber, Value
from zlxl.tables.text import refuse_blank, refuse_unknown, spelled, tidy, wrong_type

_QUARTER = re.compile(r"20\d{2}Q[1-4]")
_OTHER = re.compile(r"(20\d{2})\s*[年\-/.]?\s*(?:Q\s*([1-4])|第?\s*([1-4一二三四])\s*季度?)", re.IGNORECASE)
_DIGITS = str.maketrans("一二三四", "1234")


def read_quarter(raw: Any, context: Context) -> Value:
    """A quarter as 2026Q3; 2026年第三季度 and the like are recovered."""
    if type(raw) is str and _QUARTER.fullmatch(raw):
        return raw
    refuse_unknown(raw)
    if isinstance(raw, bool | datetime | StoredNumber):
        raise wrong_type(raw, "季度，如 2026Q3")
    if not raw:
        return None
    refuse_blank(raw)
    found = _OTHER.fullmatch(unicodedata.normalize("NFKC", tidy(raw)))
    if found is None:
        raise wrong_type(raw, "季度，如 2026Q3")
    raise spelled(raw, f"{found[1]}Q{(found[2] or found[3]).translate(_DIGITS)}")
