"""The forms of section 5 that clients and auditors send back: which table each feeds, what stays on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zlxl.schema.headers import normalised
from zlxl.schema.table import Table
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.plans import PLANS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.surveys import SURVEYS

FORM_TITLES: Final[tuple[tuple[str, Table], ...]] = (
    ("满意度调查", SURVEYS),
    ("满意度征询", SURVEYS),
    ("有效性水平评价", EVALUATIONS),
    ("认证审核预通知", PLANS),
    ("审核预通知", PLANS),
    ("回执单", PLANS),
    ("认证申请书", APPLICATIONS),
    ("认证申请表", APPLICATIONS),
    ("认证合同", CONTRACTS),
    ("客户要求登记", REQUESTS),
    ("客户要求记录", REQUESTS),
    ("客户意见反馈", REQUESTS),
    ("客户投诉登记", REQUESTS),
)

_PAPER: Final = """
法定代表人 职务 联系人 联系电话 注册地址 经营地址 通讯地址 详细地址 组织性质 邮编 认证类型 认证标准 不适用条款
外包过程 企业总人数 季节性人数 倒班情况 每班人数 场所数 体系运行日期 最近内审日期 最近管评日期 接受过咨询
咨询机构 咨询人员 已获其他认证 事故和处罚 希望审核日期 希望审核语言 法人或授权人签字 组织盖章 申请日期
机构名称 机构批准号 机构地址 机构电话 开户行和账号 甲方（盖章） 乙方（盖章） 甲方代表 电子邮箱
填表日期 认证范围 审核地点 现场联系人 异议及理由 变化情况 客户代表（盖章）
"""
_COLUMNS: Final = (
    "序号 权重 评价项目 评分 主要事实和证据 场所 场所名称 地址和主要活动 人数 审核组 姓名 资格 所在机构"
)
#: labels of our forms that some table lacks: not imported into it, and named where somebody filled them in
PAPER_LABELS: Final = frozenset(map(normalised, (_PAPER + _COLUMNS).split()))
#: those of them that head a column, or are printed from the database: nobody need look at them
PRINTED: Final = frozenset({*_COLUMNS.split(), "认证标准", "认证范围", "审核地点", "机构名称", "机构批准号"})
#: labels (normalised) that tell a field of a table where its own label says nothing
LENT: Final[Mapping[str, Mapping[str, str]]] = {
    SURVEYS.name: {"填表日期": "returned_on"},
    PLANS.name: {"异议及理由": "remark", "变化情况": "remark"},
    CONTRACTS.name: {"甲方": "client", "甲方(企业名称)": "client", "委托方": "client"},
}
