"""认证客户满意度调查表: the items of 评价准则 by the levels of 码表, and three open questions (4.7.1)."""

from __future__ import annotations

from typing import Final

from zlxl.sheet import Sheet, Style
from zlxl.sheets.form_page import COLUMNS, OFF, ON, Box, Facts, Page, Terms, blank, day, known, label, told

TITLE: Final = "认证客户满意度调查表"
NUMBER: Final = "ZL/CX-16-01"
ITEMS: Final = "满意度题目"
MOST_LEVELS: Final = 12  # that have room beside the items
OVERALL: Final = "总体满意度"
_INTRO: Final = (
    "尊敬的客户，感谢贵单位选择{body}。请根据贵单位的实际感受，在每一行选择一个等级并打勾（☑）；没有涉"
    "及的项目请选“不适用”。"
    "您的评价只用于改进服务，我公司承诺保密，评价的高低不影响贵单位的认证结果。"
)
_RETURN: Final = (
    "填好后请用电子邮件或传真发回我公司市场部，也可以直接保存本文件后发回，不需要打印。表中的问卷编号用"
    "于对应，请勿改动。"
)


def draw(terms: Terms, facts: Facts, name: str) -> Sheet:
    """The questionnaire; a new item of 评价准则 is a new line."""
    page = Page(title=TITLE, number=NUMBER, terms=terms)
    page.head()
    _addressee(page, facts)
    page.text(_INTRO.format(body=terms.body))
    page.part("一、满意程度")
    _matrix(page)
    page.part("二、推荐意愿（您向同行推荐我公司的可能性，0 为完全不会，10 为一定会）")
    _recommendation(page)
    page.part("三、您的意见")
    for question in ("最满意之处", "不满意之处", "意见和建议"):
        page.tall(question, None, 3)
    page.line(label("填写人"), blank(None, 4), label("职务"), blank(None, 4), label("填表日期"), day(None, 4))
    page.text(_RETURN)
    _office(page, terms, facts)
    page.keep(("问卷编号", facts.get("问卷编号")), ("合同编号", facts.get("合同编号")))
    return page.sheet(name)


def _addressee(page: Page, facts: Facts) -> None:
    page.line(label("问卷编号"), known(facts, "问卷编号", 8), label("合同编号"), known(facts, "合同编号", 8))
    page.line(label("企业名称"), known(facts, "企业名称", COLUMNS - 4))
    page.line(
        label("体系"), known(facts, "体系", 4), label("对应审核"), known(facts, "对应审核", 4),
        label("服务周期"), known(facts, "服务周期", 4),
    )  # fmt: skip


def _matrix(page: Page) -> None:
    levels = page.terms.options("满意度等级")[:MOST_LEVELS]
    width = max(1, min(3, (COLUMNS - 8) // len(levels)))
    first = COLUMNS - 1 - width * len(levels)
    page.line(
        label("序号", 1), label("评价项目", first), *(label(level, width) for level in levels), height=24
    )
    names = [row.text("item") for row in page.terms.items(ITEMS)]
    for serial, item in enumerate([*names, OVERALL], 1):
        boxes = [Box(width=width, content=OFF, style=Style.FORM_BOX, choices=(OFF, ON)) for _ in levels]
        page.line(told(serial, 1, Style.FORM_CENTER), told(item, first), *boxes, height=20)


def _recommendation(page: Page) -> None:
    marks = [label(str(score), 2) for score in range(11)]
    boxes = [Box(width=2, content=OFF, style=Style.FORM_BOX, choices=(OFF, ON)) for _ in marks]
    page.beside("推荐意愿", 2, marks, boxes)


def _office(page: Page, terms: Terms, facts: Facts) -> None:
    page.part("四、以下由我公司市场部填写")
    page.line(
        label("下发日期"), day(facts.get("下发日期"), 4), label("下发方式"),
        blank(facts.get("下发方式"), 4, terms.options("下发方式")),
        label("下发人"), blank(facts.get("下发人"), 4),
    )  # fmt: skip
    page.line(
        label("回收日期"), day(None, 4), label("回收方式"), blank(None, 4, terms.options("下发方式")),
        label("问卷有效性"), blank(None, 4, terms.options("问卷有效性")),
    )  # fmt: skip
    page.line(label("无效原因"), blank(None, 12), label("录入人"), blank(None, 4))
