"""Installing the add-in: the right folder of each system, its own Python, nothing of others touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.conftest import Run, here, zlxl  # noqa: F401 (fixtures)
from tests.hosts.machines import mac, windows
from zlxl.errors import Unreadable, Unwritable, UsageError
from zlxl.hosts.addin import NAME, SCRIPT
from zlxl.hosts.startup import install, look, remove, startup_folder, status


def test_windows(tmp_path: Path) -> None:
    """XLSTART of the user, made where it is missing; the Python that installs is the one Excel calls."""
    machine = windows(tmp_path)
    folder = startup_folder(machine, None)
    assert folder == tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
    assert install(machine, folder, None) == (folder / NAME,)
    found = status(folder)
    assert found is not None
    assert found.current
    assert found.settings["INTERPRETER_WIN"] == machine.interpreter
    assert found.settings["USE UDF SERVER"] == "TRUE"


def test_mac_gets_its_script(tmp_path: Path) -> None:
    """Excel for Mac calls Python by a script in a folder of its own."""
    machine = mac(tmp_path)
    written = install(machine, startup_folder(machine, None), None)
    assert [path.name for path in written] == [SCRIPT, NAME]
    assert all(path.is_relative_to(tmp_path / "Library") and path.is_file() for path in written)
    found = status(written[-1].parent)
    assert found is not None
    assert found.settings["INTERPRETER_MAC"] == machine.interpreter


def test_an_old_one_is_told_and_replaced(tmp_path: Path) -> None:
    """Another version is not current, until it is installed anew."""
    machine = windows(tmp_path)
    install(machine, tmp_path, "D:\\python.exe")
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes() + b"\0")
    found = status(tmp_path)
    assert found is not None
    assert not found.current
    install(machine, tmp_path, None)
    again = status(tmp_path)
    assert again is not None
    assert again.current


def test_removed_once(tmp_path: Path) -> None:
    """It goes; a second time there is nothing."""
    install(windows(tmp_path), tmp_path, None)
    assert remove(tmp_path) == tmp_path / NAME
    assert remove(tmp_path) is None
    assert status(tmp_path) is None


def test_a_file_of_others_stays(tmp_path: Path) -> None:
    """What only bears our name is not deleted."""
    (tmp_path / NAME).write_text("of someone else")
    with pytest.raises(Unwritable, match="没有删除"):
        remove(tmp_path)
    with pytest.raises(Unreadable):
        status(tmp_path)
    assert look(tmp_path) is None
    assert (tmp_path / NAME).read_text() == "of someone else"


def test_no_excel_here(zlxl: Run) -> None:  # noqa: F811
    """Without Excel a folder must be given; with one the commands do their work."""
    with pytest.raises(UsageError, match="--folder"):
        startup_folder(windows(Path("none"), APPDATA=""), None)
    assert zlxl("addin", "status", "--folder", "XLSTART").code == 1
    assert zlxl("addin", "install", "--folder", "XLSTART").code == 0
    done = zlxl("addin", "status", "--folder", "XLSTART")
    assert (done.code, "与本程序一致" in done.out) == (0, True)
    done = zlxl("addin", "install", "--folder", "XLSTART", "--interpreter", "D:/none/python.exe")
    assert (done.code, "Python 的路径：" in done.err) == (0, True)
    assert "不存在" in zlxl("addin", "status", "--folder", "XLSTART").out
    assert "已删除" in zlxl("addin", "remove", "--folder", "XLSTART").out
    assert "没有安装" in zlxl("addin", "remove", "--folder", "XLSTART").out
    Path("file").touch()
    assert "不能建立文件夹" in zlxl("addin", "install", "--folder", "file").err


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file in the way is said, not traced."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Unwritable, match="不能建立文件夹"):
        install(windows(tmp_path), tmp_path / "file" / "XLSTART", None)


def test_while_excel_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows does not let an open file be replaced or deleted: who has it is said, nothing is left half."""
    machine = windows(tmp_path)
    install(machine, tmp_path / "XLSTART", "D:\\old\\python.exe")
    before = (tmp_path / "XLSTART" / NAME).read_bytes()

    def held(*_: object, **__: object) -> None:
        error = PermissionError(13, "The process cannot access the file")
        error.winerror = 32
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        with pytest.raises(Unwritable, match="关闭所有 Excel"):
            install(machine, tmp_path / "XLSTART", None)
    assert [path.name for path in (tmp_path / "XLSTART").iterdir()] == [NAME]
    assert (tmp_path / "XLSTART" / NAME).read_bytes() == before
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        with pytest.raises(Unwritable, match="关闭 Excel"):
            remove(tmp_path / "XLSTART")
    assert (tmp_path / "XLSTART" / NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        *(("D:\\py\\python.exe", "D:\\py\\python.exe"), ("%LOCALAPPDATA%\\p.exe", "%LOCALAPPDATA%\\p.exe")),
        ("venv/bin/python", "{cwd}/venv/bin/python"),
    ],
)
def test_excel_starts_elsewhere(tmp_path: Path, given: str, kept: str) -> None:
    """A Python named from the folder of the command is found from any other."""
    install(windows(tmp_path), tmp_path, given)
    found = status(tmp_path)
    assert found is not None
    assert found.settings["INTERPRETER_WIN"] == kept.format(cwd=Path.cwd())


def test_a_profile_from_first_to_last(tmp_path: Path) -> None:
    """Installed, upgraded, removed: the profile is then as it was, but for a folder of Excel."""
    (tmp_path / "of others.xlam").write_text("x")
    machine = windows(tmp_path / "li wei 李伟")
    folder = startup_folder(machine, None)
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    install(machine, folder, "D:\\old\\python.exe")
    install(machine, folder, None)
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert remove(folder) == folder / NAME
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before
