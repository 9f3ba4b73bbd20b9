"""The eight usual causes of a dead add-in: what is found on this machine, and the mend."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from zlxl.hosts.addin import NAME, SCRIPT, XLWINGS, installed
from zlxl.hosts.machine import Machine
from zlxl.hosts.startup import INTERPRETERS, Installed

OFFICE: Final = r"Software\Microsoft\Office\16.0\Excel"
POLICY: Final = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
CLICK_TO_RUN: Final = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
OUTLOOK: Final = r"HKLM\SOFTWARE\Microsoft\Office\16.0\Outlook"
DEFENDER: Final = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
#: Attack surface reduction rules that stop the add-in, and what they stop.
ASR: Final = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "禁止 Office 启动子进程",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "禁止 Office 宏调用 Win32 API",
}
_BLOCKING: Final = ("1", "6")  # block, warn
_BITS: Final = {0x8664: "64", 0x014C: "32"}  # machine of a DLL


class State(Enum):
    """Three outcomes."""

    FINE = "正常"
    BAD = "有问题"
    UNKNOWN = "未能查"


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """One cause: whether it is at work here, what was seen, what to do."""

    cause: str
    state: State
    found: str
    mend: str = ""


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is examined."""

    machine: Machine
    folder: Path | None  #: the startup folder
    addin: Installed | None

    def interpreter(self) -> Path:
        """The Python that Excel calls: of the add-in, else the one that runs this."""
        settings = self.addin.settings if self.addin else {}
        return self.machine.expanded(settings.get(INTERPRETERS[self.machine.mac]) or self.machine.interpreter)


Check = Callable[[Patient], Diagnosis]


def examine(patient: Patient) -> tuple[Diagnosis, ...]:
    """All eight causes, in the order in which they are worth mending."""
    return tuple(check(patient) for check in CHECKS)


def _interpreter(patient: Patient) -> Diagnosis:
    cause, path = "Python 的路径", patient.interpreter()
    if not path.is_file():
        return _bad(cause, f"{path} 不存在。", "请用装有 zlxl 的 Python 运行 zlxl addin install。")
    if "WindowsApps" in path.parts:
        mend = "请安装 python.org 的 Python，在其中装好 zlxl，再运行 zlxl addin install。"
        return _bad(cause, f"{path} 是应用商店版，Excel 不能调用。", mend)
    return _fine(cause, str(path))


def _package(patient: Patient) -> Diagnosis:
    cause, found = "xlwings 的版本", installed("xlwings")
    mend = f'请运行 pip install -c constraints.txt ".[excel]"，再运行 zlxl addin install（需要 {XLWINGS}）。'
    if found != XLWINGS:
        return _bad(cause, f"程序包是 {found or '没有安装'}，加载项要 {XLWINGS}。", mend)
    if patient.addin and not patient.addin.current:
        return _bad(cause, "加载项不是本版本生成的。", "请关闭 Excel，运行 zlxl addin install。")
    if patient.machine.windows and not _dlls(patient.interpreter()):
        return _bad(
            cause, f"{patient.interpreter().parent} 中没有 {XLWINGS} 的 DLL，可能被杀毒软件删除。", mend
        )
    return _fine(cause, found)


def _dlls(interpreter: Path) -> dict[str, Path]:
    """The DLLs by bitness, where xlwings' VBA looks for them: beside the interpreter, or one folder up."""
    places = (interpreter.parent, interpreter.parent.parent)
    names = {bits: f"xlwings{bits}-{XLWINGS}.dll" for bits in ("32", "64")}
    return {
        bits: folder / name
        for bits, name in names.items()
        for folder in reversed(places)
        if (folder / name).is_file()
    }


def _bitness(patient: Patient) -> Diagnosis:
    cause = "32 位与 64 位"
    if not patient.machine.windows:
        return _unknown(cause, "只有 Windows 版 Excel 有此区别。")
    registry = patient.machine.registry
    platform = registry(CLICK_TO_RUN).get("Platform") or registry(OUTLOOK).get("Bitness")
    bits = {"x86": "32", "x64": "64"}.get(str(platform))
    if bits is None:
        return _unknown(
            cause, "没有查到 Office 是 32 位还是 64 位。", "请在 Excel 的“文件—账户—关于”中查看。"
        )
    dll = _dlls(patient.interpreter()).get(bits)
    if dll is None or _machine_bits(dll) != bits:
        mend = f"请重新安装 xlwings（pip install --force-reinstall xlwings=={XLWINGS}），它带有两种 DLL。"
        return _bad(cause, f"Excel 是 {bits} 位，没有可用的 {bits} 位 DLL。", mend)
    return _fine(cause, f"Excel 和 {dll.name} 都是 {bits} 位。")


def _machine_bits(dll: Path) -> str:
    """The bitness that a DLL's header tells, empty where it is no DLL."""
    with dll.open("rb") as file:
        head = file.read(4096)
    if len(head) < 64 or head[:2] != b"MZ":
        return ""
    start = struct.unpack_from("<I", head, 60)[0]
    if start + 6 > len(head) or head[start : start + 2] != b"PE":
        return ""
    return _BITS.get(struct.unpack_from("<H", head, start + 4)[0], "")


def _mark(patient: Patient) -> Diagnosis:
    cause = "来自网络的锁定标记"
    if not patient.machine.windows:
        return _unknown(cause, "只有 Windows 有此标记。")
    if patient.addin is None:
        return _unknown(cause, "加载项没有安装。", "请先运行 zlxl addin install。")
    path = patient.addin.path
    if path.with_name(f"{path.name}:Zone.Identifier").is_file():
        mend = "请运行 zlxl addin install 重写它；或右键文件—属性—解除锁定。"
        return _bad(cause, f"{path.name} 被 Windows 标为来自网络，Excel 不运行其中的代码。", mend)
    return _fine(cause, "没有标记。")


def _trusted(patient: Patient) -> Diagnosis:
    cause, registry = "受信任位置", patient.machine.registry
    if not patient.machine.windows:
        return _unknown(cause, "只有 Windows 版 Excel 有此设置。")
    policy = {**registry(f"HKLM\\{POLICY}"), **registry(f"HKCU\\{POLICY}")}
    own = registry(f"HKCU\\{OFFICE}\\Security")
    for name, words in _RESTRICTIONS.items():
        if policy.get(name) == 1 or own.get(name) == 1:
            by = "组策略" if policy.get(name) == 1 else "信任中心"
            mend = "请 IT 在组策略中允许。" if by == "组策略" else "请在“文件—选项—信任中心”中改回。"
            return _bad(cause, f"{by}{words}。", mend)
    disabled = registry(f"HKCU\\{OFFICE}\\Resiliency\\DisabledItems")
    if disabled:
        mend = "请在“文件—选项—加载项—管理：禁用项目”中启用 zlxl，再重新打开 Excel。"
        return _bad(cause, f"Excel 的禁用项目中有 {len(disabled)} 项。", mend)
    return _fine(cause, "启动文件夹受信任。")


_RESTRICTIONS: Final = {
    "DisableAllAddins": "禁用了全部加载项",
    "RequireAddinSig": "只许签名的加载项",
    "AllLocationsDisabled": "停用了全部受信任位置",
}


def _startup(patient: Patient) -> Diagnosis:
    cause, folder = "启动文件夹", patient.folder
    if folder is None:
        return _unknown(
            cause, "这台电脑没有 Excel 的启动文件夹。", "请在装有 Excel 的电脑上运行，或加 --folder。"
        )
    if not folder.is_dir():
        return _bad(cause, f"{folder} 不存在。", "请运行 zlxl addin install，它会建立这个文件夹。")
    if patient.addin is None:
        found = "已损坏" if (folder / NAME).is_file() else "不存在"
        return _bad(cause, f"{folder} 中的 {NAME} {found}。", "请运行 zlxl addin install。")
    scripts = patient.machine.scripts()
    if scripts is not None and not (scripts / SCRIPT).is_file():
        return _bad(cause, f"{scripts} 中没有 {SCRIPT}。", "请运行 zlxl addin install。")
    return _fine(cause, str(patient.addin.path))


def _onedrive(patient: Patient) -> Diagnosis:
    cause = "OneDrive 路径"
    clouds = {
        value
        for name, value in patient.machine.environment.items()
        if name.upper() in ("ONEDRIVE", "ONEDRIVECOMMERCIAL", "ONEDRIVECONSUMER") and value
    }
    for path in _paths(patient):
        if any(path.is_relative_to(cloud) for cloud in clouds):
            mend = "请把它放到本机的文件夹（如 %LOCALAPPDATA%\\zlxl），再运行 zlxl addin install。"
            return _bad(cause, f"{path} 在 OneDrive 中，同步时会丢失或变成网址。", mend)
    return _fine(cause, "Python 和加载项都在本机。")


def _paths(patient: Patient) -> Iterator[Path]:
    yield patient.interpreter()
    if patient.addin:
        yield patient.addin.path


def _defender(patient: Patient) -> Diagnosis:
    cause = "Defender 规则"
    if not patient.machine.windows:
        return _unknown(cause, "只有 Windows 有此规则。")
    for key in DEFENDER:
        rules: Mapping[str, object] = patient.machine.registry(key)
        lower = {name.strip("{}").lower(): str(value) for name, value in rules.items()}
        for rule, words in ASR.items():
            if lower.get(rule) in _BLOCKING:
                mend = f"请 IT 为规则 {rule} 加排除：{patient.interpreter()}。"
                return _bad(cause, f"“{words}”已启用，Excel 不能调用 Python。", mend)
    return _fine(cause, "没有启用会拦截的规则。")


def _fine(cause: str, found: str) -> Diagnosis:
    return Diagnosis(cause=cause, state=State.FINE, found=found)


def _bad(cause: str, found: str, mend: str) -> Diagnosis:
    return Diagnosis(cause=cause, state=State.BAD, found=found, mend=mend)


def _unknown(cause: str, found: str, mend: str = "") -> Diagnosis:
    return Diagnosis(cause=cause, state=State.UNKNOWN, found=found, mend=mend)


CHECKS: Final[tuple[Check, ...]] = (
    *(_startup, _interpreter, _package, _bitness),
    *(_mark, _trusted, _onedrive, _defender),
)
