"""The JSON Schema of tables, for editors and other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zlxl.schema.column import Column, Storage
from zlxl.schema.table import Table

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[Storage, dict[str, Any]] = {
    Storage.DATE: {"type": "string", "format": "date"},
    Storage.MONEY: {"type": "number", "minimum": 0},
    Storage.NUMBER: {"type": "number"},
}


def schema_of_tables(tables: Sequence[Table]) -> dict[str, Any]:
    """One object: a definition a table, properties named by their Chinese headers."""
    return {
        "$schema": DIALECT,
        "title": "客户服务数据库",
        "type": "object",
        "properties": {
            table.name: {"type": "array", "items": {"$ref": f"#/$defs/{table.name}"}} for table in tables
        },
        "$defs": {table.name: _definition(table) for table in tables},
    }


def _definition(table: Table) -> dict[str, Any]:
    return {
        "title": table.name,
        "description": f"{table.purpose}（ZL-CX-16 {table.clause}）",
        "type": "object",
        "properties": {
            column.header: _property(name, column, required=name in table.required)
            for name, column in table.columns.items()
        },
        "required": [table.columns[name].header for name in table.columns if name in table.required],
        "additionalProperties": True,
    }


def _property(name: str, column: Column, *, required: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"title": name, "description": column.prompt}
    found |= _TYPES.get(column.storage, {"type": "string"})
    if not required:
        found["type"] = [found["type"], "null"]
    if column.choices:
        found["x-list"] = column.choices
    if column.synonyms:
        found["x-synonyms"] = list(column.synonyms)
    if column.example:
        found["examples"] = [column.example]
    return found
