"""Faults are found exactly where they were put in, and nothing else is."""

from collections import Counter
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.samples.books import area_holds, findings_of
from zlxl.grid import Area
from zlxl.jobs.demo import compare
from zlxl.jobs.new import new_workbook
from zlxl.rules.catalog import RULE
from zlxl.samples.damage import damaged
from zlxl.samples.database import TODAY, sample_rows
from zlxl.samples.faults import MISTAKES, inject
from zlxl.samples.office import OFFICE_SHEET
from zlxl.sheet import Kind


def _spoilt(seed, clients, today=TODAY):
    rows, faults = inject(sample_rows(seed=seed, clients=clients, today=today), seed, today=today)
    return damaged(new_workbook(rows, today=today), faults, seed, today)


@pytest.fixture(scope="module")
def spoilt():
    return _spoilt(16, 400)


def test_every_rule_has_a_fault(spoilt):
    assert {fault.code for fault in spoilt[1]} == set(RULE)


def test_every_kind_of_mistake_is_made_at_least_once(spoilt):
    made = {(fault.code, fault.note) for fault in spoilt[1]}
    assert {(mistake.code, mistake.note) for mistake in MISTAKES} <= made


def test_all_faults_of_the_default_database_are_found_and_nothing_else(spoilt):
    workbook, faults = spoilt
    outcome = compare(faults, findings_of(workbook, TODAY))
    assert all(outcome.found)
    assert outcome.unexpected == ()


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    seed=st.integers(0, 10_000),
    clients=st.integers(1, 60),
    today=st.sampled_from([TODAY, date(2024, 2, 29), date(2027, 6, 30)]),
)
def test_faults_are_found_exactly_for_any_seed_size_and_day(seed, clients, today):
    workbook, faults = _spoilt(seed, clients, today)
    outcome = compare(faults, findings_of(workbook, today))
    missed = [fault for fault, hit in zip(faults, outcome.found, strict=True) if not hit]
    assert missed == []
    assert outcome.unexpected == ()


def test_about_two_rows_in_a_hundred_are_faulty(spoilt):
    rows = sample_rows()
    places = Counter((fault.sheet, fault.row) for fault in spoilt[1] if fault.sheet != OFFICE_SHEET)
    assert max(places.values()) == 1
    assert 0.018 < len(places) / sum(map(len, rows.values())) < 0.025


def test_the_rate_can_be_chosen():
    rows = sample_rows(clients=100)
    few, many = (len(inject(rows, 1, rate)[1]) for rate in (0.0, 0.05))
    assert len(MISTAKES) * 0.8 < few < many


def test_injecting_leaves_the_clean_rows_alone():
    rows = sample_rows(clients=30)
    before = deepcopy(rows)
    inject(rows, 1)
    assert rows == before


def test_a_lost_dropdown_is_cut_out_of_its_column(spoilt):
    workbook, faults = spoilt
    lost = [fault for fault in faults if fault.loses_dropdown]
    ledger = next(sheet for sheet in workbook.sheets if sheet.name == "客户台账")
    lists = [validation.area for validation in ledger.validations if validation.kind is Kind.LIST]
    assert len(lost) >= 2
    for fault in lost:
        area = Area.parse(str(fault.cell))
        assert not any(area_holds(held, area.top, area.left) for held in lists)
        assert any(area_holds(held, area.top + 1, area.left) for held in lists)


def test_the_change_tells_values_and_types(spoilt):
    by_code = {fault.code: fault.change for fault in spoilt[1]}
    assert by_code["ZL104"].endswith("（数字）")
    assert by_code["ZL108"].endswith("（格式为常规）")
    assert by_code["ZL004"].endswith("（没有结果）")
    assert by_code["ZL180"].endswith("→ 空")
    assert by_code["ZL184"].startswith("新增一行，企业名称：")
    assert "（文字）" in by_code["ZL171"]


def test_the_offices_list_lacks_two_columns_and_repeats_one(spoilt):
    faults = [fault for fault in spoilt[1] if fault.sheet == OFFICE_SHEET]
    assert {fault.code: (fault.column, fault.cell is None) for fault in faults} == {
        "ZL001": ("企业省份", True),
        "ZL007": ("认证范围", True),
        "ZL002": ("联系电话", False),
        "ZL003": ("企业名称", False),
    }
