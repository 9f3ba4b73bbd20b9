"""Configuration from ``zlxl.toml`` or ``[tool.zlxl]`` of the nearest folder upward."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from zlxl.errors import UsageError
from zlxl.findings import Severity

NAMES = ("zlxl.toml", "pyproject.toml")


class WaiverEntry(BaseModel):
    """One ``[[waivers]]`` entry."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    reason: str = Field(min_length=1)
    fingerprint: str = ""
    key: str = ""
    column: str = ""
    by: str = ""
    expires: date | None = None


class Entries(BaseModel):
    """What a configuration file may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: str = Field(default="error", alias="fail-on", pattern="^(error|warning|note|never)$")
    format: str = "text"
    jobs: int = Field(default=1, ge=1, le=256)
    backups: int = Field(default=10, ge=0, le=1000)  #: copies kept of each workbook that is written into
    baseline: Path | None = None
    severity: Mapping[str, Severity] = Field(default_factory=dict)
    waivers: tuple[WaiverEntry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Config:
    """The entries in force and the file they come from."""

    entries: Entries = field(default_factory=Entries)
    path: Path | None = None


def load(path: Path | None, start: Path) -> Config:
    """The configuration of a file, or of the nearest one upward from start.

    Raises:
        UsageError: the file is missing, no TOML, or has an unknown key or a wrong value.
    """
    if path is None:
        path = _nearest(start)
        if path is None:
            return Config()
    section = _section(path)
    try:
        return Config(entries=Entries.model_validate(section), path=path)
    except ValidationError as error:
        raise UsageError(_words(path, error)) from None


def _nearest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        for name in NAMES:
            path = folder / name
            if path.is_file() and (name == "zlxl.toml" or "zlxl" in _tools(path)):
                return path
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError:
        raise UsageError(f"{path}：读不到配置文件。请检查路径和权限。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}：不是正确的 TOML（{error}）。请改正后再运行。") from None


def _tools(path: Path) -> dict[str, Any]:
    tools = _read(path).get("tool", {})
    return tools if isinstance(tools, dict) else {}


def _section(path: Path) -> Any:  # noqa: ANN401
    return _tools(path).get("zlxl", {}) if path.name == "pyproject.toml" else _read(path)


def _words(path: Path, error: ValidationError) -> str:
    lines = error.errors(include_url=False)
    line = next((line for line in lines if line["type"] == "extra_forbidden"), lines[0])
    where = ".".join(str(part) for part in line["loc"])
    if line["type"] == "extra_forbidden":
        model = WaiverEntry if line["loc"][0] == "waivers" else Entries
        known = [info.alias or name for name, info in model.model_fields.items()]
        near = get_close_matches(str(line["loc"][-1]), known, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(known)}。"
        return f"{path}：没有“{where}”这个配置项。{hint}"
    if line["type"] == "missing":
        return f"{path}：缺少“{where}”，请补上。"
    return f"{path}：配置项“{where}”的值 {line['input']!r} 不对，{_wanted(line)}。"


def _wanted(line: ErrorDetails) -> str:
    """What a wrong value should be, in the user's words."""
    context = line.get("ctx", {})
    if line["type"] == "string_too_short":
        return "不能为空"
    if line["type"] == "string_pattern_mismatch":
        return f"应为 {context['pattern'].strip('^$()').replace('|', '、')} 之一"
    if line["type"] == "enum":
        return f"应为 {context['expected'].replace(' or ', '、').replace(', ', '、')} 之一"
    return _TYPES.get(line["type"].split("_")[0], "写法不对")


_TYPES = {
    "tuple": '应为列表，如 ["ZL131"]',
    "int": "应为整数",
    "greater": "太小",
    "less": "太大",
    "string": "应为文字",
    "date": "应为日期，如 2026-12-31",
    "path": "应为路径",
    "mapping": "应为一组 名称 = 值",
    "dict": "应为一组 名称 = 值",
    "model": "应为一组 名称 = 值",
}
