"""A file is replaced whole or not at all, and the reason is one Chinese line."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from zlxl.errors import Unwritable
from zlxl.excel import atomic
from zlxl.excel.atomic import atomically


def put(target: Path, content: bytes = b"new") -> None:
    with atomically(target) as file:
        file.write(content)


def test_new_file(tmp_path):
    put(tmp_path / "新.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["新.xlsx"]
    assert (tmp_path / "新.xlsx").read_bytes() == b"new"


def test_old_file_keeps_its_mode(tmp_path):
    target = tmp_path / "旧.xlsx"
    target.write_bytes(b"old")
    target.chmod(0o640)
    put(target)
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "旧.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(TypeError), atomically(target) as file:
        file.writelines([b"half", "no bytes"])
    assert [p.name for p in tmp_path.iterdir()] == ["旧.xlsx"]
    assert target.read_bytes() == b"old"


def test_link_stays_a_link(tmp_path):
    (tmp_path / "远").mkdir()
    real, link = tmp_path / "远" / "实.xlsx", tmp_path / "链.xlsx"
    real.write_bytes(b"old")
    link.symlink_to(real)
    put(link)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_bytes_reach_the_disk_before_the_name(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(atomic.os, "fsync", lambda _: done.append("sync"))
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda *a: (done.append("replace"), replace(*a)))
    put(tmp_path / "新.xlsx")
    assert done == ["sync", "replace", "sync"]


def test_windows_has_no_folders_to_sync(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "WINDOWS", True)
    put(tmp_path / "新.xlsx")
    assert (tmp_path / "新.xlsx").exists()


def test_read_only_file(tmp_path, monkeypatch):
    target = tmp_path / "旧.xlsx"
    target.write_bytes(b"old")
    monkeypatch.setattr(atomic.os, "access", lambda *_: False)
    with pytest.raises(Unwritable, match="只读"):
        put(target)


def _shared() -> OSError:
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = 32
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_shared(), "正被其他程序打开"),
        (PermissionError(errno.EACCES, "no"), "没有写入权限"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "写入失败（磁盘已满）.*检查磁盘空间"),
    ],
)
def test_why_it_failed(tmp_path, monkeypatch, error, words):
    def fail(*_):
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Unwritable, match=words):
        put(tmp_path / "新.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_missing_folder(tmp_path):
    with pytest.raises(Unwritable, match="不存在"):
        put(tmp_path / "无" / "新.xlsx")
