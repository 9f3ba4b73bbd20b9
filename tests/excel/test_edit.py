"""zlxl.edit: what is read, what is planned, what is written, what is refused and when."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill

import zlxl
from tests.excel import books
from zlxl.excel.backup import backups_of
from zlxl.schema.values import ErrorValue

ROWS = (
    '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="s"><v>0</v></c>'
    '<c r="C1" t="b"><v>1</v></c></row>'
    '<row r="2"><c r="A2" s="1"><v>45351</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><v>0.5</v></c>'
    '<c r="D2"><f>NOW()</f></c><c r="E2" t="d"><v>2024-02-29T06:00:00</v></c></row>'
    '<row r="9"><c r="A9"><f t="array" ref="A9:B9">X</f><v>1</v></c><c r="B9"><v>2</v></c></row>'
)
BEHIND = '<mergeCells count="1"><mergeCell ref="E5:F6"/></mergeCells>'


@pytest.fixture
def path(tmp_path) -> Path:
    sheet = books.worksheet(ROWS, behind=BEHIND)
    parts = books.parts(
        {"数据": sheet, "Other": books.worksheet("")}, strings=books.shared_strings("<si><t>甲</t></si>")
    )
    return books.write(tmp_path / "本.xlsx", parts)


def sheet_of(path: Path, name: str = "数据"):
    return zlxl.edit(path)[name]


def test_cells_are_read_as_what_they_mean(path):
    sheet = sheet_of(path)

    assert sheet["A1:E2"] == [
        [2, "甲", True, None, None],
        [dt.date(2024, 2, 29), ErrorValue("#N/A"), 0.5, None, dt.datetime(2024, 2, 29, 6)],
    ]
    assert sheet["$b$1"] == "甲"
    assert isinstance(sheet["B2"], ErrorValue)
    assert sheet["XFD1048576"] is None
    assert sheet["A1:A1"] == [[2]]


def test_names_of_sheets(path):
    book = zlxl.edit(path)

    assert (list(book), book.sheets, len(book)) == (["数据", "Other"], ("数据", "Other"), 2)
    assert "OTHER" in book
    assert 5 not in book
    assert book["other"].name == "Other"
    with pytest.raises(zlxl.UsageError, match="没有工作表“无”（现有：数据、Other）"):
        book["无"]


def test_leaving_the_block_saves(path):
    with zlxl.edit(path) as book:
        book["数据"]["B2"] = 42
        assert book["数据"]["B2"] == 42

    assert sheet_of(path)["B2"] == 42
    assert len(backups_of(path)) == 1


def test_an_exception_writes_nothing(path):
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), zlxl.edit(path) as book:
        book["数据"]["B2"] = 1 / (book["数据"]["A1"] - 2)
    assert path.read_bytes() == before


def test_without_changes_nothing_is_written(path):
    stamp = path.stat().st_mtime_ns
    with zlxl.edit(path) as book:
        assert book["数据"]["A1"] == 2
        assert book.save().backup is None
    assert path.stat().st_mtime_ns == stamp
    assert list(path.parent.iterdir()) == [path]


def test_a_copy_leaves_the_file_until_something_changes_again(path, tmp_path):
    before, copy = path.read_bytes(), tmp_path / "副本.xlsx"
    with zlxl.edit(path) as book:
        book["数据"]["B2"] = 1
        assert book.save(copy).target == copy
    assert path.read_bytes() == before
    assert sheet_of(copy)["B2"] == 1

    with zlxl.edit(path) as book:
        book["数据"]["B2"] = 1
        book.save(copy)
        book["数据"]["B3"] = 2
    assert sheet_of(path)["B2:B3"] == [[1], [2]]
    assert sheet_of(copy)["B3"] is None


def test_saving_in_place_again_and_again(path):
    book = zlxl.edit(path)
    sheet = book["数据"]
    for value in (1, 2):
        sheet["B2"] = value
        assert book.save(path).target == path
        assert sheet["B2"] == value
        assert sheet["C2"] == 0.5


def test_behind_the_block_nothing_is_planned(path):
    with zlxl.edit(path) as book:
        pass
    with pytest.raises(zlxl.UsageError, match="已经结束"):
        book["数据"]["A1"] = 1


class Word(StrEnum):
    YES = "是"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, None),
        ("", None),
        ("=1+1", "=1+1"),
        (Word.YES, "是"),
        (True, True),
        (np.True_, True),
        (7, 7),
        (2.5, 2.5),
        (1e300, 1e300),
        (np.int8(-3), -3),
        (np.float32(0.5), 0.5),
        (np.longdouble(0.25), 0.25),
        (np.str_("文"), "文"),
        (Decimal("0.10"), 0.1),
        (dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        (dt.datetime(2024, 2, 29, 6, 30, 0, 250_000), dt.datetime(2024, 2, 29, 6, 30, 0, 250_000)),
        (dt.datetime(2024, 2, 29), dt.datetime(2024, 2, 29)),
        (np.datetime64("2024-02-29"), dt.date(2024, 2, 29)),
        (np.datetime64("2024-02-29T06:30", "ns"), dt.datetime(2024, 2, 29, 6, 30)),
        (pd.Timestamp("2024-02-29 06:30"), dt.datetime(2024, 2, 29, 6, 30)),
        (dt.time(23, 59, 59), dt.time(23, 59, 59)),
        (dt.timedelta(hours=30), dt.timedelta(hours=30)),
        (dt.timedelta(minutes=-1), dt.timedelta(minutes=-1)),
        (pd.Timedelta("36h"), dt.timedelta(hours=36)),
        (np.timedelta64(90, "m"), dt.timedelta(minutes=90)),
        (ErrorValue("#DIV/0!"), ErrorValue("#DIV/0!")),
        (zlxl.Formula("=SUM(A1:A3)", value=6), 6),
        (zlxl.Formula("=T(1)", value="a<b"), "a<b"),
        (zlxl.Formula("=TODAY()", value=dt.date(2024, 2, 29)), dt.date(2024, 2, 29)),
        (zlxl.Formula("=NA()", value=ErrorValue("#N/A")), ErrorValue("#N/A")),
        (zlxl.Formula("=A1=1", value=np.bool_(False)), False),
        (zlxl.Formula("=A1"), None),
    ],
)
def test_values_of_every_type_come_back(path, value, found):
    """In an empty cell, planned and written."""
    with zlxl.edit(path) as book:
        book["Other"]["C3"] = value
        planned = book["Other"]["C3"]
    written = sheet_of(path, "Other")["C3"]

    assert (planned, type(planned)) == (found, type(found))
    assert (written, type(written)) == (found, type(found))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "清空请用 None"),
        (np.float64("nan"), "缺失值"),
        (Decimal("sNaN"), "缺失值"),
        (pd.NA, "缺失值"),
        (pd.NaT, "缺失值"),
        (np.datetime64("NaT"), "缺失值"),
        (float("inf"), "无穷大"),
        (np.datetime64("20000-01-01"), "范围"),
        (Decimal("1e400"), "无穷大"),
        (10**400, "无穷大"),
        (2**53 + 1, "精度"),
        (Decimal("0.12345678901234567890"), "精度"),
        ("长" * 32_768, "32767"),
        ("\ud800", "无效字符"),
        (dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "时区"),
        (dt.time(1, tzinfo=dt.UTC), "时区"),
        (dt.date(1900, 1, 1), "早于"),
        (1j, "complex 类型"),
        ([1], "list 类型"),
        (b"x", "bytes 类型"),
        (zlxl.Formula("="), "公式为空"),
        (zlxl.Formula("=" + "1+" * 4096 + "1"), "8192"),
        (zlxl.Formula("=\x01"), "无效字符"),
        (zlxl.Formula("=1", value=zlxl.Formula("=1")), "又是公式"),
    ],
)
def test_values_that_no_cell_holds(path, value, words):
    """Told at the assignment, with the place; the plan stays as it was."""
    book = zlxl.edit(path)
    with pytest.raises(zlxl.UsageError, match=words) as caught:
        book["数据"]["C3"] = value
    assert str(caught.value).startswith("数据!C3")
    assert str(caught.value).endswith("。")
    assert book["数据"]["C3"] is None


@pytest.mark.parametrize(
    "address", ["", "A", "1", "A0", "AAAA1", "A1:B2:C3", "B:B", "A1048577", "XFE1", 5, (1, 2)]
)
def test_bad_addresses(path, address):
    with pytest.raises(zlxl.UsageError, match=r"地址|范围"):
        sheet_of(path)[address] = 1


def test_too_large_an_area(path):
    with pytest.raises(zlxl.UsageError, match="分块"):
        sheet_of(path)["A1:XFD1048576"]


@pytest.mark.parametrize(
    "rows", [1, "ab", [1, 2], ["ab", "cd"], [[1, 2]], [[1], [2]], [[1, 2], [3]], [[1, 2, 3], [4, 5, 6]]]
)
def test_an_area_takes_rows_of_its_shape(path, rows):
    with pytest.raises(zlxl.UsageError, match="数据!B3:C4 需要 2 行、每行 2 个值"):
        sheet_of(path)["B3:C4"] = rows


@pytest.mark.parametrize(
    "rows",
    [[[1, "a"], [None, 2.5]], ((1, "a"), (None, 2.5)), np.array([[1, "a"], [None, 2.5]], object)],
)
def test_an_area_is_filled(path, rows):
    with zlxl.edit(path) as book:
        book["数据"]["C2:D3"] = rows
    assert sheet_of(path)["C2:D3"] == [[1, "a"], [None, 2.5]]


def test_a_frame_fills_an_area(path):
    frame = pd.DataFrame({"a": [1, 2], "b": pd.to_datetime(["2024-02-29 01:00", "2024-03-01 02:00"])})
    with zlxl.edit(path) as book:
        book["数据"]["C2:D3"] = frame
    days = [dt.datetime(2024, 2, 29, 1), dt.datetime(2024, 3, 1, 2)]
    assert sheet_of(path)["C2:D3"] == [[1, days[0]], [2, days[1]]]


def test_a_cell_that_a_merge_hides(path):
    sheet = sheet_of(path)
    with pytest.raises(zlxl.Unwritable, match=r"数据!F6 属于合并单元格，但不是其左上角；请写入左上角的 E5"):
        sheet["F6"] = 1
    with pytest.raises(zlxl.Unwritable, match="合并单元格"):
        sheet["E5:F6"] = [[1, 2], [3, 4]]
    with pytest.raises(zlxl.Unwritable, match="合并单元格"):
        sheet.note("F6", "注")
    sheet["E5"] = 1
    assert sheet["E5"] == 1


def test_part_of_an_array_is_refused_when_it_is_saved(path):
    before = path.read_bytes()
    for place in ("A9", "B9"):
        with pytest.raises(zlxl.Unwritable, match=f"{place} 属于数组公式"), zlxl.edit(path) as book:
            book["数据"][place] = 1
    assert path.read_bytes() == before


def test_looks(tmp_path):
    book = openpyxl.Workbook()
    book.active["C2"] = 0.5
    book.active["B1"].fill = PatternFill("solid", fgColor="FF0000")
    path = tmp_path / "看.xlsx"
    book.save(path)
    with zlxl.edit(path) as edited:
        sheet = edited["Sheet"]
        sheet.fill("C2", "#fff2cc")
        sheet.number_format("C2:C3", "0.00")
        sheet.number_format("A1", "yyyy-mm-dd")
        sheet["A1"] = 45351
        sheet.fill("B1", None)
    cells = openpyxl.load_workbook(path).active
    assert (cells["C2"].fill.fgColor.rgb, cells["C2"].number_format) == ("FFFFF2CC", "0.00")
    assert cells["C2"].value == 0.5
    assert cells["B1"].fill.fill_type is None
    assert cells["A1"].value == dt.datetime(2024, 2, 29)
    with pytest.raises(zlxl.UsageError, match="RRGGBB"):
        sheet.fill("A1", "red")
    with pytest.raises(zlxl.UsageError, match="数字格式"):
        sheet.number_format("A1", "")


def test_a_planned_format_is_seen(path):
    sheet = sheet_of(path)
    sheet.number_format("C2", "h:mm")
    assert sheet["C2"] == dt.time(12)


def test_files_that_are_no_workbooks(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(zlxl.UsageError, match="不是工作簿"):
        zlxl.edit(tmp_path / "a.csv")
    with pytest.raises(zlxl.Unreadable, match="不存在"):
        zlxl.edit(tmp_path / "无.xlsx")


def test_a_file_changed_in_between(path):
    book = zlxl.edit(path)
    book["数据"]["A1"] = 1
    books.write(path, books.parts({"数据": books.worksheet("")}))
    with pytest.raises(zlxl.Unreadable, match="被改动"):
        book.save()


TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=9)
MOMENTS = st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(9999, 12, 30)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
VALUES = st.one_of(
    st.none(),
    TEXTS,
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    MOMENTS,
    st.dates(dt.date(1901, 1, 1)),
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.timedeltas(dt.timedelta(), dt.timedelta(days=9999)).map(
        lambda d: dt.timedelta(seconds=d // dt.timedelta(seconds=1))
    ),
)
PLACES = st.builds("{}{}".format, st.sampled_from("ABCDXZ"), st.integers(1, 12))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.dictionaries(PLACES, VALUES, max_size=6), max_size=3))
def test_any_edits_read_back_as_they_were_made(tmp_path_factory, batches):
    """Batch upon batch into one file: always the last value of every cell, planned and written."""
    parts = books.parts({"S": books.worksheet("")})
    path = books.write(tmp_path_factory.mktemp("edit") / "a.xlsx", parts)
    model: dict[str, object] = {}
    for batch in batches:
        with zlxl.edit(path) as book:
            for place in batch:
                if place in model:
                    book["S"].number_format(place, "General")
                    book["S"][place] = None
            book.save()
            for place, value in batch.items():
                book["S"][place] = value
            model |= {place: None if value == "" else value for place, value in batch.items()}
            assert {place: book["S"][place] for place in model} == model
        sheet = zlxl.edit(path)["S"]
        assert {place: sheet[place] for place in model} == model


def test_the_chain_of_formulas_goes_with_a_formula(path, tmp_path):
    """And only then: also its relationship and its content type."""
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    chain = f'<calcChain xmlns="{books.MAIN}"><c r="A1" i="1"/></calcChain>'
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    relation = f'<Relationship Id="chain" Type="{books.OFFICE}/calcChain" Target="calcChain.xml"/>'
    types = parts["[Content_Types].xml"].decode()
    override = f'<Override PartName="/xl/calcChain.xml" ContentType="{books.TYPE}.calcChain+xml"/>'
    parts |= {
        "xl/calcChain.xml": chain,
        "xl/_rels/workbook.xml.rels": rels.replace("</Relationships>", relation + "</Relationships>"),
        "[Content_Types].xml": types.replace("</Types>", override + "</Types>"),
    }
    source = books.write(tmp_path / "链.xlsx", parts)
    with zlxl.edit(source) as book:
        book["数据"]["C2"] = 1
    assert "xl/calcChain.xml" in zipfile.ZipFile(source).namelist()
    with zlxl.edit(source) as book:
        book["数据"]["A1"] = 1
    after = zipfile.ZipFile(source)
    assert "xl/calcChain.xml" not in after.namelist()
    assert relation not in after.read("xl/_rels/workbook.xml.rels").decode()
    assert after.read("[Content_Types].xml").decode() == types
