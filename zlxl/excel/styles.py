"""Number formats: the code of every cell format, built-in ones included."""

from __future__ import annotations

from collections.abc import Iterable

from zlxl.excel.faults import SuspectError
from zlxl.excel.xml import MAX_DEPTH, Element, local, local_attributes, parser
from zlxl.grid import GENERAL, MAX_COLUMNS

#: ECMA-376 part 1, 18.8.30; 27-36 and 50-58 as Excel shows them in zh-CN.
BUILTIN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"\\-#,##0',
    6: '"¥"#,##0;[Red]"¥"\\-#,##0',
    7: '"¥"#,##0.00;"¥"\\-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"\\-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}

MAX_STYLES = 65_536  # what a uint16 holds; Excel stops at 65,490


def number_formats(chunks: Iterable[bytes]) -> tuple[str, ...]:
    """Format code by cellXfs index of a styles part; at least one entry."""
    own: dict[str, str] = {}
    used: list[str] = []
    inside: list[str] = []
    reader = parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(local(name))
        if len(inside) > MAX_DEPTH:
            raise SuspectError("内有嵌套过深的 XML")
        match inside[1:]:
            case ["numFmts", "numFmt"]:
                plain = local_attributes(attributes)
                own[plain.get("numFmtId", "")] = plain.get("formatCode", GENERAL)
            case ["cellXfs", "xf"] if len(used) < MAX_STYLES:
                used.append(local_attributes(attributes).get("numFmtId", "0"))

    def end(_: str) -> None:
        inside.pop()

    reader.StartElementHandler, reader.EndElementHandler = start, end
    for chunk in chunks:
        reader.Parse(chunk)
    reader.Parse(b"", True)
    return tuple(own.get(number) or _builtin(number) for number in used) or (GENERAL,)


def _builtin(number: str) -> str:
    return BUILTIN.get(int(number), GENERAL) if number.isdecimal() else GENERAL


def column_formats(columns: Iterable[Element], formats: tuple[str, ...]) -> dict[int, str]:
    """Format code of whole columns by column number, from ``<col>`` elements; General ones left out."""
    found: dict[int, str] = {}
    done = 0
    for column in columns:
        first, last = column.get("min"), column.get("max")
        if not (first.isdecimal() and last.isdecimal()) or int(first) <= done:
            continue  # overlapping ones are invalid, and a million of them an attack
        done = min(int(last), MAX_COLUMNS)
        code = formats[style_index(column.get("style"), len(formats))]
        if code != GENERAL:
            found |= dict.fromkeys(range(int(first), done + 1), code)
    return found


def style_index(text: str, count: int = MAX_STYLES) -> int:
    """Index of a style attribute; 0 when it is none or points beyond the formats."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        return 0
    return index if (index := int(text)) < count else 0
