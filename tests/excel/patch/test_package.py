"""A package with replaced parts: every other byte of it is where and what it was."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from zlxl.errors import Unreadable, Unwritable
from zlxl.excel.faults import guarded
from zlxl.excel.package import Package
from zlxl.excel.patch import package as patch_package
from zlxl.excel.patch.package import PackagePatch

PARTS = {"a.xml": b"<a>" + b"x" * 50 + b"</a>", "b/c.bin": bytes(range(256)) * 9, "d.xml": b"", "e": b"<e/>"}


class Stream(io.RawIOBase):
    """A sink that cannot go back: zipfile then writes sizes behind the data."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.data += bytes(data)
        return len(data)


def streamed(path: Path) -> None:
    sink = Stream()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            archive.writestr(name, data)
    path.write_bytes(sink.data)


def detailed(path: Path) -> None:
    """Comments, extra fields, attributes, a stored part, directories and a gap in front."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = "注释".encode()
        archive.mkdir("folder")
        for number, (name, data) in enumerate(PARTS.items()):
            info = zipfile.ZipInfo(name, (1980 + number, 1, 2, 3, 4, 6))
            info.comment, info.extra = name.encode(), struct.pack("<2H4s", 0xA220, 4, b"\1\2\3\4")
            info.external_attr, info.internal_attr, info.create_system = 0o644 << 16, 1, number
            archive.writestr(info, data, zipfile.ZIP_STORED if number == 1 else zipfile.ZIP_DEFLATED)


def plain(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in PARTS.items():
            archive.writestr(name, data)


def patched(path: Path, **new: bytes) -> Path:
    target = path.with_name("new.zip")
    with guarded(path), PackagePatch(Package.open(path)) as patch, target.open("wb") as file:
        for name, data in new.items():
            patch.replace(f"{name}.xml", iter((data[:3], data[3:])))
        patch.write(file)
    return target


def entries(path: Path) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(path) as archive:
        return [
            (i.filename, i.date_time, i.comment, i.extra, i.external_attr, i.internal_attr, i.create_system)
            for i in archive.infolist()
        ]


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


@pytest.mark.parametrize("make", [plain, streamed, detailed])
def test_only_the_replaced_part_differs(tmp_path, make):
    """Contents, order and every piece of metadata of all parts; stored bytes of the others."""
    path = tmp_path / "old.zip"
    make(path)
    new = patched(path, a=b"<new/>", d=b"was empty")

    assert contents(new) == PARTS | {"a.xml": b"<new/>", "d.xml": b"was empty"}
    assert entries(new) == entries(path)
    assert zipfile.ZipFile(new).comment == zipfile.ZipFile(path).comment


@pytest.mark.parametrize("make", [plain, streamed, detailed])
def test_nothing_replaced_is_the_same_file(tmp_path, make):
    path = tmp_path / "old.zip"
    make(path)

    assert patched(path).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("make", [plain, streamed, detailed])
def test_long_fields(tmp_path, monkeypatch, make):
    """Sizes and places in 64-bit fields, which some programs write for small files too."""
    path = tmp_path / "old.zip"
    with monkeypatch.context() as limited:
        limited.setattr(zipfile, "ZIP64_LIMIT", 20)
        make(path)
    new = patched(path, a=b"<new/>")

    assert contents(new) == PARTS | {"a.xml": b"<new/>"}
    assert contents(patched(path)) == PARTS


def test_many_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(patch_package, "MAX_16", 3)
    path = tmp_path / "old.zip"
    plain(path)
    new = patched(path, a=b"<new/>")

    assert new.read_bytes().count(b"PK\x06\x06") == 1
    assert contents(new) == PARTS | {"a.xml": b"<new/>"}


def test_part_that_grows_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(patch_package, "MAX_32", 5)
    path = tmp_path / "old.zip"
    plain(path)
    with pytest.raises(Unwritable, match="4 GB"):
        patched(path, a=b"<new/>")


def test_large_part_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(patch_package, "PIECE_BYTES", 2)
    monkeypatch.setattr(patch_package, "IN_MEMORY_BYTES", 4)
    path = tmp_path / "old.zip"
    plain(path)

    assert contents(patched(path, a=bytes(range(256))))["a.xml"] == bytes(range(256))


def directory(path: Path) -> tuple[bytearray, int]:
    with zipfile.ZipFile(path) as archive:
        return bytearray(path.read_bytes()), archive.start_dir


def test_overlapping_parts(tmp_path):
    """Two names for the same bytes, or a size that reaches into the next part."""
    path = tmp_path / "old.zip"
    plain(path)
    data, at = directory(path)
    struct.pack_into("<L", data, at + 20, 10_000)
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="互相重叠"):
        patched(path)

    plain(path)
    data, at = directory(path)
    second = at + 46 + len("a.xml")
    struct.pack_into("<L", data, second + 42, 0)
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="互相重叠"):
        patched(path)


def test_directory_that_points_elsewhere(tmp_path):
    path = tmp_path / "old.zip"
    plain(path)
    data, at = directory(path)
    struct.pack_into("<L", data, at + 42, 1)
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="与内容不符"):
        patched(path)


def test_encrypted_part(tmp_path):
    path = tmp_path / "old.zip"
    plain(path)
    data, at = directory(path)
    data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="加密"):
        patched(path)


def test_source_changed_meanwhile(tmp_path):
    path = tmp_path / "old.zip"
    plain(path)
    package = Package.open(path)
    path.write_bytes(path.read_bytes() + b" ")
    with PackagePatch(package) as patch, pytest.raises(Unreadable, match="被改动"):
        patch.write(io.BytesIO())


def test_source_cut_off_meanwhile():
    with pytest.raises(EOFError):
        patch_package._copy(io.BytesIO(b"123"), io.BytesIO(), 4)
