"""What Windows and Office may forbid an add-in: bitness, blocked files, trust, Defender."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from zlxl.hosts.addin import NAME, XLWINGS
from zlxl.hosts.diagnosis import Diagnosis, Patient, bad, fine, lies_in, unknown
from zlxl.hosts.machine import CLICK_TO_RUN, Value

#: Where Office tells its bitness: installed from the internet, from a file, 32 bits on Windows of 64.
BITNESS: Final = (
    (CLICK_TO_RUN, "Platform"),
    (r"HKLM\SOFTWARE\Microsoft\Office\{version}\Outlook", "Bitness"),
    (r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Office\{version}\Outlook", "Bitness"),
)
POLICIES: Final = (
    r"HKLM\Software\Policies\Microsoft\Office\{version}",
    r"HKCU\Software\Policies\Microsoft\Office\{version}",
)
OWN: Final = r"HKCU\Software\Microsoft\Office\{version}"
DEFENDER: Final = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR",
)
#: Attack surface reduction rules that stop the add-in, and what they stop.
CHILDREN: Final = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
ASR: Final = {
    CHILDREN: "禁止 Office 启动子进程",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "禁止 Office 宏调用 Win32 API",
}
_BLOCKING: Final = ("1", "6")  # block, warn
_BITS: Final = {0x8664: "64", 0x014C: "32"}  # machine of a DLL
_FORBIDDEN: Final = (
    (r"\Excel\Security", "DisableAllAddins", "禁用了全部加载项"),
    (r"\Excel\Security", "RequireAddinSig", "只许签名的加载项"),
    (r"\Excel\Security\Trusted Locations", "AllLocationsDisabled", "停用了全部受信任位置"),
    (r"\Excel\Security", "AllLocationsDisabled", "停用了全部受信任位置"),
    (r"\Common", "vbaoff", "停用了 VBA"),
)
_LOCATIONS: Final = r"\Excel\Security\Trusted Locations"


def dlls(interpreter: Path) -> dict[str, Path]:
    """The DLLs by bitness, where xlwings' VBA looks for them: beside the interpreter, or one folder up."""
    places = (interpreter.parent, interpreter.parent.parent)
    names = {bits: f"xlwings{bits}-{XLWINGS}.dll" for bits in ("32", "64")}
    return {
        bits: folder / name
        for bits, name in names.items()
        for folder in reversed(places)
        if (folder / name).is_file()
    }


def bitness(patient: Patient) -> Diagnosis:
    """Whether there is a DLL of Excel's bitness; Python's own does not matter."""
    if not patient.machine.windows:
        return unknown("只有 Windows 版 Excel 有此区别。")
    bits = _office_bits(patient)
    if not bits:
        return unknown("没有查到 Office 是 32 位还是 64 位。", "请在 Excel 的“文件—账户—关于”中查看。")
    dll = dlls(patient.interpreter).get(bits)
    if dll is None or _machine_bits(dll) != bits:
        again = f'"{patient.interpreter}" -m pip install --force-reinstall xlwings=={XLWINGS}'
        return bad(f"Excel 是 {bits} 位，没有可用的 {bits} 位 DLL。", f"请运行 {again}，它带有两种 DLL。")
    return fine(f"Excel 和 {dll.name} 都是 {bits} 位。")


def _office_bits(patient: Patient) -> str:
    for key, name in BITNESS:
        told = str(_value(patient, key, name)).lower()
        if told in ("x86", "x64"):
            return {"x86": "32", "x64": "64"}[told]
    return ""


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


def mark(patient: Patient) -> Diagnosis:
    """Whether Windows marks the file as one from the internet."""
    if not patient.machine.windows:
        return unknown("只有 Windows 有此标记。")
    if patient.addin is None:
        return unknown("加载项没有安装。", "请先运行 zlxl addin install。")
    path = patient.addin.path
    if path.with_name(f"{path.name}:Zone.Identifier").is_file():
        mend = "请运行 zlxl addin install 重写它；或右键文件—属性—解除锁定。"
        return bad(f"{path.name} 被 Windows 标为来自网络，Excel 不运行其中的代码。", mend)
    return fine("没有标记。")


def trusted(patient: Patient) -> Diagnosis:
    """Whether Excel runs the code of files in that folder."""
    if not patient.machine.windows:
        return unknown("只有 Windows 版 Excel 有此设置。")
    for who, key, name, words in _settings(patient):
        if _value(patient, key, name) == 1:
            mend = "请 IT 在组策略中允许。" if who == "组策略" else "请在“文件—选项—信任中心”中改回。"
            return bad(f"{who}{words}。", mend)
    items = patient.machine.registry(_key(patient, OWN + r"\Excel\Resiliency\DisabledItems"))
    if any(NAME in str(item).lower() for item in items.values()):
        mend = "请在“文件—选项—加载项—管理：禁用项目”中启用 zlxl，再重新打开 Excel。"
        return bad(f"Excel 把 {NAME} 列入了禁用项目。", mend)
    return _location(patient)


def _settings(patient: Patient) -> Iterator[tuple[str, str, str, str]]:
    """Whose, key, name and meaning of what may forbid every add-in."""
    for who, roots in (("组策略", POLICIES), ("信任中心", (OWN,))):
        for root in roots:
            for key, name, words in _FORBIDDEN:
                yield who, root + key, name, words


def _location(patient: Patient) -> Diagnosis:
    """Whether the startup folder is a trusted one; Excel itself trusts its own."""
    folder, machine = patient.folder, patient.machine
    if folder is None:
        return unknown("不知道加载项在哪个文件夹。", "请加 --folder。")
    mend = "请在“文件—选项—信任中心—受信任位置”中添加它，或请 IT 用组策略添加。"
    listed = list(_locations(patient))
    if str(folder).startswith("\\\\") and not _network_allowed(patient):
        return bad(f"{folder} 在网络上，Excel 不信任。", mend.replace("中添加它", "中允许网络位置并添加它"))
    if not listed and folder in machine.startups():
        return fine("启动文件夹受信任。")
    if any(lies_in(folder, [place], deep=deep) for place, deep in listed):
        return fine("启动文件夹受信任。")
    return bad(f"{folder} 不在受信任位置中。", mend)


def _locations(patient: Patient) -> Iterator[tuple[Path, bool]]:
    """The trusted folders, and whether those below are too."""
    for root in (*POLICIES, OWN):
        key = _key(patient, root + _LOCATIONS)
        for name, value in patient.machine.registry(key).items():
            if value is None:  # a subkey
                place = patient.machine.registry(f"{key}\\{name}")
                if path := str(place.get("Path") or ""):
                    yield patient.machine.expanded(path), place.get("AllowSubFolders") == 1


def _network_allowed(patient: Patient) -> bool:
    keys = [root + _LOCATIONS for root in (*POLICIES, OWN)]
    return any(_value(patient, key, "AllowNetworkLocations") == 1 for key in keys)


def defender(patient: Patient) -> Diagnosis:
    """Whether an attack surface reduction rule stops the add-in or its Python."""
    if not patient.machine.windows:
        return unknown("只有 Windows 有此规则。")
    registry = patient.machine.registry
    rules = {
        name.strip("{}").lower(): str(value)
        for key in DEFENDER[::-1]  # a policy outdoes what was set by hand
        for name, value in registry(f"{key}\\Rules").items()
    }
    spared = [path for key in DEFENDER for path in registry(f"{key}\\ASROnlyExclusions")]
    for rule, words in ASR.items():
        file = patient.interpreter if rule == CHILDREN else (patient.folder or Path()) / NAME
        if rules.get(rule) in _BLOCKING and not lies_in(file, spared):
            return bad(f"“{words}”已启用，Excel 不能调用 Python。", f"请 IT 为规则 {rule} 加排除：{file}。")
    return fine("没有启用会拦截的规则。")


def _value(patient: Patient, key: str, name: str) -> Value | None:
    return patient.machine.registry(_key(patient, key)).get(name)


def _key(patient: Patient, key: str) -> str:
    return key.replace("{version}", patient.machine.office())
