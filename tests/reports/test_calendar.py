"""The calendar file is what RFC 5545 says, and a calendar library reads back what was due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from zlxl.figures.due import Due
from zlxl.figures.plan import Plan
from zlxl.reports.calendar import calendar_chunks

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
DUE = Due(
    kind="监督审核",
    due_on=date(2026, 12, 10),
    urgent=30,
    near=90,
    client="石家庄恒泰；机械, 有限公司\\分公司",
    contract_no="ZL20250001-Q",
    system="QMS",
    basis="自 2025-12-10 起 12 个月\n第二行",
    action="定日期",
    owner="审核部",
    rule="CNCA-QMS-01:2025",
    source="5.4.1.4",
)


def text(*dues):
    return "".join(calendar_chunks(Plan(today=TODAY, dues=dues, proposals=()), NOW))


def events(told):
    return icalendar.Calendar.from_ical(told).walk("VEVENT")


def test_a_library_reads_back_what_was_due():
    (event,) = events(text(DUE))
    assert event["SUMMARY"] == "监督审核 石家庄恒泰；机械, 有限公司\\分公司 QMS"
    assert "自 2025-12-10 起 12 个月\n第二行\n怎么办：定日期" in event["DESCRIPTION"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 10), date(2026, 12, 11))
    assert event["DTSTAMP"].dt == NOW
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=9) - timedelta(days=30)


def test_an_alarm_of_the_day_itself_rings_at_nine_and_an_overdue_item_has_none():
    (event,) = events(text(replace(DUE, urgent=0)))
    assert event.walk("VALARM")[0]["TRIGGER"].dt == timedelta(hours=9)
    (late,) = events(text(replace(DUE, due_on=date(2026, 11, 1))))
    assert not late.walk("VALARM")


def test_an_item_keeps_its_uid_when_its_day_moves_and_no_two_share_one():
    moved = replace(DUE, due_on=date(2027, 1, 1), basis="改期")
    assert events(text(DUE))[0]["UID"] == events(text(moved))[0]["UID"]
    uids = [event["UID"] for event in events(text(DUE, DUE, replace(DUE, system="EMS")))]
    assert len(set(uids)) == 3


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120), st.text(max_size=400))
def test_any_text_survives_in_lines_of_75_octets(client, basis):
    told = text(replace(DUE, client=client, basis=basis))
    assert told.endswith("END:VCALENDAR\r\n")
    lines = told.encode("utf-8", "replace").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    (event,) = events(told.encode("utf-8", "replace").decode())
    assert event["DTSTART"].dt == DUE.due_on


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=200))
def test_printable_text_is_read_back_as_it_was(basis):
    (event,) = events(text(replace(DUE, basis=basis)))
    assert event["DESCRIPTION"].startswith(basis + "\n")
