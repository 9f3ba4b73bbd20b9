"""Which row of a table a row from elsewhere means, by the fields of its key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from zlxl.jobs.importing.numbering import number_field
from zlxl.schema.column import Storage
from zlxl.schema.table import Table
from zlxl.schema.values import Value

Key = tuple[Value, ...]


class KeyIndex:
    """Rows, by any number that stands for them, with their keys."""

    def __init__(self, table: Table) -> None:
        self._numbered = number_field(table) is not None
        codes = [table.columns[name].storage is Storage.CODE for name in table.key]
        self._named_by = [at for at, code in enumerate(codes) if at == 0 or code]
        self._keys: dict[int, Key] = {}
        self._rows: dict[tuple[int, Value], dict[int, None]] = defaultdict(dict)
        self._exact: dict[Key, dict[int, None]] = defaultdict(dict)

    def put(self, row: int, key: Key) -> None:
        """Hold a row under its key, in the place of the one it had."""
        self.drop(row)
        self._keys[row] = key
        self._exact[key][row] = None
        for at in self._named_by:
            if key[at] is not None:
                self._rows[at, key[at]][row] = None

    def drop(self, row: int) -> None:
        """Forget a row."""
        key = self._keys.pop(row, ())
        self._exact.get(key, {}).pop(row, None)
        for at, value in enumerate(key):
            if at in self._named_by and value is not None:
                self._rows[at, value].pop(row, None)

    def find(self, key: Key) -> Sequence[int]:
        """The rows that the key may mean: those that agree in most fields and differ in none.

        An empty field, in the key or in the row, differs from nothing. A number of ours alone means its row.
        """
        exact = self._exact.get(key, ())
        if len(exact) == 1 and any(key[at] is not None for at in self._named_by):
            return list(exact)
        near = self._near(key)
        fitting = {row: score for row in near if (score := _agreement(key, self._keys[row])) is not None}
        if not fitting:
            return near if self._numbered and key[0] is not None else []
        best = max(fitting.values())
        return [row for row, score in fitting.items() if score == best]

    def exactly(self, key: Key) -> Sequence[int]:
        """The rows whose fields after the first all equal the key's."""
        rows = next((self._rows[at, key[at]] for at in self._named_by if at and key[at] is not None), {})
        return [row for row in rows if self._keys[row][1:] == key[1:]]

    def _near(self, key: Key) -> list[int]:
        at = next((at for at in self._named_by if key[at] is not None), None)
        return [] if at is None else list(self._rows.get((at, key[at]), ()))


def _agreement(key: Key, row: Key) -> int | None:
    """In how many fields they agree; None when they differ in one."""
    pairs = [(a, b) for a, b in zip(key, row, strict=True) if a is not None and b is not None]
    return sum(1 for _ in pairs) if all(a == b for a, b in pairs) else None
