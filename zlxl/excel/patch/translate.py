"""Formulas moved from cell to cell, and functions under the names they are stored by; loaded when needed."""

from __future__ import annotations

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from zlxl.excel.patch.functions import PREFIXED
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, a1, column_letters, column_number


class NotMovableError(ValueError):
    """A formula that cannot be understood, or would refer to what lies outside of the sheet."""


class _Moving(Translator):
    """openpyxl's translator with the ends of the sheet."""

    @staticmethod
    def translate_row(row_str: str, rdelta: int) -> str:
        if row_str.startswith("$"):
            return row_str
        row = int(row_str) + rdelta
        if not 1 <= row <= MAX_ROWS:
            raise TranslatorError
        return str(row)

    @staticmethod
    def translate_col(col_str: str, cdelta: int) -> str:
        if col_str.startswith("$"):
            return col_str
        column = column_number(col_str.upper()) + cdelta
        if not 1 <= column <= MAX_COLUMNS:
            raise TranslatorError
        return column_letters(column)


def moved(formula: str, origin: tuple[int, int], place: tuple[int, int]) -> str:
    """What a shared formula (without ``=``) of one cell says in another; NotMovableError where it cannot."""
    try:
        return str(_Moving(f"={formula}", origin=a1(*origin)).translate_formula(a1(*place)))[1:]
    except (TranslatorError, TokenizerError, ValueError, IndexError) as error:
        raise NotMovableError(formula) from error


def with_prefixes(formula: str) -> str:
    """The formula (without ``=``) with newer functions as Excel stores them; as it is where it is odd."""
    try:
        tokens = Tokenizer(f"={formula}").items
    except (TokenizerError, ValueError, IndexError):
        return formula
    if "".join("".join(token.value for token in tokens).split()) != "".join(formula.split()):
        return formula
    return "".join(_stored(token) for token in tokens)


def _stored(token: Token) -> str:
    value = str(token.value)
    if token.type == Token.FUNC and token.subtype == Token.OPEN:
        return PREFIXED.get(value[:-1].upper(), "") + value
    return value
