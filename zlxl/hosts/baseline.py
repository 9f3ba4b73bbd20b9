"""The baseline file: fingerprints of findings that are known, by file name."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from zlxl.errors import UsageError
from zlxl.findings import Run

VERSION = 1


def read_baseline(path: Path) -> Mapping[str, Collection[str]]:
    """Fingerprints by path.

    Raises:
        UsageError: the file is missing or no baseline.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["baseline_version"] != VERSION:
            raise ValueError(data["baseline_version"])
        return {str(name): [str(mark) for mark in marks] for name, marks in data["files"].items()}
    except OSError:
        raise UsageError(f"{path}：读不到基线文件。第一次请用 --update-baseline 生成。") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{path}：不是基线文件。请用 --update-baseline 重新生成。") from None


def baseline_text(run: Run) -> str:
    """The baseline of a run: every finding of every checked file, waived ones left out."""
    files = {
        file.path: sorted(f.fingerprint for f in file.findings if f.state != "waived")
        for file in run.files
        if file.reason is None
    }
    return json.dumps({"baseline_version": VERSION, "files": files}, ensure_ascii=False, indent=1) + "\n"
