"""满意度调查: one row a questionnaire sent, and its answers when it came back (4.7.1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.codes import read_contract
from zlxl.tables.columns import ClientName, Remark, System
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_number
from zlxl.tables.periods import read_quarter
from zlxl.tables.text import cell, read_note, read_text


class Survey(Row):
    """One questionnaire of one client."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("survey_no", "contract_no", "client", "sent_on", "way")),
        RequiredWith("validity", "returned_on", "收回的调查表应判定是否有效（4.7.1）"),
        RequiredWhen("invalid_why", "validity", "问卷有效性", "无效原因"),
        RequiredWhen("returned_on", "validity", "问卷有效性", "回收日期"),
        InOrder("sent_on", "reminded_on", ("下发日期", "催收日期")),
        InOrder("sent_on", "returned_on", ("下发日期", "回收日期")),
    )

    survey_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="问卷编号",
                storage=Storage.CODE,
                width=14,
                example="MY2026-0001",
                synonyms=("调查表编号", "调查编号", "问卷号"),
                prompt="如 MY2026-0001。",
            ),
        ]
        | None
    ) = None
    contract_no: (
        Annotated[
            str,
            cell(read_contract),
            Column(
                header="合同编号",
                storage=Storage.CODE,
                width=17,
                example="ZL20230015-QEO",
                synonyms=("合同号", "认证合同编号", "合同编码", "sojumpparm", "来源参数", "自定义链接参数"),
                prompt="与客户台账一致，如 ZL20230015-QEO。",
            ),
        ]
        | None
    ) = None
    client: ClientName | None = None
    system: System | None = None
    audit_type: (
        Annotated[
            str,
            cell(read_choice("审核类型")),
            Column(
                header="对应审核",
                storage=Storage.CHOICE,
                choices="审核类型",
                width=10,
                example="初审",
                synonyms=("审核类型", "对应审核类型"),
                prompt="调查针对的审核。",
            ),
        ]
        | None
    ) = None
    cycle: (
        Annotated[
            str,
            cell(read_choice("服务周期")),
            Column(
                header="服务周期",
                storage=Storage.CHOICE,
                choices="服务周期",
                width=13,
                example="第一服务周期",
                synonyms=("周期", "客户服务周期"),
                prompt="第一服务周期内应下发（4.7.1）。",
            ),
        ]
        | None
    ) = None
    quarter: (
        Annotated[
            str,
            cell(read_quarter),
            Column(
                header="季度",
                storage=Storage.CODE,
                width=9,
                example="2026Q3",
                synonyms=("调查季度", "统计季度", "所属季度"),
                prompt="统计归属的季度，如 2026Q3；留空按下发日期。",
            ),
        ]
        | None
    ) = None
    sent_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="下发日期",
                storage=Storage.DATE,
                width=13,
                example="2026-07-06",
                synonyms=("发放日期", "下发时间", "发出日期"),
                prompt="下发调查表的日期。",
            ),
        ]
        | None
    ) = None
    way: (
        Annotated[
            str,
            cell(read_choice("下发方式")),
            Column(
                header="下发方式",
                storage=Storage.CHOICE,
                choices="下发方式",
                width=10,
                example="网络",
                synonyms=("发放方式", "调查方式"),
                prompt="网络、传真为主，电话、手动传真为辅助（4.7.1）。",
            ),
        ]
        | None
    ) = None
    sent_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="下发人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("发放人", "经办人"),
                prompt="下发的客服人员。",
            ),
        ]
        | None
    ) = None
    delivered: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="是否送达",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="是",
                synonyms=("送达", "送达情况"),
                prompt="传真或网络是否送达。",
            ),
        ]
        | None
    ) = None
    reminded_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="催收日期",
                storage=Storage.DATE,
                width=13,
                example="2026-07-21",
                synonyms=("催办日期", "最近催收日期"),
                prompt="最近一次催收的日期。",
            ),
        ]
        | None
    ) = None
    returned_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="回收日期",
                storage=Storage.DATE,
                width=13,
                example="2026-07-24",
                synonyms=("收回日期", "返回日期", "回收时间", "提交答卷时间"),
                prompt="收回调查表的日期。",
            ),
        ]
        | None
    ) = None
    return_way: (
        Annotated[
            str,
            cell(read_choice("下发方式")),
            Column(
                header="回收方式",
                storage=Storage.CHOICE,
                choices="下发方式",
                width=10,
                example="网络",
                synonyms=("返回方式", "收回方式"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    validity: (
        Annotated[
            str,
            cell(read_choice("问卷有效性")),
            Column(
                header="问卷有效性",
                storage=Storage.CHOICE,
                choices="问卷有效性",
                width=10,
                example="有效",
                synonyms=("是否有效", "有效性", "有效问卷"),
                prompt="有效或无效；应答少于规定比例的判无效。",
            ),
        ]
        | None
    ) = None
    invalid_why: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="无效原因",
                storage=Storage.NOTE,
                width=18,
                synonyms=("无效问卷原因",),
                prompt="判为无效时填写。",
            ),
        ]
        | None
    ) = None
    filled_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="填写人",
                storage=Storage.TEXT,
                width=10,
                example="王丽",
                synonyms=("填表人", "答卷人"),
                prompt="客户填写人。",
            ),
        ]
        | None
    ) = None
    advice: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="受理咨询与信息提供",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("咨询与信息提供", "受理咨询", "咨询服务", "信息提供"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    contract_clarity: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="合同评审与报价透明",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("合同与报价", "报价透明", "合同评审", "合同报价", "报价透明度"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    schedule: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="审核计划与时间安排",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("审核计划", "时间安排", "审核安排", "审核时间安排", "审核计划安排"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    competence: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="审核员专业能力",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("专业能力", "审核员能力", "审核员水平", "专业水平", "审核员专业水平"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    attitude: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="沟通与态度",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("服务态度", "沟通", "态度", "沟通态度"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    impartiality: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="公正客观",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("公正性", "客观公正", "公正", "客观公正性"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    integrity: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="廉洁自律",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("廉洁", "廉洁情况", "廉洁自律情况", "廉洁性"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    report: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="审核发现与报告质量",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("报告质量", "审核发现", "审核报告", "审核报告质量"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    certificate: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="证书发放与变更时效",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("证书时效", "证书发放", "发证时效", "证书发放时效", "证书及时性"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    aftercare: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="获证后服务",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("获证后服务/增值(培训)", "增值服务", "后续服务", "证后服务"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    complaints: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="意见投诉处理",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("投诉处理", "意见处理", "投诉意见处理"),
                prompt="客户勾选的等级，没有接触过选“不适用”，未勾选留空。",
            ),
        ]
        | None
    ) = None
    overall: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="总体满意度",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("总体评价", "整体满意度", "总满意度", "总体满意", "整体评价"),
                prompt="客户对本次认证服务的总体评价，不计权重。",
            ),
        ]
        | None
    ) = None
    recommendation: (
        Annotated[
            float,
            cell(read_number(0, 10, whole=True)),
            Column(
                header="推荐意愿",
                storage=Storage.NUMBER,
                width=9,
                example="9",
                synonyms=(
                    *(
                        "NPS",
                        "推荐度",
                        "净推荐值",
                        "推荐可能性",
                        "推荐给同行",
                        "向同行推荐",
                        "推荐我们",
                        "推荐我公司",
                    ),
                    *("您向同行推荐中澜认证的可能性", "您向同行推荐我们的可能性", "您愿意向同行推荐我们吗"),
                ),
                prompt="0 至 10，愿意向同行推荐的程度。",
            ),
        ]
        | None
    ) = None
    best: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="最满意之处",
                storage=Storage.NOTE,
                width=30,
                example="审核员经验丰富",
                synonyms=("满意之处", "最满意的方面", "最满意的地方", "满意的地方"),
                prompt="开放题。",
            ),
        ]
        | None
    ) = None
    worst: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="不满意之处",
                storage=Storage.NOTE,
                width=30,
                synonyms=("最不满意之处", "不满意的方面", "不满意的地方", "最不满意的地方"),
                prompt="开放题。",
            ),
        ]
        | None
    ) = None
    suggestion: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="意见和建议",
                storage=Storage.NOTE,
                width=30,
                example="希望证书电子版更快",
                synonyms=("建议", "意见建议", "意见或建议", "其他建议", "意见", "意见与建议", "意见及建议"),
                prompt="开放题；属客户要求的应转入“客户要求”。",
            ),
        ]
        | None
    ) = None
    request_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="转入要求编号",
                storage=Storage.CODE,
                width=14,
                example="YQ2026-0001",
                synonyms=("要求编号", "转客户要求编号"),
                prompt="意见转入客户要求后的编号。",
            ),
        ]
        | None
    ) = None
    entered_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="录入人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("录入人员",),
                prompt="录入人。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


SURVEYS = Table(
    name="满意度调查",
    model=Survey,
    clause="4.7.1",
    purpose="《认证客户满意度调查表》：每份一行，记录下发、回收、各项评价和意见。",
    key=("survey_no",),
)
