"""The JSON Schema of tables."""

from __future__ import annotations

import jsonschema
import pytest

from tests.rules.harness import BASE
from zlxl.jobs.schema import schema_of_tables
from zlxl.schema.table import Table
from zlxl.tables.catalog import TABLES


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_right_rows_fit(table: Table) -> None:
    """The base rows of a table fit its schema, whose properties are its headers in order."""
    schema = schema_of_tables([table])
    jsonschema.Draft202012Validator.check_schema(schema)
    rows = list(BASE["rows"][table.name].values())
    jsonschema.validate({table.name: rows}, schema, format_checker=jsonschema.FormatChecker())
    assert tuple(schema["$defs"][table.name]["properties"]) == table.headers


@pytest.mark.parametrize(
    "change",
    [
        {"合同编号": None},
        {"合同编号": 5},
        {"初审费用": "3000"},
        {"初审费用": -1},
        {"审核时间": "下周"},
    ],
)
def test_wrong_rows_do_not(change: dict[str, object]) -> None:
    """A missing required cell, a wrong type, a negative fee, a date that is none."""
    row = {**BASE["rows"]["客户台账"]["恒泰"], **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            {"客户台账": [row]}, schema_of_tables(TABLES), format_checker=jsonschema.FormatChecker()
        )
