"""The body's people who appear in the records; none of them exists."""

from __future__ import annotations

from typing import Final

from zlxl.samples.companies import HANDLERS

CLERKS: Final = HANDLERS
REVIEWERS: Final = ("李强", "孙立群", "周海涛")
LEADERS: Final = ("赵刚", "陈志远", "马文斌", "郑秀兰", "何建平", "宋玉梅", "韩雪松", "唐永康")
TEACHERS: Final = ("刘老师", "高老师", "梁老师")
HEAD: Final = "李强"  #: of the market department
DEPUTY: Final = "王副总"
WEBMASTER: Final = "孙涛"
OWNERS: Final = {
    "市场部": CLERKS,
    "审核部": ("冯建军", "曹颖"),
    "评定部": ("彭志明", "袁媛"),
    "制证部": ("邓丽华",),
    "财务部": ("许芳", "沈洁"),
    "综合部": (WEBMASTER,),
    "申诉调查组": ("董国平",),
    "经理室": ("吕静",),
}
