"""Files that a command writes where it is asked to: ``--output FORMAT=PATH``, never over another unasked."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from zlxl.errors import OutputExists, UsageError

if TYPE_CHECKING:
    from zlxl.excel.save import Saved
    from zlxl.sheet import Sheet


def parse_files(outputs: Sequence[str], formats: Collection[str]) -> dict[Path, str]:
    """Format by path, in the order given.

    Raises:
        UsageError: an unknown format, a missing path, or a path given twice.
    """
    found: dict[Path, str] = {}
    for output in outputs:
        name, separator, path = output.partition("=")
        if not separator or not path:
            raise UsageError(
                f"--output {output} 写法不对。请写成 格式=路径，如 {next(iter(formats))}=文件名。"
            )
        if name not in formats:
            raise UsageError(f"没有“{name}”这种格式。可用的有：{'、'.join(formats)}。")
        if Path(path) in found:
            raise UsageError(f"{path} 给出了两次。每个 --output 应是不同的文件。")
        found[Path(path)] = name
    return found


def check_files(paths: Iterable[Path], source: Path, *, force: bool) -> None:
    """Stop before the source, or a file that is there, would be overwritten.

    Raises:
        UsageError: a path is the source's. OutputExists: it exists and ``force`` is not given.
    """
    for path in paths:
        if path.resolve() == source.resolve():
            raise UsageError(f"{path} 是数据库本身，不能覆盖。请换一个路径。")
        if path.is_dir():
            raise UsageError(f"{path} 是文件夹。请写出文件名。")
        if path.exists() and not force:
            raise OutputExists(f"{path} 已存在。请换一个文件名，或加 --force 覆盖。")


def write_text(path: Path, chunks: Iterable[str], encoding: str = "utf-8") -> None:
    """Write a text file at once, with the line ends that the chunks have."""
    from zlxl.excel.atomic import atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    with atomically(path) as file:
        text = TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        text.writelines(chunks)
        text.detach()


def write_sheet(path: Path, sheet: Sheet, title: str) -> None:
    """Write a workbook of one sheet."""
    from zlxl.excel.write import write_workbook
    from zlxl.sheet import Properties, Workbook

    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(Workbook(sheets=(sheet,), properties=Properties(title=title)), path, overwrite=True)


def written_json(saved: Saved | None, told: Mapping[str, object]) -> str:
    """A result as JSON, with the workbook that it was written into."""
    written = saved.target.as_posix() if saved else None
    whole = {"schema_version": 1, "written": written, **told}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode()


def beside(source: Path, path: Path) -> str:
    """The source as a link in a file at the path names it."""
    try:
        return Path(os.path.relpath(source, path.parent)).as_posix()
    except ValueError:  # another drive
        return source.resolve().as_posix()
