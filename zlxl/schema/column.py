"""How one column of a table is declared: its header, spellings, storage and words for the clerk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Storage(StrEnum):
    """How the column's cells are stored, and so its number format and alignment."""

    TEXT = "text"  #: free text
    CODE = "code"  #: digits that are no number; format ``@``
    CHOICE = "choice"  #: a value of a list in 码表; format ``@``
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    NOTE = "note"  #: long text, several lines

    @property
    def number_format(self) -> str:
        """Format code of the whole column."""
        return _FORMATS[self]

    @property
    def chinese(self) -> str:
        """The word of the data dictionary."""
        return _WORDS[self]


_FORMATS = {
    Storage.TEXT: "@",
    Storage.CODE: "@",
    Storage.CHOICE: "@",
    Storage.NOTE: "@",
    Storage.DATE: "yyyy-mm-dd",
    Storage.MONEY: "#,##0.00",
    Storage.NUMBER: "General",
}
_WORDS = {
    Storage.TEXT: "文字",
    Storage.CODE: "代码（文本）",
    Storage.CHOICE: "下拉选项",
    Storage.NOTE: "长文字",
    Storage.DATE: "日期",
    Storage.MONEY: "金额（元）",
    Storage.NUMBER: "数字",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """Declaration of a column, put into the annotation of a model's field."""

    header: str
    storage: Storage
    synonyms: tuple[str, ...] = ()  #: other headers that mean it
    choices: str | None = None  #: name of its list in 码表
    width: float = 14  #: in characters
    prompt: str = ""  #: input message, also the dictionary's explanation
    example: str = ""
    core: bool = False  #: a column the clause itself names: its header should not be missing
    public: bool = False  #: may be published in the directory (4.10.2)
    machine: bool = False  #: written and read by programs: shown small, grey and cut at the cell's edge
