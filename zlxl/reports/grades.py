"""Grades as text for the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from zlxl.figures.grade import DOWN, UP, Company, Grades, Standing, change_of
from zlxl.figures.grade_criteria import UNGRADED

SHOWN: Final = 15  #: clients that the screen lists of each kind


def grade_lines(grades: Grades) -> Iterator[str]:
    """The distribution, then the clients that fell, rose, or have the lowest grade."""
    counts = grades.counts()
    shown = [*reversed(grades.criteria.grades), UNGRADED]
    told = "，".join(f"{grade} {counts[grade]}" for grade in shown)
    yield f"{grades.today} 企业分级 {len(grades.companies)} 家：{told}"
    for word, trend in (("降级", DOWN), ("升级", UP)):
        moved = [company for company in grades.companies if grades.trend(company) == trend]
        yield from _listed(f"{word} {len(moved)} 家", moved)
    lowest = [company for company in grades.companies if company.grade == grades.criteria.grades[0]]
    yield from _listed(f"{grades.criteria.grades[0]} 级 {len(lowest)} 家", lowest)
    yield "等级只供安排回访和服务参考，不减少监督审核。"


def _listed(title: str, companies: Sequence[Company]) -> Iterator[str]:
    if not companies:
        return
    yield f"{title}："
    yield from (f"  {_line(company)}" for company in companies[:SHOWN])
    if len(companies) > SHOWN:
        yield f"  另有 {len(companies) - SHOWN} 家，见工作表“企业分级”或 --format json。"


def _line(company: Company) -> str:
    before = f"{company.before}→" if company.before else ""
    systems = "；".join(_system(standing) for standing in company.standings)
    return f"{company.client} {before}{company.grade}（{systems}）"


def _system(standing: Standing) -> str:
    last = standing.last
    total = "" if last.total is None else f" {last.total:g}"
    why = f" 否决：{'、'.join(last.vetoes)}" if last.vetoes else ""
    moved = f" 调整 {last.steps:+d} 级" if last.steps else ""
    return f"{standing.system or '未填体系'} {last.grade}{total}{moved}{why}"


def grades_json(grades: Grades) -> dict[str, object]:
    """Every client with its systems and their evaluations."""
    counts = grades.counts()
    return {
        "today": grades.today.isoformat(),
        "counts": {grade: counts[grade] for grade in (*reversed(grades.criteria.grades), UNGRADED)},
        "clients": [_client(company, grades) for company in grades.companies],
        "remarks": list(grades.remarks),
    }


def _client(company: Company, grades: Grades) -> dict[str, object]:
    return {
        "client": company.client,
        "grade": company.grade,
        "before": company.before or None,
        "trend": grades.trend(company),
        "systems": [_standing(standing) for standing in company.standings],
        "unevaluated": list(company.unevaluated),
    }


def _standing(standing: Standing) -> dict[str, object]:
    last = standing.last
    return {
        "system": standing.system or None,
        "grade": last.grade,
        "score": last.score,
        "deduction": last.deduction,
        "total": last.total,
        "band": last.band,
        "vetoes": list(last.vetoes),
        "adjustment": last.steps,
        "changes": change_of(standing) or None,
        "sheet": last.line.frame.sheet,
        "cell": last.line.address("evaluation_no"),
        "history": [
            {"audited_on": form.audited_on.isoformat(), "grade": form.grade, "total": form.total}
            for form in standing.forms
        ],
    }
