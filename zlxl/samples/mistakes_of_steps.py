"""Mistakes on the way from public document over application to contract (4.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from zlxl.samples.documents import OLD_VERSION
from zlxl.samples.mistake import Edit, Mistake, Site, constant

_RESULT: Final = (
    "reviewed_on", "reviewer", "conclusion", "accepted_on", "refusal", "missing", "notified_on",
    "legal_status",
)  # fmt: skip
_LONG: Final = timedelta(days=120)  #: longer than any step of an application may take


def _old_version(site: Site) -> Edit | None:
    """The withdrawn version, given out after its replacement came into force."""
    current = site["version"] not in (None, OLD_VERSION)
    return {"version": OLD_VERSION} if current else None


def _still_valid(site: Site) -> Edit | None:
    """The withdrawn version, of which nobody changed the state."""
    gone = site["withdrawn_on"] is not None and site["withdrawn_on"] <= site.today
    return {"status": "有效", "withdrawn_on": None} if gone else None


def _stranger(site: Site, date_field: str) -> bool:
    """An application that became no contract, a long time ago."""
    day = site[date_field]
    return site["contract_no"] is None and day is not None and day < site.today - _LONG


def _not_returned(site: Site) -> Edit | None:
    fields = ("form_returned_on", *_RESULT)
    return dict.fromkeys(fields) if _stranger(site, "form_sent_on") else None


def _not_reviewed(site: Site) -> Edit | None:
    return dict.fromkeys(_RESULT) if _stranger(site, "form_returned_on") else None


def _still_lacking(site: Site) -> Edit | None:
    if not _stranger(site, "reviewed_on"):
        return None
    return {"conclusion": "补充资料", "refusal": None, "missing": "营业执照副本"}


def _unproved(site: Site) -> Edit | None:
    return {"legal_status": "否"} if site["conclusion"] == "受理" else None


def _no_contract(site: Site) -> Edit | None:
    accepted = site["accepted_on"]
    return {"contract_no": None} if accepted and accepted < site.today - _LONG else None


def _signed_early(site: Site) -> Edit | None:
    """Review and signature in the right order, but before the application was accepted."""
    reviewed = site["reviewed_on"]
    if reviewed is None or site["signed_on"] is None:
        return None
    return {"reviewed_on": reviewed - timedelta(days=40), "signed_on": reviewed - timedelta(days=30)}


def _failed(site: Site) -> Edit | None:
    return {"review_result": "不通过"} if site["signed_on"] is not None else None


STEP_MISTAKES: Final = (
    Mistake(code="ZL314", table="公开文件", field="status", note="旧版没有改为作废", make=_still_valid),
    Mistake(code="ZL321", table="申请受理", field="form_sent_on", note="申请书久未收回", make=_not_returned),
    Mistake(
        code="ZL322", table="申请受理", field="form_returned_on", note="收回后没有评审", make=_not_reviewed
    ),
    Mistake(code="ZL323", table="申请受理", field="reviewed_on", note="资料久未补齐", make=_still_lacking),
    Mistake(code="ZL324", table="申请受理", field="legal_status", note="没有证明文件就受理", make=_unproved),
    Mistake(code="ZL325", table="申请受理", field="accepted_on", note="受理后没有合同", make=_no_contract),
    Mistake(code="ZL326", table="合同", field="signed_on", note="签订早于受理", make=_signed_early),
    Mistake(
        code="ZL327",
        table="合同",
        field="application_no",
        note="申请编号不在登记表中",
        make=constant("application_no", "SQ2019-9999"),
    ),
    Mistake(code="ZL328", table="合同", field="review_result", note="评审未通过而签订", make=_failed),
    Mistake(
        code="ZL311",
        table="信息提供",
        field="document_no",
        note="文件不在公开文件中",
        make=constant("document_no", "GK-99"),
    ),
    Mistake(
        code="ZL312",
        table="信息提供",
        field="version",
        note="版本没有登记",
        make=constant("version", "B/7"),
    ),
    Mistake(code="ZL313", table="信息提供", field="version", note="提供了旧版文件", make=_old_version),
)
