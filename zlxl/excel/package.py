"""The zip package of a workbook: its parts, their relationships and their inflated bytes, within limits."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from isal import isal_zlib

from zlxl.errors import Unreadable
from zlxl.excel.faults import SuspectError, unreadable
from zlxl.excel.stamp import Stamp, check_unchanged, stamp
from zlxl.excel.xml import Element, tree

MIB = 1 << 20
READ_BYTES = 64 << 10  # compressed bytes per read
INFLATE_BYTES = MIB  # inflated bytes per step; bounds what one step of a bomb can give

#: A full sheet of 1,048,576 rows and some 45 columns; three times what the ledger needs.
MAX_PART_BYTES = 2048 * MIB
#: Deflate reaches 1032; real sheets stay below 100 (5 to 30 is usual). Judged only once it could hurt.
MAX_RATIO = 200
RATIO_FREE_BYTES = 32 * MIB
#: Parts that are kept as a tree (workbook, relationships, tables): real ones are some KiB.
MAX_TREE_BYTES = 8 * MIB
#: A central directory is about 100 bytes a part; more is an attack on the zip reader.
MAX_DIRECTORY_BYTES = 8 * MIB

ENCRYPTED = 0x1
STORED_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:|[/\\]{2}")
_END_RECORD = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, kw_only=True)
class Relationship:
    """A relationship of a part. ``kind``: last word of its type, the same in transitional and strict."""

    kind: str
    target: str  #: normal name of the part it points to


@dataclass(frozen=True, kw_only=True)
class Package:
    """An opened zip package. The file itself is open only while a part is read."""

    path: Path
    stamp: Stamp
    parts: dict[str, zipfile.ZipInfo] = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> Package:
        """Package of a file; Unreadable when its zip structure is broken or ambiguous."""
        with path.open("rb") as file:
            _check_directory(path, file)
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
        _check_names(path, [entry.filename for entry in entries])
        parts: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = normal(entry.filename)
            if name in parts and not entry.is_dir():
                raise unreadable(path, f"内有重名部件 {name}，无法判断哪个有效")
            parts[name] = entry
        return cls(path=path, stamp=stamp(path), parts=parts)

    def __contains__(self, name: str) -> bool:
        return normal(name) in self.parts

    def check_unchanged(self) -> None:
        """Unreadable when another program wrote the file since it was opened."""
        check_unchanged(self.path, self.stamp)

    def chunks(self, name: str, limit: int = MAX_PART_BYTES) -> Iterator[bytes]:
        """Inflated bytes of a part, at most INFLATE_BYTES at a time; Unreadable when missing or too large."""
        entry = self.parts.get(normal(name))
        if entry is None:
            raise unreadable(self.path, f"缺少部件 {name}，文件不完整")
        if entry.flag_bits & ENCRYPTED:
            raise unreadable(self.path, "是加密的压缩包", "请取消密码后另存为 .xlsx 再检查")
        if entry.compress_type not in STORED_OR_DEFLATED:
            raise unreadable(self.path, f"部件 {name} 的压缩方式不受支持")
        self.check_unchanged()
        return self._inflated(entry, limit)

    def tree(self, name: str) -> Element:
        """Root of a small XML part."""
        return tree(self.chunks(name, MAX_TREE_BYTES))

    def relationships(self, name: str) -> dict[str, Relationship]:
        """Internal relationships of a part (``""`` for the package) by id; none when it has no rels part."""
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self:
            return {}
        return {
            item.get("Id"): Relationship(
                kind=item.get("Type").rpartition("/")[2], target=resolved(folder, item.get("Target"))
            )
            for item in self.tree(rels).all("Relationship")
            if item.get("TargetMode") != "External"
        }

    def _inflated(self, entry: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
        total, check = 0, 0
        for chunk, consumed in self._decompressed(entry):
            total += len(chunk)
            if total > limit or (total > RATIO_FREE_BYTES and total > MAX_RATIO * consumed):
                raise unreadable(
                    self.path, f"的部件 {entry.filename} 解压后异常巨大，疑似压缩炸弹", "请勿打开，核实来源"
                )
            check = isal_zlib.crc32(chunk, check)
            yield chunk
        if check != entry.CRC:
            raise unreadable(self.path, f"的部件 {entry.filename} 校验不符，文件已损坏", "请重新获取该文件")

    def _decompressed(self, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
        """Inflated pieces, each with the number of compressed bytes read so far."""
        inflater = isal_zlib.decompressobj(-zlib.MAX_WBITS)
        consumed = 0
        for piece in self._compressed(entry):
            consumed += len(piece)
            if entry.compress_type == zipfile.ZIP_STORED:
                yield piece, consumed
                continue
            while piece and not inflater.eof:
                yield inflater.decompress(piece, INFLATE_BYTES), consumed
                piece = inflater.unconsumed_tail
        while entry.compress_type == zipfile.ZIP_DEFLATED and not inflater.eof:
            rest = inflater.decompress(b"", INFLATE_BYTES)
            if not rest:
                raise self._truncated()
            yield rest, consumed

    def _compressed(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(entry.header_offset)
            header = file.read(30)
            if len(header) < 30 or header[:4] != b"PK\x03\x04":
                raise self._truncated()
            name_length, extra_length = struct.unpack("<HH", header[26:30])
            file.seek(name_length + extra_length, 1)
            left = entry.compress_size
            while left:
                piece = file.read(min(left, READ_BYTES))
                if not piece:
                    raise self._truncated()
                left -= len(piece)
                yield piece

    def _truncated(self) -> Unreadable:
        return unreadable(self.path, "不完整，可能是下载或复制中断", "请重新获取该文件")


def normal(name: str) -> str:
    """The one spelling of a part name: no leading slash, no escapes, lower case (OPC 6.2.2 and 6.3.4)."""
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def resolved(folder: str, target: str) -> str:
    """Name of the part that a relationship target means, seen from the folder of its source."""
    target = unquote(target).replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _check_names(path: Path, names: Sequence[str]) -> None:
    """Unreadable when a name points out of the package. A slash before every name is some writers' habit."""
    odd = [name for name in names if ".." in normal(name).split("/") or _DRIVE.match(name)]
    rooted = [name for name in names if name.startswith(("/", "\\"))]
    if odd or 0 < len(rooted) < len(names):
        name = (odd or rooted)[0][:80]
        raise unreadable(path, f"内有指向包外的部件名 {name}，疑似攻击文件", "请勿打开，核实来源")


def _check_directory(path: Path, file: BinaryIO) -> None:
    size = file.seek(0, 2)
    file.seek(max(0, size - 0xFFFF - _END_RECORD.size))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise unreadable(path, "不完整，可能是下载或复制中断", "请重新获取该文件")
    directory = _END_RECORD.unpack_from(tail, at)[5]
    if directory > MAX_DIRECTORY_BYTES:
        raise SuspectError("的压缩目录异常巨大")
