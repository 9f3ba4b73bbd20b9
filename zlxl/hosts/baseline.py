"""The baseline file: fingerprints of findings that are known, with their rules, by file.

Files are named as seen from the folder of the baseline, so that both may be moved together and checked
from anywhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from zlxl.errors import UsageError
from zlxl.excel.atomic import atomically
from zlxl.findings import Run

VERSION = 1
Known: TypeAlias = Mapping[str, Mapping[str, str]]  # rule by fingerprint, by file


def read_baseline(path: Path, files: Sequence[Path]) -> Known:
    """What is known of the files, by the path they were given as.

    Raises:
        UsageError: the baseline is missing or is none.
    """
    known = _read(path)
    return {str(file): known.get(_seen_from(path, file), {}) for file in files}


def update_baseline(path: Path, run: Run) -> None:
    """Make every finding of the checked files known, waived ones left out; other files stay as they are.

    Raises:
        UsageError: something else than a baseline stands at the path.
    """
    known = (
        {name: marks for name, marks in _read(path).items() if (path.parent / name).exists()}
        if path.exists()
        else {}
    )
    for file in run.files:
        if file.reason is None:
            found = sorted((f.fingerprint, f.rule) for f in file.findings if f.state != "waived")
            known[_seen_from(path, Path(file.path))] = dict(found)
    content = {"baseline_version": VERSION, "files": dict(sorted(known.items()))}
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomically(path) as written:
        written.write((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["baseline_version"] != VERSION:
            raise ValueError(content["baseline_version"])
        return {
            str(name): {str(m): str(rule) for m, rule in marks.items()}
            for name, marks in content["files"].items()
        }
    except OSError:
        raise UsageError(f"{path}：读不到基线文件。第一次请用 --update-baseline 生成。") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(
            f"{path}：不是基线文件。请换一个路径，或删除它后用 --update-baseline 重新生成。"
        ) from None


def _seen_from(baseline: Path, file: Path) -> str:
    """The file's name from the folder of the baseline; its whole path where it is on another drive."""
    try:
        return Path(os.path.relpath(file, baseline.parent)).as_posix()
    except ValueError:
        return file.absolute().as_posix()
