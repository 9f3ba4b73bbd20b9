"""The sample database is realistic, and a validation has nothing to say about it."""

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.samples.books import findings_of
from zlxl.jobs.new import new_workbook
from zlxl.samples.database import TODAY, sample_rows
from zlxl.samples.surveys import ITEMS
from zlxl.tables.catalog import TABLES

SCORES = {"很满意": 100, "满意": 80, "一般": 60, "不满意": 40, "很不满意": 20}
AHEAD = frozenset(
    {"planned_on", "due_on", "latest_on", "valid_until", "reply_due_on", "wanted_on"}
    | {"licence_until", "transition_until"}
)


@pytest.fixture(scope="module")
def rows():
    return sample_rows()


def _clean(*, seed, clients, today):
    rows = sample_rows(seed=seed, clients=clients, today=today)
    return findings_of(new_workbook(rows, today=today), today).findings


def test_the_default_database_has_no_finding(rows):
    assert findings_of(new_workbook(rows, today=TODAY), TODAY).findings == ()


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    seed=st.integers(0, 10_000),
    clients=st.integers(1, 60),
    today=st.sampled_from([TODAY, date(2024, 2, 29), date(2025, 3, 31), date(2028, 2, 29)]),
)
def test_any_seed_size_and_day_gives_a_clean_database(seed, clients, today):
    assert _clean(seed=seed, clients=clients, today=today) == ()


def test_the_same_arguments_give_the_same_rows(rows):
    assert sample_rows() == rows
    assert sample_rows(seed=17) != rows


def test_every_data_table_is_filled(rows):
    assert list(rows) == [table.name for table in TABLES if not table.policy]
    assert all(rows.values())
    for table in TABLES[: len(rows)]:
        assert {name for row in rows[table.name] for name in row} <= set(table.columns)


def test_keys_do_not_repeat(rows):
    for table in TABLES[: len(rows)]:
        keys = Counter(tuple(row.get(name) for name in table.key) for row in rows[table.name])
        assert max(keys.values()) == 1


def test_nothing_but_plans_lies_after_today(rows):
    for name, table in rows.items():
        for row in table:
            days = {field: day for field, day in row.items() if isinstance(day, date)}
            assert all(day <= TODAY for field, day in days.items() if field not in AHEAD), (name, row)


def test_clients_have_one_to_three_certificates_in_realistic_states(rows):
    ledger = rows["客户台账"]
    contracts = Counter(row["contract_no"] for row in ledger)
    assert set(contracts.values()) == {1, 2, 3}
    assert len({row["client"] for row in ledger}) == 400
    states = Counter(row["status"] for row in ledger)
    assert set(states) == {"受理", "审核中", "有效", "暂停", "撤销", "注销", "失效"}
    assert 0.6 < states["有效"] / len(ledger) < 0.85
    assert 0.01 < states["暂停"] / len(ledger) < 0.05


def test_certificate_serials_run_without_gap_in_each_system_and_year(rows):
    serials = defaultdict(list)
    for row in rows["客户台账"]:
        if number := row["certificate_no"]:
            serials[number[3 : number.index("R") - 5]].append(int(number[number.index("R") - 5 :][:5]))
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in serials.values())


def test_the_ledger_covers_all_provinces_and_true_border_cases(rows):
    assert len({row["province"] for row in rows["客户台账"]}) == 31
    border = {row["postcode"] for row in rows["客户台账"] if row["remark"] == "邮编为邻省编码，已核实"}
    assert {"253800", "137400", "750306"} <= border


def test_applications_are_accepted_refused_or_lack_something(rows):
    found = Counter(row["conclusion"] for row in rows["申请受理"])
    assert set(found) == {"受理", "不受理", "补充资料"}
    assert found["受理"] == len(rows["合同"])


def test_documents_given_are_the_version_in_force(rows):
    for row in rows["信息提供"]:
        assert row["version"] == ("2019版" if row["provided_on"] < date(2026, 1, 1) else "A/0")


def test_surveys_come_back_and_say_what_clients_usually_say(rows):
    surveys = rows["满意度调查"]
    valid = [row for row in surveys if row.get("validity") == "有效"]
    assert 0.68 < len(valid) / len(surveys) < 0.82
    index = [[SCORES[row[item]] for item in ITEMS if row[item] in SCORES] for row in valid]
    mean = sum(sum(one) / len(one) for one in index) / len(index)
    assert 85 < mean < 95
    assert len({row["quarter"] for row in surveys}) >= 12


def test_suggestions_of_surveys_become_requests(rows):
    requests = {row["request_no"]: row for row in rows["客户要求"]}
    passed_on = [row for row in rows["满意度调查"] if row.get("request_no")]
    assert len(passed_on) > 30
    for survey in passed_on:
        request = requests[survey["request_no"]]
        assert (request["text"], request["contract_no"]) == (survey["suggestion"], survey["contract_no"])
        assert request["way"] == "满意度调查及评价表"


def test_requests_are_of_all_classes_states_and_most_topics(rows):
    requests = rows["客户要求"]
    classes = Counter(row.get("confirmed_class") for row in requests)
    assert classes["b"] > classes["c"] > classes["a"] > 20
    assert len({row.get("confirmed_topic") for row in requests}) > 70
    assert {"待确认", "已答复", "已办结", "已撤回"} <= {row["state"] for row in requests}


def test_complaints_become_incidents_with_their_proof(rows):
    incidents = rows["重大事件"]
    requests = {row["request_no"] for row in rows["客户要求"]}
    assert {row["request_no"] for row in incidents} <= requests
    assert {"查实", "不属实"} <= {row["proof"] for row in incidents}
    assert all(row["deduction"] == 0 for row in incidents if row["proof"] == "不属实")


def test_the_directory_counts_add_up_from_month_to_month(rows):
    deliveries = rows["名录报送"]
    assert len(deliveries) == 36
    for before, after in pairwise(deliveries):
        assert after["total"] == before["total"] + after["added"] - after["removed"]


def test_the_log_is_in_the_order_of_time(rows):
    times = [row["changed_at"] for row in rows["变更记录"]]
    assert times == sorted(times)
