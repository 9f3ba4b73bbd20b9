"""Which files a command means: paths, folders and globs, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from glob import glob, has_magic
from pathlib import Path

from zlxl.errors import UsageError

SUFFIXES = frozenset({".xlsx", ".xlsm", ".csv"})
OWNER_MARK = "~$"  # Excel's own mark beside an open workbook
OUR_FOLDERS = "zlxl-"  # such as the one with the backups
OUR_REPORTS = ("zlxl-", "校验报告", "注入的错误")  # what zlxl, its manual or its demo names so is no input


def find_files(paths: Sequence[str], exclude: Sequence[str] = ()) -> list[Path]:
    """Files to check: named ones as they are, folders recursively, globs expanded; none twice.

    Raises:
        UsageError: nothing at all is left to check.
    """
    found: dict[Path, None] = {}
    for path in paths:
        for file in _files(path):
            if not any(
                fnmatch(file.as_posix(), pattern) or fnmatch(file.name, pattern) for pattern in exclude
            ):
                found.setdefault(file)
    if not found:
        raise UsageError(
            f"没有找到文件：{'、'.join(paths)}。请给出 .xlsx、.xlsm、.csv 文件，或含有它们的文件夹；"
            "“zlxl-”和“校验报告”开头的文件须写全文件名。"
        )
    return list(found)


def _files(path: str) -> Iterator[Path]:
    plain = Path(path)
    if plain.is_dir():
        yield from _in_folder(plain)
    elif has_magic(path) and not plain.exists():
        for name in sorted(glob(path, recursive=True)):  # noqa: PTH207 (Path.glob takes no absolute pattern)
            match = Path(name)
            yield from _in_folder(match) if match.is_dir() else [match] * _wanted(match)
    elif not plain.name.startswith(OWNER_MARK):
        yield plain


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", OUR_FOLDERS)) for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and _wanted(path):
            yield path


def _wanted(path: Path) -> bool:
    skipped = path.name.startswith((OWNER_MARK, *OUR_REPORTS))
    return path.suffix.lower() in SUFFIXES and not skipped
