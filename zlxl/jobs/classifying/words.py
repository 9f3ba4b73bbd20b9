"""Decisions in words, as objects and as lines of a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from zlxl.decisions.answers import Register, cited, register
from zlxl.decisions.decide import Decision, Evidence
from zlxl.jobs.classifying.attention import Item, feedback, overdue, waiting
from zlxl.jobs.classifying.edits import TO_A_PERSON, evidence_words
from zlxl.jobs.classifying.problems import Problem, common_problems
from zlxl.jobs.classifying.sheet import Proposal, Sheet
from zlxl.jobs.classifying.texts import Classified
from zlxl.reports.csv import inert
from zlxl.reports.words import one_line
from zlxl.tables.documents import DOCUMENTS

LISTED: Final = 20  #: so many lines of each list are shown as text
SHOWN: Final = 40  # characters of a text on a line
WAYS: Final = {"phrase": "词条", "model": "模型", "abstain": TO_A_PERSON}
COMMON_HEADERS: Final = (
    *("主题", "要求原文", "条数", "客户数", "最早", "最近", "未办结", "状态", "改进措施", "编号"),
)
HEADERS: Final = ("编号", "要求原文", "主题", "类别", "责任部门", "把握", "判定方式", "判定依据")


def text_objects(decided: Iterable[Classified]) -> list[dict[str, Any]]:
    """One object a line of the list."""
    return [{"id": one.line.id, **decision_object(one.decision)} for one in decided]


def decision_object(decision: Decision) -> dict[str, Any]:
    """A decision for a program; class and owner are null where it is left to a person."""
    return {
        "topics": list(decision.topics),
        "class": decision.topic_class,
        "owner": decision.owner or None,
        "confidence": decision.confidence,
        "decided_by": decision.decided_by,
        "evidence": [_evidence_object(evidence) for evidence in decision.evidence],
    }


def _evidence_object(evidence: Evidence) -> dict[str, Any]:
    told = {
        "kind": evidence.kind,
        "text": evidence.text,
        "topic": evidence.topic,
        "rule": evidence.rule,
        "words": list(evidence.words),
        "quote": evidence.quote,
        "score": evidence.score,
    }
    return {name: value for name, value in told.items() if value not in ("", [], None)}


def text_lines(decided: Sequence[Classified]) -> Iterator[str]:
    """One line a text, then the counts."""
    for one in decided:
        yield one_line(f"{one.line.id}  {_in_short(one.decision)}  {_cut(one.line.text)}")
    yield _counts([one.decision for one in decided])


def _in_short(decision: Decision) -> str:
    if not decision.topics:
        return f"{TO_A_PERSON}（{decision.confidence:.2f}）"
    sure = f"{decision.confidence:.2f}"
    return f"{decision.topic_class} {'、'.join(decision.topics)} → {decision.owner}（{sure}）"


def _counts(decisions: Sequence[Decision]) -> str:
    classes = Counter(decision.topic_class or TO_A_PERSON for decision in decisions)
    told = "，".join(f"{name} {classes[name]}" for name in ("a", "b", "c", TO_A_PERSON))
    return f"共 {len(decisions)} 条：{told}。"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def text_table(decided: Iterable[Classified]) -> str:
    """The decisions as CSV with Chinese headers."""
    return _table([one.line.id, one.line.text, *_fields(one.decision)] for one in decided)


def sheet_table(sheet: Sheet) -> str:
    """The proposals for what nobody has confirmed, as CSV."""
    return _table(
        [one.row.key, one.row.text("text"), *_fields(one.decision)] for one in sheet.proposals if one.decision
    )


def _fields(decision: Decision) -> list[str]:
    return [
        "、".join(decision.topics),
        decision.topic_class or TO_A_PERSON,
        decision.owner,
        f"{decision.confidence:.3f}",
        WAYS[decision.decided_by],
        evidence_words(decision),
    ]


def _table(rows: Iterable[Iterable[str]], headers: Sequence[str] = HEADERS) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(headers)
    writer.writerows([inert(field) for field in row] for row in rows)
    return buffer.getvalue()


# --- common problems ----------------------------------------------------------------------------------------


def common_objects(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """One object a common problem."""
    return [
        {
            "topic": one.topic or None,
            "text": one.text,
            "requests": [request.row.key for request in one.requests],
            "clients": list(one.clients),
            "first": one.days[0].isoformat() if one.days else None,
            "last": one.days[-1].isoformat() if one.days else None,
            "open": one.open,
            "fed_back_to": list(one.fed_back_to),
            "measures": list(one.measures),
            "state": one.state,
        }
        for one in problems
    ]


def common_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """One line a common problem, then the counts."""
    for one in problems:
        when = f"{one.days[0]} 至 {one.days[-1]}" if one.days else "日期不详"
        counts = f"{len(one.requests)} 条，{len(one.clients)} 家，未办结 {one.open}"
        measures = f"：{'、'.join(one.measures)}" if one.measures else ""
        about = one.topic or TO_A_PERSON
        yield one_line(f"{about}  {counts}，{when}，{one.state}{measures}  {_cut(one.text)}")
    yield f"{_common_counts(problems)}。"


def _common_counts(problems: Sequence[Problem]) -> str:
    untold = sum(not one.fed_back_to for one in problems)
    return f"共性问题 {len(problems)} 组，其中未反馈 {untold} 组"


def common_table(problems: Iterable[Problem]) -> str:
    """The common problems as CSV with Chinese headers."""
    return _table(
        (
            [
                one.topic or TO_A_PERSON,
                one.text,
                str(len(one.requests)),
                str(len(one.clients)),
                str(one.days[0]) if one.days else "",
                str(one.days[-1]) if one.days else "",
                str(one.open),
                one.state,
                "、".join(one.measures),
                "、".join(request.row.key for request in one.requests),
            ]
            for one in problems
        ),
        COMMON_HEADERS,
    )


# --- the sheet ----------------------------------------------------------------------------------------------


def sheet_object(sheet: Sheet) -> dict[str, Any]:
    """Proposals and what a person must see to, for a program."""
    documents = register(sheet.book.of(DOCUMENTS), sheet.book.context.today)
    return {
        "requests": [_proposal_object(one, documents) for one in sheet.proposals if one.decision],
        "waiting": [_item_object(item) for item in waiting(sheet)],
        "overdue": [_item_object(item) for item in overdue(sheet)],
        "feedback": [_item_object(item) for item in feedback(sheet)],
        "common": common_objects(common_problems(sheet)),
        "remarks": list(sheet.remarks),
    }


def _proposal_object(one: Proposal, documents: Register) -> dict[str, Any]:
    if one.decision is None:
        raise AssertionError(one.row.key)
    return {
        "id": one.row.key,
        "sheet": one.row.frame.sheet,
        "row": one.row.number_of_row,
        **decision_object(one.decision),
        "reply_due": one.reply_due.isoformat() if one.reply_due else None,
        "due": one.due.isoformat() if one.due else None,
        "escalate_to": one.ruling.escalate_to or None if one.ruling else None,
        "clause": one.ruling.clause if one.ruling else None,
        "basis": one.ruling.basis if one.ruling else None,
        "answer": cited(one.ruling.answer, documents) if one.ruling else None,
    }


def _item_object(item: Item) -> dict[str, Any]:
    return {
        "id": item.row.key,
        "sheet": item.row.frame.sheet,
        "row": item.row.number_of_row,
        "client": item.row.text("client"),
        "reason": item.reason,
        "text": item.words,
        "since": item.since.isoformat() if item.since else None,
        "topic": item.proposal.topic,
        "class": item.proposal.topic_class or None,
        "escalate_to": (item.proposal.ruling.escalate_to or None) if item.proposal.ruling else None,
    }


def sheet_lines(sheet: Sheet) -> Iterator[str]:
    """The proposals in counts, then what a person must see to."""
    decisions = [one.decision for one in sheet.proposals if one.decision]
    confirmed = len(sheet.proposals) - len(decisions)
    yield f"客户要求 {len(sheet.proposals)} 条，已确认 {confirmed} 条；其余给出建议：{_counts(decisions)}"
    yield from _answers(sheet)
    yield from _listed("须人处理（确认、上报、婉拒）", waiting(sheet))
    yield from _listed("逾期", overdue(sheet))
    yield from _listed("应及时反馈的共性问题和流程改进建议（4.6）", feedback(sheet))
    yield f"{_common_counts(common_problems(sheet))}（用 --common 列出）。"


def _answers(sheet: Sheet) -> Iterator[str]:
    """The standard answer to what nobody has confirmed, with the passage to cite (4.5, 4.8.1)."""
    documents = register(sheet.book.of(DOCUMENTS), sheet.book.context.today)
    told = [
        f"  {one.row.key}  {one.topic}：{cited(one.ruling.answer, documents)}"
        for one in sheet.proposals
        if one.decision is not None and one.ruling is not None and one.ruling.answer
    ]
    yield f"建议答复（确认后使用）：{f'{len(told)} 条' if told else '无'}"
    yield from map(one_line, told[:LISTED])
    if len(told) > LISTED:
        yield f"  ……另有 {len(told) - LISTED} 条，用 --format json 查看全部"


def _listed(title: str, items: Sequence[Item]) -> Iterator[str]:
    yield f"{title}：{len(items)} 条" if items else f"{title}：无"
    for item in items[:LISTED]:
        row, one = item.row, item.proposal
        above = one.ruling.escalate_to if one.ruling and item.reason in ("complaint", "escalate") else ""
        to = f"，上报{above}" if above else ""
        about = f"{one.topic}：" if one.topic else ""
        told = f"{row.key}  {row.text('client')}  {item.words}{to}  {about}{_cut(row.text('text'))}"
        yield f"  {one_line(told)}"
    if len(items) > LISTED:
        yield f"  ……另有 {len(items) - LISTED} 条，用 --format json 查看全部"
