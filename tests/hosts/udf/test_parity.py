"""On the demo database a function in a cell says what the batch says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from tests.samples.books import Source, grid_of
from zlxl.decisions.decide import Asked, decider_of
from zlxl.decisions.model_file import shipped_model
from zlxl.figures.certificates import Ledger
from zlxl.figures.desk import Desk
from zlxl.figures.due_certificates import CertificateDues
from zlxl.figures.grade import UNGRADED, grades_of
from zlxl.figures.satisfaction_answers import read_questionnaires
from zlxl.figures.satisfaction_criteria import OWN, criteria_of
from zlxl.figures.statistics import mean_interval, net_promoters
from zlxl.grid import Area
from zlxl.hosts.udf.call import body_of
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import BadArgumentError
from zlxl.jobs.classifying.sheet import classify_sheet, deadline
from zlxl.jobs.demo import make_demo
from zlxl.jobs.fix import plan_fixes
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book, report_on
from zlxl.proportions import wilson
from zlxl.rules.catalog import RULE
from zlxl.samples.database import SEED, TODAY
from zlxl.schema.values import PENDING, StoredNumber, is_date_format, shown
from zlxl.tables.clients import CLIENTS, postcode_of_province
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.surveys import SURVEYS
from zlxl.tables.text import compact

SETTINGS = Settings(today=TODAY)


@pytest.fixture(scope="module")
def demo():
    return make_demo(seed=SEED, clients=120, today=TODAY)


@pytest.fixture(scope="module")
def source(demo):
    return Source([grid_of(sheet) for sheet in demo.faulty.sheets])


@pytest.fixture(scope="module")
def book(source):
    return read_book(source, SETTINGS)


@pytest.fixture(scope="module")
def clean(demo):
    return read_book(Source([grid_of(sheet) for sheet in demo.clean.sheets]), SETTINGS)


@pytest.fixture(scope="module")
def report(book, source):
    return report_on(book, source, SETTINGS)


def policy_of(book):
    return Policy(
        frames=book.frames,
        context=book.context,
        ledger=lambda: book.of(CLIENTS),
        evaluations=lambda: book.of(EVALUATIONS),
    )


def plain(raw):
    """A stored value as a function gets it: without its number format."""
    return float(raw) if isinstance(raw, StoredNumber) else raw


def told_alike(frame, position):
    """Whether the row's values say all that the batch goes by: no formats, no merges, no lost formulas."""
    for cells in frame.cells.values():
        raw = cells.raw(position)
        if raw is PENDING or (cells.lent is not None and cells.lent[position]):
            return False
        if isinstance(raw, StoredNumber) and (
            raw.number_format == "000000" or is_date_format(raw.number_format)
        ):
            return False
    return True


def test_checked_rows(book, report):
    """Code and words of every finding that a cell or its row makes are those of the report."""
    batch = defaultdict(set)
    for finding in report.findings:
        if RULE[finding.rule].judge is None and finding.cell:
            batch[finding.sheet, finding.cell].add(f"{finding.rule} {finding.message}{finding.suggestion}")
    check, policy, compared, found = body_of("ZL_CHECK"), policy_of(book), 0, set()
    for frame in book.frames:
        names = list(frame.cells)
        positions = [at for at in range(len(frame)) if told_alike(frame, at)]
        rows = [[plain(frame.cells[name].raw(at)) for name in names] for at in positions]
        headers = [[frame.table.columns[name].header for name in names]]
        answers = check(policy, rows, headers, frame.table.name) if rows else []
        for at, answer in zip(positions, answers, strict=True):
            for name, text in zip(names, answer, strict=True):
                said = set(text.splitlines()) if text else set()
                wanted = batch[frame.sheet, frame.address(name, int(frame.rows[at]))]
                assert said == set("\n".join(wanted).splitlines()), (frame.sheet, name, frame.rows[at])
                compared += 1
                found |= {line[:5] for line in said}
    assert compared > 10_000
    assert len(found) > 25  # kinds of fault


def test_suggested_fixes(book, source, report):
    """Where a cell alone is mended, what is suggested has nothing held against it any more."""
    policy, suggest = policy_of(book), body_of("ZL_SUGGEST_FIX")
    frames = {frame.sheet: frame for frame in book.frames}
    suggested = 0
    for change in plan_fixes(report, unsafe=True):
        area, frame = Area.parse(change.cell), frames[change.sheet]
        position = frame.position(area.top)
        name = next(name for name, cells in frame.cells.items() if cells.column == area.left)
        cells = frame.cells[name]
        if int(cells.codes[position]) not in cells.verdicts or not told_alike(frame, position):
            continue
        header = frame.table.columns[name].header
        ((answer,),) = suggest(policy, plain(cells.raw(position)), header, frame.table.name)
        if shown(answer) != change.new:  # mended further, as the batch does in its next round
            again = suggest(policy, change.new, header, frame.table.name)
            assert again in ([[answer]], [["#N/A"]]), change
        ((safe,),) = suggest(policy, plain(cells.raw(position)), header, frame.table.name, True)
        assert (safe == "#N/A") == (change.confidence == "review" or answer == "#N/A")
        suggested += 1
    assert suggested > 20


def test_classified_requests(clean):
    texts = [text for frame in clean.frames if "text" in frame.cells for text in frame.texts("text")[1]]
    texts = [*texts, "今天天气不错"]
    decider = decider_of(clean.frames, clean.context, model=shipped_model())
    decisions = decider.decide([Asked(text=text) for text in texts])
    policy = policy_of(clean)
    classes = body_of("ZL_CLASSIFY")(policy, [[text] for text in texts])
    owners = body_of("ZL_FIND_OWNER")(policy, [[text] for text in texts])
    assert classes == [[one.topic_class or "#N/A"] for one in decisions]
    assert owners == [[one.owner or "#N/A"] for one in decisions]
    assert len({one[0] for one in classes}) > 3


def unconfirmed(sheets):
    """The workbook as if no person had confirmed a request: the batch then proposes for each."""
    grids = [grid_of(sheet) for sheet in sheets]
    for cells in next(grid for grid in grids if grid.sheet == REQUESTS.name).cells.values():
        for column, cell in cells.items():
            if cell.value in ("确认主题", "确认类别"):
                cells[column] = replace(cell, value=f"原{cell.value}")
    return Source(grids)


@pytest.mark.parametrize("name", ["faulty", "clean"])
def test_every_proposal(demo, name):
    """Topic, class, owner and both deadlines of each request are those that the batch proposes.

    A cell knows the text alone: where a condition asks about the client or an amount of the row, it answers
    as the batch does of a text without a row.
    """
    sheet = classify_sheet(unconfirmed(getattr(demo, name).sheets), today=TODAY, model=shipped_model())
    proposals, policy = sheet.proposals, policy_of(sheet.book)
    texts = [[one.row.text("text")] for one in proposals]
    days = [[as_cell(one.row.day("received_on"))] for one in proposals]
    alone = sheet.decider.decide([Asked(text=text) for (text,) in texts])
    unlike = [
        one for one, proposal in zip(alone, proposals, strict=True) if one.ruling != proposal.decision.ruling
    ]
    assert len(unlike) <= 4 < 200 < len(alone)
    for function, further, answers in (
        ("ZL_CLASSIFY", (), [one.topic_class for one in alone]),
        ("ZL_CLASSIFY", ("主题",), ["；".join(one.topics) for one in alone]),
        ("ZL_FIND_OWNER", (), [one.owner for one in alone]),
        ("ZL_FIND_DEADLINE", (days, "答复"), dues(sheet, alone, days, "reply_days")),
        ("ZL_FIND_DEADLINE", (days,), dues(sheet, alone, days, "close_days")),
    ):
        found = body_of(function)(policy, texts, *further)
        assert found == [[answer or "#N/A"] for answer in answers], function


def dues(sheet, decisions, days, name):
    """The batch's deadline of each decision, by the day of receipt."""
    received = [day.date() if day else None for (day,) in days]
    allowed = [getattr(decision.ruling, name, None) for decision in decisions]
    return [as_cell(deadline(*pair, sheet.workdays)) for pair in zip(received, allowed, strict=True)]


def test_surveillance(clean):
    """The latest day is the plan's; so is the planned day where the ledger plans none itself."""
    desk = Desk.of(clean)
    dues, policy, compared = CertificateDues(ledger=Ledger(desk=desk)), policy_of(clean), 0
    limit, plan = body_of("ZL_LIMIT_SURVEILLANCE"), body_of("ZL_PLAN_SURVEILLANCE")
    for certificate in dues.ledger.certificates:
        found = dues.surveillance_limit(certificate)
        given = (as_cell(certificate.last), as_cell(certificate.line.day("issued_on")), certificate.system)
        assert limit(policy, *given) == [[as_cell(found[0]) if found else "#N/A"]]
        if found and not certificate.line.day("planned_on"):
            due = dues._surveillance(certificate)
            assert plan(policy, *given) == [[as_cell(due.plan_on)]]
            compared += 1
    assert compared > 3


def as_cell(day):
    return datetime(day.year, day.month, day.day) if isinstance(day, date) else None


def test_grades(clean):
    """The grade of scores is the band of the form, whose vetoes and steps are a person's matter."""
    grades, policy = grades_of(clean), policy_of(clean)
    forms = [form for company in grades.companies for s in company.standings for form in s.forms]
    rows = [list(form.scores.values()) for form in forms]
    counts = [[[form.line.number(name)] for form in forms] for name in ("major", "minor", "repeated")]
    found = body_of("ZL_GRADE_CLIENT")(policy, rows, *counts)
    assert found == [[form.band] for form in forms]
    totals = [[form.total] for form in forms if form.total is not None]
    assert body_of("ZL_GRADE_CLIENT")(policy, totals) == [[f.band] for f in forms if f.band != UNGRADED]
    assert len(forms) > 50
    assert clean.of(EVALUATIONS)


@pytest.mark.parametrize("name", ["book", "clean"])
def test_grades_of_clients(name, request):
    """By name and by every number: what 企业分级 says, vetoes and steps included."""
    book = request.getfixturevalue(name)
    grades, policy, lookup = grades_of(book), policy_of(book), body_of("ZL_LOOKUP_GRADE")
    names = [[company.client] for company in grades.companies]
    assert lookup(policy, names) == [[company.grade] for company in grades.companies]
    assert lookup(policy, names, "上次等级") == [[company.before or "#N/A"] for company in grades.companies]
    assert lookup(policy, names, "升降") == [[grades.trend(company)] for company in grades.companies]
    vetoed = [company for company in grades.companies if any(s.last.vetoes for s in company.standings)]
    assert len(vetoed) > 5
    for company in vetoed:
        ((told,),) = lookup(policy, company.client, "一票否决")
        vetoes = {veto for standing in company.standings for veto in standing.last.vetoes}
        assert told == "#N/A" if company.grade == UNGRADED else set(told.split("、")) == vetoes
    owners = defaultdict(set)
    for frame in book.of(CLIENTS):
        for at in range(len(frame)):
            for number in (frame.value("contract_no", at), frame.value("certificate_no", at)):
                if isinstance(number, str) and isinstance(client := frame.value("client", at), str):
                    owners[number].add(compact(client))
    by_name = {compact(company.client): company.grade for company in grades.companies}
    numbers = [number for number, names in owners.items() if len(names) == 1]  # others: nobody knows whose
    found = lookup(policy, [[number] for number in numbers])
    assert found == [[by_name.get(*owners[number], "#N/A")] for number in numbers]
    assert len(numbers) > 150


def test_grade_of_nobody_and_of_several(clean):
    policy, lookup = policy_of(clean), body_of("ZL_LOOKUP_GRADE")
    assert lookup(policy, [["没有这家企业"], ["公司"], [None], [1.0]]) == [["#N/A"]] * 4
    with pytest.raises(BadArgumentError):
        lookup(policy, "公司", "颜色")


def test_satisfaction(clean):
    criteria, frames = criteria_of(clean.frames, clean.context), clean.of(SURVEYS)
    answers, policy = read_questionnaires(frames, criteria), policy_of(clean)
    fields = [item.field for item in criteria.items if not item.field.startswith(OWN)]
    (frame,) = frames
    rows = [[frame.value(field, at) for field in fields] for at in range(len(frame))]
    headers = [[SURVEYS.columns[field].header for field in fields]]
    indexes = body_of("ZL_SCORE_SATISFACTION")(policy, rows, headers)
    assert indexes == [["#N/A" if np.isnan(one) else one] for one in answers.index.tolist()]
    turned = [row[::-1] for row in rows], [headers[0][::-1]]
    assert body_of("ZL_AVERAGE_SATISFACTION")(policy, *turned)[0][0] == pytest.approx(
        np.nanmean(answers.index)
    )
    known = answers.index[~np.isnan(answers.index)]
    sample, sd = len(known), float(np.std(known, ddof=1))
    interval = body_of("ZL_ESTIMATE_INTERVAL")
    found = mean_interval(float(np.mean(known)), sd, sample, len(frame), criteria.confidence)
    assert interval(policy, indexes, float(len(frame)))[0] == pytest.approx(list(found))
    satisfied = int(np.sum(known >= criteria.parameters["满意率界限"]))
    share = wilson(satisfied, sample, len(frame), criteria.confidence)
    assert interval(policy, indexes, float(len(frame)), "满意率")[0] == pytest.approx(list(share))


def test_promoters(clean):
    (frame,) = clean.of(SURVEYS)
    told = frame.numbers("recommendation")
    told = told[~np.isnan(told)].tolist()
    up, down = sum(one >= 9 for one in told), sum(one <= 6 for one in told)
    policy, ratings = policy_of(clean), [[one] for one in told]
    assert body_of("ZL_SCORE_NPS")(policy, ratings) == [[100 * (up - down) / len(told)]]
    found = net_promoters(up, down, len(told), criteria_of(clean.frames, clean.context).confidence)
    interval = body_of("ZL_ESTIMATE_INTERVAL")(policy, ratings, float(len(told)), "净推荐值")
    assert interval[0] == pytest.approx([100 * found.low, 100 * found.high])


def test_provinces(clean):
    """What the ledger holds of a place is told from its postcode and its address."""
    (frame,) = clean.of(CLIENTS)
    policy, province = policy_of(clean), body_of("ZL_FIND_PROVINCE")
    for at in range(len(frame)):
        own, address, code = (frame.value(name, at) for name in ("province", "address", "postcode"))
        if own is not None and address is not None:
            assert province(policy, address) == [[own]]
        if code is not None:
            found = province(policy, code)[0][0]
            assert found == own or postcode_of_province(own, code, clean.context) is None
            assert postcode_of_province(found, code, clean.context) is None


def test_lookup_finds_what_the_first_sheet_finds(clean):
    (frame,) = clean.of(CLIENTS)
    policy, lookup = policy_of(clean), body_of("ZL_LOOKUP_CLIENT")
    for at in range(0, len(frame), 7):
        contract, client = frame.value("contract_no", at), frame.value("client", at)
        assert lookup(policy, contract[2:]) == [[client]]
        names = [frame.value("client", other) for other in range(len(frame))]
        assert lookup(policy, client, "合同编号") == [[frame.value("contract_no", names.index(client))]]
