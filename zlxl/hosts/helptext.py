"""What click itself says, in Chinese: the frame of help texts, wrong calls."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import click

WORDS: Final = {
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这段说明。",
    "Show the version and exit.": "显示版本号。",
}
_DEFAULT = re.compile(r"\[default: (.*?)([];])")

_MESSAGES: Final = (
    (r"'(.*)' is not one of (.*)\.", r"“\1”不在可选的值中，可用的有：\2。"),
    (r"'(.*)' is not a valid .*\.", r"“\1”不是数字。"),
    (r"(.*) is not in the range (.*)\.", r"\1 不在范围 \2 内。"),
    (r"No such command '(.*)'\.(?s:.*)", r"没有命令“\1”。"),
    (r"Got unexpected extra arguments? \((.*)\)", r"多出了参数 \1；含空格的路径须加引号。"),
    (r"Option '(.*)' requires (?:an argument|\d+ arguments)\.", r"选项 \1 后面缺少值。"),
    (r"Option '(.*)' does not take a value\.", r"选项 \1 后面不写值。"),
    (r"Missing command\.", r"缺少命令。"),
)


def message_words(message: str) -> str:
    """A message of click's; one that is not known stays as it is."""
    for pattern, words in _MESSAGES:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, words, message).replace("'", "").replace(", ", "、")
    return message


class Formatter(click.HelpFormatter):
    """Usage, headings and what click adds to options."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, args, "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """The line above a list."""
        super().write_heading(WORDS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:  # noqa: ANN401
        """A list of options or commands."""
        told = [(name, _DEFAULT.sub(r"[默认 \1\2", WORDS.get(text, text))) for name, text in rows]
        super().write_dl(told, *args, **options)


class Context(click.Context):
    """A call whose help is written so."""

    formatter_class = Formatter
