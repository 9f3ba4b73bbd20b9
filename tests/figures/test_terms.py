"""Terms of 时限规则: by the profile in force, never later than any rule in force allows."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.figures.books import book, certificate
from zlxl.figures.terms import Term, Terms
from zlxl.schema.facts import add_months

ITEM = "监审最长间隔月数"
NEW_RULE = date(2026, 1, 1)
DAYS = st.dates(date(2016, 1, 1), date(2035, 12, 31))
OLD = Term(item=ITEM, value=15, profile="2016 年规则", source="", until=NEW_RULE - timedelta(days=1))
NEW = Term(item=ITEM, value=12, profile="CNCA-QMS-01:2025", source="", since=NEW_RULE)
BOTH = Terms(by_item={ITEM: [OLD, NEW]})


def limit(start, terms=BOTH, system=""):
    found = terms.months_from(ITEM, start, system)
    return None if found is None else (found.day, found.term.profile)


def test_under_one_rule_the_months_are_its_own():
    assert limit(date(2023, 5, 10)) == (date(2024, 8, 10), "2016 年规则")
    assert limit(date(2026, 5, 10)) == (date(2027, 5, 10), "CNCA-QMS-01:2025")


def test_an_interval_that_ends_under_the_new_rule_is_the_new_one():
    assert limit(date(2025, 6, 1)) == (date(2026, 6, 1), "CNCA-QMS-01:2025")


def test_an_interval_the_new_rule_finds_exceeded_ends_on_the_day_before_it_begins():
    assert limit(date(2024, 11, 1)) == (date(2025, 12, 31), "CNCA-QMS-01:2025")


def test_an_interval_that_the_old_rule_ends_earlier_is_not_prolonged():
    assert limit(date(2024, 8, 15)) == (date(2025, 11, 15), "2016 年规则")


def test_29_february_counts_to_28_february():
    assert limit(date(2028, 2, 29)) == (date(2029, 2, 28), "CNCA-QMS-01:2025")


def test_the_shipped_profile_of_a_day_is_cited():
    terms = Terms.of()
    assert limit(date(2024, 3, 1), terms) == (date(2025, 3, 1), "本公司")
    assert limit(date(2025, 3, 1), terms) == (date(2026, 3, 1), "CNCA-QMS-01:2025")


@given(DAYS)
def test_no_rule_in_force_is_broken_on_the_last_day(start):
    day, _ = limit(start)
    for term in (OLD, NEW):
        assert not (term.holds(day) and day > add_months(start, term.value) and day != start)


@given(DAYS)
def test_on_the_day_after_the_last_one_some_rule_in_force_is_broken(start):
    day, _ = limit(start)
    after = day + timedelta(days=1)
    assert any(term.holds(after) and after > add_months(start, term.value) for term in (OLD, NEW))


@given(DAYS, DAYS)
def test_a_later_start_never_has_an_earlier_end(one, other):
    first, second = sorted((one, other))
    assert limit(first)[0] <= limit(second)[0]


def test_a_system_goes_by_its_own_terms():
    terms = Terms.of()
    assert terms.number("体系运行最少月数", NEW_RULE, "EnMS") == 6
    assert terms.number("体系运行最少月数", NEW_RULE, "QMS") == 3


def test_the_workbook_changes_one_item_and_leaves_the_others():
    row = {"profile": "新规则", "item": ITEM, "value": 9, "unit": "月", "source": "某文件"}
    read = book({"客户台账": [certificate()], "时限规则": [row]})
    terms = Terms.of(read.frames)
    assert limit(date(2026, 2, 1), terms) == (date(2026, 11, 1), "新规则")
    assert terms.number("暂停最长月数", NEW_RULE) == 6


def test_a_number_that_cannot_be_meant_is_not_obeyed():
    row = {"profile": "手误", "item": ITEM, "value": 120000, "unit": "月"}
    terms = Terms.of(book({"客户台账": [certificate()], "时限规则": [row]}).frames)
    assert limit(date(2026, 2, 1), terms) == (date(2027, 2, 1), "CNCA-QMS-01:2025")


def test_an_item_that_holds_for_one_system_alone_still_has_a_number():
    row = {"profile": "新规则", "item": "暂停最长月数", "system": "EMS", "value": 3, "unit": "月"}
    terms = Terms.of(book({"客户台账": [certificate()], "时限规则": [row]}).frames)
    assert terms.number("暂停最长月数", NEW_RULE) == 3
