"""CSV files: encodings, delimiters, shape."""

from __future__ import annotations

import numpy as np
import pytest

from zlxl.errors import Unreadable
from zlxl.excel import delimited as delimited_module
from zlxl.excel.source import open_source
from zlxl.grid import Cell, Kind, Layout

TEXT = '合同编号,证书编号,企业名称\nZL1,,甲公司\n\nZL2,016,"乙,\n公司"\n'


def grid(path, content: bytes):
    """The grid of a file of that content."""
    path.write_bytes(content)
    source = open_source(path)
    assert source.path == str(path)
    (only,) = source.grids()
    return only


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path, encoding, told, delimiter):
    """Byte order mark, strict UTF-8, then GB18030; comma, semicolon or tab."""
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    text = TEXT.replace(",", delimiter)
    sheet = grid(tmp_path / "客户.csv", mark + text.encode(encoding))
    assert (sheet.sheet, sheet.encoding, sheet.delimiter) == ("客户", told, delimiter)
    assert (sheet.typed, sheet.date1904, sheet.layout()) == (False, False, Layout())
    assert sheet.head(9) == {
        1: {1: Cell(Kind.TEXT, "合同编号"), 2: Cell(Kind.TEXT, "证书编号"), 3: Cell(Kind.TEXT, "企业名称")},
        2: {1: Cell(Kind.TEXT, "ZL1"), 3: Cell(Kind.TEXT, "甲公司")},
        4: {1: Cell(Kind.TEXT, "ZL2"), 2: Cell(Kind.TEXT, "016"), 3: Cell(Kind.TEXT, f"乙{delimiter}\n公司")},
    }
    assert list(sheet.head(1)) == [1]
    assert sheet.head(-1) == {}


def test_block(tmp_path):
    """Columns as indexes into the texts; trailing empty rows are left out, missing columns are empty."""
    sheet = grid(tmp_path / "a.txt", "甲,乙\n1\n1,2,3\n,\n,,\n".encode())
    block = sheet.block([1, 3, 7], 2)
    assert block.rows.tolist() == [2, 3]
    assert [sheet.strings[int(i)] for i in block.columns[1].data] == ["1", "1"]
    assert block.columns[3].kinds.tolist() == [Kind.EMPTY, Kind.TEXT]
    assert np.isnan(block.columns[3].data[0])
    assert block.columns[7].kinds.tolist() == [0, 0]
    assert block.columns[7].styles.dtype == np.uint16
    assert sheet.block([1], 1, 2).rows.tolist() == [1, 2]
    assert sheet.block([], 1).rows.tolist() == []
    assert sheet.block([2], 4).rows.tolist() == []


def test_batches(tmp_path, monkeypatch):
    """Columns that come or go after the first batch."""
    monkeypatch.setattr(delimited_module, "BATCH_ROWS", 2)
    sheet = grid(tmp_path / "a.csv", b"a\nb\nc,1\nd\ne,2,9\n")
    assert len(sheet.codes) == 3
    assert sheet.head(9)[5] == {1: Cell(Kind.TEXT, "e"), 2: Cell(Kind.TEXT, "2"), 3: Cell(Kind.TEXT, "9")}
    assert sheet.block([2], 1).columns[2].kinds.tolist() == [0, 0, 2, 0, 2]


def test_one_column_and_only_blank_lines(tmp_path):
    """A file without any delimiter, and one without any text."""
    assert grid(tmp_path / "a.csv", b"x\ny\n").head(9) == {
        1: {1: Cell(Kind.TEXT, "x")},
        2: {1: Cell(Kind.TEXT, "y")},
    }
    assert grid(tmp_path / "a.csv", b"\n\n").block([1], 1).rows.tolist() == []


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\x00c\n",
        bytes(range(256)) * 8,
        b"\xff\xfea",
        b"\xef\xbb\xbf\xff\xff",
        b"PK\x03\x04rest",
        b"%PDF-1.4",
        bytes.fromhex("D0CF11E0A1B11AE1") + b"x",
        b'a,"' + b"x" * 200_000,
        b"",
    ],
)
def test_junk(tmp_path, content):
    """Binary files named .csv are refused."""
    with pytest.raises(Unreadable, match=r"^「a\.csv」.*；.*。$"):
        grid(tmp_path / "a.csv", content)


def test_more_than_a_sheet_holds(tmp_path, monkeypatch):
    """Rows or columns beyond a worksheet are refused."""
    with pytest.raises(Unreadable, match="上限"):
        grid(tmp_path / "a.csv", b"," * 20_000)
    monkeypatch.setattr(delimited_module, "MAX_CELLS", 10)
    with pytest.raises(Unreadable, match="上限"):
        grid(tmp_path / "a.csv", b"a,b\n" * 10)
