"""管理体系认证合同: parties, systems, scope, fees, duties, marks, suspension, complaints (4.1.4)."""

from __future__ import annotations

from typing import Final

from zlxl.sheet import Sheet, Style
from zlxl.sheets.form_page import COLUMNS, Facts, Page, Terms, blank, day, known, label, money, number, told

TITLE: Final = "管理体系认证合同"
NUMBER: Final = "ZL/CX-16-02"
#: parts of the contract's text: heading and clauses; ``{body}`` is the certification body
ARTICLES: Final = (
    (
        "三、付款",
        "1. 甲方按上列费用直接向乙方支付，不得由第三方代付。初审或再认证费用在现场审核前付清，监督审核"
        "费用在每次监督审核前付清。\n"
        "2. 因甲方原因增加的审核（补充审核、特殊审核、扩大范围等），按乙方公开的收费标准另行结算；审核"
        "组的交通和食宿按双方商定执行。\n"
        "3. 认证结论不影响费用的支付；甲方未按期付款的，乙方可以推迟审核、不颁发或暂停证书。",
    ),
    (
        "四、甲方的权利和义务",
        "1. 有权获得乙方的公开文件和认证信息，对审核组成员提出异议，对认证决定提出申诉，对乙方的服务和"
        "人员提出投诉。\n"
        "2. 始终符合认证要求，保持体系有效运行，按时接受监督审核和再认证；两次审核的间隔不超过 12 个月。\n"
        "3. 提供真实完整的资料，开放有关场所、记录和人员，配合审核、特殊审核以及监管部门和认可机构的检"
        "查和见证。\n"
        "4. 向乙方支付认证费用；妥善处理与认证有关的投诉并保存记录，乙方要求时予以提供。",
    ),
    (
        "五、乙方的权利和义务",
        "1. 按法律法规、认证规则和认可准则独立、客观、公正地实施认证，对认证结论负责；审核时间不少于规"
        "定的人日。\n"
        "2. 不从事可能影响公正性的活动，不为甲方提供管理体系咨询，不编写体系文件，不收受合同以外的财物。\n"
        "3. 认证要求变化时及时告知甲方；按时颁发证书，公布证书状态，并按规定向监管部门报送认证信息。\n"
        "4. 对审核中知悉的甲方商业和技术秘密保密；法律要求提供的，除法律禁止外事先告知甲方。",
    ),
    (
        "六、变更的通报",
        "甲方的名称、法律地位、所有权、地址和场所、认证范围、关键管理人员、体系和过程有重大变化，或者行"
        "政许可变化、发生重大事故、受到行政处罚、"
        "监督抽查不合格、被媒体曝光或有重大投诉的，应当及时书面通报乙方。乙方据此决定是否审核、变更或处"
        "理证书。",
    ),
    (
        "七、证书和标志的使用",
        "甲方可以在认证范围和有效期内，按乙方公开文件的规定在宣传材料和文件上使用证书和标志；不得用于产"
        "品或产品的包装、检测报告和证书，"
        "不得让人误解为产品认证或超出范围，不得转让或出借。证书暂停、撤销、注销或失效后，立即停止使用和"
        "宣传，并交回证书。",
    ),
    (
        "八、暂停、撤销和注销",
        "甲方未按期接受监督审核、持续或严重不符合认证要求、不履行本合同、误用证书和标志、隐瞒重大变化或"
        "事故的，乙方可以暂停证书，暂停一般不超过六个月；"
        "期满未解决的，撤销证书或缩小范围。甲方可以书面申请暂停或注销。乙方公布证书状态的变化。",
    ),
    (
        "九、投诉、申诉和争议",
        "甲方可以按公开文件的规定向乙方提出投诉和申诉，由与该事项无关的人员调查和决定，并书面答复；提出"
        "投诉和申诉不会受到歧视。"
        "双方的争议协商解决；协商不成的，向乙方所在地人民法院提起诉讼。",
    ),
    (
        "十、期限和生效",
        "本合同自双方签字盖章之日起生效，至合同有效期止，覆盖一个认证周期。任何一方提前终止的，应提前 3"
        "0 天书面通知对方并结清费用。"
        "甲方的申请书、乙方的公开文件是本合同的组成部分。本合同一式两份，双方各执一份。",
    ),
)


def draw(terms: Terms, facts: Facts, name: str) -> Sheet:
    """The contract on two pages."""
    page = Page(title=TITLE, number=NUMBER, terms=terms)
    page.head()
    _parties(page, terms, facts)
    _subject(page, terms, facts)
    _fees(page, facts)
    for number_, (heading, text) in enumerate(ARTICLES):
        if number_ == 2:
            page.new_page()
        page.part(heading)
        page.text(text, Style.FORM_CLAUSE)
    _signatures(page, facts)
    _office(page, terms, facts)
    page.keep(("合同编号", facts.get("合同编号")))
    return page.sheet(name)


def _parties(page: Page, terms: Terms, facts: Facts) -> None:
    page.line(label("合同编号"), known(facts, "合同编号", 8), label("申请编号"), known(facts, "申请编号", 8))
    page.line(told("甲　方（认证委托方）", COLUMNS, Style.FORM_HEAD), height=20)
    page.line(label("企业名称"), blank(facts.get("企业名称"), COLUMNS - 4))
    page.line(
        label("统一社会信用代码"), blank(facts.get("统一社会信用代码"), 8),
        label("联系人"), blank(facts.get("联系人"), 8),
    )  # fmt: skip
    page.line(
        label("详细地址"),
        blank(facts.get("详细地址"), 12),
        label("联系电话"),
        blank(facts.get("联系电话"), 4),
    )
    page.line(told("乙　方（认证机构）", COLUMNS, Style.FORM_HEAD), height=20)
    page.line(
        label("机构名称"),
        told(terms.body, 8),
        label("机构批准号"),
        told(terms.context.parameters["机构批准号"], 8),
    )
    page.line(label("机构地址"), blank(None, 12), label("机构电话"), blank(None, 4))
    page.line(label("开户行和账号"), blank(None, COLUMNS - 4))


def _subject(page: Page, terms: Terms, facts: Facts) -> None:
    page.part("一、认证内容")
    page.line(
        label("合同类别"), blank(facts.get("合同类别"), 4, terms.options("审核类型")),
        label("体系人数"), number(facts.get("体系人数"), 4, 1, 1_000_000),
        label("场所数"), number(facts.get("场所数"), 4, 1, 10_000),
    )  # fmt: skip
    page.options("合同体系", terms.options("体系"), facts.get("合同体系"), 5)
    page.tall("认证标准", facts.get("认证标准"), 2)
    page.tall("合同认证范围", facts.get("合同认证范围"), 3)
    page.tall("特殊要求", facts.get("特殊要求"), 2)


def _fees(page: Page, facts: Facts) -> None:
    page.part("二、认证费用（人民币，元）")
    page.line(
        label("初审费用"), money(facts.get("初审费用"), 8), label("监审费用"), money(facts.get("监审费用"), 8)
    )
    page.line(
        label("再认证费用"),
        money(facts.get("再认证费用"), 8),
        label("合同金额"),
        money(facts.get("合同金额"), 8),
    )
    page.line(
        told(
            "监审费用为每次监督审核的费用；证书正本每种语言一份免费，另需副本按公开的收费标准。",
            COLUMNS,
            Style.FORM_CLAUSE,
        ),
        height=18,
    )


def _signatures(page: Page, facts: Facts) -> None:
    page.part("十一、签署")
    page.line(label("甲方（盖章）"), blank(None, 8), label("乙方（盖章）"), blank(None, 8), height=40)
    page.line(label("甲方代表"), blank(None, 8), label("我方签订人"), blank(facts.get("我方签订人"), 8))
    page.line(
        label("签订日期"),
        day(facts.get("签订日期"), 8),
        label("合同有效期至"),
        day(facts.get("合同有效期至"), 8),
    )


def _office(page: Page, terms: Terms, facts: Facts) -> None:
    page.part("以下由我公司市场部填写")
    page.line(
        label("合同评审日期"), day(facts.get("合同评审日期"), 4),
        label("合同评审人"), blank(facts.get("合同评审人"), 4),
        label("合同评审结论"), blank(facts.get("合同评审结论"), 4, terms.options("合同评审结论")),
    )  # fmt: skip
    page.line(
        label("合同发出日期"), day(facts.get("合同发出日期"), 4),
        label("合同收回日期"), day(facts.get("合同收回日期"), 4),
        label("合同状态"), blank(facts.get("合同状态"), 4, terms.options("合同状态")),
    )  # fmt: skip
