"""What a program may call."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import zlxl
from tests.hosts.conftest import ledger
from tests.messy.book import Sheet, save
from tests.messy.ledgers import CORE, FIRST, THIRD, faulty, lines


def test_read_gives_what_is_meant(here: Path) -> None:
    """Dates are dates, codes are text, safe repairs are made, what cannot be read is missing."""
    row = faulty(FIRST, 邮编="50000", 审核时间="2023.4.10", 初审费用="3,000元", 状态="在途", 企业省份="河北")
    frame = zlxl.read(ledger(here / "a.xlsx", row, dict(THIRD)), today=date(2024, 6, 30))
    assert list(frame.columns) == list(CORE)
    assert list(frame.index) == [2, 3]
    assert list(frame["邮编"]) == ["050000", "250000"]
    assert frame["审核时间"].dt.date.iloc[0] == date(2023, 4, 10)
    assert frame["初审费用"].dtype == np.float64
    assert frame["初审费用"].sum() == 21000
    assert frame["企业省份"].iloc[0] == "河北省"
    assert frame["状态"].isna().tolist() == [True, False]


def test_read_joins_the_sheets_of_a_table(here: Path) -> None:
    """A table on two sheets is one frame."""
    sheets = [Sheet(name).rows(1, 1, [CORE, *lines(row)]) for name, row in (("2023", FIRST), ("2024", THIRD))]
    assert len(zlxl.read(save(here / "a.xlsx", *sheets))) == 2


@pytest.mark.parametrize(("table", "words"), [("客户台帐", "可用的有"), ("客户要求", "没有“客户要求”")])
def test_read_of_a_table_that_is_not_there(good: Path, table: str, words: str) -> None:
    """An unknown table, or one the workbook does not hold, is an error in words."""
    with pytest.raises(zlxl.UsageError, match=words):
        zlxl.read(good, table)


def test_validate_raises_what_stops_it(broken: Path, good: Path) -> None:
    """A broken file and a wrong code raise; a right file gives a report."""
    with pytest.raises(zlxl.Unreadable, match="请"):
        zlxl.validate(broken)
    with pytest.raises(zlxl.UsageError, match="ZLX"):
        zlxl.validate(good, select=["ZLX"])
    assert zlxl.validate(str(good), today=date(2024, 6, 30)).status == "checked"


def test_new_does_not_overwrite(good: Path) -> None:
    """A file that is there stays, unless it may be overwritten."""
    with pytest.raises(zlxl.ZlxlError):
        zlxl.new(good)
    assert zlxl.new(good, overwrite=True) == good
    assert len(zlxl.read(good)) == 0
