"""Standard answers cite public documents: the version in force is told when the answer is given (4.8.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from zlxl.schema.frame import Frame
from zlxl.schema.values import shown

IN_FORCE: Final = frozenset({"有效"})
NONE_IN_FORCE: Final = "公开文件中没有现行有效的版本，请先核对"
_CITED: Final = re.compile(r"（(?P<number>[^（），,]{1,40})）")

Register = Mapping[
    str, str
]  #: by number of the document: the version in force in words, or that there is none


def register(frames: Sequence[Frame], today: date) -> Register:
    """What 公开文件 says is in force on the day; of several versions the one that came into force last."""
    day = np.datetime64(today, "D")
    found: dict[str, str] = {}
    newest: dict[str, np.datetime64] = {}
    for frame in frames:
        codes, numbers = frame.texts("document_no")
        effective = frame.days("effective_on")
        valid = frame.where("status", IN_FORCE) & (effective <= day) & ~(frame.days("withdrawn_on") <= day)
        versions = frame.column("version")
        for position in np.flatnonzero(codes >= 0).tolist():
            number = numbers[codes[position]]
            found.setdefault(number, NONE_IN_FORCE)
            since = effective[position]
            if valid[position] and (number not in newest or since > newest[number]):
                newest[number] = since
                found[number] = f"版本 {shown(versions[position]) or '未填'}，{since} 起实施"
    return found


def cited(answer: str, documents: Register) -> str:
    """The answer with the version in force behind every number in brackets that 公开文件 knows.

    ``《客户权利和义务》（GK-02）`` becomes ``《客户权利和义务》（GK-02，版本 A/0，2026-01-01 起实施）``.
    """

    def told(found: re.Match[str]) -> str:
        number = found["number"].strip()
        return f"（{number}，{documents[number]}）" if number in documents else found[0]

    return _CITED.sub(told, answer)
