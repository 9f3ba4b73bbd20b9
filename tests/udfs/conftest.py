"""Functions called in a process of their own, since pywin32 is made up there."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def excel() -> Iterator[Callable[..., Any]]:
    """A call from a cell: name, arguments, and ``book=(name, values by sheet)``."""
    command = [sys.executable, "-m", "tests.udfs.excel"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None

    def call(name: str, *arguments: Any, book: Any = None) -> Any:
        pickle.dump((name, arguments, book), process.stdin)
        process.stdin.flush()
        return pickle.load(process.stdout)

    with process:
        yield call
