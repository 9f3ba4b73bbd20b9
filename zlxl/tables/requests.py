"""客户要求: every request, opinion, suggestion and complaint, its class and how it was answered (4.4-4.6)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import ClientName, Contact, ContractNo, Phone, Remark
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_money, read_number
from zlxl.tables.text import cell, read_note, read_text


class Request(Row):
    """One request of one client."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("request_no", "received_on", "client", "content_kind", "way", "text", "state")),
        RequiredWith("confirmed_by", "confirmed_class", "确认类别应有确认人（4.5）"),
        RequiredWith("confirmed_on", "confirmed_class", "确认类别应有确认日期（4.5）"),
        RequiredWith("confirmed_class", "confirmed_topic", "确认主题时应确认类别（4.5）"),
        RequiredWith("answer", "closed_on", "办结的要求应有答复内容（4.5）"),
        RequiredWith("fed_back_to", "fed_back_on", "反馈日期应有反馈对象（4.6）"),
        RequiredWith("escalated_to", "escalated_on", "上报应写明上报对象（4.5 c）"),
        RequiredWhen("escalated_to", "confirmed_class", "要求类别", "上报对象"),
        RequiredWhen("escalated_on", "state", "要求状态", "上报日期"),
        RequiredWhen("replied_on", "state", "要求状态", "首次答复日期"),
        RequiredWhen("closed_on", "state", "要求状态", "办结日期"),
        RequiredWhen("confirmed_class", "state", "要求状态", "确认类别"),
        InOrder("received_on", "confirmed_on", ("接收日期", "确认日期")),
        InOrder("received_on", "replied_on", ("接收日期", "首次答复日期")),
        InOrder("received_on", "escalated_on", ("接收日期", "上报日期")),
        InOrder("received_on", "closed_on", ("接收日期", "办结日期")),
        InOrder("received_on", "fed_back_on", ("接收日期", "反馈日期")),
        InOrder("received_on", "reply_due_on", ("接收日期", "首次答复期限")),
        InOrder("received_on", "due_on", ("接收日期", "办结期限")),
        InOrder("replied_on", "closed_on", ("首次答复日期", "办结日期")),
    )

    request_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="编号",
                storage=Storage.CODE,
                width=14,
                example="YQ2026-0001",
                synonyms=("要求编号", "客户要求编号", "序号", "记录编号"),
                prompt="如 YQ2026-0001。",
            ),
        ]
        | None
    ) = None
    received_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="接收日期",
                storage=Storage.DATE,
                width=13,
                example="2026-05-06",
                synonyms=("收到日期", "接收时间", "记录日期", "提出日期"),
                prompt="收到客户要求的日期，应及时记录（4.6）。",
            ),
        ]
        | None
    ) = None
    contract_no: ContractNo | None = None
    client: ClientName | None = None
    contact: Contact | None = None
    phone: Phone | None = None
    content_kind: (
        Annotated[
            str,
            cell(read_choice("要求内容")),
            Column(
                header="要求内容",
                storage=Storage.CHOICE,
                choices="要求内容",
                width=18,
                example="意见和建议",
                synonyms=("内容类别", "收集内容", "内容分类"),
                prompt="4.4.1 a) 至 d) 中的哪一类。",
            ),
        ]
        | None
    ) = None
    way: (
        Annotated[
            str,
            cell(read_choice("收集方式")),
            Column(
                header="收集方式",
                storage=Storage.CHOICE,
                choices="收集方式",
                width=18,
                example="电话走访电子文档",
                synonyms=("收集途径", "信息来源", "来源方式"),
                prompt="4.4.2 a) 至 d) 中的哪一种。",
            ),
        ]
        | None
    ) = None
    from_department: (
        Annotated[
            str,
            cell(read_choice("部门")),
            Column(
                header="反馈部门",
                storage=Storage.CHOICE,
                choices="部门",
                width=11,
                example="市场部",
                synonyms=("来源部门", "转来部门"),
                prompt="由哪个部门转来（4.10.3）。",
            ),
        ]
        | None
    ) = None
    text: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="要求原文",
                storage=Storage.NOTE,
                width=44,
                example="证书邮寄地址写错了，请重新寄一份",
                synonyms=("客户要求", "要求描述", "内容", "意见内容", "客户原话"),
                prompt="照客户原话记录，一行一件事。",
            ),
        ]
        | None
    ) = None
    amount: (
        Annotated[
            float,
            cell(read_money),
            Column(
                header="涉及金额",
                storage=Storage.MONEY,
                width=12,
                example="2000",
                synonyms=("金额", "要求金额"),
                prompt="要求减免、分期或退款时的金额（元）。",
            ),
        ]
        | None
    ) = None
    wanted_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="要求日期",
                storage=Storage.DATE,
                width=13,
                example="2026-06-20",
                synonyms=("客户要求日期", "希望日期", "期望日期"),
                prompt="客户要求改到的日期，用于判断是否超过最晚日期。",
            ),
        ]
        | None
    ) = None
    recorded_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="记录人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("接收人", "登记人", "客服人员"),
                prompt="接收并记录的人。",
            ),
        ]
        | None
    ) = None
    suggested_topic: (
        Annotated[
            str,
            cell(read_choice("要求主题")),
            Column(
                header="建议主题",
                storage=Storage.CHOICE,
                choices="要求主题",
                width=18,
                example="证书邮寄与查询",
                synonyms=("系统主题", "推荐主题"),
                prompt="由程序写入，供参考。",
            ),
        ]
        | None
    ) = None
    suggested_class: (
        Annotated[
            str,
            cell(read_choice("要求类别")),
            Column(
                header="建议类别",
                storage=Storage.CHOICE,
                choices="要求类别",
                width=9,
                example="b",
                synonyms=("系统类别", "推荐类别"),
                prompt="由程序写入：a 不合理；b 合理有权处置；c 合理无权处置。",
            ),
        ]
        | None
    ) = None
    confidence: (
        Annotated[
            float,
            cell(read_number(0, 1)),
            Column(
                header="置信度",
                storage=Storage.NUMBER,
                width=9,
                example="0.92",
                synonyms=("可信度", "把握"),
                prompt="由程序写入，0 至 1。",
            ),
        ]
        | None
    ) = None
    evidence: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="判定依据",
                storage=Storage.NOTE,
                width=30,
                example="命中词：证书、邮寄",
                synonyms=("依据", "建议依据", "命中词"),
                prompt="由程序写入：命中的词和依据的规则。",
            ),
        ]
        | None
    ) = None
    confirmed_topic: (
        Annotated[
            str,
            cell(read_choice("要求主题")),
            Column(
                header="确认主题",
                storage=Storage.CHOICE,
                choices="要求主题",
                width=18,
                example="证书邮寄与查询",
                synonyms=("主题", "最终主题"),
                prompt="人工确认的主题。",
            ),
        ]
        | None
    ) = None
    confirmed_class: (
        Annotated[
            str,
            cell(read_choice("要求类别")),
            Column(
                header="确认类别",
                storage=Storage.CHOICE,
                choices="要求类别",
                width=9,
                example="b",
                synonyms=("类别", "要求类别", "最终类别"),
                prompt="人工确认：a 不合理要求；b 合理且有权处置；c 合理但无权处置。",
            ),
        ]
        | None
    ) = None
    confirmed_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="确认人",
                storage=Storage.TEXT,
                width=10,
                example="李强",
                synonyms=("确认人员",),
                prompt="确认类别的人。",
            ),
        ]
        | None
    ) = None
    confirmed_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="确认日期",
                storage=Storage.DATE,
                width=13,
                example="2026-05-06",
                synonyms=("确认时间",),
                prompt="不早于接收日期。",
            ),
        ]
        | None
    ) = None
    owner: (
        Annotated[
            str,
            cell(read_choice("部门")),
            Column(
                header="责任部门",
                storage=Storage.CHOICE,
                choices="部门",
                width=11,
                example="市场部",
                synonyms=("权限部门", "承办部门", "处置部门"),
                prompt="有权处置的职能部门。",
            ),
        ]
        | None
    ) = None
    handler: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="责任人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("承办人", "负责人"),
                prompt="承办人姓名。",
            ),
        ]
        | None
    ) = None
    reply_due_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="首次答复期限",
                storage=Storage.DATE,
                width=13,
                example="2026-05-07",
                synonyms=("答复期限", "应答复日期"),
                prompt="由权限表的工作日数推算，可手工改。",
            ),
        ]
        | None
    ) = None
    due_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="办结期限",
                storage=Storage.DATE,
                width=13,
                example="2026-05-11",
                synonyms=("办理期限", "应办结日期", "到期日"),
                prompt="由权限表的工作日数推算，可手工改。",
            ),
        ]
        | None
    ) = None
    replied_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="首次答复日期",
                storage=Storage.DATE,
                width=13,
                example="2026-05-06",
                synonyms=("答复日期", "回复日期", "首次回复日期"),
                prompt="第一次答复客户的日期。",
            ),
        ]
        | None
    ) = None
    answer: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="答复内容",
                storage=Storage.NOTE,
                width=36,
                example="已核对地址并补寄，快递单号已告知",
                synonyms=("处置结果", "回复内容", "处理结果", "答复"),
                prompt="a) 类写明解释；b) 类写明处置；c) 类写明上级意见。",
            ),
        ]
        | None
    ) = None
    escalated_to: (
        Annotated[
            str,
            cell(read_choice("上报对象")),
            Column(
                header="上报对象",
                storage=Storage.CHOICE,
                choices="上报对象",
                width=13,
                example="技术委员会",
                synonyms=("上报", "上报领导", "上报给"),
                prompt="c) 类上报给谁（4.5）。",
            ),
        ]
        | None
    ) = None
    escalated_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="上报日期",
                storage=Storage.DATE,
                width=13,
                example="2026-05-06",
                synonyms=("上报时间",),
                prompt="c) 类应及时上报。",
            ),
        ]
        | None
    ) = None
    waiting_days: (
        Annotated[
            float,
            cell(read_number(0, 3650, whole=True)),
            Column(
                header="等待客户天数",
                storage=Storage.NUMBER,
                width=10,
                example="0",
                synonyms=("暂停计时天数", "等客户天数"),
                prompt="等客户补充资料的工作日，不计入期限。",
            ),
        ]
        | None
    ) = None
    closed_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="办结日期",
                storage=Storage.DATE,
                width=13,
                example="2026-05-08",
                synonyms=("关闭日期", "完成日期", "办结时间"),
                prompt="处置完毕的日期。",
            ),
        ]
        | None
    ) = None
    satisfied: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="客户认可",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="是",
                synonyms=("客户是否满意", "客户满意"),
                prompt="客户对处置结果是否认可。",
            ),
        ]
        | None
    ) = None
    common: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="共性问题",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="否",
                synonyms=("是否共性问题", "共性"),
                prompt="是否共性问题（4.6）。",
            ),
        ]
        | None
    ) = None
    improvement: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="流程改进建议",
                storage=Storage.CHOICE,
                choices="是否",
                width=10,
                example="否",
                synonyms=("是否流程改进建议", "涉及流程改进"),
                prompt="是否涉及认证服务流程改进（4.6）。",
            ),
        ]
        | None
    ) = None
    fed_back_to: (
        Annotated[
            str,
            cell(read_choice("上报对象")),
            Column(
                header="反馈对象",
                storage=Storage.CHOICE,
                choices="上报对象",
                width=13,
                synonyms=("反馈给", "反馈部门或领导"),
                prompt="共性问题反馈给谁（4.6）。",
            ),
        ]
        | None
    ) = None
    fed_back_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="反馈日期",
                storage=Storage.DATE,
                width=13,
                synonyms=("反馈时间",),
                prompt="共性问题和流程改进建议应及时反馈（4.6）。",
            ),
        ]
        | None
    ) = None
    feedback_reply: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="反馈答复",
                storage=Storage.NOTE,
                width=28,
                synonyms=("反馈结果", "部门答复", "领导答复"),
                prompt="有关部门或主管副总的答复。",
            ),
        ]
        | None
    ) = None
    measure: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="改进措施",
                storage=Storage.NOTE,
                width=28,
                synonyms=("措施", "采取措施"),
                prompt="针对共性问题的措施。",
            ),
        ]
        | None
    ) = None
    state: (
        Annotated[
            str,
            cell(read_choice("要求状态")),
            Column(
                header="要求状态",
                storage=Storage.CHOICE,
                choices="要求状态",
                width=10,
                example="待确认",
                synonyms=("状态", "处理状态", "办理状态"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


REQUESTS = Table(
    name="客户要求",
    model=Request,
    clause="4.4-4.6、4.9、4.10.3",
    purpose="客户的要求、意见、建议和投诉：识别为 a、b、c 三类，处置或上报，答复并办结。",
    key=("request_no",),
)
