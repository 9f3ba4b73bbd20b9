"""Titles of the forms of section 5 that clients and auditors send back, and the table each one feeds."""

from __future__ import annotations

from typing import Final

from zlxl.schema.table import Table
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.plans import PLANS
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
)
