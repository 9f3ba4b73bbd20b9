"""Modules whose functions xlwings calls from cells; they use the package as any other program would.

xlwings loads pandas wherever it is installed, though no function in cells needs it: not here.
"""

from __future__ import annotations

import importlib
import sys

if not {"pandas", "xlwings"} & sys.modules.keys():
    sys.modules["pandas"] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        importlib.import_module("xlwings")
    finally:
        del sys.modules["pandas"]
