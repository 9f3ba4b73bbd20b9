"""How a table of the workbook is declared: its model, key and the facts that hold within a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from zlxl.schema.column import Column
from zlxl.schema.context import Context
from zlxl.schema.facts import Fact
from zlxl.schema.values import Pending, Value


class Row(BaseModel):
    """A row of a table. Validated with a Context; errors carry the rule's code as their type."""

    model_config = ConfigDict(extra="ignore", frozen=True, arbitrary_types_allowed=True)

    facts: ClassVar[tuple[Fact, ...]] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _judge_facts(cls, data: Any, handler: Any, info: Any) -> Any:
        """Judge the row's facts also where single cells are broken, so that no fault hides another."""
        try:
            row = handler(data)
        except ValidationError as error:
            lines = _details(error)
            values = _recovered(cls, data, error, info.context)
        else:
            lines = []
            values = {name: getattr(row, name) for name in cls.model_fields}
        lines += [
            {"type": accused, "loc": (name,), "input": values.get(name)}
            for fact in cls.facts
            for name, accused in fact.judge(values, info.context)
        ]
        if lines:
            raise ValidationError.from_exception_data(cls.__name__, lines)
        return row


def _details(error: ValidationError) -> list[InitErrorDetails]:
    return [
        {
            "type": PydanticCustomError(line["type"], line["type"], line["ctx"]),
            "loc": line["loc"],
            "input": line["input"],
        }
        for line in error.errors(include_url=False)
    ]


def _recovered(
    model: type[Row], data: Mapping[str, Any], error: ValidationError, context: Context
) -> dict[str, Value | Pending]:
    """Values of a broken row: what the good cells say, and what the bad ones must have meant."""
    broken = {line["loc"][0]: line["ctx"]["recovered"] for line in error.errors(include_url=False)}
    values: dict[str, Value | Pending] = {}
    for name in model.model_fields:
        raw = data.get(name)
        if name in broken:
            values[name] = broken[name]
        elif raw is None:
            values[name] = None
        else:
            values[name] = cell_adapter(model, name).validate_python([raw], context=context)[0]
    return values


_ADAPTERS: dict[tuple[type[Row], str], TypeAdapter[list[Any]]] = {}


def cell_adapter(model: type[Row], name: str) -> TypeAdapter[list[Any]]:
    """Adapter that judges a list of distinct raw values of one field."""
    known = _ADAPTERS.get((model, name))
    if known is None:
        info = model.model_fields[name]
        bare = next(kind for kind in get_args(info.annotation) if kind is not type(None))
        known = _ADAPTERS[model, name] = TypeAdapter(list[bare])  # type: ignore[valid-type]
    return known


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """A table of the workbook; sheet, Excel table and JSON ``table`` all bear its name."""

    name: str
    model: type[Row]
    clause: str  #: of ZL-CX-16
    purpose: str  #: one sentence for the clerk
    key: tuple[str, ...]  #: fields that name a row, the shown one first
    policy: bool = False  #: whether it holds the body's own criteria
    shipped: tuple[Mapping[str, object], ...] = field(default=())  #: rows of a new workbook, by field name

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Declarations by field name, in sheet order."""
        return dict(_declared(self.model))

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Headers in sheet order."""
        return tuple(column.header for column in self.columns.values())

    @cached_property
    def required(self) -> frozenset[str]:
        """Fields that are filled in every row."""
        return frozenset(name for fact in self.model.facts for name in fact.always)


def _declared(model: type[Row]) -> Iterator[tuple[str, Column]]:
    for name, info in model.model_fields.items():
        bare = next((kind for kind in get_args(info.annotation) if kind is not type(None)), None)
        found = [m for m in (*info.metadata, *getattr(bare, "__metadata__", ())) if isinstance(m, Column)]
        if found:
            yield name, found[0]
