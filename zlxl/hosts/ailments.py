"""The eight usual causes of a dead add-in: what is found on this machine, and the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from zlxl import __version__
from zlxl.errors import os_reason
from zlxl.hosts.addin import NAME, SCRIPT, XLWINGS
from zlxl.hosts.diagnosis import Diagnosis, Patient, State, bad, fine, lies_in, unknown
from zlxl.hosts.machine import Machine
from zlxl.hosts.restrictions import bitness, defender, dlls, mark, trusted
from zlxl.hosts.startup import look

ONEDRIVE: Final = r"HKCU\Software\Microsoft\OneDrive\Accounts"
_STORE: Final = "WindowsApps"  # a folder in the path of every Python from the store
_INSTALL: Final = "请运行 zlxl addin install。"


def examine(patient: Patient) -> tuple[Diagnosis, ...]:
    """All eight causes, in the order in which they are worth mending."""
    return tuple(replace(_told(check, patient), cause=cause) for cause, check in CHECKS.items())


def complaints(machine: Machine, folder: Path) -> list[str]:
    """What would keep an add-in just installed from working: what was found, and the mend."""
    found = examine(Patient(machine=machine, folder=folder, addin=look(folder)))
    return [f"{each.cause}：{each.found}{each.mend}" for each in found if each.state is State.BAD]


def _told(check: Callable[[Patient], Diagnosis], patient: Patient) -> Diagnosis:
    try:
        return check(patient)
    except OSError as error:
        return unknown(f"系统不让查看（{os_reason(error)}）。", "请 IT 以管理员身份运行 zlxl doctor。")


def _startup(patient: Patient) -> Diagnosis:
    folder = patient.folder
    if folder is None:
        return unknown("这台电脑没有 Excel 的启动文件夹。", "请在装有 Excel 的电脑上运行，或加 --folder。")
    if not folder.is_dir():
        return bad(f"{folder} 不存在。", "请运行 zlxl addin install，它会建立这个文件夹。")
    if patient.addin is None:
        found = "已损坏" if (folder / NAME).is_file() else "不存在"
        return bad(f"{folder} 中的 {NAME} {found}。", _INSTALL)
    others = [place for place in patient.machine.startups() if place != folder and (place / NAME).is_file()]
    if others:
        mend = f'请只留一份：zlxl addin remove --folder "{others[0]}"。'
        return bad(f"{NAME} 有两份，Excel 只能打开一份：{folder}、{others[0]}。", mend)
    scripts = patient.machine.scripts()
    if scripts is not None and not (scripts / SCRIPT).is_file():
        return bad(f"{scripts} 中没有 {SCRIPT}。", _INSTALL)
    return fine(str(patient.addin.path))


def _interpreter(patient: Patient) -> Diagnosis:
    path = patient.interpreter
    if not path.is_file():
        return bad(f"{path} 不存在。", "请用装有 zlxl 的 Python 运行 zlxl addin install。")
    if letters := _unfit_letters(patient):
        mend = "请把虚拟环境建在只有英文字母和数字的文件夹，在其中运行 zlxl addin install。"
        return bad(f"{path} 中有 Excel 传不过去的字符“{letters}”。", mend)
    if _STORE in path.parts or _STORE in patient.python.base:
        mend = "请安装 python.org 的 Python，用它重建虚拟环境，再运行 zlxl addin install。"
        return bad(f"{path} 是应用商店版，Excel 不能调用。", mend)
    if not patient.python.starts:
        mend = "请重装 Python 3.11 以上，重建虚拟环境，再运行 zlxl addin install。"
        return bad(f"{path} 不能启动（{patient.python.fault}）。", mend)
    return fine(str(path))


def _unfit_letters(patient: Patient) -> str:
    """Letters that do not reach Python: xlwings' DLL speaks the code page, its script on a Mac a shell."""
    path = str(patient.interpreter)
    if patient.machine.mac:
        return "".join(sorted(set(re.findall(r"[^\w./+@:,-]", path))))
    return "".join(sorted({letter for letter in path if not _encodes(letter, patient.machine.code_page)}))


def _encodes(letter: str, code_page: str) -> bool:
    try:
        letter.encode(code_page)
    except UnicodeEncodeError:
        return False
    return True


def _package(patient: Patient) -> Diagnosis:
    python, path = patient.python, patient.interpreter
    mend = f'请在 zlxl 的文件夹中运行 "{path}" -m pip install -c constraints.txt ".[excel]"。'
    if not python.starts:
        return unknown("Python 不能启动，查不了它装了什么。", "请先处理“Python 的路径”。")
    if (found := _other_versions(python.versions)) or python.fault:
        return bad(f"{path} 中{found or f'的 zlxl 不能用：{python.fault}'}。", mend)
    if patient.addin and not patient.addin.current:
        return bad("加载项不是本版本生成的。", "请关闭 Excel，运行 zlxl addin install。")
    if patient.machine.windows and not dlls(path):
        again = f'请运行 "{path}" -m pip install --force-reinstall xlwings=={XLWINGS}，并请 IT 放行这个文件。'
        return bad(f"{path.parent} 中没有 {XLWINGS} 的 DLL，可能被杀毒软件删除。", again)
    return fine(f"xlwings {XLWINGS}，zlxl {__version__}")


def _other_versions(versions: Mapping[str, str]) -> str:
    """The first package of another version than the add-in wants."""
    for package, wanted in (("zlxl", __version__), ("xlwings", XLWINGS)):
        if (found := versions.get(package, "")) != wanted:
            return f"{f'的 {package} 是 {found}' if found else f'没有 {package}'}，加载项要 {wanted}"
    return ""


def _onedrive(patient: Patient) -> Diagnosis:
    clouds = list(_clouds(patient))
    for path in _paths(patient):
        if lies_in(path, clouds):
            mend = "请把它放到本机的文件夹（如 %LOCALAPPDATA%\\zlxl），再运行 zlxl addin install。"
            return bad(f"{path} 在 OneDrive 中，同步时会丢失或变成网址。", mend)
    return fine("Python 和加载项都在本机。")


def _clouds(patient: Patient) -> Iterator[str]:
    for name, value in patient.machine.environment.items():
        if name.upper() in ("ONEDRIVE", "ONEDRIVECOMMERCIAL", "ONEDRIVECONSUMER") and value:
            yield value
    for account in patient.machine.registry(ONEDRIVE):
        if folder := patient.machine.registry(f"{ONEDRIVE}\\{account}").get("UserFolder"):
            yield str(folder)


def _paths(patient: Patient) -> Iterator[Path]:
    yield patient.interpreter
    if patient.addin:
        yield patient.addin.path


CHECKS: Final[Mapping[str, Callable[[Patient], Diagnosis]]] = {
    "启动文件夹": _startup,
    "Python 的路径": _interpreter,
    "xlwings 的版本": _package,
    "32 位与 64 位": bitness,
    "来自网络的锁定标记": mark,
    "受信任位置": trusted,
    "OneDrive 路径": _onedrive,
    "Defender 规则": defender,
}
