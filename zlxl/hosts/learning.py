"""The model that judges requests: the office's own beside its database, else the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zlxl.decisions.model import LinearModel
    from zlxl.jobs.classifying.learning import Learning

FILE: Final = "zlxl-要求模型.json"  #: beside the database
FORMER: Final = "zlxl-要求模型-上一版.json"


def model_beside(database: Path | None) -> LinearModel:
    """The model learnt for a database, where there is one in its folder; else the shipped one.

    Raises:
        Unreadable: the file is there and is no model, or cannot be read.
    """
    from zlxl.decisions.model_file import read_model, shipped_model
    from zlxl.errors import Unreadable, os_reason

    if database is None or not (path := database.parent / FILE).is_file():
        return shipped_model()
    try:
        return read_model(path.read_text(encoding="utf-8"), path.as_posix())
    except UnicodeDecodeError as wrong:
        raise Unreadable(f"{path.as_posix()}不是文本文件，不能读取。删除它即改用出厂模型。") from wrong
    except OSError as wrong:
        raise Unreadable(f"{path.as_posix()}不能读取：{os_reason(wrong)}。") from wrong


def train(database: Path, today: date, progress: Callable[[str], None]) -> Learning:
    """Learn from the confirmed requests of a database; a better model is written beside it (4.5).

    The model before it is kept under another name.

    Raises:
        Unreadable: the database or its model cannot be read. UsageError: scikit-learn is not installed.
        Unwritable: the folder takes no file.
    """
    from zlxl.decisions.model_file import write_model
    from zlxl.excel.source import open_source
    from zlxl.hosts.files import write_text
    from zlxl.jobs.classifying.learning import learn_from

    learning = learn_from(open_source(database), model_beside(database), today=today, progress=progress)
    if learning.model is not None:
        path = database.parent / FILE
        if path.exists():
            write_text(database.parent / FORMER, [path.read_text(encoding="utf-8")])
        write_text(path, [write_model(learning.model)])
    return learning


def learning_object(learning: Learning, database: Path) -> Mapping[str, object]:
    """What came of learning, for a program."""
    return {
        "schema_version": 1,
        "path": database.as_posix(),
        "replaced": learning.model is not None,
        "model": (database.parent / FILE).as_posix() if learning.model is not None else None,
        "confirmed": learning.confirmed,
        "new": learning.new,
        "before": dict(learning.before),
        "after": dict(learning.after),
        "why": learning.why,
    }


def learning_lines(learning: Learning, database: Path) -> list[str]:
    """What came of learning, for the clerk."""
    lines = [f"已确认的要求 {learning.confirmed} 条，其中原模型未学过的 {learning.new} 条。"]
    names = (("confirmed_macro_f1", "新确认的要求"), ("macro_f1", "出厂示例"))
    for name, shown in names:
        if name in learning.after and learning.new:
            before = f"{learning.before[name]:.3f}" if name in learning.before else "未知"
            lines.append(f"{shown}上的宏平均 F1：原模型 {before}，新模型 {learning.after[name]:.3f}。")
    lines.append(learning.why)
    if learning.model is not None:
        lines.append(f"新模型写在 {(database.parent / FILE).as_posix()}；上一版另存为 {FORMER}。")
    return lines
