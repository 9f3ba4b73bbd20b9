"""What ``zlxl doctor`` examines, and how it tells what it found."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path

from zlxl.hosts.machine import Machine, Python
from zlxl.hosts.startup import INTERPRETERS, Installed


class State(Enum):
    """Three outcomes."""

    FINE = "正常"
    BAD = "有问题"
    UNKNOWN = "未能查"


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """One cause: whether it is at work here, what was seen, what to do."""

    state: State
    found: str
    mend: str = ""
    cause: str = ""


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is examined."""

    machine: Machine
    folder: Path | None  #: the startup folder
    addin: Installed | None

    @cached_property
    def interpreter(self) -> Path:
        """The Python that Excel calls: of the add-in, else the one that runs this."""
        settings = self.addin.settings if self.addin else {}
        return self.machine.expanded(settings.get(INTERPRETERS[self.machine.mac]) or self.machine.interpreter)

    @cached_property
    def python(self) -> Python:
        """What that Python says of itself."""
        return self.machine.ask(self.interpreter)


def fine(found: str) -> Diagnosis:
    """Nothing is wrong."""
    return Diagnosis(state=State.FINE, found=found)


def bad(found: str, mend: str) -> Diagnosis:
    """The cause is at work."""
    return Diagnosis(state=State.BAD, found=found, mend=mend)


def unknown(found: str, mend: str = "") -> Diagnosis:
    """This machine does not tell."""
    return Diagnosis(state=State.UNKNOWN, found=found, mend=mend)


def lies_in(path: Path, places: Iterable[Path | str], *, deep: bool = True) -> bool:
    """Whether a path is one of the places, or below; Windows minds no case, its lists know ``*``."""
    given = _plain(path)
    for place in (_plain(place).replace("[", "[[]") for place in places):
        if fnmatch.fnmatchcase(given, place) or (deep and fnmatch.fnmatchcase(given, f"{place}/*")):
            return True
    return False


def _plain(path: Path | str) -> str:
    return str(path).replace("\\", "/").rstrip("/").casefold()
