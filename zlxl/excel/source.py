"""Opening a file by what it is, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from zlxl.errors import Unreadable
from zlxl.excel.delimited import open_delimited
from zlxl.excel.faults import guarded, unreadable
from zlxl.excel.workbook import open_workbook
from zlxl.grid import TableSource

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam"})
TEXTS = frozenset({".csv", ".txt", ".tsv"})
#: Excel's mark beside an open workbook, with the name of who holds it.
OWNER_FILE = "~$"

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
SEARCH_BYTES = 1 << 20
NAMES = (
    (b"%pdf", "PDF 文件"),
    (b"<!doctype html", "网页（HTML）"),
    (b"<html", "网页（HTML）"),
    (b"<?xml", "XML 文件"),
    (b"rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x89png", "图片"),
    (b"\xff\xd8\xff", "图片"),
)


def open_source(path: Path) -> TableSource:
    """The sheets of a workbook or CSV file; Unreadable, with one Chinese line, when it cannot be checked."""
    with guarded(path):
        if path.name.startswith(OWNER_FILE):
            raise unreadable(path, "是 Excel 的占用标记文件，不是工作簿", "请选择不带 ~$ 的那个文件")
        if path.is_dir():
            raise unreadable(path, "是文件夹，不是文件", "请选择其中的工作簿")
        start = _start(path)
        suffix = path.suffix.lower()
        if start.startswith(OLE):
            raise _ole(path)
        if suffix in WORKBOOKS:
            if not start.startswith(ZIP):
                raise _other(path, start)
            return open_workbook(path)
        if suffix in TEXTS:
            if start.startswith(ZIP) or start[:4].lower() == b"%pdf":
                raise _other(path, start)
            return open_delimited(path)
    raise unreadable(
        path, f"的类型 {suffix or '（无扩展名）'} 不受支持", "请另存为 .xlsx、.xlsm 或 .csv 后再检查"
    )


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise unreadable(path, "是空文件（0 字节）", "请重新获取或重新保存该文件")
    return start


def _other(path: Path, start: bytes) -> Unreadable:
    if start.startswith(ZIP):
        return unreadable(path, "是压缩包或工作簿，不是文本文件", "请把扩展名改回 .xlsx 后再检查")
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    name = next((name for mark, name in NAMES if head.startswith(mark)), None)
    symptom = f"实际是{name}，不是 Excel 工作簿" if name else "不是 Excel 工作簿，或开头已损坏"
    return unreadable(path, symptom, "请用 Excel 打开并另存为 .xlsx 后再检查")


def _ole(path: Path) -> Unreadable:
    if _contains(path, ENCRYPTED_STREAM):
        return unreadable(path, "已加密", "请用 Excel 打开，取消打开密码并保存后再检查")
    return unreadable(path, "是旧版 Excel 97-2003 工作簿（.xls）", "请用 Excel 另存为 .xlsx 后再检查")


def _contains(path: Path, text: bytes) -> bool:
    held = b""
    with path.open("rb") as file:
        while chunk := file.read(SEARCH_BYTES):
            held = held[-len(text) :] + chunk
            if text in held:
                return True
    return False
