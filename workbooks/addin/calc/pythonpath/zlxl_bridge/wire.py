"""The process that judges, and the talk with it: one JSON value a line over its standard input and output."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import subprocess
import threading
import time

#: What the process may ask for, by name; each takes the arguments of the question.
ANSWERS = {}

PROGRAM = ("-P", "-X", "utf8", "-m", "zlxl.hosts.calc")
LOG = "zlxl.log"
PAUSE = 10.0  #: seconds for which a process that did not start is left alone
PATIENCE = 120.0  #: seconds without a word after which a call is given up; a press may take its time
STEP = 0.5  #: seconds between looks at the clock
LOG_BYTES = 1_000_000
NOT_STARTED = "zlxl 的后台程序没有启动（{}）。请运行 zlxl addin status --host calc 查看原因，修好后重试。"
ENDED = "zlxl 的后台程序中途退出，操作可能没有完成。请检查工作簿后重试；原因记在 {}。"
SILENT = "zlxl 的后台程序没有回应，已将它关闭。请重试；原因记在 {}。"
BUSY = "zlxl 正在处理上一个操作，请稍后重试。"


class ServerError(Exception):
    """What the process could not do, or why there is none; the words are for the user."""


class Server:
    """The one process; it is started when it is first needed, and ends with LibreOffice.

    Calls may be nested: while the process waits for an answer, getting that answer may compute other
    cells, whose calls it serves first. That needs one thread at a time: LibreOffice computes cells under
    its own lock, and a press belongs on its main thread.
    """

    def __init__(self, command, log, answers=ANSWERS):
        """``command`` starts the process; what it says on standard error goes to the file ``log``."""
        self._command, self._log, self._answers = list(command), str(log), answers
        self._lock = threading.RLock()
        self._process = None
        self._until = 0.0

    def call(self, name, arguments, book=""):
        """The rows of a function's answer; ``book`` tells the calling document from others.

        A process that ended is started once more.

        Raises:
            ServerError: there is no answer.
        """
        message = {"call": name, "arguments": arguments, "book": book}
        try:
            return self._run(message, PATIENCE)
        except _EndedError:
            pass
        try:
            return self._run(message, PATIENCE)
        except _EndedError:
            self._until = time.monotonic() + PAUSE
            raise ServerError(ENDED.format(self._log)) from None

    def press(self, button):
        """Carry out a button; the process asks for what it needs to show and to write.

        Raises:
            ServerError: it was not carried out, or not to its end.
        """
        fresh = self._process is None
        try:
            self._run({"press": button}, None)
        except _EndedError as ended:
            if ended.heard:
                raise ServerError(ENDED.format(self._log)) from None
            if not fresh:
                return self.press(button)
            self._until = time.monotonic() + PAUSE
            raise ServerError(NOT_STARTED.format(f"原因记在 {self._log}")) from None

    def note(self, text):
        """Put a text into the log."""
        with open(self._log, "a", encoding="utf-8") as log:
            log.write(text)

    def close(self):
        """End the process; the next call starts another."""
        if self._process is not None:
            self._end(self._process)

    def _run(self, message, patience):
        if not self._lock.acquire(timeout=PAUSE):
            raise ServerError(BUSY)
        try:
            return self._talk(self._started(), message, patience)
        finally:
            self._lock.release()

    def _talk(self, process, message, patience):
        heard = False
        self._send(process, _line(message), heard)
        while True:
            said = self._receive(process, patience, heard)
            heard = True
            if "failed" in said:
                raise ServerError(said["failed"])
            if "done" in said:
                return said["done"]
            self._send(process, self._answer(said), heard)

    def _answer(self, said):
        try:
            return _line({"answer": self._answers[said["ask"]](*said["arguments"])})
        except Exception as error:  # whatever LibreOffice raises is told to the process, which words it
            return _line({"error": str(error) or type(error).__name__})

    def _send(self, process, line, heard):
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except (OSError, ValueError):  # it is gone, or was closed by a call within this one
            self._ended(process, heard)

    def _receive(self, process, patience, heard):
        process.deadline = patience and time.monotonic() + patience
        line = process.stdout.readline()
        process.deadline = None
        if process.silent:
            self._end(process)
            self._until = time.monotonic() + PAUSE
            raise ServerError(SILENT.format(self._log))
        if not line:
            self._ended(process, heard)
        return json.loads(line.decode())

    def _ended(self, process, heard):
        self._end(process)
        raise _EndedError(heard)

    def _end(self, process):
        if self._process is process:
            self._process = None
        process.kill()
        with contextlib.suppress(OSError):  # what it did not read is lost with it
            process.stdin.close()
        process.stdout.close()
        process.wait()

    def _started(self):
        if self._process is None:
            if time.monotonic() < self._until:
                raise ServerError(NOT_STARTED.format(self._command[0]))
            try:
                self._process = _start(self._command, self._log)
            except OSError as error:
                self._until = time.monotonic() + PAUSE
                raise ServerError(NOT_STARTED.format(f"{self._command[0]}：{error.strerror}")) from None
        return self._process


def settings():
    """What the extension was built with: ``interpreter`` and ``functions``."""
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "..", "..", "settings.json"), encoding="utf-8") as file:
        return json.load(file)


@functools.lru_cache(maxsize=None)
def server():
    """The one process of this LibreOffice; its log lies in the user's profile."""
    import uno

    context = uno.getComponentContext()
    paths = context.ServiceManager.createInstanceWithContext("com.sun.star.util.PathSubstitution", context)
    profile = uno.fileUrlToSystemPath(paths.substituteVariables("$(user)", True))
    interpreter = os.environ.get("ZLXL_PYTHON") or settings()["interpreter"]
    return Server([os.path.expandvars(interpreter), *PROGRAM], os.path.join(profile, LOG))


class _EndedError(Exception):
    """The process ended; ``heard`` tells whether it had begun to answer."""

    def __init__(self, heard):
        super().__init__(heard)
        self.heard = heard


def environment():
    """The environment without what LibreOffice tells its own Python."""
    own = {"PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "PYTHONSTARTUP"}
    return {name: value for name, value in os.environ.items() if name.upper() not in own}


def _line(message):
    return json.dumps(message, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _start(command, log):
    """The process, watched over while it is waited for: a pipe by itself has endless patience."""
    with open(log, "ab" if _size(log) < LOG_BYTES else "wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    process.deadline, process.silent = None, False
    threading.Thread(target=_watch, args=(process,), daemon=True).start()
    return process


def _watch(process):
    while process.poll() is None:
        time.sleep(STEP)
        deadline = process.deadline
        if deadline is not None and time.monotonic() > deadline:
            process.silent = True
            process.kill()


def _size(path):
    try:
        return os.path.getsize(path)
    except OSError:
        return 0
