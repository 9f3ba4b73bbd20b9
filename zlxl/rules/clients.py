"""Rules that compare rows of 客户台账: certificates, names of one contract, look-alike companies."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from zlxl.findings import Accusation, Severity
from zlxl.rules.rule import Book, Rule
from zlxl.schema.context import Context
from zlxl.schema.facts import Mask
from zlxl.schema.frame import Frame
from zlxl.tables.clients import CLIENTS
from zlxl.tables.codes import is_certificate
from zlxl.tables.policy import shipped_context

Accused = Iterator[tuple[Frame, Accusation]]
Codes = NDArray[np.int32] | NDArray[np.int64]

_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "集团", "总公司", "公司")  # longest first
_NOISE = re.compile(
    r"(?:[^\S\n]|[()（）\[\]【】,，.。、·\-—_])+"
)  # all blanks but the line end, which parts the names
_NUMERAL = re.compile(r"[0-9一二三四五六七八九十]+")
ALIKE = 0.8  # difflib ratio from which names at one phone number or code count as look-alike
OWN_NUMBER = "机构批准号"
FEW = 5  # fewer certificates than this do not tell whose they are
CROWD = 20  # more names than this at one phone number are an agent's, not one client's


def repeated(codes: Codes) -> Mask:
    """Rows whose code occurs in another row too, shape (rows,); -1 never does."""
    counts = np.bincount(codes[codes >= 0], minlength=1)
    return (codes >= 0) & (counts[np.maximum(codes, 0)] > 1)


def groups(codes: Codes, rows: Mask) -> Iterator[NDArray[np.intp]]:
    """Positions of the marked rows, grouped by code, each group in sheet order."""
    positions = np.flatnonzero(rows)
    order = positions[np.argsort(codes[positions], kind="stable")]
    if len(order):
        yield from np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


def duplicate_certificates(book: Book) -> Accused:
    """A certificate number stands in one row only."""
    for frame in book.of(CLIENTS):
        codes, _ = frame.texts("certificate_no")
        for group in groups(codes, repeated(codes)):
            yield from _each(frame, "certificate_no", group, "ZL182")
    yield from _on_other_sheets(book.of(CLIENTS))


def _on_other_sheets(ledgers: Sequence[Frame]) -> Accused:
    """Certificate numbers that an earlier sheet of the workbook holds too."""
    first: dict[str, str] = {}
    for number, frame in enumerate(ledgers):
        codes, texts = frame.texts("certificate_no")
        places = np.full(len(texts), -1, dtype=np.int64)
        places[codes[codes >= 0][::-1]] = np.flatnonzero(codes >= 0)[::-1]
        for code in [i for i, text in enumerate(texts) if text in first] if number else []:
            row, other = int(frame.rows[places[code]]), first[texts[code]]
            facts = {"others": other, "related": [other]}
            yield frame, Accusation(code="ZL182", row=row, field="certificate_no", facts=facts)
        if len(ledgers) > number + 1:
            seen = {
                text: frame.address("certificate_no", int(frame.rows[places[i]]))
                for i, text in enumerate(texts)
            }
            first = {text: f"{frame.sheet}!{address}" for text, address in seen.items()} | first


def other_bodies(book: Book) -> Accused:
    """Well-formed certificate numbers of another body (those of no known form are accused by their type)."""
    for frame in book.of(CLIENTS):
        codes, texts = frame.texts("certificate_no")
        own = own_bodies(texts, book.context)
        if own.issuperset(map(itemgetter(slice(3)), texts)):
            continue
        foreign = np.array([*(t[:3] not in own and is_certificate(t) for t in texts), False], dtype=np.bool_)
        for row in frame.rows[foreign[codes]].tolist():
            facts = {"bodies": "、".join(sorted(own))}
            yield frame, Accusation(code="ZL112", row=row, field="certificate_no", facts=facts)


def own_bodies(texts: list[str], context: Context) -> frozenset[str]:
    """The body's approval numbers; where nobody set them, also the one that most certificates bear."""
    if context.parameters[OWN_NUMBER] != shipped_context(context.today).parameters[OWN_NUMBER]:
        return context.body_numbers
    votes = Counter(map(itemgetter(slice(3)), texts))
    usual = {body for body, count in votes.items() if count >= FEW and count * 2 > len(texts)}
    return context.body_numbers | usual


def duplicate_rows(book: Book) -> Accused:
    """A contract has one row a system (and certificate)."""
    for frame in book.of(CLIENTS):
        contracts, _ = frame.texts("contract_no")
        systems, _ = frame.texts("system")
        certificates, _ = frame.texts("certificate_no")
        both = (contracts >= 0) & (systems >= 0) & (certificates < 0)
        keys = np.where(both, contracts.astype(np.int64) * (int(systems.max(initial=0)) + 1) + systems, -1)
        _, compact = np.unique(keys, return_inverse=True)
        codes = np.where(both, compact, -1).astype(np.int32)
        for group in groups(codes, repeated(codes)):
            yield from _each(frame, "contract_no", group, "ZL185")


def _each(frame: Frame, name: str, group: NDArray[np.intp], code: str) -> Accused:
    addresses = [frame.address(name, row) or "" for row in frame.rows[group].tolist()]
    for row, address in zip(frame.rows[group].tolist(), addresses, strict=True):
        others = [other for other in addresses if other != address][:10]
        facts = {"others": "、".join(others), "related": others}
        yield frame, Accusation(code=code, row=row, field=name, facts=facts)


def one_name_per_contract(book: Book) -> Accused:
    """Rows of one contract bear one company name; the rarer spelling is accused."""
    for frame in book.of(CLIENTS):
        contracts, _ = frame.texts("contract_no")
        names, texts = frame.texts("client")
        named = (names >= 0) & repeated(contracts)
        first = np.full(int(contracts.max(initial=-1)) + 2, -1, dtype=np.int32)
        first[contracts[named][::-1]] = names[named][::-1]
        differing = named & (first[contracts] != names)
        suspects = np.isin(contracts, np.unique(contracts[differing])) & named
        for group in groups(contracts, suspects):
            yield from _odd_names(frame, group, names, texts)


def _odd_names(frame: Frame, group: NDArray[np.intp], names: Codes, texts: list[str]) -> Accused:
    spelled, counts = np.unique(names[group], return_counts=True)
    ties = spelled[counts == counts.max()]
    usual = next(int(code) for code in names[group] if code in ties)
    for position in group.tolist():
        if names[position] != usual:
            facts = {"usual": texts[usual], "contract": frame.key(position)}
            yield frame, Accusation(code="ZL183", row=int(frame.rows[position]), field="client", facts=facts)


def name_core(name: str) -> str:
    """A company name for comparing: width, brackets, blanks and legal form left out."""
    return name_cores([name])[0]


def name_cores(names: Sequence[str]) -> list[str]:
    """name_core of each, shape (names,); compared in one text, which is several times quicker."""
    joined = "\n".join(name.replace("\n", " ") for name in names)
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", joined).upper())
    return [_without_form(name) for name in plain.split("\n")]


def _without_form(name: str) -> str:
    core = name
    while core.endswith(_FORMS):
        core = core.removesuffix(next(form for form in _FORMS if core.endswith(form)))
    return core or name


def look_alikes(book: Book) -> Accused:
    """Different spellings of what is probably one company, within the ledger."""
    for frame in book.of(CLIENTS):
        names, texts = frame.texts("client")
        pairs = _same_core(texts) | _same_contact(frame, names, texts)
        if pairs:
            yield from _pairs(frame, names, texts, pairs)


def _same_core(texts: list[str]) -> set[tuple[int, int]]:
    by_core: dict[str, int] = {}
    alike: set[tuple[int, int]] = set()
    for code, core in enumerate(name_cores(texts)):
        first = by_core.setdefault(core, code)
        if first != code:
            alike.add((first, code))
    return alike


def _same_contact(frame: Frame, names: Codes, texts: list[str]) -> set[tuple[int, int]]:
    """Similar names at one telephone number or one credit code."""
    alike: set[tuple[int, int]] = set()
    for field in ("phone", "uscc"):
        codes, _ = frame.texts(field)
        both = (codes >= 0) & (names >= 0)
        keys = np.unique(codes[both].astype(np.int64) * (len(texts) + 1) + names[both])
        contacts, known = np.divmod(keys, len(texts) + 1)
        shared = np.flatnonzero(np.diff(contacts) == 0)
        crowded = np.isin(contacts, contacts[shared])
        for crowd in groups(contacts, crowded):
            alike |= _similar(known[crowd].tolist(), texts, sure=field == "uscc")
    return alike


def _similar(crowd: list[int], texts: list[str], *, sure: bool) -> set[tuple[int, int]]:
    if len(crowd) > CROWD:
        return set()
    pairs = [(a, b) for i, a in enumerate(crowd) for b in crowd[i + 1 :]]
    return {(a, b) for a, b in pairs if sure or _alike(name_core(texts[a]), name_core(texts[b]))}


def _alike(one: str, two: str) -> bool:
    """Whether two names are nearly the same; not those of a branch, nor those told apart by a number."""
    if _NUMERAL.sub("", one) == _NUMERAL.sub("", two) or one.startswith(two) != two.startswith(one):
        return False
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE


def _pairs(frame: Frame, names: Codes, texts: list[str], pairs: set[tuple[int, int]]) -> Accused:
    """Accuse the rarer spelling of a pair, at its first row, and point to the other."""
    counts = np.bincount(names[names >= 0], minlength=len(texts))
    first_seen = np.zeros(len(texts), dtype=np.int64)
    held = np.flatnonzero(names >= 0)[::-1]
    first_seen[names[held]] = held
    accused: dict[int, int] = {}
    for one, two in sorted(pairs):
        usual, odd = (
            (one, two) if (counts[one], -first_seen[one]) >= (counts[two], -first_seen[two]) else (two, one)
        )
        accused.setdefault(odd, usual)
    for odd, usual in sorted(accused.items(), key=lambda pair: int(first_seen[pair[0]])):
        other = frame.address("client", int(frame.rows[first_seen[usual]])) or ""
        facts = {"usual": texts[usual], "other": other, "related": [other]}
        yield (
            frame,
            Accusation(code="ZL184", row=int(frame.rows[first_seen[odd]]), field="client", facts=facts),
        )


RULES = (
    Rule(
        code="ZL112",
        name="其他机构的证书",
        severity=Severity.WARNING,
        clause="4.2.1",
        source="domain.md 1.1",
        message="证书编号“{value}”不是本机构（{bodies}）的编号。",
        expected="本机构的证书编号；转机构的旧证书请在备注说明",
        suggestion="核对是否录错；本机构批准号在码表“参数”的“机构批准号”中设置。",
        wrong="29317Q10001R0M",
        right="01623Q00015R0M",
        judge=other_bodies,
    ),
    Rule(
        code="ZL182",
        name="证书编号重复",
        severity=Severity.ERROR,
        clause="4.2.1",
        source="domain.md 1.1",
        message="证书编号“{value}”重复出现，另见 {others}。",
        expected="每张证书只占一行",
        suggestion="核对各行，删除重复的行或改正录错的编号。",
        wrong="两行同为 01623Q00015R0M",
        right="01623Q00015R0M 和 01623E00015R0M",
        judge=duplicate_certificates,
    ),
    Rule(
        code="ZL183",
        name="同一合同企业名称不同",
        severity=Severity.ERROR,
        clause="4.2.1",
        source="domain.md 1.2",
        message="合同 {contract} 的企业名称在本行为“{value}”，其他行为“{usual}”。",
        expected="同一合同各行的企业名称相同",
        suggestion="核对营业执照，统一企业名称；合同编号录错的改正编号。",
        wrong="恒泰机械有限公司 / 恒太机械有限公司",
        right="恒泰机械有限公司",
        judge=one_name_per_contract,
    ),
    Rule(
        code="ZL184",
        name="疑似同一企业",
        severity=Severity.WARNING,
        clause="4.2.2",
        source="users.md 1.15",
        message="“{value}”与 {other} 的“{usual}”疑似同一企业。",
        expected="同一企业只用一种名称",
        suggestion="核对统一社会信用代码；是同一企业的统一名称，不是的可登记豁免。",
        wrong="恒泰（石家庄）机械有限公司 / 恒泰(石家庄)机械有限责任公司",
        right="恒泰（石家庄）机械有限公司",
        judge=look_alikes,
    ),
    Rule(
        code="ZL185",
        name="同一合同同一体系重复",
        severity=Severity.WARNING,
        clause="4.2.1",
        source="domain.md 1.2",
        message="合同“{value}”的同一体系有多行，另见 {others}。",
        expected="一份合同每个体系一行",
        suggestion="删除重复的行，或改正体系。",
        wrong="两行同为 ZL20230015-QE、QMS",
        right="ZL20230015-QE 各一行 QMS、EMS",
        judge=duplicate_rows,
    ),
)
