"""Forms to be sent out: blank, or prefilled for clients from what the database knows of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from zlxl.errors import UsageError
from zlxl.figures.plan import Proposal, plan_of
from zlxl.rules.rule import Book
from zlxl.schema.headers import field_of
from zlxl.schema.table import Table
from zlxl.schema.values import Pending, Value, shown
from zlxl.sheet import Properties, Sheet, Workbook
from zlxl.sheets.form_page import Facts, Terms
from zlxl.sheets.forms import FORMS, FormKind
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.clients import CLIENTS
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.plans import PLANS
from zlxl.tables.policy import rows_in_force, shipped_context
from zlxl.tables.surveys import SURVEYS

WINDOW: Final = "监审窗口提醒天数"  #: so far ahead an audit that is not planned yet is told of
MIN_PART: Final = 2  # characters of a part of a name
SHOWN: Final = 8  # clients that a message names
LONGEST_SHEET: Final = 31
LONGEST_NAME: Final = 70  # characters of a name within a file's
AUDITS: Final = frozenset({"监督审核", "再认证", "特殊审核"})
ENDED: Final = frozenset({"已完成", "取消"})
_IN_NAMES = re.compile(r'[\\/:*?"<>|\[\]\x00-\x1f]')  # what no file name and no sheet name holds

Record = Mapping[str, Value]  #: a row by header


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form for one client: what is known beforehand, and what tells it from the others."""

    facts: Facts
    parts: tuple[str, ...]  #: of its name, such as contract number and client

    @property
    def name(self) -> str:
        """Its name, fit for a file."""
        return _IN_NAMES.sub("_", "_".join(part for part in self.parts if part))[:LONGEST_NAME].strip(" .")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which clients: by number or name, by columns of 客户台账, or all."""

    keys: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()  #: header and value, all of which hold
    everyone: bool = False


def form_named(text: str) -> FormKind:
    """The form whose title holds the text.

    Raises:
        UsageError: none or several do.
    """
    plain = text.strip().replace("《", "").replace("》", "").replace("-", "/")
    found = [form for form in FORMS if form.title == plain] or [form for form in FORMS if plain in form.title]
    if len(found) != 1 or not plain:
        titles = "、".join(form.title for form in FORMS)
        what = "对应多张表单" if len(found) > 1 and plain else "没有这张表单"
        raise UsageError(f"“{text}”{what}。请写标题或标题中的几个字：{titles}。")
    return found[0]


def blank_form(form: FormKind, today: date) -> Workbook:
    """The form as it lies ready, by the shipped policy; the same on every day."""
    terms = Terms(context=shipped_context(today), criteria=rows_in_force(CRITERIA))
    return _workbook(form, [form.draw(terms, {}, form.name)])


def drawn(form: FormKind, book: Book, filled: Sequence[Filled]) -> Workbook:
    """A workbook with a sheet for each, by the policy of the database."""
    terms = Terms(context=book.context, criteria=rows_in_force(CRITERIA, book.frames))
    names = [form.name] if len(filled) == 1 else list(_sheet_names(filled))
    return _workbook(
        form, [form.draw(terms, one.facts, name) for one, name in zip(filled, names, strict=True)]
    )


def _workbook(form: FormKind, sheets: Sequence[Sheet]) -> Workbook:
    properties = Properties(
        title=form.title, subject=f"ZL-CX-16 客户服务管理程序 {form.clause}", category=form.number
    )
    return Workbook(sheets=tuple(sheets), properties=properties)


def _sheet_names(filled: Iterable[Filled]) -> Iterator[str]:
    """Names of at most 31 characters, none twice."""
    taken: set[str] = set()
    for one in filled:
        name, serial = one.name[:LONGEST_SHEET], 1
        while name.casefold() in taken:
            serial += 1
            name = f"{one.name[: LONGEST_SHEET - len(str(serial)) - 1]}~{serial}"
        taken.add(name.casefold())
        yield name


def prefilled(form: FormKind, book: Book, wanted: Wanted) -> list[Filled]:
    """The form for each client that is wanted; for some clients several, for some none.

    Raises:
        UsageError: nobody is meant, or a key means nobody or several clients.
    """
    records = Records(book, soon=not wanted.keys)
    rows = chosen(records.of(CLIENTS), wanted)
    fill = _FILLERS[form.table.name]
    return [filled for contract in by_contract(rows).values() for filled in fill(contract, records)]


class Records:
    """Rows of the database's tables by header, each table read once.

    ``soon`` says that of what is not planned yet only what is due before long is wanted.
    """

    def __init__(self, book: Book, *, soon: bool = True) -> None:
        self.today = book.context.today
        self._last = self.today + timedelta(days=int(book.context.number(WINDOW))) if soon else date.max
        self.first_way = next((choice.value for choice in book.context.lists["下发方式"].choices), None)
        self._book = book
        self._held: dict[str, list[Record]] = {}
        self._by_contract: dict[str, dict[Value, list[Record]]] = {}

    def of(self, table: Table) -> list[Record]:
        """All rows of a table."""
        if table.name not in self._held:
            self._held[table.name] = [
                {
                    table.columns[name].header: None if isinstance(value, Pending) else value
                    for name, value in frame.values(position).items()
                    if name in frame.cells
                }
                for frame in self._book.frames
                if frame.table.name == table.name
                for position in range(len(frame))
            ]
        return self._held[table.name]

    def of_contract(self, table: Table, contract: Record) -> list[Record]:
        """Rows of a table that bear the contract's number."""
        if table.name not in self._by_contract:
            found: dict[Value, list[Record]] = {}
            for record in self.of(table):
                found.setdefault(record.get("合同编号"), []).append(record)
            self._by_contract[table.name] = found
        number = contract["合同编号"]
        return [] if number is None else self._by_contract[table.name].get(number, [])

    @cached_property
    def unplanned(self) -> Mapping[Value, list[Proposal]]:
        """Audits that fall due and that 服务计划 lacks, by contract number."""
        found: dict[Value, list[Proposal]] = {}
        for proposal in plan_of(self._book).proposals:
            if proposal.service in AUDITS and proposal.due_on <= self._last:
                found.setdefault(proposal.contract_no, []).append(proposal)
        return found


def chosen(rows: Sequence[Record], wanted: Wanted) -> list[Record]:
    """Rows of 客户台账 that are wanted.

    Raises:
        UsageError: nobody is meant, or a key means nobody or several clients.
    """
    if not (wanted.keys or wanted.where or wanted.everyone):
        raise UsageError("请说明给哪些客户：--client 编号或名称、--where 状态=有效，或 --all。")
    tests = [(_header(name), value.strip()) for name, value in wanted.where]
    found = [row for row in rows if all(shown(row.get(header)) == value for header, value in tests)]
    if wanted.keys:
        meant = {id(row) for key in wanted.keys for row in _meant(found, key.strip())}
        found = [row for row in found if id(row) in meant]
    if not found:
        raise UsageError("客户台账中没有符合条件的客户，没有生成表单。请核对 --client、--where 的写法。")
    return found


def _header(name: str) -> str:
    field = field_of(CLIENTS, name)
    if field is None:
        raise UsageError(f"客户台账没有“{name}”这一列。请写成 列名=值，如 --where 状态=有效。")
    return CLIENTS.columns[field].header


def _meant(rows: Sequence[Record], key: str) -> list[Record]:
    """Rows that a number or a name means."""
    numbers = ("合同编号", "证书编号", "统一社会信用代码", "企业名称")
    exact = [row for row in rows if key and any(row.get(header) == key for header in numbers)]
    if exact:
        return exact
    near = [row for row in rows if len(key) >= MIN_PART and key in shown(row.get("企业名称"))]
    names = list(dict.fromkeys(shown(row.get("企业名称")) for row in near))
    if not names:
        raise UsageError(f"客户台账中没有“{key}”。请写合同编号、证书编号、信用代码或企业名称。")
    if len(names) > 1:
        more = f" 等 {len(names)} 家" if len(names) > SHOWN else ""
        raise UsageError(f"“{key}”对应多家企业：{'、'.join(names[:SHOWN])}{more}。请写全称或合同编号。")
    return near


def by_contract(rows: Iterable[Record]) -> dict[tuple[Value, Value], list[Record]]:
    """Rows of 客户台账 that belong together: one contract of one client."""
    found: dict[tuple[Value, Value], list[Record]] = {}
    for row in rows:
        found.setdefault((row.get("合同编号"), row.get("企业名称")), []).append(row)
    return found


def _first(rows: Sequence[Record], header: str) -> Value:
    return next((row[header] for row in rows if row.get(header) is not None), None)


def _joined(rows: Sequence[Record], header: str, between: str) -> str | None:
    texts = dict.fromkeys(shown(row[header]) for row in rows if row.get(header) is not None)
    return between.join(texts) or None


_KNOWN: Final = (
    "合同编号", "企业名称", "企业省份", "详细地址", "邮编", "联系人", "联系电话",
    "电子邮箱", "统一社会信用代码", "初审费用", "监审费用", "体系人数",
)  # fmt: skip


def _of_client(rows: Sequence[Record]) -> dict[str, Value]:
    """What 客户台账 knows of a contract; the first of its rows that does."""
    known = {header: _first(rows, header) for header in _KNOWN}
    known["体系"] = _first(rows, "体系") if len(rows) == 1 else None
    known["体系们"] = _joined(rows, "体系", ";")
    known["认证标准"] = _joined(rows, "认证标准", "；")
    known["认证范围"] = _joined(rows, "认证范围", "；")
    return known


def _named(facts: Facts, *more: Value) -> tuple[str, ...]:
    return tuple(shown(part) for part in (facts.get("合同编号"), facts.get("企业名称"), *more))


def _applications(rows: Sequence[Record], records: Records) -> Iterator[Filled]:
    known = _of_client(rows)
    sent = [
        row
        for row in records.of(APPLICATIONS)
        if row.get("企业名称") == known["企业名称"] and row.get("申请书收回日期") is None
    ]
    certified = any(row.get("证书编号") is not None for row in rows)
    facts = {
        **known,
        "通讯地址": known["详细地址"],
        "认证类型": "再认证" if certified else "初审",
        "申请体系": known["体系们"],
        "申请范围": known["认证范围"],
        "申请编号": _first(sent[-1:], "申请编号"),
        "申请书发出日期": _first(sent[-1:], "申请书发出日期") or records.today,
    }
    yield Filled(facts=facts, parts=_named(facts))


def _contracts(rows: Sequence[Record], records: Records) -> Iterator[Filled]:
    known = _of_client(rows)
    held = {k: v for row in records.of_contract(CONTRACTS, known) for k, v in row.items() if v is not None}
    facts = {**known, "合同体系": known["体系们"], "合同认证范围": known["认证范围"], **held}
    yield Filled(facts=facts, parts=_named(facts))


def _surveys(rows: Sequence[Record], records: Records) -> Iterator[Filled]:
    known = _of_client(rows)
    fresh: Record = {"下发日期": records.today, "下发方式": records.first_way}
    open_ = [row for row in records.of_contract(SURVEYS, known) if row.get("回收日期") is None]
    for row in open_ or [fresh]:
        facts = {**known, **{header: value for header, value in row.items() if value is not None}}
        yield Filled(facts=facts, parts=_named(facts, row.get("问卷编号")))


def _evaluations(rows: Sequence[Record], records: Records) -> Iterator[Filled]:
    for row in rows:
        open_ = [
            held
            for held in records.of_contract(EVALUATIONS, row)
            if held.get("体系") == row.get("体系")
            and held.get("有效性结论") is None
            and held.get("评价日期") is None
        ]
        facts = {header: row.get(header) for header in ("合同编号", "企业名称", "体系")}
        facts |= {header: value for held in open_[-1:] for header, value in held.items() if value is not None}
        yield Filled(facts=facts, parts=_named(facts, facts["体系"], facts.get("评价编号")))


def _notices(rows: Sequence[Record], records: Records) -> Iterator[Filled]:
    """A notice an open audit of 服务计划, and one an audit that falls due and is not planned yet."""
    known = _of_client(rows)
    systems = {row.get("体系") for row in rows}
    for plan in records.of_contract(PLANS, known):
        wanted = plan.get("服务类型") in AUDITS and plan.get("服务状态") not in ENDED
        if wanted and (plan.get("体系") is None or plan.get("体系") in systems):
            yield _notice(known, plan, records)
    for proposal in records.unplanned.get(known["合同编号"], ()):
        if proposal.client == known["企业名称"] and systems & {*proposal.systems}:
            yield _notice(known, _as_planned(proposal), records)


def _notice(known: Record, plan: Record, records: Records) -> Filled:
    told = {header: value for header, value in plan.items() if value is not None}
    facts = {**known, "审核地点": known["详细地址"], "预通知日期": records.today, **told}
    return Filled(facts=facts, parts=_named(facts, plan.get("计划编号") or plan.get("服务类型")))


def _as_planned(proposal: Proposal) -> Record:
    """What a row of 服务计划 would hold; it gets its number when the receipt is imported."""
    return {
        "服务类型": proposal.service,
        "体系": proposal.systems[0] if len(proposal.systems) == 1 else None,
        "计划日期": proposal.due_on,
        "最晚日期": proposal.latest_on,
    }


_FILLERS: Final[Mapping[str, Callable[[Sequence[Record], Records], Iterator[Filled]]]] = {
    APPLICATIONS.name: _applications,
    CONTRACTS.name: _contracts,
    SURVEYS.name: _surveys,
    EVALUATIONS.name: _evaluations,
    PLANS.name: _notices,
}
