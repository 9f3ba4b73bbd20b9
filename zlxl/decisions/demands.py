"""A text that asks for several things, one demand each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SENTENCES = re.compile(r"[。!?;\n…]+|[.](?!\d)|(?<=[^\d])~+")
_NUMBERED = re.compile(
    r"(?<![\d.第周:-])[(\[]?[1-9][)\].、:](?![\d一二三四五六七八九十])"
    r"|(?:^|(?<=[,:。;!?\n]))[(\[]?[一二三四五六七八九十][)\]、:](?![\d一二三四五六七八九十])"
)
_CONNECTED = re.compile(
    r"[,、](?=(?:另外|另有|另|此外|还有|还想|再有|再就是|再者|同时|顺便问|顺便再|顺带|以及|除此|对了|并且请|并请|也请|其次|第二|第三|二是|三是))"
)
_CLAUSES = re.compile(r"[,:、()\"“”]+")
SHORTEST: Final = 3  # characters; less is an exclamation and belongs to what stands before it


def demands(text: str) -> tuple[str, ...]:
    """The demands of a normal text, in order; a text of one demand gives itself."""
    found: list[str] = []
    for sentence in _pieces(text):
        if found and len(sentence) < SHORTEST:
            found[-1] = f"{found[-1]},{sentence}"
        else:
            found.append(sentence)
    return tuple(found)


def _pieces(text: str) -> Iterator[str]:
    for sentence in _SENTENCES.split(_NUMBERED.sub("\n", text)):
        for piece in _CONNECTED.split(sentence):
            if kept := piece.strip(",:、 "):
                yield kept


def clause_start(demand: str, position: int) -> int:
    """Where the clause of a position begins within its demand."""
    start = 0
    for boundary in _CLAUSES.finditer(demand, 0, position):
        start = boundary.end()
    return start


def clause_end(demand: str, position: int) -> int:
    """Where the clause of a position ends within its demand."""
    boundary = _CLAUSES.search(demand, position)
    return boundary.start() if boundary else len(demand)
