"""The sample database: rows of every table, by table and field name."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from zlxl.samples.applications import application_rows
from zlxl.samples.changes import change_rows
from zlxl.samples.clients import client_rows
from zlxl.samples.companies import companies
from zlxl.samples.contracts import contract_rows
from zlxl.samples.deliveries import delivery_rows
from zlxl.samples.documents import document_rows
from zlxl.samples.evaluations import evaluation_rows
from zlxl.samples.history import history_of
from zlxl.samples.improvements import improvement_rows
from zlxl.samples.incidents import incident_rows
from zlxl.samples.information import information_rows
from zlxl.samples.plans import plan_rows
from zlxl.samples.requests import request_rows
from zlxl.samples.services import service_rows
from zlxl.samples.surveys import survey_rows

Rows = dict[str, list[dict[str, Any]]]
TODAY: Final = date(2026, 11, 24)
SEED: Final = 16
CLIENTS: Final = 400


def sample_rows(*, seed: int = SEED, clients: int = CLIENTS, today: date = TODAY) -> Rows:
    """Rows of every data table over the three years up to today; the same for the same arguments."""
    history = history_of(seed, list(companies(seed, clients)), today)
    documents = list(document_rows())
    applications = list(application_rows(history))
    evaluations = list(evaluation_rows(history))
    surveys = survey_rows(history)
    requests = request_rows(history, surveys)
    return {
        "客户台账": list(client_rows(history)),
        "申请受理": applications,
        "合同": list(contract_rows(history, applications)),
        "公开文件": documents,
        "信息提供": list(information_rows(history, documents)),
        "有效性评价": evaluations,
        "服务计划": list(plan_rows(history, surveys, evaluations)),
        "客户要求": requests,
        "改进措施": list(improvement_rows(history, requests)),
        "满意度调查": surveys,
        "重大事件": list(incident_rows(history, requests)),
        "增值服务": list(service_rows(history)),
        "名录报送": list(delivery_rows(history)),
        "变更记录": list(change_rows(history)),
    }
