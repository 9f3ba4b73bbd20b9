"""``zlxl doctor``: each of the eight causes is found where it is, and not where it is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts.conftest import Run, here, zlxl  # noqa: F401 (fixtures)
from tests.hosts.machines import Keys, dll, mac, windows
from zlxl.hosts import ailments
from zlxl.hosts.addin import NAME, SCRIPT, XLWINGS
from zlxl.hosts.ailments import ASR, CLICK_TO_RUN, DEFENDER, OFFICE, POLICY, Patient, State, examine
from zlxl.hosts.machine import Machine
from zlxl.hosts.startup import install, look, startup_folder

CAUSES = (
    *("启动文件夹", "Python 的路径", "xlwings 的版本", "32 位与 64 位"),
    *("来自网络的锁定标记", "受信任位置", "OneDrive 路径", "Defender 规则"),
)


def told(machine: Machine) -> dict[str, State]:
    """The state of each cause."""
    folder = startup_folder(machine, None)
    found = examine(Patient(machine=machine, folder=folder, addin=look(folder)))
    for diagnosis in found:
        assert diagnosis.found
        assert diagnosis.mend or diagnosis.state is not State.BAD
    return {diagnosis.cause: diagnosis.state for diagnosis in found}


def bad(machine: Machine) -> list[str]:
    """The causes at work."""
    return [cause for cause, state in told(machine).items() if state is State.BAD]


@pytest.fixture
def sound(tmp_path: Path) -> Machine:
    """A Windows on which all is well."""
    machine = windows(tmp_path)
    install(machine, startup_folder(machine, None), None)
    return machine


def test_a_sound_machine(sound: Machine) -> None:
    """Nothing is found where nothing is wrong."""
    assert told(sound) == dict.fromkeys(CAUSES, State.FINE)


def _no_python(machine: Machine, folder: Path) -> None:
    Path(machine.interpreter).unlink()


def _no_dll(machine: Machine, folder: Path) -> None:
    for path in (folder / "venv").glob("*.dll"):
        path.unlink()


def _other_bits(machine: Machine, folder: Path) -> None:
    (folder / "venv" / f"xlwings64-{XLWINGS}.dll").write_bytes(dll(0x014C))


def _blocked(machine: Machine, folder: Path) -> None:
    (startup_folder(machine, None) / f"{NAME}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")


def _no_folder(machine: Machine, folder: Path) -> None:
    place = startup_folder(machine, None)
    (place / NAME).unlink()
    place.rmdir()


def _damaged(machine: Machine, folder: Path) -> None:
    (startup_folder(machine, None) / NAME).write_bytes(b"PK")


@pytest.mark.parametrize(
    ("harm", "causes"),
    [
        (_no_python, ["Python 的路径"]),
        (_no_dll, ["xlwings 的版本", "32 位与 64 位"]),
        (_other_bits, ["32 位与 64 位"]),
        (_blocked, ["来自网络的锁定标记"]),
        (_no_folder, ["启动文件夹"]),
        (_damaged, ["启动文件夹"]),
    ],
)
def test_files(
    sound: Machine, tmp_path: Path, harm: Callable[[Machine, Path], None], causes: list[str]
) -> None:
    """What is wrong with files."""
    harm(sound, tmp_path)
    assert bad(sound) == causes


@pytest.mark.parametrize(
    ("keys", "cause"),
    [
        ({f"HKCU\\{POLICY}": {"RequireAddinSig": 1}}, "受信任位置"),
        ({f"HKLM\\{POLICY}": {"DisableAllAddins": 1}}, "受信任位置"),
        ({f"HKCU\\{OFFICE}\\Security": {"AllLocationsDisabled": 1}}, "受信任位置"),
        ({f"HKCU\\{OFFICE}\\Resiliency\\DisabledItems": {"A1B2": "zlxl.xlam"}}, "受信任位置"),
        ({DEFENDER[0]: {next(iter(ASR)): "1"}}, "Defender 规则"),
        ({DEFENDER[1]: {f"{{{next(iter(ASR)).upper()}}}": 6}}, "Defender 规则"),
    ],
)
def test_registry(sound: Machine, tmp_path: Path, keys: Keys, cause: str) -> None:
    """What the registry forbids."""
    assert bad(windows(tmp_path, keys)) == [cause]


def test_rules_that_only_watch_are_no_harm(sound: Machine, tmp_path: Path) -> None:
    """An audited rule, an Office of unknown bitness."""
    watched = windows(tmp_path, {DEFENDER[0]: {next(iter(ASR)): "2"}, CLICK_TO_RUN: {}})
    assert bad(watched) == []
    assert told(watched)["32 位与 64 位"] is State.UNKNOWN


def test_store_python_and_onedrive(tmp_path: Path) -> None:
    """A Python that Excel cannot call, and one that is being synchronised."""
    machine = windows(tmp_path / "WindowsApps", OneDriveCommercial=str(tmp_path))
    install(machine, startup_folder(machine, None), None)
    assert bad(machine) == ["Python 的路径", "OneDrive 路径"]


def test_other_package(sound: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another xlwings than the add-in's."""
    monkeypatch.setattr(ailments, "installed", lambda package: "0.30.0")
    assert bad(sound) == ["xlwings 的版本"]


def test_mac(tmp_path: Path) -> None:
    """What can be said on a Mac, and its script."""
    machine = mac(tmp_path)
    written = install(machine, startup_folder(machine, None), None)
    assert bad(machine) == []
    next(path for path in written if path.name == SCRIPT).unlink()
    assert bad(machine) == ["启动文件夹"]


def test_command(zlxl: Run) -> None:  # noqa: F811
    """The words, the exit code and JSON."""
    done = zlxl("doctor", "--folder", "none")
    assert done.code == 1
    assert "有问题  启动文件夹" in done.out
    assert "zlxl addin install" in done.out
    causes = json.loads(zlxl("doctor", "--format", "json", "--folder", "none").out)["causes"]
    assert tuple(each["cause"] for each in causes) == CAUSES
