"""Every broken or hostile file is answered with one Chinese line, at opening or at the first reading."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from tests.excel.books import MAIN, PACKAGE, parts, shared_strings, worksheet, write
from zlxl.errors import Unreadable
from zlxl.excel import columns as columns_module
from zlxl.excel import package as package_module
from zlxl.excel import part as part_module
from zlxl.excel import strings as strings_module
from zlxl.excel.faults import guarded
from zlxl.excel.source import open_source
from zlxl.grid import MAX_COLUMNS

ROW = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>2</v></c></row>'
GOOD = parts(ROW, strings=shared_strings("<si><t>甲</t></si>"))
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def use(path: Path, columns=range(1, 20)) -> None:
    """Read everything of a file."""
    for grid in open_source(path).grids():
        grid.head(10)
        grid.layout()
        grid.block(columns, 1)
        list(grid.strings)


def refusal(path: Path) -> str:
    """The line a hostile file is answered with."""
    with pytest.raises(Unreadable) as caught:
        use(path)
    message = str(caught.value)
    assert message.startswith(f"「{path.name}」")
    assert "；" in message
    assert message.endswith("。")
    assert "\n" not in message
    return message


def with_parts(path: Path, **changed: str | bytes | None) -> Path:
    """The good workbook with some parts replaced or, with None, left out."""
    names = {"sheet": SHEET, "strings": STRINGS, "types": "[Content_Types].xml", "rels": "_rels/.rels"}
    names |= {
        "workbook": "xl/workbook.xml",
        "book_rels": "xl/_rels/workbook.xml.rels",
        "styles": "xl/styles.xml",
    }
    files = GOOD | {names[word]: part for word, part in changed.items()}
    return write(path / "账.xlsx", {name: part for name, part in files.items() if part is not None})


def test_good_book_is_read(tmp_path):
    """The book that the others are made from is fine."""
    use(write(tmp_path / "账.xlsx", GOOD))


FIRST_BYTES = {
    "empty": (b"", "空文件"),
    "html": (b"\xef\xbb\xbf\r\n<HTML><table>", "网页"),
    "doctype html": (b"<!DOCTYPE html><html>", "网页"),
    "xml": (b"<?xml version='1.0'?><Workbook/>", "XML"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "rar": (b"Rar!\x1a\x07", "RAR"),
    "text": (b"a,b,c\n1,2,3\n", "不是 Excel 工作簿"),
    "old xls": (OLE + bytes(4096), ".xls"),
    "encrypted": (OLE + bytes(1 << 20) + "EncryptedPackage".encode("utf-16-le") + bytes(99), "已加密"),
    "zip start only": (b"PK\x03\x04" + bytes(100), "不完整"),
    "no central directory": (b"PK\x03\x04", "不完整"),
}


@pytest.mark.parametrize("name", FIRST_BYTES)
def test_no_workbook_at_all(tmp_path, name):
    """What the file really is is said."""
    content, words = FIRST_BYTES[name]
    path = tmp_path / "账.xlsx"
    path.write_bytes(content)
    assert words in refusal(path)


def test_places_without_file(tmp_path):
    """Missing files, folders, owner marks and unknown types."""
    assert "不存在" in refusal(tmp_path / "无.xlsx")
    (tmp_path / "夹.xlsx").mkdir()
    assert "文件夹" in refusal(tmp_path / "夹.xlsx")
    (tmp_path / "~$账.xlsx").write_bytes(b"x")
    assert "占用标记" in refusal(tmp_path / "~$账.xlsx")
    for name in ("账.doc", "账"):
        (tmp_path / name).write_bytes(b"x")
        assert "不受支持" in refusal(tmp_path / name)


def test_truncated_zip(tmp_path):
    """A download that broke off, anywhere."""
    whole = write(tmp_path / "整.xlsx", GOOD).read_bytes()
    for share in (10, 50, 90, 99):
        path = tmp_path / "断.xlsx"
        path.write_bytes(whole[: len(whole) * share // 100])
        refusal(path)


def test_every_damaged_byte(tmp_path):
    """No damage gives a traceback: read or refused."""
    whole = bytearray(write(tmp_path / "整.xlsx", GOOD).read_bytes())
    path = tmp_path / "损.xlsx"
    for at in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        path.write_bytes(damaged)
        with suppress(Unreadable):
            use(path)


BROKEN_PARTS = {
    "no content types": ({"types": None}, "不含工作簿"),
    "word": (
        {
            "types": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
        },
        "不含工作簿",
    ),
    "xlsb": (
        {
            "types": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
        },
        "xlsb",
    ),
    "no workbook": ({"workbook": None}, "不含工作簿"),
    "other root": ({"workbook": "<document/>"}, "主部件"),
    "no sheets": ({"workbook": f'<workbook xmlns="{MAIN}"><sheets/></workbook>'}, "没有工作表"),
    "no relationships": ({"book_rels": None}, "缺少工作表"),
    "no sheet part": ({"sheet": None}, "缺少工作表"),
    "empty workbook part": ({"workbook": ""}, "损坏"),
    "malformed sheet": ({"sheet": worksheet("<row r='1'><c r='A1'></row>")}, "损坏"),
    "broken off sheet": ({"sheet": worksheet(ROW)[:-40]}, "损坏"),
    "malformed strings": ({"strings": "<sst><si><t>甲</si></sst>"}, "损坏"),
    "strings broken off": ({"strings": "<sst><si><t>甲</t></si>"}, "损坏"),
    "malformed styles": ({"styles": "<styleSheet><a></styleSheet>"}, "损坏"),
    "not utf-8": ({"sheet": worksheet(ROW).encode() + b"\xff\xfe"}, "损坏"),
    "strings not utf-8": ({"strings": b"<sst><si><t>\xff\xff</t></si></sst>"}, "损坏"),
    "unknown encoding": ({"sheet": worksheet(ROW).replace("UTF-8", "EBCDIC-X")}, "损坏"),
    "string beyond": ({"sheet": worksheet(ROW.replace("<v>0<", "<v>9<"))}, "共享字符串 9"),
    "cell beyond sheet": ({"sheet": worksheet('<row r="1"><c r="XFE1"><v>1</v></c></row>')}, "XFE1"),
    "row beyond sheet": ({"sheet": worksheet('<row r="1048577"><c><v>1</v></c></row>')}, "1048577"),
    "bad number": ({"sheet": worksheet('<row r="1"><c r="A1"><v>x</v></c></row>')}, "A1"),
}


@pytest.mark.parametrize("name", BROKEN_PARTS)
def test_broken_part(tmp_path, name):
    """Missing, wrong and malformed parts."""
    changed, words = BROKEN_PARTS[name]
    assert words in refusal(with_parts(tmp_path, **changed))


def test_string_beyond_is_refused_without_head(tmp_path):
    """Also deep in the sheet, where only the block looks."""
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 50))
    path = with_parts(tmp_path, sheet=worksheet(rows + '<row r="50"><c r="A50" t="s"><v>1</v></c></row>'))
    with pytest.raises(Unreadable, match="A50"):
        open_source(path).grids()[0].block([1], 1)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize("word", ["sheet", "strings", "workbook", "styles", "rels", "types", "book_rels"])
@pytest.mark.parametrize("dtd", [BOMB, "<!DOCTYPE x>", '<!DOCTYPE x SYSTEM "file:///etc/passwd">'])
def test_any_dtd_is_refused(tmp_path, word, dtd):
    """Entity bombs and external entities never get as far as an entity."""
    roots = {"sheet": "worksheet", "strings": "sst", "styles": "styleSheet", "workbook": "workbook"}
    root = roots.get(word, "Relationships")
    assert "DTD" in refusal(with_parts(tmp_path, **{word: f"{dtd}<{root}>&i;</{root}>"}))


def test_dtd_in_utf_16(tmp_path):
    """Another encoding does not hide a DTD."""
    raw = ('<?xml version="1.0" encoding="UTF-16"?>' + BOMB + "<worksheet>&i;</worksheet>").encode("utf-16")
    assert "DTD" in refusal(with_parts(tmp_path, sheet=raw))


@pytest.mark.parametrize("word", ["sheet", "strings", "workbook", "styles", "types"])
def test_zip_bomb(tmp_path, word, monkeypatch):
    """A part that inflates beyond the ratio is stopped there."""
    monkeypatch.setattr(package_module, "RATIO_FREE_BYTES", 1 << 20)
    roots = {
        "sheet": "worksheet",
        "strings": "sst",
        "styles": "styleSheet",
        "workbook": "workbook",
        "types": "Types",
    }
    bomb = f"<{roots[word]}>{' ' * (4 << 20)}</{roots[word]}>"
    assert "异常巨大" in refusal(with_parts(tmp_path, **{word: bomb}))


def test_part_beyond_the_limit(tmp_path, monkeypatch):
    """A tree part larger than any real one."""
    monkeypatch.setattr(package_module, "MAX_TREE_BYTES", 100)
    assert "异常巨大" in refusal(with_parts(tmp_path))


def test_lying_sizes(tmp_path):
    """The directory's inflated size means nothing: inflated bytes are counted, the checksum decides."""
    path = with_parts(tmp_path)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    at = raw.index(SHEET.encode(), start) - 46
    raw[at + 24 : at + 28] = struct.pack("<L", 5)
    path.write_bytes(raw)
    use(path)
    raw[at + 16 : at + 20] = struct.pack("<L", 5)
    path.write_bytes(raw)
    assert "校验" in refusal(path)
    raw[at + 20 : at + 24] = struct.pack("<L", 20)
    path.write_bytes(raw)
    assert "不完整" in refusal(path)
    raw[at + 20 : at + 24] = struct.pack("<L", 2**31)
    path.write_bytes(raw)
    refusal(path)


@pytest.mark.parametrize(
    ("offset", "value", "words"), [(8, 1, "加密"), (10, 14, "压缩方式"), (42, 3, "不完整")]
)
def test_odd_directory_entries(tmp_path, offset, value, words):
    """Encrypted and oddly compressed members, and one whose header is elsewhere."""
    path = with_parts(tmp_path)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = raw.index(SHEET.encode(), archive.start_dir) - 46
    raw[at + offset : at + offset + 2] = struct.pack("<H", value)
    path.write_bytes(raw)
    assert words in refusal(path)


def test_garbage_behind_deflate(tmp_path):
    """Compressed bytes that break off inside the stream."""
    path = with_parts(tmp_path)
    raw = path.read_bytes()
    packed = zlib.compress(worksheet(ROW).encode(), 6)[2:-4]
    at = raw.find(packed[:20])
    assert at > 0
    path.write_bytes(raw[:at] + b"\xff" * 20 + raw[at + 20 :])
    refusal(path)


def test_huge_directory(tmp_path, monkeypatch):
    """Millions of members would keep the zip reader busy: refused by the size of the directory."""
    monkeypatch.setattr(package_module, "MAX_DIRECTORY_BYTES", 100)
    assert "压缩目录" in refusal(with_parts(tmp_path))


def test_duplicate_names(tmp_path):
    """Two parts of one name, also in another case: nobody can say which one Excel takes."""
    path = with_parts(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET.upper(), worksheet(""))
    assert "重名" in refusal(path)


def test_other_zips(tmp_path):
    """Word, OpenDocument and plain archives."""
    names = {"word/document.xml": "Word", "content.xml": "OpenDocument", "a.txt": "不含工作簿"}
    for name, words in names.items():
        assert words in refusal(write(tmp_path / "别.xlsx", {name: "<x/>", "mimetype": "junk"}))


def test_too_many_strings(tmp_path, monkeypatch):
    """More shared strings than memory holds, or larger ones."""
    many = shared_strings("<si><t>甲</t></si>" * 50)
    monkeypatch.setattr(strings_module, "MAX_STRINGS", 20)
    assert "过多" in refusal(with_parts(tmp_path, strings=many))
    inline = "".join(f'<c t="str"><v>{i}</v></c>' for i in range(19))
    path = with_parts(tmp_path, sheet=worksheet(f"<row>{inline}</row>"), strings=shared_strings("<si/>" * 5))
    assert "过多" in refusal(path)
    monkeypatch.setattr(strings_module, "MAX_STRING_BYTES", 100)
    assert "巨大" in refusal(with_parts(tmp_path, strings=many))
    assert "巨大" in refusal(with_parts(tmp_path, strings=many.replace("<sst", "<!-- --><sst")))


def test_giant_texts(tmp_path):
    """A text longer than any cell can hold is refused wherever it stands."""
    giant = "甲乙丙丁" * (1 << 19)
    assert "超长" in refusal(with_parts(tmp_path, strings=shared_strings(f"<si><r><t>{giant}</t></r></si>")))
    rows = f'<row r="1"><c r="A1" t="str" x="1"><v>{giant}</v></c></row>'
    assert "超长" in refusal(with_parts(tmp_path, sheet=worksheet(rows)))


def test_too_wide_and_tall(tmp_path, monkeypatch):
    """Two cells far apart do not buy gigabytes."""
    monkeypatch.setattr(columns_module, "MAX_CELLS", 1 << 20)
    rows = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    path = with_parts(tmp_path, sheet=worksheet(rows))
    with pytest.raises(Unreadable, match="行列数"):
        use(path, range(1, MAX_COLUMNS + 1))


def test_endless_tail(tmp_path, monkeypatch):
    """What stands behind the rows is kept, within a limit."""
    monkeypatch.setattr(part_module, "MAX_TAIL_BYTES", 10_000)
    behind = "<hyperlinks>" + "<hyperlink/>" * 2000 + "</hyperlinks>"
    assert "附属信息" in refusal(with_parts(tmp_path, sheet=worksheet(ROW, behind=behind)))


def test_deep_nesting(tmp_path):
    """Nesting does not reach the stack."""
    deep = "<a>" * 5000 + "</a>" * 5000
    assert "嵌套" in refusal(with_parts(tmp_path, workbook=f"<workbook>{deep}</workbook>"))


def test_file_changed_while_reading(tmp_path):
    """A file saved in between is not half old, half new."""
    path = with_parts(tmp_path)
    grid = open_source(path).grids()[0]
    os.utime(path, (1, 1))
    with pytest.raises(Unreadable, match="被改动"):
        grid.block([1], 1)


class _WindowsError(OSError):
    winerror = 32


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_WindowsError(13, "sharing"), "独占"),
        (PermissionError(13, "denied"), "没有读取权限"),
        (OSError(5, "I/O error"), "读取失败"),
        (MemoryError(), "内存不足"),
        (RecursionError(), "嵌套过深"),
        (zipfile.BadZipFile("Bad magic number"), "压缩结构有误"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "invalid start byte"), "文字编码有误"),
        (ValueError("multi-byte encodings are not supported"), "文字编码不受支持"),
        (ValueError("第 3 行的次序错乱"), "第 3 行的次序错乱"),
        (KeyError("x"), "不合规范"),
    ],
)
def test_failures_of_the_system_and_of_libraries(error, words):
    """Sharing violations, permissions, disks and memory; what libraries say in English is said in Chinese."""
    with pytest.raises(Unreadable, match=words), guarded(Path("账.xlsx")):
        raise error


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_unreadable_file(tmp_path):
    """A file without read permission."""
    path = with_parts(tmp_path)
    path.chmod(0)
    assert "没有读取权限" in refusal(path)
