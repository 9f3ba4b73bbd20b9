"""Lines of JSON from the extension of LibreOffice: calls, presses of buttons, answers to what was asked."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from queue import SimpleQueue
from threading import Thread, Timer
from typing import Any, BinaryIO, Final

from zlxl.errors import ZlxlError

GRACE: Final = 60.0  #: seconds in which what runs may end when LibreOffice is gone
_log = logging.getLogger(__name__)

Message = Mapping[str, Any]


class OfficeError(ZlxlError):
    """LibreOffice could not do what it was asked; the words are the extension's."""


class OfficeGoneError(ZlxlError):
    """LibreOffice ended while it was asked."""


class Office:
    """The running LibreOffice at the other end of the lines."""

    def __init__(self, received: Iterator[Message], send: Callable[[Message], None]) -> None:
        self._received, self._send = received, send
        self._calls: Callable[[Message], Any] | None = None

    def ask(self, name: str, *arguments: object) -> Any:
        """What the extension answers to a question.

        A cell may be computed before it answers, since asking may make the sheet recalculate: its call
        is served first.

        Raises:
            OfficeError: it answers with an error.
            OfficeGoneError: it does not answer any more.
        """
        self._send({"ask": name, "arguments": arguments})
        for message in self._received:
            if "error" in message:
                raise OfficeError(str(message["error"]))
            if "answer" in message:
                return message["answer"]
            self.attend(message)
        raise OfficeGoneError("LibreOffice 已关闭，操作没有完成。请重新打开工作簿后重试。")

    def attend(self, message: Message) -> None:
        """Do what a message wants, and say what came of it."""
        try:
            done = self._carry_out(message)
        except ZlxlError as error:
            self._send({"failed": str(error)})
        except Exception as error:
            _log.exception("%s", message.get("call") or message.get("press"))
            what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            self._send({"failed": f"发生内部错误（{what}），请重试；仍不行时把这句话交给 IT。"})
        else:
            self._send({"done": done})

    def _carry_out(self, message: Message) -> Any:
        if "press" in message:
            return import_module("zlxl.hosts.calc.book").press(message["press"], self)
        if self._calls is None:
            from zlxl.hosts.calc.functions import Calls

            self._calls = Calls(self)
        return self._calls(message)


def serve(stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Attend to one message after the other until there are no more."""

    def send(message: Message) -> None:
        stdout.write(json.dumps(message, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        stdout.flush()

    received = _messages(stdin)
    office = Office(received, send)
    with suppress(OSError):  # nobody is there to be told
        for message in received:
            office.attend(message)


def _messages(stdin: BinaryIO) -> Iterator[Message]:
    """Messages as they come; when no more can come, what hangs is given a time and then ended with us."""
    lines: SimpleQueue[bytes] = SimpleQueue()
    last = Timer(GRACE, os._exit, [1])
    last.daemon = True

    def read() -> None:
        for line in stdin:
            lines.put(line)
        last.start()
        lines.put(b"")

    Thread(target=read, daemon=True).start()
    while line := lines.get():
        yield json.loads(line)
    last.cancel()
