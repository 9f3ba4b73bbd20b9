"""Turning what goes wrong while reading into one Chinese line."""

from __future__ import annotations

import csv
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from xml.parsers.expat import ExpatError

from isal import isal_zlib

from zlxl.errors import Unreadable, os_reason

#: Everything that zip, inflate, XML and text decoding raise on hostile bytes.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    cast(type[Exception], isal_zlib.error),  # its stubs call the class an instance
    ExpatError,
    UnicodeError,
    csv.Error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    LookupError,
    OverflowError,
    RecursionError,
    RuntimeError,
)

#: What they mean, where they say it in English; the narrower ones first.
REASONS = (
    ((zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, EOFError), "压缩结构有误或不完整"),
    ((zlib.error, cast(type[Exception], isal_zlib.error)), "压缩的数据有误"),
    ((NotImplementedError,), "压缩方式不受支持"),
    ((UnicodeError,), "文字编码有误"),
    ((csv.Error,), "CSV 写法有误"),
    ((RecursionError,), "嵌套过深"),
)
_CHINESE = re.compile("[一-鿿]")

#: Windows: another program holds the file or a part of it (winerror 32 and 33).
SHARING_VIOLATIONS = (32, 33)

REPAIR = "请用 Excel 打开并“另存为”新的 .xlsx 后再检查"


class SuspectError(Exception):
    """Content that no program writes by itself; the message is the symptom, after the file's name."""


def unreadable(path: Path, symptom: str, remedy: str = REPAIR) -> Unreadable:
    """The one line that a user gets: file, symptom, remedy."""
    return Unreadable(f"「{path.name}」{symptom}；{remedy}。")


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Raise every failure of the block as Unreadable."""
    try:
        yield
    except Unreadable:
        raise
    except SuspectError as error:
        raise unreadable(path, f"{error}，疑似攻击文件", "请勿打开，核实来源") from error
    except OSError as error:
        raise _from_os(path, error) from error
    except MemoryError as error:
        raise unreadable(path, "太大，内存不足以读取", "请拆分文件或换用内存更大的电脑") from error
    except BROKEN as error:
        raise unreadable(path, f"内容已损坏（{_reason(error)}）") from error


def _from_os(path: Path, error: OSError) -> Unreadable:
    if getattr(error, "winerror", None) in SHARING_VIOLATIONS:
        return unreadable(path, "正被其他程序独占", "请关闭打开它的程序后重试")
    if isinstance(error, FileNotFoundError):
        return unreadable(path, "不存在", "请检查文件名和所在文件夹")
    if isinstance(error, PermissionError):
        return unreadable(path, "没有读取权限，或正被其他程序占用", "请关闭打开它的程序或申请权限后重试")
    return unreadable(path, f"读取失败（{os_reason(error)}）", "请检查磁盘或网络连接后重试")


def _reason(error: Exception) -> str:
    """What is wrong, in Chinese also where a library says it in English."""
    said = " ".join(str(error).split())[:80]
    if _CHINESE.search(said):
        return said
    if "encoding" in said:
        return "XML 的文字编码不受支持"
    if isinstance(error, ExpatError):
        return f"第 {error.lineno} 行第 {error.offset + 1} 列的 XML 写法有误"
    return next((reason for kinds, reason in REASONS if isinstance(error, kinds)), "内容不合规范")
