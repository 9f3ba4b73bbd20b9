"""A table as it would stand is what would be read once the changes were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grids import cell_of, grid_of
from tests.jobs.importing.offers import CLIENT, TODAY
from zlxl.jobs.importing.would_be import stored, would_be
from zlxl.schema.headers import find_header
from zlxl.schema.read import read_frame
from zlxl.tables.clients import CLIENTS
from zlxl.tables.policy import shipped_context

CONTEXT = shipped_context(TODAY)
VALUES = {
    "client": st.sampled_from(["甲公司", "=1", "乙公司"]),
    "contact": st.sampled_from(["王丽", "李四"]),
    "postcode": st.sampled_from(["050000", "1"]),
    "applied_on": st.dates(datetime(2023, 1, 1).date(), datetime(2023, 1, 4).date()),
    "initial_fee": st.sampled_from([1.0, 18000.0]),
    "status": st.sampled_from(["有效", "受理"]),
}
HELD = st.lists(
    st.fixed_dictionaries({}, optional={**VALUES, "client": st.sampled_from(["甲公司", " 甲公司", "丙"])}),
    max_size=4,
)
CHANGED = st.fixed_dictionaries({}, optional={name: st.none() | value for name, value in VALUES.items()})
NEW = st.lists(st.fixed_dictionaries({}, optional=VALUES), max_size=3)


def frame_of(rows):
    grid = grid_of(CLIENTS, [{name: stored(value) for name, value in row.items()} for row in rows])
    match = find_header(grid, CLIENTS)
    assert match is not None
    return read_frame(grid, match, CONTEXT)


@settings(max_examples=60, deadline=None)
@given(HELD, st.dictionaries(st.integers(0, 3), CHANGED, max_size=3), NEW)
def test_as_if_written(held, changes, new):
    held = [{**CLIENT, **row} for row in held]
    changes = {position: row for position, row in changes.items() if position < len(held)}
    after = [{**row, **changes.get(position, {})} for position, row in enumerate(held)]
    expected = frame_of([*after, *({**CLIENT, **row} for row in new)])
    found = would_be(frame_of(held), changes, [{**_plain(CLIENT), **row} for row in new], CONTEXT)

    assert found.rows.tolist() == expected.rows.tolist()
    for name in CLIENTS.columns:
        assert found.filled(name).tolist() == expected.filled(name).tolist()
        assert list(map(str, found.column(name))) == list(map(str, expected.column(name)))
        verdicts = [_verdicts(frame.cells[name]) for frame in (found, expected)]
        assert verdicts[0] == verdicts[1]


def _plain(row):
    return {name: value.date() if isinstance(value, datetime) else value for name, value in row.items()}


def _verdicts(cells):
    return [cells.verdicts[code].code if code in cells.verdicts else None for code in cells.codes.tolist()]


def test_cells_under_a_merge_stay_so():
    grid = grid_of(CLIENTS, [dict(CLIENT), dict(CLIENT)])
    area = replace(grid.sheet_layout, merges=(_area("N2:N3"),))
    merged = replace(grid, sheet_layout=area)
    merged.cells[3][14] = cell_of(None)
    match = find_header(merged, CLIENTS)
    frame = would_be(read_frame(merged, match, CONTEXT), {}, [_plain(CLIENT)], CONTEXT)
    assert frame.cells["contact"].lent.tolist() == [False, True, False]


def _area(ref):
    from zlxl.grid import Area

    return Area.parse(ref)
