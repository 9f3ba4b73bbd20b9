"""受审核方体系有效性水平评价表: filled in on site by the audit team, main basis of the grade (4.2.3)."""

from __future__ import annotations

from typing import Final

from zlxl.grid import a1
from zlxl.sheet import Formula, Sheet, Style
from zlxl.sheets.form_page import COLUMNS, Facts, Page, Terms, blank, day, known, label, number, told
from zlxl.tables.policy import PolicyRow

TITLE: Final = "受审核方体系有效性水平评价表"
NUMBER: Final = "ZL/CX-16-02"
ITEMS: Final = "有效性题目"
DEDUCTIONS: Final = "有效性扣分"
VETOES: Final = "有效性否决"
NOT_ASKED: Final = ("严重不符合未关闭", "暂停中")  # asked otherwise, and known from 客户台账
_INTRO: Final = (
    "由审核组在现场审核结束时填写，随审核资料交回市场部录入数据库，作为企业分等分级评价的主要依据。"
    "每项按 0 至 {full} 分评价：{full} 分为体系成熟、绩效显著，{middle} 分为符合要求、运行有效，0 分为"
    "未建立或未实施；可以用小数。"
)
_NONCONFORMITIES: Final = ("严重不符合数", "一般不符合数", "重复发生数")


def draw(terms: Terms, facts: Facts, name: str) -> Sheet:
    """The evaluation of one system; a new item of 评价准则 is a new line."""
    page = Page(title=TITLE, number=NUMBER, terms=terms)
    page.head()
    _audit(page, terms, facts)
    _scores(page, terms)
    _findings(page, terms)
    _conclusion(page, terms)
    _office(page, terms)
    page.keep(*((field, facts.get(field)) for field in ("评价编号", "合同编号", "企业名称", "体系")))
    return page.sheet(name)


def _audit(page: Page, terms: Terms, facts: Facts) -> None:
    page.line(label("评价编号"), known(facts, "评价编号", 8), label("合同编号"), known(facts, "合同编号", 8))
    page.line(
        label("企业名称"),
        known(facts, "企业名称", 12),
        label("体系"),
        known(facts, "体系", 4, terms.options("体系")),
    )
    page.line(
        label("审核类型"), blank(facts.get("审核类型"), 4, terms.options("审核类型")),
        label("审核日期"), day(facts.get("审核日期"), 4), label("审核组长"), blank(facts.get("审核组长"), 4),
    )  # fmt: skip


def _scores(page: Page, terms: Terms) -> None:
    full = _full(terms)
    page.text(_INTRO.format(full=f"{full:g}", middle=f"{full * 0.6:g}"))
    page.part("一、体系有效性水平")
    page.line(
        label("序号", 2), label("权重", 2), label("评价项目", 8), label("评分", 3), label("主要事实和证据", 9)
    )
    items = terms.items(ITEMS)
    first = page.row
    for serial, item in enumerate(items, 1):
        page.line(
            told(serial, 2, Style.FORM_CENTER), told(item.number("weight"), 2, Style.FORM_CENTER),
            told(item.text("item"), 8), number(None, 3, 0, full), blank(None, 9),
            height=24,
        )  # fmt: skip
    weights, scores = (f"{a1(first, column)}:{a1(page.row - 1, column)}" for column in (3, 13))
    total = f'=IF(COUNT({scores})=0,"",SUMPRODUCT({weights},{scores})/{full:g})'
    page.line(
        told("加权合计（未扣分）", 12, Style.FORM_CENTER),
        told(Formula(text=total, value=""), 3, Style.FORM_RESULT),
        told(f"满分 {sum(item.number('weight') or 0 for item in items):g}", 9),
    )  # fmt: skip


def _full(terms: Terms) -> float:
    values = (row.number("value") for row in terms.items(DEDUCTIONS) if row.text("item") == "满分")
    return next(values, None) or 5


def _findings(page: Page, terms: Terms) -> None:
    page.part("二、本次审核的不符合")
    counts = (box for name in _NONCONFORMITIES for box in (label(name, 5), number(None, 3, 0, 200)))
    page.line(*counts)
    page.options("严重不符合已关闭", terms.options("是否"), None, 4)
    page.part("三、近 12 个月的事实（影响等级，请在证据栏或下方写明依据）")
    for veto in _asked(terms):
        page.options(veto.text("item"), terms.options("是否"), None, 4)


def _asked(terms: Terms) -> list[PolicyRow]:
    return [row for row in terms.items(VETOES) if row.text("item") not in NOT_ASKED]


def _conclusion(page: Page, terms: Terms) -> None:
    page.part("四、评价结论")
    page.options("有效性结论", terms.options("有效性结论"), None, 4)
    page.options("审核组评定等级", terms.options("客户等级"), None, 4)
    page.tall("其它渠道信息", None, 2)
    page.line(label("评价人"), blank(None, 8), label("评价日期"), day(None, COLUMNS - 16))


def _office(page: Page, terms: Terms) -> None:
    page.part("五、以下由市场部填写（其它渠道信息只作参考，等级最多调整一级，须经批准）")
    page.line(
        label("等级调整"), blank(None, 4, terms.options("等级调整")), label("调整理由"), blank(None, 12)
    )
    page.line(
        label("调整批准人"), blank(None, 4), label("录入人"), blank(None, 4), label("录入日期"), day(None, 4)
    )
