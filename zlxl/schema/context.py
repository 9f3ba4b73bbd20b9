"""What a judgement needs beside the cell: the lists, parameters and date in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of a list in 码表."""

    value: str
    code: str = ""  #: the regulator's or the body's code for it
    aliases: tuple[str, ...] = ()  #: spellings that mean the same
    attributes: Mapping[str, str] = field(default_factory=dict)  #: e.g. 证书编号 -> 必填


@dataclass(frozen=True, kw_only=True)
class ChoiceList:
    """A list of 码表, in its order."""

    name: str
    choices: tuple[Choice, ...]

    @cached_property
    def by_value(self) -> Mapping[str, Choice]:
        """Choices by their own value."""
        return {choice.value: choice for choice in self.choices}

    @cached_property
    def by_alias(self) -> Mapping[str, Choice]:
        """Choices by another spelling or code."""
        return {alias: choice for choice in self.choices for alias in (*choice.aliases, choice.code) if alias}


@dataclass(frozen=True, kw_only=True)
class Context:
    """Policy and date of a run; rules and types read no clock and no constant of their own."""

    today: date
    lists: Mapping[str, ChoiceList]
    parameters: Mapping[str, str]  #: from 时限规则 and 码表, by name
    typed: bool = True  #: whether stored types mean something (not in CSV)
    collect: bool = False  #: a bad value gives its accusation instead of raising it
    suggest: bool = True  #: whether misspellings are worth the search for what was meant

    def number(self, name: str) -> float:
        """A numeric parameter; KeyError when the policy does not define it."""
        return float(self.parameters[name])

    @cached_property
    def contract_pattern(self) -> re.Pattern[str]:
        """The body's pattern of contract numbers."""
        return re.compile(self.parameters["合同编号格式"])

    @cached_property
    def body_numbers(self) -> frozenset[str]:
        """Approval numbers of the body, the first three characters of its certificates."""
        return frozenset(self.parameters["机构批准号"].split(";"))
