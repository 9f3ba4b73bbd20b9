"""Mistakes that a cell shows by itself: how it is stored, spelled or typed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from zlxl.samples.mistake import Edit, Mistake, Site, changed, constant
from zlxl.schema.values import to_serial
from zlxl.sheet import Cell, Formula, Style

_ALIASES: Final = {
    "河北省": "河北",
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "山东省": "山东",
    "浙江省": "浙江",
}
_MISSPELLED: Final = {
    "河北省": "河比省",
    "广东省": "广冬省",
    "江苏省": "江酥省",
    "山东省": "山冬省",
    "陕西省": "陕酉省",
}
_CHINESE: Final = "〇一二三四五六七八九"


def _formula(text: str, value: str | None) -> Cell:
    return Cell(content=Formula(text=text, value=value), style=Style.MONEY)


def _uncalculated(site: Site) -> Edit | None:
    parts = f"={site.address('initial_fee')}+2*{site.address('surveillance_fee')}"
    return {"total": _formula(parts, None)} if site["total"] else None


def _not_found(site: Site) -> Edit | None:
    look_up = f'=VLOOKUP("{site["contract_no"]}旧",$A$3:$B$4,2,FALSE)'
    return {"total": _formula(look_up, "#N/A")} if site["total"] else None


def _number(value: str) -> Cell | None:
    """The digits as Excel stores them when the cell is not text: leading zeros go."""
    return Cell(content=float(value), style=Style.NUMBER) if value.isdigit() else None


def _postcode_number(value: str) -> Cell | None:
    return None if value.startswith("0") else _number(value)


def _short_postcode(value: str) -> Cell | None:
    return _number(value) if value.startswith("0") else None


def _credit_code_number(value: str) -> Cell | None:
    return Cell(content=float(f"{value[:2]}{value[2:8]}0000000000"), style=Style.NUMBER)


def _unformatted(value: str) -> Cell:
    return Cell(content=value, style=Style.NUMBER)


def _industry_date(value: str) -> Cell | None:
    year, month, day = (int(part) for part in value.split("."))
    if not (1 <= month <= 12 and 1 <= day <= 28):
        return None
    return Cell(content=date(2000 + year, month, day), style=Style.DATE)


def _dotted(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def _chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _run(day: date) -> Cell:
    return Cell(content=float(f"{day:%Y%m%d}"), style=Style.NUMBER)


def _serial(day: date) -> Cell:
    return Cell(content=float(to_serial(day)), style=Style.NUMBER)


def _without_phone_area(value: str) -> str | None:
    return value.split("-")[1] if value.startswith("0") else None


def _mobile_too_short(value: str) -> str | None:
    return None if "-" in value else value[:-1]


def _scientific(value: str) -> str | None:
    return f"{float(value):.2E}" if value.isdigit() else None


def _wide(value: str) -> str | None:
    wide = value.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    return wide if wide != value else None


def _last_letter(value: str) -> str:
    """A credit code whose check character was mistyped."""
    return value[:-1] + ("3" if value[-1] != "3" else "7")


def _wrong_serial(value: str) -> str:
    """A certificate number with one digit of its serial left out."""
    letters = "IS" if value[5:7] == "IS" else value[5]
    head = 5 + len(letters)
    return value[:head] + value[head + 1 :]


def _text(code: str, table: str, field: str, note: str, make: Any, *also: str) -> Mistake:  # noqa: ANN401
    return Mistake(code=code, table=table, field=field, note=note, make=changed(field, make), also=also)


def _fixed(code: str, table: str, field: str, note: str, value: object, *also: str) -> Mistake:
    return Mistake(code=code, table=table, field=field, note=note, make=constant(field, value), also=also)


def _emptied(table: str, field: str, note: str) -> Mistake:
    return Mistake(
        code="ZL101",
        table=table,
        field=field,
        note=note,
        make=lambda site: {field: None} if site[field] is not None else None,
    )


def _dropdown(field: str, note: str) -> Mistake:
    return Mistake(
        code="ZL109",
        table="客户台账",
        field=field,
        note=note,
        make=lambda site: {},
        loses_dropdown=True,
    )


_STORED: Final = (
    Mistake(code="ZL004", table="合同", field="total", note="公式没有计算结果", make=_uncalculated),
    Mistake(code="ZL005", table="合同", field="total", note="查找公式得到错误值", make=_not_found),
    _text("ZL104", "客户台账", "postcode", "邮编存成数字", _postcode_number, "ZL108"),
    _text("ZL104", "客户台账", "phone", "手机号存成数字", _number, "ZL108"),
    _text("ZL105", "客户台账", "uscc", "信用代码存成数字，后面的位数丢失", _credit_code_number, "ZL108"),
    _text("ZL105", "申请受理", "phone", "手机号成了科学计数法", _scientific),
    _text("ZL108", "客户台账", "phone", "粘贴后文本格式丢失", _unformatted),
    _text("ZL108", "客户要求", "contract_no", "粘贴后文本格式丢失", _unformatted),
    _dropdown("status", "粘贴后下拉列表丢失"),
    _dropdown("province", "粘贴后下拉列表丢失"),
    _text("ZL126", "客户台账", "industry", "专业代码变成日期", _industry_date, "ZL108"),
    _text("ZL125", "客户台账", "industry", "专业代码存成数字", lambda v: _number(v[:2]), "ZL108"),
    _text("ZL132", "客户台账", "postcode", "邮编丢了开头的 0", _short_postcode, "ZL108"),
    _text("ZL150", "客户台账", "verified_on", "日期写成文字", _dotted),
    _text("ZL150", "客户要求", "received_on", "日期写成文字", _chinese_date),
    _text("ZL150", "合同", "signed_on", "日期写成 8 位数字", _run),
    _text("ZL156", "客户台账", "verified_on", "日期失去格式，成了序列号", _serial),
    _text("ZL156", "满意度调查", "sent_on", "日期失去格式，成了序列号", _serial),
)
_EMPTY: Final = (
    _emptied("客户台账", "contact", "联系人漏填"),
    _emptied("客户台账", "phone", "联系电话漏填"),
    _emptied("客户要求", "text", "要求原文漏填"),
    _emptied("信息提供", "way", "提供方式漏填"),
    _emptied("服务计划", "due_on", "计划日期漏填"),
    _emptied("名录报送", "receiver", "接收人漏填"),
    _emptied("变更记录", "field", "变更字段漏填"),
    _emptied("增值服务", "kind", "服务类型漏填"),
    _emptied("重大事件", "description", "事件描述漏填"),
    _emptied("公开文件", "title", "文件名称漏填"),
    _emptied("有效性评价", "audited_on", "审核日期漏填"),
)
_SPELLED: Final = (
    _text("ZL103", "客户台账", "client", "企业名称前后有空格", lambda v: f"　{v} "),
    _text("ZL103", "客户台账", "address", "门牌号为全角数字", _wide),
    _text("ZL103", "客户要求", "contract_no", "合同编号为小写", str.lower),
    _text("ZL103", "合同", "client", "企业名称含看不见的字符", lambda v: f"{v[:2]}\u200b{v[2:]}"),
    _fixed(
        "ZL106",
        "客户要求",
        "text",
        "文字会被当作公式",
        '=HYPERLINK("http://example.com/","点此查看")',
    ),
    _text("ZL106", "客户台账", "contact", "文字以 @ 开头", lambda v: f"@{v}"),
    _fixed("ZL107", "客户台账", "email", "用“无”代替空白", "无"),
    _fixed("ZL107", "申请受理", "contact", "用“/”代替空白", "/"),
    _text("ZL140", "客户台账", "province", "省份写错字", _MISSPELLED.get),
    _fixed("ZL140", "客户台账", "status", "状态写错字", "有郊"),
    _fixed("ZL140", "满意度调查", "competence", "等级不在列表中", "挺好"),
    _fixed("ZL140", "服务计划", "service", "服务类型不在列表中", "喝茶"),
    _text("ZL141", "客户台账", "province", "省份用了简称", _ALIASES.get),
    _text("ZL141", "有效性评价", "conclusion", "结论用了别的写法", {"有效": "体系有效"}.get),
)
_TYPED: Final = (
    _fixed("ZL102", "客户台账", "planned_on", "日期栏写了“待定”", "待定"),
    _fixed("ZL102", "合同", "persons", "人数栏写了文字", "若干"),
    _text("ZL110", "申请受理", "contract_no", "合同编号少了位数", lambda v: f"{v[:6]}-{v[6:10]}"),
    _text("ZL111", "客户台账", "certificate_no", "证书流水号少一位", _wrong_serial),
    _text("ZL112", "客户台账", "certificate_no", "录了其他机构的证书", lambda v: f"293{v[3:]}"),
    _text("ZL120", "客户台账", "uscc", "信用代码校验位不对", _last_letter),
    _text("ZL120", "合同", "uscc", "信用代码少一位", lambda v: v[:-1]),
    _text("ZL121", "客户台账", "uscc", "用了旧的组织机构代码", lambda v: f"{v[8:16]}-{v[5]}"),
    _fixed("ZL125", "客户台账", "industry", "没有这个大类", "41.01.01"),
    _fixed("ZL127", "客户台账", "industry", "用了其他分类的代码", "CIV"),
    _text("ZL130", "客户台账", "phone", "固定电话缺少区号", _without_phone_area),
    _text("ZL130", "客户要求", "phone", "手机号少一位", _mobile_too_short),
    _text("ZL131", "客户台账", "postcode", "邮编位数不够", lambda v: v[:4]),
    _text("ZL151", "客户台账", "verified_on", "年月日顺序不明", lambda d: f"{d:%m-%d-%y}"),
    _fixed("ZL152", "客户台账", "verified_on", "不存在的日期", "2026年2月30日"),
    _fixed("ZL152", "信息提供", "received_on", "不存在的日期", "2025-11-31"),
    _fixed("ZL153", "客户台账", "verified_on", "年份打错，日期过早", date(1996, 4, 5)),
    _fixed("ZL154", "客户台账", "verified_on", "年份打错，日期过远", date(2206, 4, 5)),
    _text("ZL170", "客户台账", "surveillance_fee", "金额为负数", lambda v: -v),
    _text("ZL171", "合同", "initial_fee", "金额写成文字", lambda v: f"{v:,}元"),
    _text("ZL171", "客户台账", "initial_fee", "金额存成文字", str),
    _text("ZL172", "客户台账", "initial_fee", "金额以万元书写", lambda v: f"{v / 10000:g}万"),
    _fixed("ZL173", "满意度调查", "recommendation", "推荐意愿超过 10", 11),
    _fixed("ZL173", "有效性评价", "operation", "评分超过 5", 6),
)
CELL_MISTAKES: Final = (*_STORED, *_EMPTY, *_SPELLED, *_TYPED)
