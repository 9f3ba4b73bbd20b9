"""zlxl: a certification body's customer database in an Excel workbook, validated and repaired (ZL-CX-16)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zlxl.changes import Formula
    from zlxl.errors import Unreadable, Unwritable, UsageError, ZlxlError
    from zlxl.findings import FileReport, Finding, Severity
    from zlxl.hosts.editing import edit
    from zlxl.hosts.library import new, read, validate

__version__ = "0.1.0"
__all__ = [
    "FileReport",
    "Finding",
    "Formula",
    "Severity",
    "Unreadable",
    "Unwritable",
    "UsageError",
    "ZlxlError",
    "edit",
    "new",
    "read",
    "validate",
]

_HOMES = {
    "validate": "zlxl.hosts.library",
    "read": "zlxl.hosts.library",
    "edit": "zlxl.hosts.editing",
    "new": "zlxl.hosts.library",
    "Formula": "zlxl.changes",
    "FileReport": "zlxl.findings",
    "Finding": "zlxl.findings",
    "Severity": "zlxl.findings",
    "Unreadable": "zlxl.errors",
    "Unwritable": "zlxl.errors",
    "UsageError": "zlxl.errors",
    "ZlxlError": "zlxl.errors",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load a public name when it is asked for, so that ``zlxl --help`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'zlxl' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
