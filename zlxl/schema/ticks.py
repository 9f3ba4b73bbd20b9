"""Boxes ticked on a form: which signs are ticks, and the options they stand at."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_OPEN, _CLOSE = r"[(（\[【]\s*", r"\s*[)）\]】]"
_MARK = re.compile(
    rf"(?P<on>{_OPEN}[√✓✔xX☑]{_CLOSE}|[☑☒✓✔√🗹])|(?P<off>{_OPEN}{_CLOSE}|[□☐○◯▢])|(?P<solid>[■●◉⦿⊙◎▣])"
)
_LETTER = re.compile(r"[vVxX]")  # ticks that people type, in a cell of their own under a heading
_SELECTOR: Final = "\ufe0f"  # asks for a sign's picture
BESIDE: Final = " \t\n\r\u3000,，、;；/|"


def has_mark(text: str) -> bool:
    """Whether a text holds a box or a tick."""
    return bool(_MARK.search(text))


def alone(text: str, *, letters: bool = False) -> bool | None:
    """Whether a cell that holds nothing but a box is ticked; None when it holds more, or no box."""
    plain = text.replace(_SELECTOR, "").strip()
    if letters and _LETTER.fullmatch(plain):
        return True
    found = _MARK.fullmatch(plain)
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
