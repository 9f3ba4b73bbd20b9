"""The open workbook as the buttons see it: Excel's by xlwings, or Calc's by its file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from zlxl.grid import TableSource

if TYPE_CHECKING:
    from pathlib import Path

    from zlxl.edits import Edits
    from zlxl.excel.live_write import Written


class OpenBook(TableSource, Protocol):
    """A workbook that the user has in front; read once, as it is when the run begins."""

    @property
    def file(self) -> Path:
        """Its path; a name only where it was never saved."""

    def apply(self, edits: Edits) -> Written:
        """Write everything, or nothing where something is in the way (Unwritable)."""

    def confirm(self, text: str) -> bool:
        """Ask a question; False where the answer is no."""

    def show(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Open a new, unsaved workbook that holds the rows; nothing of it in the user's."""

    def progress(self, text: str) -> None:
        """Show what is being done; Unwritable where the user has stopped the run."""

    def quiet(self) -> AbstractContextManager[None]:
        """Hold everything still during a run; all is put back, whatever happens."""

    def selected_rows(self) -> tuple[str, int, int]:
        """Sheet, first and last row of the selection; Unwritable where no cells are selected."""

    def select(self, sheet: str, row: int, column: int) -> None:
        """Show a cell and select it."""
