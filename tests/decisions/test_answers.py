"""Standard answers name the version that is in force when they are given."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.tables.judging import frame_of
from zlxl.decisions.answers import NONE_IN_FORCE, cited, register
from zlxl.tables.authority import AUTHORITY
from zlxl.tables.documents import DOCUMENTS
from zlxl.tables.policy import shipped_rows

OLD = {
    "document_no": "GK-03", "title": "使用规定", "version": "A/0", "status": "作废",
    "effective_on": date(2019, 4, 5), "withdrawn_on": date(2026, 1, 1),
}  # fmt: skip
NEW = OLD | {"version": "A/1", "status": "有效", "effective_on": date(2026, 1, 1), "withdrawn_on": None}
ANSWER = "见《使用规定》（GK-03），或来电（工作时间）。"


def documents(*rows, today=date(2026, 11, 24)):
    return register([frame_of(DOCUMENTS, list(rows))], today)


def test_an_answer_cites_the_version_in_force() -> None:
    """The withdrawn one is not named, other brackets stay."""
    told = cited(ANSWER, documents(OLD, NEW))
    assert told == "见《使用规定》（GK-03，版本 A/1，2026-01-01 起实施），或来电（工作时间）。"


@pytest.mark.parametrize(
    "rows",
    [
        [OLD],
        [OLD | {"status": "有效"}],
        [NEW | {"effective_on": date(2026, 11, 25)}],
        [NEW | {"status": "修订中"}],
        [NEW | {"effective_on": None}],
    ],
)
def test_without_a_version_in_force_it_says_so(rows) -> None:
    """Withdrawn, still to come, being revised, or without a day: nobody should cite it."""
    assert NONE_IN_FORCE in cited(ANSWER, documents(*rows))


def test_of_two_in_force_the_later_counts() -> None:
    """Whatever their order on the sheet."""
    for rows in ((OLD | {"status": "有效", "withdrawn_on": None}, NEW), (NEW, OLD)):
        assert documents(*rows)["GK-03"] == "版本 A/1，2026-01-01 起实施"


def test_without_register_the_answer_stays_as_it_reads() -> None:
    """Its numbers are words a person can use."""
    assert cited(ANSWER, documents(NEW | {"document_no": "GK-04"})) == ANSWER


def test_every_document_that_a_shipped_answer_cites_is_registered() -> None:
    """And rights, duties, marks and complaints are answered with a document (4.8.1)."""
    answers = {row.text("topic"): row.text("answer") for row in shipped_rows(AUTHORITY)}
    titles = {row["document_no"]: row["title"] for row in DOCUMENTS.shipped}
    found = {
        topic: re.findall(r"《([^》]+)》（(GK-\d\d)）", answer)
        for topic, answer in answers.items()
        if "GK-" in answer
    }
    assert all(titles[number] == title for some in found.values() for title, number in some)
    assert {"客户权利义务解释", "标志使用规定解释", "投诉渠道告知", "公开文件与收费标准索取"} <= found.keys()
