"""Existing and latent needs, each with its evidence and clients (4.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tests.figures.books import TODAY, book, certificate
from zlxl.figures.needs import LATENT, Need
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.yearend import YearEnd, yearend

Rows = Sequence[Mapping[str, object]]


def figures(**tables: Rows) -> YearEnd:
    """The year of a workbook with these tables."""
    return yearend(book(tables), Period(year=2026), ())


def named(name: str, **tables: Rows) -> Need:
    """The need of that name."""
    (found,) = [need for need in figures(**tables).needs if need.name == name]
    return found


def request(number: int, **changed: object) -> dict[str, object]:
    """A confirmed request of class b that was settled in time."""
    return {
        "request_no": f"YQ2026-{number:04d}",
        "received_on": date(2026, 5, 6),
        "client": f"第{number}家公司",
        "content_kind": "售后服务要求",
        "way": "电话走访电子文档",
        "text": "证书邮寄地址写错了，请重新寄一份",
        "confirmed_topic": "证书邮寄与查询",
        "confirmed_class": "b",
        "owner": "制证部",
        "due_on": date(2026, 5, 11),
        "closed_on": date(2026, 5, 8),
        "state": "已办结",
    } | changed


def test_a_topic_that_enough_clients_ask_about_is_an_existing_need() -> None:
    """Three different clients; the class a and single voices are none."""
    rows = [request(n) for n in (1, 2, 3)]
    rows += [request(4, client="第1家公司", confirmed_topic="开票", received_on=date(2026, 6, 1))]
    rows += [request(n, confirmed_class="a", confirmed_topic="保证通过认证") for n in (5, 6, 7)]
    need = named("证书邮寄与查询", 客户要求=rows)
    assert (need.number, need.owner, need.topic) == (3, "制证部", "证书邮寄与查询")
    assert "按期办结率 100.0%" in need.evidence
    assert [n.name for n in figures(客户要求=rows).needs_of(LATENT)] == ["认证规则宣贯"]


def test_a_need_knows_its_measures() -> None:
    """By topic, or by a word in what the measure is against."""
    measure = {
        "measure_no": "GJ2026-0001",
        "year": 2026.0,
        "topic": "证书邮寄与查询",
        "problem": "寄错地址",
        "measure": "核对地址",
        "due_on": date(2026, 6, 1),
    }
    need = named("证书邮寄与查询", 客户要求=[request(n) for n in (1, 2, 3)], 改进措施=[measure])
    assert [(m.number, m.state) for m in need.measures] == [("GJ2026-0001", "逾期未完成")]


def test_clients_with_one_system_less_than_their_peers_are_told() -> None:
    """Four of five in the sector hold EMS as well; the fifth has QMS alone."""
    firms = [f"第{n}家公司" for n in range(1, 6)]
    ledger = [certificate(client=firm, industry="17.01.01") for firm in firms]
    ledger += [certificate(client=firm, industry="17.01.01", system="EMS") for firm in firms[:4]]
    need = named("增加 EMS（结合审核）", 客户台账=ledger)
    assert need.clients == ("第5家公司",)
    assert "17 类 4/5 家持有" in need.evidence


def test_too_few_peers_prove_nothing() -> None:
    """Below the number of 时限规则."""
    ledger = [certificate(client=f"第{n}家公司", industry="17.01.01") for n in range(3)]
    ledger += [certificate(client="第1家公司", industry="17.01.01", system="EMS")]
    assert not [n for n in figures(客户台账=ledger).needs if n.name.startswith("增加")]


def test_certificates_that_end_by_the_end_of_next_year_want_recertification() -> None:
    """With the quarters, and how many are near."""
    ledger = [
        certificate(client="近", valid_until=date(2027, 1, 31)),
        certificate(client="远", valid_until=date(2027, 12, 31)),
        certificate(client="更远", valid_until=date(2028, 1, 1)),
    ]
    need = named("再认证", 客户台账=ledger)
    assert need.clients == ("近", "远")
    assert "2027Q1 1 张、2027Q4 1 张" in need.evidence
    assert "180 天内到期 1 张" in need.evidence


def test_weak_internal_audits_call_for_training_unless_it_was_given() -> None:
    """The client that was trained after its audit is not among them."""
    forms = [
        {"evaluation_no": f"PJ{n}", "client": f"第{n}家公司", "audited_on": day, "internal_audit": 2.0}
        for n, day in ((1, date(2026, 4, 1)), (2, date(2026, 4, 2)))
    ]
    trained = {
        "service_no": "ZZ1",
        "raised_on": date(2026, 5, 1),
        "client": "第2家公司",
        "kind": "内审员培训",
        "status": "已开展",
        "delivered_on": date(2026, 6, 1),
    }
    need = named("内审和纠正措施培训", 有效性评价=forms, 增值服务=[trained])
    assert need.clients == ("第1家公司",)


def test_an_edition_that_is_expected_concerns_every_certificate_to_the_old_one() -> None:
    """By the attribute of the standard in 码表, also while it is not enabled."""
    need = named("QMS 换版（ISO 9001:2026）", 客户台账=[certificate()])
    assert need.number == 1


def test_low_scores_name_the_item() -> None:
    """Returned this year and valid."""
    surveys = [
        {
            "survey_no": f"MY{n}",
            "client": f"第{n}家公司",
            "returned_on": date(2026, 3, 3),
            "validity": validity,
            "schedule": "很不满意",
        }
        for n, validity in ((1, "有效"), (2, "无效"))
    ]
    need = named("改进“审核计划与时间安排”", 满意度调查=surveys)
    assert need.clients == ("第1家公司",)


def test_clients_nobody_has_heard_of_are_to_be_visited() -> None:
    """A request within the year is a sign of life."""
    ledger = [certificate(client=name, contract_no=f"ZL202500{n:02d}-Q") for n, name in enumerate("甲乙")]
    need = named("沉默客户的走访", 客户台账=ledger, 客户要求=[request(1, client="甲")])
    assert need.clients == ("乙",)
    assert str(TODAY.replace(year=2025)) in need.evidence


def test_a_topic_that_grew_is_told() -> None:
    """Three clients this year after one last year."""
    rows = [request(n) for n in (1, 2, 3)] + [request(4, received_on=date(2025, 5, 6))]
    assert "上年 1 条，本年 3 条（3.0 倍）" in named("上升：证书邮寄与查询", 客户要求=rows).evidence
