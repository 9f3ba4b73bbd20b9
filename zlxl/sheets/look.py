"""What every style looks like: one font, few colours, told apart also in black and white."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from zlxl.sheet import Style

FONT: Final = "微软雅黑"
MONO: Final = "Consolas"
INK: Final = "1F2A37"
NAVY: Final = "1F3A5F"
MIST: Final = "E6ECF3"
LINE: Final = "D5DCE4"
GREY: Final = "66717F"
PAPER: Final = "FFFFFF"

#: Okabe and Ito's colours, darkened for print: told apart by the colour-blind
SERIES_COLOURS: Final = ("1F5A8C", "D97B29", "6FA8C9", "8C8C8C", "B5456A", "3B8574")


@dataclass(frozen=True, kw_only=True)
class Look:
    """Font, fill, lines and number format of a cell; colours as RRGGBB."""

    font: str = FONT
    size: float = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = INK
    fill: str | None = None
    align: str = "left"
    valign: str = "vcenter"
    wrap: bool = False
    indent: int = 0
    shrink: bool = False
    number_format: str = "General"
    top: tuple[int, str] | None = None  #: weight as Excel numbers it (1 thin, 2 medium, 7 hair), colour
    bottom: tuple[int, str] | None = None
    left: tuple[int, str] | None = None
    right: tuple[int, str] | None = None
    unlocked: bool = False


_BODY = Look(bottom=(1, LINE), number_format="@", indent=1)
_RIGHT = replace(_BODY, align="right")
_HEADER = Look(
    size=10,
    bold=True,
    colour=NAVY,
    fill=MIST,
    align="center",
    wrap=True,
    bottom=(2, NAVY),
    left=(1, LINE),
    right=(1, LINE),
)
_BOX = (1, "8A94A0")
_FORM = Look(size=10.5, top=_BOX, bottom=_BOX, left=_BOX, right=_BOX, wrap=True, number_format="@")
_OPTION = Look(size=10, top=_BOX, bottom=_BOX, number_format="@", wrap=True)
_PLAIN = Look()

LOOKS: Final[Mapping[Style, Look]] = {
    Style.TITLE: Look(size=20, bold=True, colour=NAVY),
    Style.SUBTITLE: Look(size=10, colour=GREY),
    Style.SECTION: Look(size=12, bold=True, colour=NAVY, bottom=(2, NAVY)),
    Style.NAV: Look(size=10, colour="1F5A8C", fill="F5F7FA", align="center"),
    Style.NAV_TITLE: Look(size=12, bold=True, colour=NAVY, fill="F5F7FA"),
    Style.NAV_TEXT: Look(size=9, colour=GREY, fill="F5F7FA"),
    Style.HEADER: _HEADER,
    Style.HEADER_REQUIRED: replace(_HEADER, colour=PAPER, fill=NAVY),
    Style.BODY: _BODY,
    Style.CENTER: replace(_BODY, align="center", indent=0),
    Style.STRONG: replace(_BODY, bold=True),
    Style.CODE: _BODY,
    Style.DATE: replace(_BODY, number_format="yyyy-mm-dd", align="center", indent=0),
    Style.DATETIME: replace(_BODY, number_format="yyyy-mm-dd hh:mm", align="center", indent=0),
    Style.MONEY: replace(_RIGHT, number_format="#,##0.00"),
    Style.NUMBER: replace(_RIGHT, number_format="General"),
    Style.INTEGER: replace(_RIGHT, number_format="#,##0"),
    Style.DECIMAL: replace(_RIGHT, number_format="0.00"),
    Style.CHANCE: replace(_RIGHT, number_format="0.000"),
    Style.PERCENT: replace(_RIGHT, number_format="0.0%"),
    Style.NOTE: replace(_BODY, wrap=True),
    Style.MUTED: replace(_BODY, colour=GREY),
    Style.MACHINE: replace(_BODY, size=8, colour="8A94A0", align="fill", indent=0),
    Style.LINK: replace(_BODY, colour="1F5A8C", underline=True),
    Style.LINK_CENTER: replace(_BODY, colour="1F5A8C", underline=True, align="center", indent=0),
    Style.GOOD: replace(_BODY, colour="1E5C4A", fill="E1F0EA"),
    Style.WARN: replace(_BODY, colour="7A4B00", fill="FFF1CC"),
    Style.BAD: replace(_BODY, colour="8E1B1B", fill="F9DEDC", bold=True),
    Style.INFO: replace(_BODY, colour=NAVY, fill="E3EDF7"),
    Style.FADED: replace(_BODY, colour="8A94A0", italic=True),
    Style.MISSING: replace(_BODY, fill="FFE9B8"),
    Style.TOTAL: replace(_BODY, bold=True, top=(1, NAVY), bottom=(1, NAVY), fill="F5F7FA"),
    Style.TOTAL_NUMBER: replace(
        _RIGHT, bold=True, top=(1, NAVY), bottom=(1, NAVY), fill="F5F7FA", number_format="#,##0.##"
    ),
    Style.KPI: Look(
        size=20, bold=True, colour=NAVY, align="left", number_format="#,##0", indent=1, left=(5, "6FA8C9")
    ),
    Style.KPI_LABEL: Look(size=9, colour=GREY, indent=1, left=(5, "6FA8C9")),
    Style.HINT: Look(colour=GREY, indent=1),
    Style.INPUT: Look(
        size=12,
        fill="FFFBEA",
        number_format="@",
        unlocked=True,
        top=(2, NAVY),
        bottom=(2, NAVY),
        left=(2, NAVY),
        right=(2, NAVY),
        indent=1,
    ),
    Style.PLAIN: _PLAIN,
    Style.PLAIN_WRAP: replace(_PLAIN, wrap=True, valign="top"),
    Style.FORM_TITLE: Look(size=16, bold=True, align="center"),
    Style.FORM_LABEL: replace(_FORM, size=10, bold=True, align="center", fill="F5F7FA"),
    Style.FORM_FIELD: replace(_FORM, unlocked=True, indent=1),
    Style.FORM_DATE: replace(_FORM, number_format="yyyy-mm-dd", unlocked=True, align="center"),
    Style.FORM_MONEY: replace(_FORM, number_format="#,##0.00", unlocked=True, align="right", indent=1),
    Style.FORM_HEAD: replace(_FORM, bold=True, fill=MIST, indent=1),
    Style.FORM_TEXT: replace(_FORM, valign="top", unlocked=True, indent=1),
    Style.FORM_BODY: Look(size=12, bold=True, align="center", colour=NAVY),
    Style.FORM_FIXED: replace(_FORM, indent=1),
    Style.FORM_CENTER: replace(_FORM, align="center"),
    Style.FORM_CLAUSE: replace(_FORM, size=9, indent=1),
    Style.FORM_TICK: replace(_OPTION, align="right", unlocked=True),
    Style.FORM_BOX: replace(_FORM, size=12, align="center", unlocked=True),
    Style.FORM_OPTION: _OPTION,
    Style.FORM_OPTION_END: replace(_OPTION, right=_BOX),
    Style.FORM_SCORE: replace(_FORM, number_format="General", align="center", unlocked=True),
    Style.FORM_RESULT: replace(_FORM, number_format="0.0", align="center", bold=True),
    Style.FORM_NOTE: Look(size=9, wrap=True),
    Style.FORM_RIGHT: Look(size=9, align="right"),
    Style.FORM_CUT: Look(size=9, colour=GREY, align="center", valign="vcenter", bottom=(3, GREY)),
    Style.SMALL: Look(size=8, colour=GREY),
    Style.SMALL_WRAP: Look(size=8, colour=GREY, wrap=True, valign="top"),
    Style.LIST_CODE: replace(_BODY, font=MONO),
    Style.RIGHT: Look(colour=GREY, align="right"),
    Style.TODAY: Look(size=12, bold=True, colour=NAVY, align="right", number_format='yyyy"年"m"月"d"日"'),
    Style.MONTH: replace(_BODY, number_format='yyyy"年"mm"月"'),
    Style.STEP: Look(bold=True, colour=NAVY, align="right", valign="top"),
}
