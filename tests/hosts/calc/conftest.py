"""The extension's own Python, which tests import as LibreOffice does, and a LibreOffice with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calc_office import Calc, calc_office

SOURCES = Path(__file__).parents[3] / "workbooks" / "addin" / "calc"
sys.path.append(str(SOURCES / "pythonpath"))


@pytest.fixture(scope="session")
def calc() -> Iterator[Calc]:
    with calc_office() as office:
        yield office
