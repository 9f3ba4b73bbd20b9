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
    line = error.errors()[0]
    where = ".".join(str(part) for part in line["loc"])
    if line["type"] == "extra_forbidden":
        known = [info.alias or name for name, info in Entries.model_fields.items()]
        near = get_close_matches(str(line["loc"][-1]), known, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(known)}。"
        return f"{path}：没有“{where}”这个配置项。{hint}"
    return f"{path}：配置项“{where}”的值不对（{line['input']!r}：{line['msg']}）。"
