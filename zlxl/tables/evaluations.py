"""有效性评价: 《受审核方体系有效性水平评价表》, the main basis of the grade (4.2.3)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import ClientName, ContractNo, Remark, System
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_number
from zlxl.tables.text import cell, read_note, read_text


class Evaluation(Row):
    """One evaluation form of one audit of one system."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("evaluation_no", "contract_no", "client", "audited_on")),
        RequiredWhen("adjustment_reason", "adjustment", "等级调整", "调整理由"),
        RequiredWhen("approver", "adjustment", "等级调整", "调整批准人"),
        InOrder("audited_on", "assessed_on", ("审核日期", "评价日期")),
        InOrder("assessed_on", "entered_on", ("评价日期", "录入日期")),
    )

    evaluation_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="评价编号",
                storage=Storage.CODE,
                width=14,
                example="PJ2026-0001",
                synonyms=("评价表编号", "评价表号"),
                prompt="如 PJ2026-0001。",
            ),
        ]
        | None
    ) = None
    contract_no: ContractNo | None = None
    client: ClientName | None = None
    system: System | None = None
    audit_type: (
        Annotated[
            str,
            cell(read_choice("审核类型")),
            Column(
                header="审核类型",
                storage=Storage.CHOICE,
                choices="审核类型",
                width=10,
                example="监一",
                synonyms=("审核类别", "审核性质"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    audited_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="审核日期",
                storage=Storage.DATE,
                width=13,
                example="2026-04-12",
                synonyms=("审核时间", "现场审核日期", "审核结束日期"),
                prompt="本次现场审核结束的日期。",
            ),
        ]
        | None
    ) = None
    leader: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="审核组长",
                storage=Storage.TEXT,
                width=10,
                example="赵刚",
                synonyms=("组长", "审核组组长"),
                prompt="审核组长姓名。",
            ),
        ]
        | None
    ) = None
    leadership: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="领导作用与方针目标",
                storage=Storage.NUMBER,
                width=10,
                example="4",
                synonyms=("领导作用", "领导作用与方针"),
                prompt="0 至 5 分，5 分最好。",
            ),
        ]
        | None
    ) = None
    planning: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="策划与风险合规",
                storage=Storage.NUMBER,
                width=10,
                example="4",
                synonyms=("策划", "风险机遇", "策划/风险机遇/合规义务"),
                prompt="0 至 5 分：策划、风险机遇、合规义务。",
            ),
        ]
        | None
    ) = None
    resources: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="资源与能力",
                storage=Storage.NUMBER,
                width=10,
                example="4",
                synonyms=("资源", "支持", "资源与能力(人员·设备·文件)"),
                prompt="0 至 5 分：人员、设备、文件。",
            ),
        ]
        | None
    ) = None
    operation: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="运行过程控制",
                storage=Storage.NUMBER,
                width=10,
                example="4",
                synonyms=("运行", "过程控制"),
                prompt="0 至 5 分。",
            ),
        ]
        | None
    ) = None
    performance: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="绩效与目标达成",
                storage=Storage.NUMBER,
                width=10,
                example="3",
                synonyms=("绩效", "目标达成"),
                prompt="0 至 5 分。",
            ),
        ]
        | None
    ) = None
    internal_audit: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="内部审核",
                storage=Storage.NUMBER,
                width=10,
                example="4",
                synonyms=("内审", "内审有效性"),
                prompt="0 至 5 分。",
            ),
        ]
        | None
    ) = None
    management_review: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="管理评审",
                storage=Storage.NUMBER,
                width=10,
                example="4",
                synonyms=("管评", "管理评审有效性"),
                prompt="0 至 5 分。",
            ),
        ]
        | None
    ) = None
    correction: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="不符合与纠正措施",
                storage=Storage.NUMBER,
                width=10,
                example="3",
                synonyms=("纠正措施", "不符合及纠正措施"),
                prompt="0 至 5 分。",
            ),
        ]
        | None
    ) = None
    improvement: (
        Annotated[
            float,
            cell(read_number(0, 5)),
            Column(
                header="持续改进与相关方满意",
                storage=Storage.NUMBER,
                width=10,
                example="4",
                synonyms=("持续改进", "改进", "持续改进与顾客/相关方满意"),
                prompt="0 至 5 分：持续改进、顾客及相关方满意。",
            ),
        ]
        | None
    ) = None
    major: (
        Annotated[
            float,
            cell(read_number(0, 100, whole=True)),
            Column(
                header="严重不符合数",
                storage=Storage.NUMBER,
                width=9,
                example="0",
                synonyms=("严重不符合", "严重不符合项数"),
                prompt="本次审核开出的严重不符合项数。",
            ),
        ]
        | None
    ) = None
    minor: (
        Annotated[
            float,
            cell(read_number(0, 200, whole=True)),
            Column(
                header="一般不符合数",
                storage=Storage.NUMBER,
                width=9,
                example="2",
                synonyms=("一般不符合", "轻微不符合数", "一般不符合项数"),
                prompt="本次审核开出的一般不符合项数。",
            ),
        ]
        | None
    ) = None
    repeated: (
        Annotated[
            float,
            cell(read_number(0, 200, whole=True)),
            Column(
                header="重复发生数",
                storage=Storage.NUMBER,
                width=9,
                example="0",
                synonyms=("重复不符合数", "重复不符合"),
                prompt="其中与以往重复发生的项数。",
            ),
        ]
        | None
    ) = None
    major_closed: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="严重不符合已关闭",
                storage=Storage.CHOICE,
                choices="是否",
                width=10,
                example="是",
                synonyms=("严重不符合关闭", "不符合关闭"),
                prompt="严重不符合项是否都已验证关闭；没有时填“是”。",
            ),
        ]
        | None
    ) = None
    accident: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="重大事故",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="否",
                synonyms=("发生重大事故", "事故"),
                prompt="近 12 个月内是否发生重大事故。",
            ),
        ]
        | None
    ) = None
    penalty: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="行政处罚",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="否",
                synonyms=("受行政处罚", "监管处罚"),
                prompt="近 12 个月内是否受行政处罚。",
            ),
        ]
        | None
    ) = None
    spot_check: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="抽查不合格",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="否",
                synonyms=("监督抽查不合格", "国抽不合格"),
                prompt="近 12 个月内是否有监督抽查不合格。",
            ),
        ]
        | None
    ) = None
    false_material: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="虚假材料",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="否",
                synonyms=("提供虚假材料", "材料虚假"),
                prompt="近 12 个月内是否提供过虚假材料。",
            ),
        ]
        | None
    ) = None
    resumed: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="暂停恢复未满一年",
                storage=Storage.CHOICE,
                choices="是否",
                width=10,
                example="否",
                synonyms=("暂停恢复第一年", "恢复未满一年"),
                prompt="证书暂停恢复后是否未满一年。",
            ),
        ]
        | None
    ) = None
    conclusion: (
        Annotated[
            str,
            cell(read_choice("有效性结论")),
            Column(
                header="有效性结论",
                storage=Storage.CHOICE,
                choices="有效性结论",
                width=11,
                example="有效",
                synonyms=("评价结论", "体系有效性结论", "审核结论"),
                prompt="审核组对体系有效性的结论。",
            ),
        ]
        | None
    ) = None
    grade: (
        Annotated[
            str,
            cell(read_choice("客户等级")),
            Column(
                header="审核组评定等级",
                storage=Storage.CHOICE,
                choices="客户等级",
                width=10,
                example="B",
                synonyms=("评价等级", "等级", "评定等级"),
                prompt="评价表上写的等级；系统另按评价准则计算。",
            ),
        ]
        | None
    ) = None
    other_information: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="其它渠道信息",
                storage=Storage.NOTE,
                width=28,
                example="市场监管局网站公示抽查合格",
                synonyms=("其他渠道信息", "参考信息"),
                prompt="作为评价的参考依据（4.2.3）。",
            ),
        ]
        | None
    ) = None
    adjustment: (
        Annotated[
            str,
            cell(read_choice("等级调整")),
            Column(
                header="等级调整",
                storage=Storage.CHOICE,
                choices="等级调整",
                width=9,
                example="不调整",
                synonyms=("参考调整", "调整级数"),
                prompt="按其它渠道信息最多升或降一级（4.2.3）。",
            ),
        ]
        | None
    ) = None
    adjustment_reason: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="调整理由",
                storage=Storage.NOTE,
                width=24,
                synonyms=("调整原因", "等级调整理由"),
                prompt="调整等级时必填。",
            ),
        ]
        | None
    ) = None
    approver: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="调整批准人",
                storage=Storage.TEXT,
                width=10,
                synonyms=("批准人",),
                prompt="调整等级时必填。",
            ),
        ]
        | None
    ) = None
    assessor: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="评价人",
                storage=Storage.TEXT,
                width=10,
                example="赵刚",
                synonyms=("评价人员", "评价者"),
                prompt="填写评价表的人。",
            ),
        ]
        | None
    ) = None
    assessed_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="评价日期",
                storage=Storage.DATE,
                width=13,
                example="2026-04-12",
                synonyms=("评价时间", "填表日期"),
                prompt="评价表填写的日期。",
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
                prompt="市场部录入人。",
            ),
        ]
        | None
    ) = None
    entered_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="录入日期",
                storage=Storage.DATE,
                width=13,
                example="2026-04-18",
                synonyms=("录入时间",),
                prompt="录入数据库的日期。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


EVALUATIONS = Table(
    name="有效性评价",
    model=Evaluation,
    clause="4.2.3",
    purpose="录入审核组现场带回的《受审核方体系有效性水平评价表》，作为企业分等分级的主要依据。",
    key=("evaluation_no", "contract_no", "system", "audited_on"),
)
