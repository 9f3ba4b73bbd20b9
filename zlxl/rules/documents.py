"""Rules of public documents: which version was given out, and which was in force (4.1.1, 4.8.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from zlxl.findings import Accusation, Severity
from zlxl.rules.rule import Book, Rule
from zlxl.schema.facts import Days
from zlxl.schema.frame import Frame
from zlxl.tables.documents import DOCUMENTS
from zlxl.tables.information import INFORMATION

Accused = Iterator[tuple[Frame, Accusation]]

IN_FORCE = frozenset({"有效"})
NEVER = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a document in 公开文件."""

    number: str
    version: str
    effective_on: np.datetime64  #: NaT where it is not told
    withdrawn_on: np.datetime64
    in_force: bool
    frame: Frame
    row: int


def versions(frames: Sequence[Frame]) -> dict[str, list[Version]]:
    """The versions of every document, in the order of the sheets."""
    found: dict[str, list[Version]] = defaultdict(list)
    for frame in frames:
        numbers, texts = frame.texts("document_no")
        effective, withdrawn = frame.days("effective_on"), frame.days("withdrawn_on")
        valid = frame.where("status", IN_FORCE)
        named = frame.column("version")
        for position in np.flatnonzero(numbers >= 0).tolist():
            number = texts[numbers[position]]
            found[number].append(
                Version(
                    number=number,
                    version=named[position] or "",
                    effective_on=effective[position],
                    withdrawn_on=withdrawn[position],
                    in_force=bool(valid[position]),
                    frame=frame,
                    row=int(frame.rows[position]),
                )
            )
    return found


def replaced_on(version: Version, others: Sequence[Version]) -> np.datetime64:
    """The day from which a version must not be given out: another took its place, or it was withdrawn."""
    later = [o.effective_on for o in others if o.in_force and o.effective_on > version.effective_on]
    known = [day for day in (*later, version.withdrawn_on) if not np.isnat(day)]
    return min(known, default=NEVER)


def _judgeable(book: Book) -> dict[str, list[Version]]:
    """The register, where every number in it could be read: a broken cell accuses no other sheet."""
    frames = book.of(DOCUMENTS)
    return versions(frames) if all(frame.judged("document_no").all() for frame in frames) else {}


def unknown_document(book: Book) -> Accused:
    """A document given that 公开文件 does not hold."""
    if not (known := _judgeable(book)):
        return
    for frame in book.of(INFORMATION):
        if "document_no" in frame.cells:
            for row in frame.rows[
                frame.cells["document_no"].spread(lambda value: value not in known)
            ].tolist():
                yield frame, Accusation(code="ZL311", row=row, field="document_no")


def unknown_version(book: Book) -> Accused:
    """A version given that 公开文件 does not hold for the document."""
    known = _judgeable(book)
    for frame in book.of(INFORMATION):
        pairs, which = frame.pairs("document_no", "version")
        held = {str(number): [v.version for v in some] for number, some in known.items()}
        wrong = [str(number) in held and str(version) not in held[str(number)] for number, version in pairs]
        for position in _guilty(wrong, which):
            number = str(pairs[which[position]][0])
            facts = {"document": number, "versions": "、".join(filter(None, held[number])) or "（空）"}
            yield frame, Accusation(code="ZL312", row=int(frame.rows[position]), field="version", facts=facts)


def _guilty(wrong: list[bool], which: NDArray[np.int64]) -> list[int]:
    found: list[int] = np.flatnonzero(np.array([*wrong, False], dtype=np.bool_)[which]).tolist()
    return found


def superseded(book: Book) -> Accused:
    """A version given out although its replacement was in force, or it had been withdrawn."""
    known = _judgeable(book)
    ends = {
        (version.number, version.version): replaced_on(version, some)
        for some in known.values()
        for version in some
    }
    for frame in book.of(INFORMATION):
        pairs, which = frame.pairs("document_no", "version")
        last: Days = np.array(
            [*(ends.get((str(n), str(v)), NEVER) for n, v in pairs), NEVER], dtype="datetime64[D]"
        )
        late = frame.days("provided_on") >= last[which]
        for position in np.flatnonzero(late).tolist():
            number, version = map(str, pairs[which[position]])
            facts = {
                "document": number,
                "since": str(last[which[position]]),
                "current": _current(known[number], version),
            }
            yield frame, Accusation(code="ZL313", row=int(frame.rows[position]), field="version", facts=facts)


def _current(some: Sequence[Version], given: str) -> str:
    newest = [v.version for v in some if v.in_force and v.version and v.version != given]
    return f"版本 {newest[-1]}" if newest else "现行有效的文件"


def two_in_force(book: Book) -> Accused:
    """Two versions of a document that both say 有效 and are in force; the later one counts."""
    today = np.datetime64(book.context.today, "D")
    for some in versions(book.of(DOCUMENTS)).values():
        valid = [v for v in some if v.in_force and v.effective_on <= today]
        newest = max(zip((v.effective_on for v in valid), count(), valid, strict=False), default=None)
        for version in valid:
            if newest is not None and version is not newest[2]:
                facts = {"newest": newest[2].version, "since": str(newest[2].effective_on)}
                yield (
                    version.frame,
                    Accusation(code="ZL314", row=version.row, field="status", facts=facts),
                )


RULES = (
    Rule(
        code="ZL311",
        name="提供的文件不在公开文件中",
        severity=Severity.ERROR,
        clause="4.1.1",
        source="design.md",
        message="文件编号“{value}”在公开文件中找不到。",
        expected="公开文件中已登记的文件编号",
        suggestion="核对编号；新文件先在公开文件登记版本和实施日期。",
        wrong="信息提供：GK-99",
        right="信息提供：GK-01",
        judge=unknown_document,
    ),
    Rule(
        code="ZL312",
        name="提供的版本没有登记",
        severity=Severity.WARNING,
        clause="4.1.1",
        source="design.md",
        message="公开文件中 {document} 没有版本“{value}”。",
        expected="{versions}",
        suggestion="核对版本号；确有此版本的，在公开文件补登。",
        wrong="GK-01 版本 B/7",
        right="GK-01 版本 A/1",
        judge=unknown_version,
    ),
    Rule(
        code="ZL313",
        name="提供了旧版文件",
        severity=Severity.WARNING,
        clause="4.1.1",
        message="{document} 的版本“{value}”自 {since} 起已被代替或作废，之后仍提供给客户。",
        expected="{current}",
        suggestion="向该客户补发现行版本并登记；检查还有谁手里是旧版。",
        wrong="A/1 于 2024-03-01 实施，2024-04-02 仍提供 A/0",
        right="2024-04-02 提供 A/1",
        judge=superseded,
    ),
    Rule(
        code="ZL314",
        name="同一文件有两个有效版本",
        severity=Severity.WARNING,
        clause="4.1.1",
        message="此版本状态为“{value}”，而版本 {newest} 已自 {since} 起实施。",
        expected="作废，并填写作废日期",
        suggestion="把旧版的文件状态改为“作废”，填写作废日期。",
        wrong="GK-01 的 A/0、A/1 都是 有效",
        right="A/0 作废，A/1 有效",
        judge=two_in_force,
    ),
)
