"""``zlxl doctor``: each of the eight causes is found where it is, and not where it is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hosts.conftest import Run, here, zlxl  # noqa: F401 (fixtures)
from tests.hosts.machines import SOUND, Keys, dll, mac, windows
from zlxl.hosts.addin import NAME, SCRIPT, XLWINGS
from zlxl.hosts.ailments import ONEDRIVE, examine
from zlxl.hosts.diagnosis import Patient, State, lies_in
from zlxl.hosts.machine import CLICK_TO_RUN, CURRENT_EXCEL, Machine, Python
from zlxl.hosts.restrictions import ASR, CHILDREN, DEFENDER
from zlxl.hosts.startup import holding, install, look, startup_folder

EXCEL = r"HKCU\Software\Microsoft\Office\16.0\Excel"
POLICY = r"Software\Policies\Microsoft\Office\16.0"
TRUSTED = EXCEL + r"\Security\Trusted Locations"
CAUSES = (
    *("启动文件夹", "Python 的路径", "xlwings 的版本", "32 位与 64 位"),
    *("来自网络的锁定标记", "受信任位置", "OneDrive 路径", "Defender 规则"),
)


def told(machine: Machine) -> dict[str, State]:
    """The state of each cause."""
    folder = holding(machine)
    found = examine(Patient(machine=machine, folder=folder, addin=look(folder)))
    for diagnosis in found:
        assert diagnosis.found
        assert diagnosis.mend or diagnosis.state is not State.BAD
    return {diagnosis.cause: diagnosis.state for diagnosis in found}


def bad(machine: Machine) -> list[str]:
    """The causes at work."""
    return [cause for cause, state in told(machine).items() if state is State.BAD]


def put(machine: Machine) -> None:
    """What ``zlxl addin install`` does."""
    install(machine, startup_folder(machine, None), None)


@pytest.fixture
def sound(tmp_path: Path) -> Machine:
    """A Windows on which all is well."""
    machine = windows(tmp_path)
    put(machine)
    return machine


def test_a_sound_machine(sound: Machine) -> None:
    """Nothing is found where nothing is wrong."""
    assert told(sound) == dict.fromkeys(CAUSES, State.FINE)


def _no_python(machine: Machine) -> None:
    Path(machine.interpreter).unlink()


def _no_dll(machine: Machine) -> None:
    for path in (machine.home / "venv").glob("*.dll"):
        path.unlink()


def _other_bits(machine: Machine) -> None:
    (machine.home / "venv" / f"xlwings64-{XLWINGS}.dll").write_bytes(dll(0x014C))


def _no_dll_at_all(machine: Machine) -> None:
    (machine.home / "venv" / f"xlwings64-{XLWINGS}.dll").write_text("quarantined")


def _blocked(machine: Machine) -> None:
    (startup_folder(machine, None) / f"{NAME}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")


def _unblocked(machine: Machine) -> None:
    (startup_folder(machine, None) / f"{NAME}:Zone.Identifier").unlink()


def _no_folder(machine: Machine) -> None:
    place = startup_folder(machine, None)
    (place / NAME).unlink()
    place.rmdir()


def _damaged(machine: Machine) -> None:
    (startup_folder(machine, None) / NAME).write_bytes(b"PK")


def _old(machine: Machine) -> None:
    path = startup_folder(machine, None) / NAME
    path.write_bytes(path.read_bytes() + b"\0")


def _reinstalled(machine: Machine) -> None:
    windows(machine.home)


@pytest.mark.parametrize(
    ("harm", "causes", "mend"),
    [
        (_no_python, ["Python 的路径"], _reinstalled),
        (_no_dll, ["xlwings 的版本", "32 位与 64 位"], _reinstalled),
        (_other_bits, ["32 位与 64 位"], _reinstalled),
        (_no_dll_at_all, ["32 位与 64 位"], _reinstalled),
        (_blocked, ["来自网络的锁定标记"], _unblocked),
        (_no_folder, ["启动文件夹"], put),
        (_damaged, ["启动文件夹"], put),
        (_old, ["xlwings 的版本"], put),
    ],
)
def test_files(
    sound: Machine, harm: Callable[[Machine], None], causes: list[str], mend: Callable[[Machine], None]
) -> None:
    """What is wrong with files is found, and no more when it is mended."""
    harm(sound)
    assert bad(sound) == causes
    mend(sound)
    assert bad(sound) == []


@pytest.mark.parametrize(
    ("python", "cause"),
    [
        (Python(starts=False, fault="No Python at C:\\Python311"), "Python 的路径"),
        (replace(SOUND, base=r"C:\Program Files\WindowsApps\Python"), "Python 的路径"),
        (replace(SOUND, versions={}), "xlwings 的版本"),
        (replace(SOUND, versions={**SOUND.versions, "zlxl": "0.0.9"}), "xlwings 的版本"),
        (replace(SOUND, versions={**SOUND.versions, "xlwings": "0.30.0"}), "xlwings 的版本"),
        (replace(SOUND, fault="ImportError: DLL load failed"), "xlwings 的版本"),
    ],
)
def test_the_python_that_excel_calls(sound: Machine, tmp_path: Path, python: Python, cause: str) -> None:
    """It is asked itself, whichever Python runs the command."""
    assert bad(windows(tmp_path, python=python)) == [cause]


@pytest.mark.parametrize(
    ("keys", "cause", "mended"),
    [
        ({f"HKCU\\{POLICY}\\Excel\\Security": {"RequireAddinSig": 1}}, "受信任位置", {}),
        ({f"HKLM\\{POLICY}\\Excel\\Security": {"DisableAllAddins": 1}}, "受信任位置", {}),
        ({f"HKCU\\{POLICY}\\Common": {"vbaoff": 1}}, "受信任位置", {}),
        ({TRUSTED: {"AllLocationsDisabled": 1}}, "受信任位置", {TRUSTED: {"AllLocationsDisabled": 0}}),
        (
            {f"{EXCEL}\\Resiliency\\DisabledItems": {"A1B2": "\x03\0C:\\XLSTART\\zlxl.xlam"}},
            "受信任位置",
            {f"{EXCEL}\\Resiliency\\DisabledItems": {"A1B2": "C:\\other.xlam"}},
        ),
        (
            {TRUSTED: {"Location0": None}, f"{TRUSTED}\\Location0": {"Path": "C:\\Templates\\"}},
            "受信任位置",
            {
                TRUSTED: {"Location0": None},
                f"{TRUSTED}\\Location0": {"Path": r"%appdata%\Microsoft\Excel\xlstart"},
            },
        ),
        (
            {TRUSTED: {"Location0": None}, f"{TRUSTED}\\Location0": {"Path": "%APPDATA%"}},
            "受信任位置",
            {
                TRUSTED: {"Location0": None},
                f"{TRUSTED}\\Location0": {"Path": "%APPDATA%", "AllowSubFolders": 1},
            },
        ),
        (
            {f"{DEFENDER[0]}\\Rules": {CHILDREN: "1"}},
            "Defender 规则",
            {f"{DEFENDER[0]}\\Rules": {CHILDREN: "2"}},
        ),
        ({f"{DEFENDER[1]}\\Rules": {f"{{{CHILDREN.upper()}}}": 6}}, "Defender 规则", {}),
    ],
)
def test_registry(sound: Machine, tmp_path: Path, keys: Keys, cause: str, mended: Keys) -> None:
    """What the registry forbids, until it does not any more."""
    assert bad(windows(tmp_path, keys)) == [cause]
    assert bad(windows(tmp_path, mended)) == []


@pytest.mark.parametrize("rule", ASR)
def test_what_defender_is_told_to_spare(sound: Machine, tmp_path: Path, rule: str) -> None:
    """The exclusion that the mend asks for: Python where it is started, the add-in where its code calls."""
    keys: Keys = {f"{DEFENDER[0]}\\Rules": {rule: "1"}}
    machine = windows(tmp_path, keys)
    folder = startup_folder(machine, None)
    [found] = [
        each for each in examine(Patient(machine=machine, folder=folder, addin=look(folder))) if each.mend
    ]
    spared = found.mend.partition("加排除：")[2].rstrip("。")
    assert spared.endswith("python.exe" if rule == CHILDREN else NAME)
    assert bad(windows(tmp_path, {**keys, f"{DEFENDER[0]}\\ASROnlyExclusions": {spared: "0"}})) == []


def test_a_policy_outdoes_what_was_set_by_hand(sound: Machine, tmp_path: Path) -> None:
    """Of two settings of a rule the policy's counts."""
    for policy, own, causes in (("1", "2", ["Defender 规则"]), ("2", "1", [])):
        keys: Keys = {f"{DEFENDER[0]}\\Rules": {CHILDREN: policy}, f"{DEFENDER[1]}\\Rules": {CHILDREN: own}}
        assert bad(windows(tmp_path, keys)) == causes


def test_bitness_that_is_told_elsewhere(sound: Machine, tmp_path: Path) -> None:
    """An Office of unknown bitness, one of 32 bits on Windows of 64."""
    watched = windows(tmp_path, {CLICK_TO_RUN: {}})
    assert bad(watched) == []
    assert told(watched)["32 位与 64 位"] is State.UNKNOWN
    outlook = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Office\16.0\Outlook"
    assert (
        told(windows(tmp_path, {CLICK_TO_RUN: {}, outlook: {"Bitness": "x86"}}))["32 位与 64 位"]
        is State.FINE
    )


def test_an_older_office(sound: Machine, tmp_path: Path) -> None:
    """Its own keys count, not those that another version left."""
    left: Keys = {f"{EXCEL}\\Security": {"DisableAllAddins": 1}}
    assert bad(windows(tmp_path, left)) == ["受信任位置"]
    assert bad(windows(tmp_path, {**left, CURRENT_EXCEL: {"": "Excel.Application.15"}})) == []


def test_what_may_not_be_read_is_not_called_fine(sound: Machine, tmp_path: Path) -> None:
    """A registry that is closed to the user."""
    closed = windows(tmp_path, unreadable=(f"{DEFENDER[1]}\\Rules", CLICK_TO_RUN, TRUSTED))
    found = told(closed)
    assert {cause for cause, state in found.items() if state is State.UNKNOWN} == {
        *("启动文件夹", "32 位与 64 位", "受信任位置", "Defender 规则")
    }


def test_store_python_and_onedrive(tmp_path: Path) -> None:
    """A Python that Excel cannot call, and one that is being synchronised."""
    machine = windows(tmp_path / "WindowsApps", OneDriveCommercial=str(tmp_path))
    put(machine)
    assert bad(machine) == ["Python 的路径", "OneDrive 路径"]


def test_onedrive_without_variable(sound: Machine, tmp_path: Path) -> None:
    """The registry names the folder where the environment does not."""
    keys: Keys = {
        ONEDRIVE: {"Business1": None},
        f"{ONEDRIVE}\\Business1": {"UserFolder": str(tmp_path).upper()},
    }
    assert bad(windows(tmp_path, keys)) == ["OneDrive 路径"]


def test_letters_that_do_not_reach_python(tmp_path: Path) -> None:
    """Chinese in the code page is well, others are named; a Mac's shell minds blanks."""
    for name, causes in (("客服 (1)", []), ("é🙂", ["Python 的路径"])):
        machine = windows(tmp_path / name)
        put(machine)
        assert bad(machine) == causes
    for name, causes in (("客服", []), ("a b", ["Python 的路径"])):
        machine = mac(tmp_path / "mac" / name)
        put(machine)
        assert bad(machine) == causes


def test_for_all_users(sound: Machine, tmp_path: Path) -> None:
    """One in the folder of all users is as good; two are one too many."""
    office = tmp_path / "Office"
    keys: Keys = {CLICK_TO_RUN: {"Platform": "x64", "InstallationPath": str(office)}}
    machine = windows(tmp_path, keys)
    common = office / "root" / "Office16" / "XLSTART"
    assert machine.startups() == (startup_folder(machine, None), common)
    install(machine, common, None)
    assert bad(machine) == ["启动文件夹"]
    (startup_folder(machine, None) / NAME).unlink()
    assert holding(machine) == common
    assert bad(machine) == []


def test_a_folder_of_its_own(sound: Machine, tmp_path: Path) -> None:
    """A folder that Excel neither starts from nor trusts; one on the network."""
    for folder, words in ((tmp_path, "不在受信任位置"), (Path(r"\\server\start"), "在网络上")):
        found = examine(Patient(machine=sound, folder=folder, addin=None))
        [trust] = [each for each in found if each.cause == "受信任位置"]
        assert trust.state is State.BAD
        assert words in trust.found
    allowed = windows(
        tmp_path,
        {
            TRUSTED: {"AllowNetworkLocations": 1, "Location9": None},
            f"{TRUSTED}\\Location9": {"Path": r"\\SERVER\start\\"},
        },
    )
    found = examine(Patient(machine=allowed, folder=Path(r"\\server\start"), addin=None))
    assert [each.state for each in found if each.cause == "受信任位置"] == [State.FINE]


def test_places() -> None:
    """As Windows compares folders."""
    path = Path("/a/B [1]/c.exe")
    assert lies_in(path, ["/A/b [1]/"])
    assert lies_in(path, ["/a/*/c.exe"])
    assert lies_in(path, [r"\a\b [1]\c.exe"], deep=False)
    assert not lies_in(path, ["/a/b [1]"], deep=False)
    assert not lies_in(path, ["/a/b"])


def test_mac(tmp_path: Path) -> None:
    """What can be said on a Mac, and its script."""
    machine = mac(tmp_path)
    written = install(machine, startup_folder(machine, None), None)
    assert bad(machine) == []
    next(path for path in written if path.name == SCRIPT).unlink()
    assert bad(machine) == ["启动文件夹"]
    put(machine)
    assert bad(machine) == []


def test_command(zlxl: Run) -> None:  # noqa: F811
    """The words, the exit code and JSON."""
    done = zlxl("doctor", "--folder", "none")
    assert done.code == 1
    assert "有问题  启动文件夹" in done.out
    assert "zlxl addin install" in done.out
    causes = json.loads(zlxl("doctor", "--format", "json", "--folder", "none").out)["causes"]
    assert tuple(each["cause"] for each in causes) == CAUSES
