"""Which row a key means: empty fields differ from nothing, the most fields in common win."""

from __future__ import annotations

import pytest

from zlxl.jobs.importing.keys import KeyIndex
from zlxl.tables.clients import CLIENTS
from zlxl.tables.evaluations import EVALUATIONS

HELD = [
    ("C1", "Q1", "QMS"),
    ("C1", None, "EMS"),
    ("C2", None, None),
    ("C3", "Q3", None),
    ("C3", None, "QMS"),
    ("C4", None, None),
    ("C4", "Q4", "QMS"),
]


def index(rows=HELD, table=CLIENTS):
    found = KeyIndex(table)
    for row, key in enumerate(rows):
        found.put(row, key)
    return found


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        (("C1", "Q1", "QMS"), [0]),
        (("C1", "E1", "EMS"), [1]),
        (("C1", "E1", None), [1]),
        (("C1", None, "QMS"), [0]),
        (("C1", None, None), [0, 1]),
        (("C1", "X", "OHSMS"), []),
        (("C2", "Q2", "QMS"), [2]),
        (("C3", "Q3", "QMS"), [3, 4]),
        (("C4", None, None), [5]),
        (("C9", "Q1", "QMS"), []),
        ((None, "Q1", None), [0]),
        ((None, None, "QMS"), []),
        ((None, None, None), []),
    ],
)
def test_rows_a_key_may_mean(key, rows):
    assert list(index().find(key)) == rows


def test_a_row_put_again_has_its_new_key_only():
    found = index([("C1", None, None)])
    found.put(0, ("C1", "Q1", "QMS"))
    assert list(found.find(("C1", "Q2", "QMS"))) == []
    assert list(found.find((None, "Q1", None))) == [0]
    found.drop(0)
    assert list(found.find(("C1", "Q1", "QMS"))) == []


def test_a_number_of_ours_means_its_row_whatever_else_differs():
    found = index([("PJ1", "C1", "QMS", 1)], EVALUATIONS)
    assert list(found.find(("PJ1", "C2", "QMS", 2))) == [0]
    assert list(found.exactly((None, "C1", "QMS", 1))) == [0]
    assert list(found.exactly((None, "C1", None, 1))) == []
