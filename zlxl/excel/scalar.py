"""Any value a program may hand over, numpy's and pandas' included, as one that a cell can hold."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

from zlxl.changes import CellValue, Formula
from zlxl.excel.patch.value import NotStorableError
from zlxl.schema.values import ErrorValue

MISSING = "是缺失值（NaN、NaT 或 NA），不能写入单元格；清空请用 None"


def plain(value: object) -> CellValue:
    """The value in Python's own types; NotStorableError, in Chinese, where no cell can hold its kind."""
    if isinstance(value, np.generic):
        value = _from_numpy(value)
    match value:
        case None | bool() | ErrorValue():
            return value
        case Formula():
            return Formula(value.text, value=_result(value.value))
        case str():
            return str.__str__(value)
        case int() | float() | Decimal():
            return _number(value)
        case date() | time() | timedelta():
            return _moment(value)
    if type(value).__name__ == "NAType":
        raise NotStorableError(MISSING)
    raise NotStorableError(
        f"{type(value).__name__} 类型的值不能写入单元格；请先换成数字、文本、日期、True、False 或 None"
    )


def _result(value: object) -> str | float | bool | date | time | timedelta | None:
    result = plain(value)
    if isinstance(result, Formula):
        raise NotStorableError("公式的值不能又是公式")
    return result


def _number(value: float | Decimal) -> float:
    if value.is_nan() if isinstance(value, Decimal) else value != value:
        raise NotStorableError(MISSING)
    if isinstance(value, int):
        return int(value)
    number = float(value)
    if isinstance(value, Decimal) and math.isfinite(number) and Decimal(repr(number)) != value:
        raise NotStorableError(f"{value} 超出数字的精度，请先四舍五入或按文本写入")
    return number


def _from_numpy(value: np.generic) -> object:
    if isinstance(value, np.datetime64 | np.timedelta64):
        if np.isnat(value):
            raise NotStorableError(MISSING)
        kind = "datetime64[us]" if isinstance(value, np.datetime64) else "timedelta64[us]"
        found = next((v for v in (value.item(), value.astype(kind).item()) if not isinstance(v, int)), None)
        if found is None:
            raise NotStorableError(f"{value} 超出 Excel 能保存的范围")
        return found
    if isinstance(value, np.longdouble):
        return float(value)
    return value.item()


def _moment(value: date | time | timedelta) -> date | time | timedelta:
    """The same without what a subclass adds, such as the nanoseconds of pandas."""
    if value != value:
        raise NotStorableError(MISSING)
    match value:
        case datetime():
            clock = (value.hour, value.minute, value.second, value.microsecond, value.tzinfo)
            return datetime(value.year, value.month, value.day, *clock)
        case date():
            return date(value.year, value.month, value.day)
        case time():
            return time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo)
    return timedelta(days=value.days, seconds=value.seconds, microseconds=value.microseconds)
