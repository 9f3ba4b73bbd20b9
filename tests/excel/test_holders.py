"""Who has a file open is named, and nothing is written meanwhile."""

from __future__ import annotations

import pytest

from tests.excel import books
from zlxl.changes import CellChange
from zlxl.edits import Edits
from zlxl.errors import Unreadable, Unwritable
from zlxl.excel.holders import refuse_held
from zlxl.excel.save import save
from zlxl.excel.source import open_source

EDITS = Edits(cells=(CellChange(sheet="表", row=1, column=1, value=1),))


def owner_file(name: str, *, wide: bool = True) -> bytes:
    """As Excel writes it: the name in the code page, padded, and again in UTF-16; 165 bytes."""
    narrow = name.encode("gb18030")
    head = bytes([len(narrow)]) + narrow.ljust(54, b" ")
    if not wide:
        return head
    return (head + bytes([len(name), 0]) + name.encode("utf-16-le")).ljust(165, b" ")


@pytest.fixture
def book(tmp_path):
    return books.write(tmp_path / "库.xlsx", books.parts({"表": books.worksheet("")}))


@pytest.mark.parametrize(
    ("mark", "content", "named"),
    [
        ("~$库.xlsx", owner_file("张敏"), "“张敏”"),
        ("~$库.xlsx", owner_file("Zhang Min"), "“Zhang Min”"),
        ("~$库.xlsx", owner_file("张敏", wide=False), "“张敏”"),
        ("~$库.xlsx", b"", "其他人"),
        ("~$库.xlsx", bytes(165), "其他人"),
        ("~$库.xlsx", b"\xff" * 500, "打开"),
        (".~lock.库.xlsx#", "王芳,wf,pc7,24.11.2026 09:30,file:///x;".encode(), "“王芳”"),
        (".~lock.库.xlsx#", b",wf,pc7,24.11.2026 09:30,file:///x;", "“wf”"),
    ],
)
def test_the_owner_is_named_and_nothing_written(book, mark, content, named):
    before = book.read_bytes()
    (book.parent / mark).write_bytes(content)
    with pytest.raises(Unwritable, match=r"正由.*打开，未改动") as refused:
        save(open_source(book), EDITS)
    assert named in str(refused.value)
    assert mark in str(refused.value)
    assert book.read_bytes() == before
    assert {p.name for p in book.parent.iterdir()} == {book.name, mark}


def test_a_mark_that_may_not_be_read_still_counts(book):
    (book.parent / "~$库.xlsx").mkdir()
    with pytest.raises(Unwritable, match="其他人"):
        refuse_held(book)


def test_a_name_too_long_to_have_a_mark_has_none(tmp_path):
    refuse_held(tmp_path / f"{'a' * 250}.xlsx")


def test_marks_of_other_files_do_not_matter(book):
    (book.parent / "~$另.xlsx").write_bytes(owner_file("张敏"))
    assert save(open_source(book), EDITS).refused == ()


def test_a_copy_may_be_written_while_the_source_is_open(book, tmp_path):
    (book.parent / "~$库.xlsx").write_bytes(owner_file("张敏"))
    saved = save(open_source(book), EDITS, tmp_path / "副本.xlsx")
    assert saved.backup is None
    assert open_source(saved.target).grids()[0].head(1)[1][1].value == 1


def test_changed_since_it_was_read(book):
    opened = open_source(book)
    book.write_bytes(book.read_bytes() + b"")
    book.touch()
    with pytest.raises(Unreadable, match="被改动，未写入"):
        save(opened, EDITS)


def test_changed_at_the_last_moment(book, monkeypatch):
    """Between the last byte written and the change of names."""
    import os

    synced = os.fsync

    def late(handle):
        synced(handle)
        book.touch()

    monkeypatch.setattr(os, "fsync", late)
    before = book.read_bytes()
    with pytest.raises(Unreadable, match="被改动，未写入"):
        save(open_source(book), EDITS, backups=0)
    assert book.read_bytes() == before
    assert [p.name for p in book.parent.iterdir()] == [book.name]


def test_text_files_are_guarded_alike(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("甲,乙\n1,2\n", "utf-8")
    opened = open_source(path)
    path.touch()
    with pytest.raises(Unreadable, match="被改动，未写入"):
        save(opened, EDITS)
    (tmp_path / "~$表.csv").write_bytes(owner_file("张敏"))
    with pytest.raises(Unwritable, match="张敏"):
        save(open_source(path), EDITS)
