"""The extension's own Python, which tests import as LibreOffice does: from its folder ``pythonpath``."""

from __future__ import annotations

import sys
from pathlib import Path

SOURCES = Path(__file__).parents[3] / "workbooks" / "addin" / "calc"
sys.path.append(str(SOURCES / "pythonpath"))
