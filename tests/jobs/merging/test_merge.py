"""Merging copies: edits that do not touch each other are all there, in any order; nothing is lost unsaid."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.jobs.copies import FIELDS, KEY, copy, merged, result, table
from zlxl.jobs.merging.fields import WHOLE_ROW, Why
from zlxl.jobs.merging.merge import Copy
from zlxl.jobs.merging.values import essence, told
from zlxl.jobs.records import Record, RecordTable
from zlxl.schema.values import PENDING, ErrorValue, StoredNumber
from zlxl.sheets.conflicts import ADOPT, DELETE, DONE, KEEP, OTHER, RETAIN, VOID
from zlxl.tables.changes import CHANGES
from zlxl.tables.clients import CLIENTS

VALUES = st.sampled_from(["甲", "乙", "050000", 50000.0, 2.5, True, StoredNumber(46000, "yyyy-mm-dd")])
FILLED = st.dictionaries(st.sampled_from(FIELDS), VALUES)
ROWS = st.dictionaries(st.sampled_from([f"ZZ{n}" for n in range(5)]), FILLED, max_size=5)


@st.composite
def disjoint(draw: Any) -> tuple[Any, list[Any], Any]:
    """A base, three copies whose edits do not touch each other, and all edits together."""
    base = draw(ROWS)
    copies = [{key: dict(row) for key, row in base.items()} for _ in range(3)]
    wanted = {key: dict(row) for key, row in base.items()}
    for key in base:
        if draw(st.integers(0, 4)) == 0:
            del copies[draw(st.integers(0, 2))][key], wanted[key]
            continue
        for field in FIELDS:
            owner, value = draw(st.integers(0, 5)), draw(st.none() | VALUES)
            if owner < 3:
                for row in (copies[owner][key], wanted[key]):
                    row.pop(field, None)
                    row |= {} if value is None else {field: value}
    for number in range(draw(st.integers(0, 3))):
        new = draw(FILLED)
        copies[draw(st.integers(0, 2))][f"NEW{number}"] = new
        wanted[f"NEW{number}"] = new
    return base, copies, wanted


@given(disjoint())
def test_disjoint_edits_are_all_there_in_any_order(case: Any) -> None:
    """Whoever is mine, and in whatever order the others come."""
    base, rows, wanted = case
    copies = [copy(f"副本{n}", some) for n, some in enumerate(rows)]
    for mine, *theirs in permutations(copies):
        done = merged(copy("基准", base), mine, *theirs)

        assert typed(result(mine, done)) == typed(wanted)
        assert not done.lines
        assert not done.losses


@given(ROWS, ROWS)
def test_one_changed_copy_is_the_result(base: Any, rows: Any) -> None:
    """Merging into an untouched copy, or an untouched copy, gives the changed one."""
    untouched, changed = copy("基准", base), copy("北京办", rows)
    for mine, theirs in ((untouched, changed), (changed, replace(untouched, name="上海办"))):
        done = merged(untouched, mine, theirs)

        assert typed(result(mine, done)) == typed(rows)
        assert not done.lines


@given(ROWS, ROWS, ROWS)
def test_conflicts_are_the_same_from_both_sides(base: Any, one: Any, other: Any) -> None:
    """What is contradictory does not depend on who merges."""

    def found(mine: Any, theirs: Any) -> set[tuple[str, str, frozenset[str]]]:
        lines = merged(copy("基准", base), copy("甲办", mine), copy("乙办", theirs)).lines
        return {
            (x.key, x.label, frozenset((x.mine, x.theirs)) if x.label != WHOLE_ROW else frozenset())
            for x in lines
        }

    assert found(one, other) == found(other, one)


@given(ROWS, ROWS, st.lists(ROWS, min_size=1, max_size=3), st.lists(FILLED, max_size=2))
def test_no_value_is_lost_unsaid(base: Any, own: Any, others: Any, doubles: Any) -> None:
    """Each value of a copy is in the result, or the base's, or on a line, or told as not merged."""
    mine = copy("本方", own, FIELDS[:2])
    theirs = [Copy(name=f"副本{n}", tables=(table(rows.items()),)) for n, rows in enumerate(others)]
    twice = [*others[0].items(), *(("ZZ0", row) for row in doubles)]
    theirs[0] = Copy(name="副本0", tables=(table(twice),))
    done = merged(copy("基准", base), mine, *theirs)
    after = result(mine, done)
    for other in theirs:
        for record in other.tables[0].records:
            for label, value in record.values.items():
                where = (record.key, label)
                assert (
                    (record.key in after and label == KEY)
                    or essence(after.get(record.key, {}).get(label)) == essence(value)
                    or essence(base.get(record.key, {}).get(label)) == essence(value)
                    or (label == KEY and record.key in base)
                    or any((x.key, x.label) == where and told(value) == x.theirs for x in done.lines)
                    or any(x.key == record.key and f"→ {told(value)}" in x.theirs for x in done.lines)
                    or any((x.key, x.what.label, x.what.value) == (*where, value) for x in done.losses)
                )


@given(ROWS, ROWS, st.lists(ROWS, min_size=1, max_size=3))
def test_a_second_run_changes_nothing(base: Any, own: Any, others: Any) -> None:
    """Whatever the first run left open."""
    mine, theirs = copy("本方", own), [copy(f"副本{n}", rows) for n, rows in enumerate(others)]
    first = merged(copy("基准", base), mine, *theirs)
    now = copy("本方", result(mine, first))
    second = merged(copy("基准", base), now, *theirs, lines=first.lines)

    assert second.taken + second.added + second.removed == ()
    assert second.lines == first.lines


DECIDED = st.sampled_from(["", ADOPT, KEEP, DELETE, RETAIN, OTHER, "随便"])


@given(ROWS, ROWS, st.lists(ROWS, min_size=1, max_size=3), st.data())
def test_decided_conflicts_are_not_asked_again(base: Any, own: Any, others: Any, data: Any) -> None:
    """After any decisions the run after next changes nothing, and no decision is lost."""
    mine, theirs = copy("本方", own), [copy(f"副本{n}", rows) for n, rows in enumerate(others)]
    first = merged(copy("基准", base), mine, *theirs)
    lines = tuple(replace(x, decision=data.draw(DECIDED), other="第三") for x in first.lines)
    now = copy("本方", result(mine, first))
    second = merged(copy("基准", base), now, *theirs, lines=lines)
    then = copy("本方", result(now, second))
    third = merged(copy("基准", base), then, *theirs, lines=second.lines)
    last = merged(copy("基准", base), copy("本方", result(then, third)), *theirs, lines=third.lines)

    assert last.taken + last.added + last.removed == ()
    assert {(x.number, x.decision) for x in lines} <= {(x.number, x.decision) for x in last.lines}
    settled = {x.number for x in second.lines if x.word == DONE}
    assert settled <= {x.number for x in last.lines if x.word == DONE}


def typed(rows: Any) -> Any:
    """Rows with what decides whether values are the same."""
    return {key: {label: essence(value) for label, value in row.items()} for key, row in rows.items()}


BASE = {"ZZ1": {"联系人": "张敏", "联系电话": "010-1"}, "ZZ2": {"联系人": "李强"}}


def office(name: str, **changes: dict[str, Any] | None) -> Copy:
    """A copy of BASE with some rows replaced, added or, by None, removed."""
    rows = {**BASE, **changes}
    return copy(name, {key: row for key, row in rows.items() if row is not None})


def test_equal_changes_are_taken_once() -> None:
    """Two offices made the same correction: one value, both named."""
    news = {"联系人": "张敏", "联系电话": "010-2"}
    done = merged(office("基准"), office("本方"), office("北京办", ZZ1=news), office("上海办", ZZ1=news))

    (taken,) = done.taken
    assert (taken.field.old, taken.field.new) == ("010-1", "010-2")
    assert taken.field.copies == ("北京办", "上海办")
    assert (taken.row, taken.column) == (3, 3)


def test_several_proposals_are_several_lines() -> None:
    """Mine stays; each other value has its line."""
    done = merged(
        office("基准"),
        office("本方", ZZ2={"联系人": "王芳"}),
        office("北京办", ZZ2={"联系人": "赵六"}),
        office("上海办", ZZ2={}),
    )

    assert done.taken == ()
    assert [(x.base, x.mine, x.theirs, x.copies) for x in done.lines] == [
        ("李强", "王芳", "赵六", "北京办"),
        ("李强", "王芳", "（空）", "上海办"),
    ]


def test_a_record_removed_here_and_changed_there_waits() -> None:
    """Nothing of it is taken before somebody decides; either decision is carried out once."""
    base, mine = office("基准"), office("本方")
    theirs = office("北京办", ZZ1=None), office("上海办", ZZ1={"联系人": "周红", "联系电话": "010-1"})
    first = merged(base, mine, *theirs)
    (line,) = first.lines

    assert (first.taken, first.removed, line.label) == ((), (), WHOLE_ROW)
    gone = merged(base, mine, *theirs, lines=[replace(line, decision=DELETE)])
    assert [one.key for one in gone.removed] == ["ZZ1"]
    kept = merged(base, mine, *theirs, lines=[replace(line, decision=RETAIN)])
    assert [(one.field.label, one.field.new) for one in kept.taken] == [("联系人", "周红")]
    assert kept.removed == ()
    assert (gone.lines[0].word, kept.lines[0].word) == (DONE, DONE)


def test_a_decision_is_carried_out_once() -> None:
    """A record that came back by hand after it was decided to go stays."""
    copies = (
        office("基准"),
        office("本方"),
        office("北京办", ZZ1=None),
        office("上海办", ZZ1={"联系人": "周红"}),
    )
    (line,) = merged(*copies).lines
    gone = merged(*copies, lines=[replace(line, decision=DELETE)])
    later = merged(*copies, lines=gone.lines)

    assert len(gone.removed) == 1
    assert later.removed == ()
    assert later.lines == gone.lines


def test_a_record_that_mine_removed_comes_back_by_decision() -> None:
    """As the other copy has it, in all fields."""
    base, mine = office("基准"), office("本方", ZZ1=None)
    theirs = office("北京办", ZZ1={"联系人": "周红", "联系电话": "010-1"})
    (line,) = merged(base, mine, theirs).lines
    done = merged(base, mine, theirs, lines=[replace(line, decision=RETAIN)])

    (added,) = done.added
    assert (dict(added.values), added.restored) == ({KEY: "ZZ1", "联系人": "周红", "联系电话": "010-1"}, True)


CLASH = (office("基准"), office("本方", ZZ2={"联系人": "王芳"}), office("北京办", ZZ2={"联系人": "赵六"}))


@pytest.mark.parametrize(
    ("decision", "other", "value", "status"),
    [
        (KEEP, "", None, DONE),
        (ADOPT, "", "赵六", DONE),
        (OTHER, "钱七", "钱七", DONE),
        (OTHER, "", None, "待决定：另填值为空；要清空请写（空）"),
        (DELETE, "", None, "待决定：此处不能选“删除”，请改选保留本方、采用对方、另填"),
        ("同意", "", None, "待决定：此处不能选“同意”，请改选保留本方、采用对方、另填"),
        ("", "", None, "待决定"),
    ],
)
def test_a_decision_is_carried_out_or_says_why_not(
    decision: str, other: str, value: str | None, status: str
) -> None:
    """What cannot be carried out stays open with a word of what to do."""
    (line,) = merged(*CLASH).lines
    done = merged(*CLASH, lines=[replace(line, decision=decision, other=other)])

    assert [one.field.new for one in done.taken] == ([value] if value else [])
    assert [x.status for x in done.lines] == [status]


def test_a_value_may_be_emptied_by_decision() -> None:
    """（空） in the column for another value clears the cell."""
    (line,) = merged(*CLASH).lines
    done = merged(*CLASH, lines=[replace(line, decision=OTHER, other="（空）")])

    (taken,) = done.taken
    assert taken.field.new is None


@pytest.mark.parametrize(
    ("text", "value", "word"), [("2026-3-1", "2026-03-01", DONE), ("三月", None, "待决定")]
)
def test_another_value_is_read_as_its_column_is(text: str, value: str | None, word: str) -> None:
    """A date column takes a date, and nothing else."""
    copies = [
        copy(name, {"ZZ1": {"提出日期": said}}, ["提出日期"])
        for name, said in zip("基本京", "甲乙丙", strict=True)
    ]
    (line,) = merged(*copies).lines
    done = merged(*copies, lines=[replace(line, decision=OTHER, other=text)])

    assert [told(one.field.new) for one in done.taken] == ([value] if value else [])
    assert done.lines[0].word == word


def test_a_decision_on_other_values_is_void() -> None:
    """Mine changed since: the old line stays to be seen, a new one asks again."""
    base, _, theirs = CLASH
    (line,) = merged(*CLASH).lines
    later = office("本方", ZZ2={"联系人": "吴莉"})
    done = merged(base, later, theirs, lines=[replace(line, decision=ADOPT, note="电话核实")])

    assert done.taken == ()
    asked, old = done.lines
    assert (asked.mine, asked.decision, asked.number) == ("吴莉", "", 2)
    assert (old.word, old.decision, old.note) == (VOID, ADOPT, "电话核实")


def test_contradictory_decisions_wait() -> None:
    """Two proposals cannot both be adopted; one adopted settles both lines."""
    copies = (*CLASH, office("上海办", ZZ2={"联系人": "钱七"}))
    first, second = merged(*copies).lines
    both = merged(*copies, lines=[replace(first, decision=ADOPT), replace(second, decision=ADOPT)])
    one = merged(*copies, lines=[replace(first, decision=ADOPT), second])

    assert both.taken == ()
    assert {x.status for x in both.lines} == {"待决定：同一处的决定互相矛盾"}
    assert [x.field.new for x in one.taken] == [first.theirs]
    assert [x.word for x in one.lines] == [DONE, DONE]


def test_a_conflict_that_is_no_more_is_told() -> None:
    """Mine took the value by hand: nobody is asked."""
    base, _, theirs = CLASH
    lines = merged(*CLASH).lines
    done = merged(base, office("本方", ZZ2={"联系人": "赵六"}), theirs, lines=lines)

    assert [x.word for x in done.lines] == ["已无冲突"]
    assert done.open == ()


def test_lines_of_a_copy_that_is_not_given_wait() -> None:
    """Its conflict is still open, and its decision is kept for the next time."""
    base, mine, _ = CLASH
    lines = [replace(x, decision=ADOPT) for x in merged(*CLASH).lines]
    done = merged(base, mine, office("上海办"), lines=lines)

    assert done.lines == tuple(lines)
    assert len(done.open) == 1


def test_a_column_that_mine_lacks_is_told() -> None:
    """By name, with the values that found no place."""
    theirs = copy("北京办", {"ZZ1": {"备用": "x"}, "ZZ2": {}}, [*FIELDS, "备用"])
    done = merged(copy("基准", {"ZZ1": {}, "ZZ2": {}}), copy("本方", {"ZZ1": {}, "ZZ2": {}}), theirs)

    assert [(x.key, x.what.label, x.what.value, x.what.why) for x in done.losses] == [
        ("ZZ1", "备用", "x", Why.NO_COLUMN)
    ]


def test_a_column_that_a_copy_lacks_empties_nothing() -> None:
    """It is told, and the values stay."""
    done = merged(office("基准"), office("本方"), copy("北京办", {"ZZ1": {}, "ZZ2": {}}, FIELDS[1:]))

    assert [(x.what.label, x.what.why) for x in done.losses] == [("联系人", Why.LOST_COLUMN)]
    assert [one.field.label for one in done.taken] == ["联系电话"]


def test_an_extract_removes_nothing() -> None:
    """An office that sends its own rows only has not removed the others, unless it is said so."""
    rows = {f"ZZ{n}": {"联系人": "张敏"} for n in range(100)}
    part = {key: {"联系人": "李强"} for key in list(rows)[:30]}
    copies = copy("基准", rows), copy("本方", rows), copy("北京办", part)
    done = merged(*copies)

    assert (len(done.taken), done.removed) == (30, ())
    assert [x.what.why for x in done.losses] == [Why.PARTIAL]


def test_what_a_copy_does_not_know_is_told() -> None:
    """An error or a formula that was never calculated says nothing about the value."""
    unsure = office("北京办", ZZ1={"联系人": ErrorValue("#N/A"), "联系电话": PENDING})
    done = merged(office("基准"), office("本方"), unsure)

    assert (done.taken, done.lines) == ((), ())
    assert {(x.what.label, x.what.why) for x in done.losses} == {
        ("联系人", Why.UNKNOWN),
        ("联系电话", Why.UNKNOWN),
    }


def log(name: str, *lines: dict[str, Any]) -> Copy:
    """A copy that holds nothing but its log."""
    labels = ["时间", "字段", "新值"]
    records = [Record(row=n, key="", identity=str(n), values=line) for n, line in enumerate(lines, 3)]
    columns = {label: number for number, label in enumerate(labels, 1)}
    held = RecordTable(table=CHANGES, sheet="变更记录", header_row=2, columns=columns, records=tuple(records))
    return Copy(name=name, tables=(held,))


def test_logs_are_united() -> None:
    """Every line once; none is taken out or changed, and a line pruned from mine does not come back."""
    a, b, c, d = ({"时间": f"2026-11-2{n} 09:00:00", "字段": "邮编", "新值": PENDING} for n in range(4))
    del b["新值"]
    done = merged(log("基准", a), log("本方", b), log("北京办", a, b, c), log("上海办", c, d, d))

    assert [(one.values["时间"], one.copies) for one in done.added] == [
        (c["时间"], ("北京办",)),
        (d["时间"], ("上海办",)),
        (d["时间"], ("上海办",)),
    ]
    assert (done.taken, done.removed, done.lines) == ((), (), ())


def test_double_keys_are_left_alone() -> None:
    """Which of two rows is meant cannot be told: their values are listed."""
    twice = Copy(name="北京办", tables=(table([*BASE.items(), ("ZZ1", {"联系人": "周红"})]),))
    done = merged(office("基准"), office("本方"), twice)

    assert (done.taken, done.added, done.removed) == ((), (), ())
    assert {x.what.why for x in done.losses} == {Why.DUPLICATE}
    assert ("ZZ1", "周红") in {(x.key, x.what.value) for x in done.losses}


def test_formulas_of_mine_stay() -> None:
    """A value that would take a formula's place is told instead."""
    mine = replace(office("本方"), fixed={"增值服务": frozenset({(3, 3)})})
    done = merged(office("基准"), mine, office("北京办", ZZ1={"联系人": "周红", "联系电话": "010-9"}))

    assert [one.field.label for one in done.taken] == ["联系人"]
    assert [(x.what.label, x.what.why) for x in done.losses] == [("联系电话", Why.FORMULA)]


def test_a_key_column_that_a_copy_lacks_does_not_tell_records_apart() -> None:
    """Records are found by the key columns that all copies have."""

    def plans(name: str, *labels: str, phone: str) -> Copy:
        fields = {"合同编号": "ZL1", "证书编号": "C1", "体系": "QMS", "联系电话": phone}
        values = {label: fields[label] for label in labels}
        identity = "|".join(values[label] for label in labels[:-1])
        record = Record(row=2, key="ZL1", identity=identity, values=values)
        columns = {label: number for number, label in enumerate(labels, 1)}
        held = RecordTable(table=CLIENTS, sheet="台账", header_row=1, columns=columns, records=(record,))
        return Copy(name=name, tables=(held,))

    full = ("合同编号", "证书编号", "体系", "联系电话")
    base, mine = plans("基准", *full, phone="1"), plans("本方", *full, phone="1")
    done = merged(base, mine, plans("北京办", "合同编号", "联系电话", phone="2"))

    assert [(one.field.label, one.field.new) for one in done.taken] == [("联系电话", "2")]
    assert (done.added, done.removed) == ((), ())
    assert {x.what.label for x in done.losses} == {"证书编号", "体系"}


def test_tables_that_only_one_copy_has_are_told() -> None:
    """Mine's stay as they are; a copy's are listed by their values."""
    bare = Copy(name="本方", tables=log("").tables)
    done = merged(log("基准"), bare, office("北京办"))
    unplaced = [(x.key, x.what.value) for x in done.losses if x.what.why is Why.NO_TABLE]
    assert unplaced == [("ZZ1", "ZZ1"), ("ZZ1", "张敏"), ("ZZ1", "010-1"), ("ZZ2", "ZZ2"), ("ZZ2", "李强")]

    without = merged(office("基准"), office("本方"), log("北京办"))
    assert ("增值服务", Why.LOST_TABLE) in {(x.sheet, x.what.why) for x in without.losses}
    assert without.removed == ()


def test_tables_on_several_sheets_keep_to_their_sheets() -> None:
    """The one of the same name; the only one left where it was renamed."""

    def book(name: str, phones: dict[str, str]) -> Copy:
        tables = [
            replace(table([(f"ZZ{sheet[:4]}", {"联系电话": p})]), sheet=sheet) for sheet, p in phones.items()
        ]
        return Copy(name=name, tables=tuple(tables))

    base, mine = book("基准", {"2024": "1", "2025": "1"}), book("本方", {"2024": "1", "2025": "1"})
    done = merged(base, mine, book("北京办", {"2024": "2", "2025 新": "3"}))

    assert [(one.table.sheet, one.field.new) for one in done.taken] == [("2024", "2"), ("2025", "3")]
