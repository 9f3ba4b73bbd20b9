"""Merging copies: edits that do not touch each other are all there, in any order; nothing is lost unsaid."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.jobs.copies import FIELDS, KEY, copy, merged, result, table
from zlxl.jobs.merge import Copy
from zlxl.jobs.merge_fields import WHOLE_ROW
from zlxl.jobs.merge_values import essence, told
from zlxl.sheets.conflicts import ADOPT, DELETE, DONE, KEEP, OTHER, RETAIN

VALUES = st.sampled_from(["甲", "乙", "050000", 50000.0, 2.5, True])
FILLED = st.dictionaries(st.sampled_from(FIELDS), VALUES)
ROWS = st.dictionaries(st.sampled_from([f"ZZ{n}" for n in range(6)]), FILLED, max_size=6)


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
