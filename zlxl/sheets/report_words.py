"""Words and places every sheet of the validation report uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from zlxl.findings import Finding, Run, Severity, State
from zlxl.grid import column_number

PROCEDURE: Final = "ZL-CX-16"
STATES: Final[Mapping[State, str]] = MappingProxyType({"new": "新增", "known": "仍在", "waived": "豁免"})
OUTCOMES: Final = ("已修改", "确认无误", "稍后处理", "不处理")
OUTCOME: Final = "处理结果"
LIST: Final = "问题清单"
SUMMARY: Final = "汇总"
LONGEST: Final = 8_000  # characters of one cell; Excel's own bound is 32,767 units of UTF-16

_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def cell_text(text: str) -> str | None:
    """The text as a cell may hold it; None when there is none."""
    clean = _NOT_XML.sub("\ufffd", text)
    if len(clean) > LONGEST:
        clean = f"{clean[:LONGEST]}…（共 {len(clean)} 字）"
    return clean or None


def place(finding: Finding) -> str:
    """Where on its sheet: an address, or the row."""
    return finding.cell or (f"第{finding.row}行" if finding.row else "")


def clause(text: str) -> str:
    """A clause with its procedure in front."""
    return f"{PROCEDURE} {text}" if text[:1].isdigit() else text


def cell_order(finding: Finding) -> tuple[int, int, str]:
    """Sorts findings as the eye goes over a sheet: by row, then by column."""
    letters = re.match("[A-Z]{1,3}", finding.cell or "")
    return finding.row or 0, column_number(letters[0]) if letters else 0, finding.rule


def unreadable(run: Run) -> int:
    """How many files could not be checked."""
    return sum(file.reason is not None for file in run.files)


def verdict(run: Run) -> str:
    """The run in one sentence."""
    errors, warnings, notes = (run.count(severity) for severity in Severity)
    missed = unreadable(run)
    if missed:
        return f"{missed} 个文件无法检查，结论不完整" + (f"；另有 {errors} 个错误须改正" if errors else "")
    if errors:
        return f"不通过：有 {errors} 个错误须改正"
    if warnings:
        return f"通过，但有 {warnings} 条警告请核对"
    return f"通过，有 {notes} 条提示" if notes else "通过：未发现问题"
