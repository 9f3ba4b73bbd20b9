"""Before a file is changed it is copied; the newest copies stay."""

from __future__ import annotations

import errno
import shutil

import pytest

from tests.excel import books
from zlxl.changes import CellChange
from zlxl.edits import Edits
from zlxl.errors import Unwritable
from zlxl.excel import backup
from zlxl.excel.backup import FOLDER, backed_up, backups_of
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.hosts.inputs import find_files


@pytest.fixture
def book(tmp_path):
    return books.write(tmp_path / "库.xlsx", books.parts({"表": books.worksheet("")}))


def edits(value: int) -> Edits:
    return Edits(cells=(CellChange(sheet="表", row=1, column=1, value=value),))


def keep_backup(path, keep):
    """What a write that changes nothing leaves."""
    with backed_up(path, keep) as copy:
        return copy


def test_each_change_keeps_the_file_as_it_was(book):
    before = []
    for number in range(3):
        before.append(book.read_bytes())
        saved = save(open_source(book), edits(number))
        assert saved.backup is not None
        assert saved.backup.parent == book.parent / FOLDER
    assert [path.read_bytes() for path in backups_of(book)] == before


def test_only_the_newest_stay(book):
    kept = []
    for number in range(5):
        kept.append(book.read_bytes())
        save(open_source(book), edits(number), backups=2)
    assert [path.read_bytes() for path in backups_of(book)] == kept[-2:]


def test_copies_of_other_files_are_not_let_go(book, tmp_path):
    other = tmp_path / "库_20260101-000000.xlsx"  # a workbook whose name looks like a copy's
    shutil.copy(book, other)
    for path in (book, other, book, other):
        keep_backup(path, 1)
    assert len(backups_of(book)) == len(backups_of(other)) == 1


def test_none_kept_when_none_is_wanted_or_nothing_is_there(book, tmp_path):
    assert keep_backup(book, 0) is None
    assert keep_backup(tmp_path / "新.xlsx", 5) is None
    assert not (tmp_path / FOLDER).exists()


def test_behind_a_link_the_copies_stand_beside_the_file(book, tmp_path):
    folder = tmp_path / "桌面"
    folder.mkdir()
    link = folder / "库.xlsx"
    link.symlink_to(book)
    assert keep_backup(link, 3) == backups_of(book)[0]


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_without_room_for_a_copy_nothing_is_changed(book, monkeypatch):
    before = book.read_bytes()
    monkeypatch.setattr(backup.shutil, "copyfileobj", full)
    with pytest.raises(Unwritable, match=r"无法备份到「[^」]*」（磁盘已满），未改动"):
        save(open_source(book), edits(1))
    assert book.read_bytes() == before


def test_attempts_that_fail_push_out_no_copy(book, monkeypatch):
    save(open_source(book), edits(1), backups=2)
    kept = backups_of(book)
    monkeypatch.setattr("zlxl.excel.patch.book.BookPatch.write", full)
    for _ in range(3):
        with pytest.raises(Unwritable, match="磁盘已满"):
            save(open_source(book), edits(2), backups=2)
    assert backups_of(book) == kept


def test_a_change_that_was_made_keeps_its_copy_whatever_comes_next(book):
    def change():
        with backed_up(book, 2):
            book.write_bytes(b"another")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change()
    assert len(backups_of(book)) == 1


def test_a_name_too_long_for_its_copy_says_so(tmp_path):
    path = tmp_path / f"{'a' * 240}.csv"
    path.write_text("x")
    with pytest.raises(Unwritable, match="（文件名或路径太长），未改动"):
        keep_backup(path, 3)


def test_copies_are_no_input(book):
    save(open_source(book), edits(1))
    assert find_files([str(book.parent)]) == [book]
