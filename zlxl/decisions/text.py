"""A request's text as it is compared: one width, one case, no blanks, one word for one thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from zlxl.schema.context import Context

SYNONYMS: Final = "同义词"  #: list in 码表: value = the word kept, aliases = words that mean it
MOST: Final = 4000  # characters of one text that are looked at

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n+")
#: Traditional characters that occur in requests of this trade.
_SIMPLIFIED: Final = str.maketrans(
    "證書審核認機構請問標誌發票電話號碼時間變動範圍員資訊質環業務產"
    "補寄從為說過來對應還們給錢費減預約簽單據圖樣檢驗監調換轉處項寫關閉"
    "暫復撤銷訴舉報態專業報備協議條約終價實際廠區場",
    "证书审核认机构请问标志发票电话号码时间变动范围员资讯质环业务产"
    "补寄从为说过来对应还们给钱费减预约签单据图样检验监调换转处项写关闭"
    "暂复撤销诉举报态专业报备协议条约终价实际厂区场",
)
_COMPANY = re.compile(r"[\w（）()]{2,30}?(?:有限责任公司|股份有限公司|有限公司|集团)")
_PERSON = re.compile("(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?=老师|经理|主任|女士|先生)")
_DATE = re.compile(r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}[月日号]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def normal(text: str) -> str:
    """The text in one width and case, simplified, without blanks; line ends stay as boundaries."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:MOST])).casefold()
    lines = _BLANKS.sub("", plain.replace("\r", "\n").replace("_x000d_", "\n")).translate(_SIMPLIFIED)
    return _LINES.sub("\n", lines).strip("\n")


def masked(text: str) -> str:
    """A normal text without what differs from client to client: companies, people, dates, numbers."""
    for pattern, mark in ((_COMPANY, "某公司"), (_PERSON, "某"), (_DATE, "某日"), (_NUMBER, "0")):
        text = pattern.sub(mark, text)
    return text


@dataclass(frozen=True, kw_only=True)
class Synonyms:
    """Words that mean the same; texts and phrases are both brought to the word kept."""

    kept: Mapping[str, str] = field(default_factory=dict)  #: by another word for it

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        words = sorted(self.kept, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, words))) if words else None

    def unified(self, text: str) -> str:
        """A normal text in the words kept."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self.kept[found[0]], text)


def synonyms_of(context: Context) -> Synonyms:
    """The synonyms of 码表; none where it has no such list."""
    known = context.lists.get(SYNONYMS)
    choices = known.choices if known else ()
    pairs = ((normal(alias), normal(choice.value)) for choice in choices for alias in choice.aliases)
    return Synonyms(kept={alias: value for alias, value in pairs if alias and alias != value})
