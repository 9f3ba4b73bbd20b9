"""The next contract or certificate number by the body's pattern, per year and system (domain.md 1.1, 1.2)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.tables.parameters import BODY_NUMBERS, CONTRACT_EXAMPLE

CONTRACT: Final = re.compile(
    r"(?P<lead>\D*)(?P<year>20\d\d)(?P<serial>\d{3,6})(?:-(?P<letters>[A-Z]+))?", re.ASCII
)
CERTIFICATE: Final = re.compile(
    r"(?P<lead>[0-9A-Z]{3})(?P<year>\d\d)(?P<letters>QJ|IS|IT|EN|[QESOFH])(?P<serial>\d{5})"
    r"R\d{1,2}[SML](?P<part>-\d{1,3})?",
    re.ASCII,
)
SERIAL_WIDTH: Final = 5
COUNTING: Final = "证书流水号"  #: parameter of 码表
ACROSS: Final = "不分体系"  #: its value where the body counts all systems together
JUMP: Final = 100  # a serial so far behind the one before it is taken for a slip
RANGES: Final = 12  # gaps told one by one


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """A number that is in use."""

    text: str
    client: str
    year: str  #: as the number writes it
    letters: str
    serial: int


@dataclass(frozen=True, kw_only=True)
class Series:
    """The numbers of one year, or of one year and system, in use."""

    name: str  #: in words
    used: tuple[Used, ...]

    @cached_property
    def serials(self) -> list[int]:
        """Distinct serials, ascending, without those that are taken for slips."""
        found = sorted({one.serial for one in self.used})
        ends = np.flatnonzero(np.diff(found) > JUMP)
        return found[: int(ends[0]) + 1] if len(ends) else found

    @property
    def last(self) -> int:
        """The highest serial in use, 0 where there is none."""
        return self.serials[-1] if self.serials else 0

    @property
    def slips(self) -> tuple[str, ...]:
        """Numbers whose serial lies far behind the others."""
        return tuple(sorted({one.text for one in self.used if one.serial > self.last}))

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """Runs of serials that nothing uses, first and last; some bodies begin at 10001."""
        first = self.serials[0] if self.serials else 0
        begin = first - 1 if first > JUMP else 0
        ends = zip([begin, *self.serials], self.serials, strict=False)
        return tuple((before + 1, after - 1) for before, after in ends if after > before + 1)

    @property
    def duplicates(self) -> tuple[tuple[str, ...], ...]:
        """Numbers that share a serial: of several clients, or of one client and the same systems."""
        by_serial: dict[int, list[Used]] = defaultdict(list)
        for one in self.used:
            by_serial[one.serial].append(one)
        return tuple(
            tuple(sorted({one.text for one in some}))
            for _, some in sorted(by_serial.items())
            if len({one.client for one in some}) > 1
            or len({one.text for one in some}) > len({one.letters for one in some})
        )


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Numbers that may be given next, with the reason, and what is odd about those in use."""

    numbers: tuple[str, ...]
    reason: str
    warnings: tuple[str, ...] = ()


def next_contracts(frames: Sequence[Frame], context: Context, letters: str, count: int = 1) -> Proposal:
    """The next contract numbers of the context's year, for systems by their letters (``QEO``).

    All tables with a contract number are looked at; the serial runs through the year, whatever the system.

    Raises:
        ValueError: such a number would not fit 合同编号格式; the message is Chinese.
    """
    year = f"{context.today:%Y}"
    used = list(_used(frames, "contract_no", CONTRACT))
    series = Series(name=f"{year} 年的合同", used=tuple(one for one in used if one.year == year))
    lead, width = _style(used, context)
    numbers = tuple(f"{lead}{year}{series.last + n:0{width}d}-{letters}" for n in range(1, count + 1))
    wrong = next((number for number in numbers if not context.contract_pattern.fullmatch(number)), None)
    if wrong is not None:
        raise ValueError(
            f"“{wrong}”不符合合同编号格式 {context.contract_pattern.pattern}。"
            "请检查体系字母，或码表中的参数“合同编号格式”。"
        )
    return Proposal(numbers=numbers, reason=_reason(series, width), warnings=tuple(_warnings(series, width)))


def _style(used: Sequence[Used], context: Context) -> tuple[str, int]:
    """What stands before the year, and digits of the serial: as in the latest number, else in the example."""
    latest = max(used, key=lambda one: (one.year, one.serial), default=None)
    found = CONTRACT.fullmatch(latest.text if latest else context.parameters[CONTRACT_EXAMPLE])
    return (found["lead"], len(found["serial"])) if found else ("", 4)


def next_certificates(
    frames: Sequence[Frame],
    context: Context,
    system: str,
    persons: float,
    *,
    recertified: int = 0,
    count: int = 1,
) -> Proposal:
    """The next certificate numbers of a system (its name or letters) in the context's year.

    Raises:
        ValueError: 码表 has no letters for the system; the message is Chinese.
    """
    year, body = f"{context.today:%y}", context.parameters[BODY_NUMBERS].split(";")[0]
    used = [one for one in _used(frames, "certificate_no", CERTIFICATE) if one.text[:3] == body]
    letters = _letters(system, used, context)
    across = context.parameters.get(COUNTING) == ACROSS
    mine = tuple(one for one in used if one.year == year and (across or one.letters == letters))
    name = f"20{year} 年的证书" if across else f"20{year} 年 {letters} 的证书"
    series = Series(name=name, used=mine)
    tail = f"R{recertified}{_size(persons, context)}"
    numbers = tuple(
        f"{body}{year}{letters}{series.last + n:0{SERIAL_WIDTH}d}{tail}" for n in range(1, count + 1)
    )
    return Proposal(
        numbers=numbers,
        reason=f"{_reason(series, SERIAL_WIDTH)}；体系 {persons:g} 人为 {tail[-1]}，复评 {recertified} 次",
        warnings=tuple(_warnings(series, SERIAL_WIDTH)),
    )


def _letters(system: str, used: Iterable[Used], context: Context) -> str:
    """The letters of a system that the body uses most, of those 码表 allows."""
    known = context.lists["体系"]
    choice = known.by_value.get(system) or next(
        (c for c in known.choices if system.upper() in c.code.upper().split(",")), known.by_alias.get(system)
    )
    allowed = [code.strip().upper() for code in choice.code.split(",")] if choice and choice.code else []
    if not allowed:
        raise ValueError(f"码表的“体系”中没有“{system}”的证书字母。请写 Q、E、S 等字母或体系名称。")
    if system.upper() in allowed:
        return system.upper()
    habit = Counter(one.letters for one in used if one.letters in allowed)
    return max(allowed, key=lambda code: habit[code])


def _size(persons: float, context: Context) -> str:
    """S, M or L by the number of persons in the system (时限规则)."""
    if persons <= context.number("规模S上限人数"):
        return "S"
    return "M" if persons <= context.number("规模M上限人数") else "L"


def _used(frames: Sequence[Frame], field: str, pattern: re.Pattern[str]) -> Iterator[Used]:
    """Distinct numbers and clients of all tables that have the field; sub-certificates count once."""
    seen: set[tuple[str, str]] = set()
    for frame in frames:
        codes, texts = frame.texts(field)
        clients, names = frame.texts("client")
        pairs = np.unique(np.stack([codes, clients]), axis=1).T.tolist() if len(codes) else []
        for code, client in pairs:
            found = pattern.fullmatch(texts[code].upper()) if code >= 0 else None
            if found is None or found.groupdict().get("part"):
                continue
            one = (texts[code], names[client] if client >= 0 else "")
            if one not in seen:
                seen.add(one)
                yield _number(found, *one)


def _number(found: re.Match[str], text: str, client: str) -> Used:
    letters = found["letters"] or ""
    return Used(text=text, client=client, year=found["year"], letters=letters, serial=int(found["serial"]))


def _reason(series: Series, width: int) -> str:
    if not series.last:
        return f"{series.name}还没有编号，从 {1:0{width}d} 开始"
    return f"{series.name}最后一个流水号是 {series.last:0{width}d}，顺延"


def _warnings(series: Series, width: int) -> Iterator[str]:
    runs = [_run(first, last, width) for first, last in series.gaps]
    if runs:
        more = f" 等 {len(runs)} 处" if len(runs) > RANGES else ""
        yield f"{series.name}有空号：{'、'.join(runs[:RANGES])}{more}。请确认是否作废或漏登；空号不再使用。"
    for texts in series.duplicates[:RANGES]:
        yield f"{series.name}流水号重复：{'、'.join(texts)}。请核对证书或合同原件。"
    if series.slips:
        told = "、".join(series.slips[:RANGES])
        yield f"{series.name}有流水号跳得太远：{told}。可能录错，没有接着往下编；请核对。"


def _run(first: int, last: int, width: int) -> str:
    return f"{first:0{width}d}" if first == last else f"{first:0{width}d}–{last:0{width}d}"
