"""Proposed numbers continue the body's own, without gap or duplicate, and odd ones are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables.judging import frame_of
from zlxl.figures.numbers import ACROSS, COUNTING, next_certificates, next_contracts
from zlxl.tables.clients import CLIENTS
from zlxl.tables.codes import is_certificate
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.policy import shipped_context

CONTEXT = shipped_context(date(2026, 11, 24))


def ledger(field, *numbers):
    """A row a number; ``number@client`` where the client matters."""
    rows = [number.partition("@") for number in numbers]
    return frame_of(
        CLIENTS, [{field: n, "client": client or f"第{k}公司"} for k, (n, _, client) in enumerate(rows)]
    )


def contract(*numbers, letters="Q", count=1, context=CONTEXT):
    return next_contracts([ledger("contract_no", *numbers)], context, letters, count)


def certificate(*numbers, system="Q", persons=120, context=CONTEXT, **how):
    return next_certificates([ledger("certificate_no", *numbers)], context, system, persons, **how)


def test_a_contract_follows_the_last_of_its_year_whatever_its_systems() -> None:
    """Other years are counted by themselves."""
    found = contract("ZL20260001-Q", "ZL20260002-QEO", "ZL20250099-E", letters="QE", count=2)
    assert found.numbers == ("ZL20260003-QE", "ZL20260004-QE")
    assert found.warnings == ()
    assert found.reason == "2026 年的合同最后一个流水号是 0002，顺延"


def test_a_contract_is_looked_for_in_all_tables() -> None:
    """A contract that did not reach the ledger yet has its number all the same."""
    signed = frame_of(CONTRACTS, [{"contract_no": "ZL20260007-E", "client": "乙"}])
    found = next_contracts([ledger("contract_no", "ZL20260006-Q"), signed], CONTEXT, "Q")
    assert found.numbers == ("ZL20260008-Q",)


@pytest.mark.parametrize(
    ("known", "wanted"),
    [((), "ZL20260001-Q"), (("ZL20250099-Q",), "ZL20260001-Q"), (("ZL202500099-Q",), "ZL202600001-Q")],
)
def test_a_year_begins_at_one_in_the_width_of_the_last(known, wanted) -> None:
    """The example of 码表 gives the style where there is no number at all."""
    assert contract(*known).numbers == (wanted,)


def test_letters_that_do_not_fit_the_pattern_are_refused() -> None:
    """With the pattern, and where to change it."""
    with pytest.raises(ValueError, match=r"不符合合同编号格式.*码表"):
        contract("ZL20260001-Q", letters="XYZ")


def test_gaps_duplicates_and_slips_are_told() -> None:
    """The proposal goes on behind the last serial that hangs together with the others."""
    found = contract(
        "ZL20260001-Q@甲", "ZL20260001-E@甲", "ZL20260002-Q@甲", "ZL20260002-QE@乙", "ZL20260005-Q",
        "ZL20269001-Q",
    )  # fmt: skip
    assert found.numbers == ("ZL20260006-Q",)
    gap, doubled, slip = found.warnings
    assert "有空号：0003–0004。" in gap
    assert "重复：ZL20260002-Q、ZL20260002-QE。" in doubled
    assert "跳得太远：ZL20269001-Q。" in slip


def test_a_certificate_is_counted_by_year_and_system() -> None:
    """Its size letter follows the persons, other bodies do not count."""
    found = certificate("01626Q00007R0M", "01626E00009R0M", "01625Q00050R0M", "29326Q00060R0M")
    assert found.numbers == ("01626Q00008R0M",)
    assert found.reason.endswith("体系 120 人为 M，复评 0 次")


@pytest.mark.parametrize(("persons", "size"), [(1, "S"), (50, "S"), (51, "M"), (1000, "M"), (1001, "L")])
def test_the_size_letter_follows_the_parameters(persons, size) -> None:
    """domain.md 1.1: up to 50 S, up to 1000 M, above L."""
    assert certificate(persons=persons, recertified=2).numbers == (f"01626Q00001R2{size}",)


def test_the_letters_are_those_the_body_uses() -> None:
    """S or O for occupational health: as in its numbers, else the first of 码表."""
    assert certificate(system="OHSMS").numbers == ("01626S00001R0M",)
    assert certificate("01625O00003R0M", system="OHSMS").numbers == ("01626O00001R0M",)
    assert certificate("01625O00003R0M", system="S").numbers == ("01626S00001R0M",)
    with pytest.raises(ValueError, match="没有“Z”的证书字母"):
        certificate(system="Z")


def test_a_body_may_count_all_systems_together_and_begin_anywhere() -> None:
    """Parameter 证书流水号 of 码表; a first serial of 10001 is no gap."""
    context = replace(CONTEXT, parameters={**CONTEXT.parameters, COUNTING: ACROSS})
    found = certificate("01626Q10001R0M", "01626E10002R0M", "01626E10002R0M-1", context=context)
    assert (found.numbers, found.warnings) == (("01626Q10003R0M",), ())


def test_one_certificate_twice_under_one_serial_is_told() -> None:
    """Same client, same system, other suffix."""
    found = certificate("01626Q00001R0M@甲", "01626Q00001R1M@甲")
    assert "重复：01626Q00001R0M、01626Q00001R1M" in found.warnings[0]


@given(st.sets(st.integers(1, 300), max_size=30), st.integers(1, 5))
def test_a_proposed_number_is_new_and_right(serials, count) -> None:
    """For any numbers in use."""
    known = [f"01626Q{serial:05}R0M" for serial in serials]
    found = certificate(*known, count=count)
    assert len(set(found.numbers)) == count
    assert all(is_certificate(number) and number not in known for number in found.numbers)
