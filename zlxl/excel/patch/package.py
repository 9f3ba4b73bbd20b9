"""A package with some parts new, changed or gone: every other part stays the bytes it is stored in."""

from __future__ import annotations

import posixpath
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, cast

from isal import isal_zlib

from zlxl.errors import Unwritable
from zlxl.excel.faults import SuspectError
from zlxl.excel.package import ENCRYPTED, Package, normal

#: As small as what Excel writes, at a sixth of the time; its next level takes three times as long for 7 %.
LEVEL = 2
PIECE_BYTES = 256 << 10
IN_MEMORY_BYTES = 16 << 20  # a larger new part waits in a temporary file

MAX_32 = 0xFFFFFFFF
MAX_16 = 0xFFFF
ZIP64_VERSION = 45
DESCRIPTOR = 0x8  # sizes follow the data
UTF8_NAME = 0x800
VERSION = 20  # needed to read deflated data
DOS_EPOCH = (0, 0x21)  # 1980-01-01: new parts bear no date, so that output is the same every day
ZIP64_EXTRA = 0x0001
_RELATIONSHIPS = re.compile(r"(.*)_rels/([^/]+)\.rels")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")


@dataclass(frozen=True, kw_only=True)
class _Deflated:
    """A new part, compressed and waiting."""

    data: BinaryIO
    crc: int
    compressed: int
    size: int


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A part as the source holds it."""

    name: str  #: normal name
    info: zipfile.ZipInfo
    record: bytes  #: of the central directory
    end: int  #: where the next entry or the central directory begins


class PackagePatch:
    """Changes parts of a package. A context manager: it holds the new parts until they are written."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._replaced: dict[str, _Deflated] = {}
        self._added: dict[str, str] = {}  # normal name -> name as it is stored
        self._removed: set[str] = set()
        self._files = ExitStack()

    def __enter__(self) -> PackagePatch:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def __contains__(self, name: str) -> bool:
        """Whether the package will hold the part."""
        key = normal(name)
        return key in self._added or (key in self.package.parts and key not in self._removed)

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Put a part that is not there behind the others."""
        if name in self:
            raise AssertionError(name)
        if normal(name) in self._removed:
            self._removed.discard(normal(name))
        else:
            self._added[normal(name)] = self._spelt(name)
        self.replace(name, chunks)

    def _spelt(self, name: str) -> str:
        """The name of a new part as this package spells names: relationships are called after their part."""
        match = _RELATIONSHIPS.fullmatch(name)
        owner = self.package.parts.get(normal(match[1] + match[2])) if match else None
        if owner is not None:
            folder, base = posixpath.split(owner.filename.replace("\\", "/"))
            return posixpath.join(folder, "_rels", f"{base}.rels")
        is_rooted = all(entry.filename.startswith(("/", "\\")) for entry in self.package.parts.values())
        return f"/{name}" if is_rooted else name

    def remove(self, name: str) -> None:
        """Leave a part out."""
        key = normal(name)
        self._replaced.pop(key, None)
        if self._added.pop(key, None) is None:
            self._removed.add(key)

    def replace(self, name: str, chunks: Iterable[bytes]) -> None:
        """Give a part of the package new content."""
        held = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the others
        data = cast(BinaryIO, self._files.enter_context(held))
        self._replaced[normal(name)] = _deflated(chunks, data)

    def write(self, target: BinaryIO) -> None:
        """Write the package: the parts in their order, new ones behind them.

        Raises:
            Unreadable: the source is broken, or was changed since it was opened.
        """
        with self.package.path.open("rb") as source:
            entries, comment = _entries(source)
            entries = [entry for entry in entries if entry.name not in self._removed]
            places = {}
            for entry in sorted(entries, key=lambda e: e.info.header_offset):
                places[entry.name, entry.info.header_offset] = target.tell()
                self._write_entry(source, entry, target)
            added = [self._write_added(key, name, target) for key, name in self._added.items()]
            start = target.tell()
            for entry in entries:
                place = places[entry.name, entry.info.header_offset]
                target.write(_record(entry, place, self._replaced.get(entry.name)))
            target.writelines(added)
            _write_end(target, len(entries) + len(added), start, comment)
        self.package.check_unchanged()

    def _write_added(self, key: str, name: str, target: BinaryIO) -> bytes:
        """Write a part that is new; its record for the central directory."""
        new, place, stored = self._replaced[key], target.tell(), name.encode()
        flags = 0 if name.isascii() else UTF8_NAME
        fields = (VERSION, flags, zipfile.ZIP_DEFLATED, *DOS_EPOCH, new.crc, new.compressed, new.size)
        target.write(_LOCAL.pack(b"PK\x03\x04", *fields, len(stored), 0) + stored)
        new.data.seek(0)
        shutil.copyfileobj(new.data, target, PIECE_BYTES)
        extra = b""
        if place >= MAX_32:
            extra, place = struct.pack("<2HQ", ZIP64_EXTRA, 8, place), MAX_32
        record = (VERSION, *fields, len(stored), len(extra), 0, 0, 0, 0, place)
        return _CENTRAL.pack(b"PK\x01\x02", *record) + stored + extra

    def _write_entry(self, source: BinaryIO, entry: _Entry, target: BinaryIO) -> None:
        info = entry.info
        source.seek(info.header_offset)
        header = source.read(_LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise SuspectError("的压缩目录与内容不符")
        name_length, extra_length = _LOCAL.unpack(header)[-2:]
        if info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size > entry.end:
            raise SuspectError("内有互相重叠的部件")
        new = self._replaced.get(entry.name)
        if new is None:
            target.write(header)
            _copy(source, target, entry.end - info.header_offset - _LOCAL.size)
        else:
            name, extra = source.read(name_length), source.read(extra_length)
            target.write(_local(header, name, _without_zip64(extra), new))
            new.data.seek(0)
            shutil.copyfileobj(new.data, target, PIECE_BYTES)


def _deflated(chunks: Iterable[bytes], data: BinaryIO) -> _Deflated:
    deflater = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -zlib.MAX_WBITS)
    crc = size = compressed = 0
    for piece in _pieces(chunks):
        crc = isal_zlib.crc32(piece, crc)
        size += len(piece)
        compressed += data.write(deflater.compress(piece))
    compressed += data.write(deflater.flush())
    if max(size, compressed) >= MAX_32:
        raise Unwritable("修改后的工作表超过 4 GB，无法写入；请拆分工作簿。")
    return _Deflated(data=data, crc=crc, compressed=compressed, size=size)


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that are worth a call."""
    held: list[bytes] = []
    length = 0
    for chunk in chunks:
        held.append(chunk)
        length += len(chunk)
        if length >= PIECE_BYTES:
            yield b"".join(held)
            held, length = [], 0
    yield b"".join(held)


def _entries(source: BinaryIO) -> tuple[list[_Entry], bytes]:
    """The parts in the order of the central directory, and the comment of the archive."""
    with zipfile.ZipFile(source) as archive:
        infos, comment, at = archive.infolist(), archive.comment, archive.start_dir
    starts = sorted(info.header_offset for info in infos)
    ends = dict(zip(starts, [*starts[1:], at], strict=True))
    entries = []
    for info in infos:
        record = _read_record(source, at)
        at += len(record)
        if info.flag_bits & ENCRYPTED:
            raise SuspectError("内有加密的部件")
        end = ends[info.header_offset]
        entries.append(_Entry(name=normal(info.filename), info=info, record=record, end=end))
    if len(ends) != len(infos):
        raise SuspectError("内有互相重叠的部件")
    return entries, comment


def _read_record(source: BinaryIO, at: int) -> bytes:
    source.seek(at)
    fixed = source.read(_CENTRAL.size)
    return fixed + source.read(sum(_CENTRAL.unpack(fixed)[10:13]))


def _copy(source: BinaryIO, target: BinaryIO, left: int) -> None:
    while left:
        piece = source.read(min(left, PIECE_BYTES))
        if not piece:
            raise EOFError("文件不完整")
        target.write(piece)
        left -= len(piece)


def _local(header: bytes, name: bytes, extra: bytes, new: _Deflated) -> bytes:
    _, version, flags, _, time, date, *_ = _LOCAL.unpack(header)
    fields = (version, flags & ~DESCRIPTOR, zipfile.ZIP_DEFLATED, time, date)
    sizes = (new.crc, new.compressed, new.size, len(name), len(extra))
    return _LOCAL.pack(b"PK\x03\x04", *fields, *sizes) + name + extra


def _record(entry: _Entry, place: int, new: _Deflated | None) -> bytes:
    """The central directory record of an entry at its new place."""
    fields = list(_CENTRAL.unpack_from(entry.record))
    _, _, version, flags, method, _, _, crc, compressed, size, name_length, extra_length, *_ = fields
    known = [entry.info.file_size, entry.info.compress_size]
    if new is not None:
        flags, method, crc = flags & ~DESCRIPTOR, zipfile.ZIP_DEFLATED, new.crc
        known = [new.size, new.compressed]
        size = compressed = 0
    stated = [size, compressed, fields[-1]]
    values = [*known, place]
    wide = [value for value, field in zip(values, stated, strict=True) if max(value, field) >= MAX_32]
    size, compressed, place = (
        MAX_32 if max(v, f) >= MAX_32 else v for v, f in zip(values, stated, strict=True)
    )
    behind_name = _CENTRAL.size + name_length
    extra = _without_zip64(entry.record[behind_name : behind_name + extra_length])
    if wide:
        version = max(version, ZIP64_VERSION)
        extra = struct.pack(f"<2H{len(wide)}Q", ZIP64_EXTRA, 8 * len(wide), *wide) + extra
    fields[2:5] = version, flags, method
    fields[7:10] = crc, compressed, size
    fields[11], fields[-1] = len(extra), place
    name, behind = entry.record[_CENTRAL.size : behind_name], entry.record[behind_name + extra_length :]
    return _CENTRAL.pack(*fields) + name + extra + behind


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != ZIP64_EXTRA:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


def _write_end(target: BinaryIO, count: int, start: int, comment: bytes) -> None:
    end = target.tell()
    size = end - start
    if count >= MAX_16 or size >= MAX_32 or start >= MAX_32:
        versions = (ZIP64_VERSION, ZIP64_VERSION, 0, 0)
        target.write(_END64.pack(b"PK\x06\x06", _END64.size - 12, *versions, count, count, size, start))
        target.write(_LOCATOR64.pack(b"PK\x06\x07", 0, end, 1))
    count, size, start = min(count, MAX_16), min(size, MAX_32), min(start, MAX_32)
    target.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(comment)) + comment)
