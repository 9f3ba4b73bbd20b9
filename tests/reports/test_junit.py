"""JUnit XML."""

from __future__ import annotations

from lxml import etree

from zlxl.findings import Severity
from zlxl.reports import junit


def parsed(run, rules):
    return etree.fromstring("".join(junit.write(run, rules)).encode())


def test_one_case_for_each_rule_on_each_sheet(small_run, rules):
    checked, broken = parsed(small_run, rules)
    names = [(case.get("classname"), case.get("name")) for case in checked]
    assert names == [
        (sheet, rule)
        for sheet in ("客户台账", "客户要求")
        for rule in ("ZL131 邮编不是 6 位", "ZL132 邮编丢了开头的 0", "ZL301")
    ]
    assert (checked.get("tests"), checked.get("failures")) == ("6", "1")
    assert (broken.get("tests"), broken.get("errors")) == ("1", "1")


def test_errors_fail_and_warnings_are_told(run_of, finding, rules):
    run = run_of(finding(), finding(severity=Severity.WARNING), finding(state="known"))
    (suite,) = parsed(run, rules)
    case = suite[0]
    assert [child.tag for child in case] == ["failure", "system-out"]
    assert case[0].get("message") == "1 处：ZL131 邮编不是 6 位"


def test_a_long_list_is_cut_and_says_so(run_of, finding, rules):
    (suite,) = parsed(run_of(*[finding()] * 60), rules)
    assert suite[0][0].text.splitlines()[-1] == "另有 10 处"


def test_hostile_texts_stay_well_formed(hostile_run, rules):
    suites = parsed(hostile_run, rules)
    assert len(suites) == len(hostile_run.files)
    assert all(
        etree.QName(element).localname
        in {"testsuites", "testsuite", "testcase", "failure", "system-out", "error"}
        for element in suites.iter()
    )


def test_line_breaks_in_an_attribute_survive(run_of, finding, rules):
    (suite,) = parsed(run_of(finding(sheet="a\n\r\tb")), rules)
    assert suite[-1].get("classname") == "a\n\r\tb"
