"""The open workbook as its writers see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from zlxl.excel.live_read import LiveGrid

if TYPE_CHECKING:
    import xlwings


class Book(Protocol):
    """The open workbook: what was read of it, and xlwings' own object."""

    @property
    def api(self) -> xlwings.Book:
        """xlwings' book."""

    @property
    def path(self) -> str:
        """Its name."""

    def grids(self) -> Sequence[LiveGrid]:
        """Its worksheets as they were read."""

    @property
    def structure_locked(self) -> bool:
        """Whether sheets may be neither added nor deleted."""
