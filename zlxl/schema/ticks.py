"""Boxes ticked on a form: which signs are ticks, and the options they stand at."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_OPEN, _CLOSE = r"[(（\[【]\s*", r"\s*[)）\]】]"
_MARK = re.compile(
    rf"(?P<on>{_OPEN}[√✓✔xX☑]{_CLOSE}|[☑☒✓✔√🗹])|(?P<off>{_OPEN}{_CLOSE}|[□☐○◯▢])|(?P<solid>[■●◉⦿⊙◎▣])"
)
_TYPED = re.compile(r"[vVxX1]")  # ticks that people type, in a cell of their own under a heading
_SELECTOR: Final = "\ufe0f"  # asks for a sign's picture
BESIDE: Final = " \t\n\r\u3000,，、;；/|"


def has_mark(text: str) -> bool:
    """Whether a text holds a box or a tick."""
    return bool(_MARK.search(text))


def typed(text: str) -> bool:
    """Whether a text is what people type for a tick."""
    return bool(_TYPED.fullmatch(text.strip()))


def alone(text: str) -> bool | None:
    """Whether a cell that holds nothing but a box is ticked; None when it holds more, or no box."""
    found = _MARK.fullmatch(text.replace(_SELECTOR, "").strip())
    return None if found is None else not found["off"]


def ticked(text: str) -> tuple[str, ...] | None:
    """The options ticked in a text; empty when none is, None when it holds no boxes.

    A solid square or dot is a tick only where an empty one stands beside it.
    """
    text = text.replace(_SELECTOR, "")
    marks = list(_MARK.finditer(text))
    certain = any(mark["on"] for mark in marks) or any(mark["off"] and mark[0] in "□☐○◯▢" for mark in marks)
    if not certain:
        return None
    before = bool(text) and marks[0].start() <= len(text) - len(text.lstrip(BESIDE))
    edges = [0, *(edge for mark in marks for edge in mark.span()), len(text)]
    options = [text[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)]
    said = options[1:] if before else options[:-1]
    chosen = (_option(said[at]) for at, mark in enumerate(marks) if not mark["off"])
    return tuple(option for option in chosen if option)


def _option(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(BESIDE + "_＿")
