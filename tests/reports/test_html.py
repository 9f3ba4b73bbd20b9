"""The page, read as text and used in a browser."""

from __future__ import annotations

import json
import re
import shutil
import time

import pytest
from lxml import html as parser

from zlxl.findings import FileReport, Fix, Severity
from zlxl.reports import html

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=1400,1000",
)  # fmt: skip


def page(run, rules):
    return "".join(html.write(run, rules))


def embedded(text):
    return json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])


def test_no_text_of_a_workbook_becomes_markup(hostile_run, rules):
    text = page(hostile_run, rules)
    assert text.count("<script") == text.count("</script") == 2
    assert "<img" not in text
    assert not parser.fromstring(text).xpath("//*[@onerror]")


def test_nothing_is_loaded_and_only_our_script_may_run(small_run, rules):
    text = page(small_run, rules)
    assert not re.search(r"""(src|href)\s*=|url\(|@import|https?:""", text)
    assert "default-src 'none'; style-src 'sha256-" in text


def test_texts_survive_in_the_data(run_of, finding, rules):
    hostile = "</script>&<!--\u2028"
    assert hostile in embedded(page(run_of(finding(value=hostile)), rules))["pool"]


def test_a_long_text_is_cut_and_says_how_long_it_was(run_of, finding, rules):
    pool = embedded(page(run_of(finding(value="长" * 40_000)), rules))["pool"]
    assert "长" * html.SHOWN_LENGTH + "…（共 40000 字）" in pool


def test_a_list_too_long_keeps_the_worst_and_says_so(run_of, finding, rules, monkeypatch):
    monkeypatch.setattr(html, "LISTED", 2)
    levels = (Severity.NOTE, Severity.ERROR, Severity.WARNING)
    text = page(run_of(*(finding(severity=level) for level in levels)), rules)
    assert "只列出较严重的 2 条（共 3 条）" in text
    assert [row[0] for row in embedded(text)["rows"]] == [0, 1]


def test_many_files_are_cut_to_the_worst(finding, rules, make_run):
    good = [FileReport(path=f"{number}.xlsx") for number in range(250)]
    bad = FileReport(path="坏.xlsx", reason="已加密", remarks=("备注",))
    text = page(make_run(*good, bad), rules)
    assert "共 251 个文件，列出问题较多的 200 个" in text
    assert text.index("坏.xlsx") < text.index("0.xlsx")


@pytest.mark.parametrize(
    ("severity", "tone"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "good")],
)
def test_the_verdict_has_its_tone(run_of, finding, rules, severity, tone):
    assert f'class="verdict {tone}"' in page(run_of(finding(severity=severity)), rules)


# ---- in a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if not (CHROMIUM and DRIVER):
        pytest.skip("chromium and chromedriver are not installed")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser, tmp_path, rules):
    """Opens the page of a run; the console must stay silent to the end of the test."""

    def open_page(run):
        path = tmp_path / "报告.html"
        path.write_text(page(run, rules), encoding="utf-8", newline="")
        browser.get(path.as_uri())
        assert browser.execute_script("return document.documentElement.dataset.ready") == "yes"
        return browser

    yield open_page
    assert browser.get_log("browser") == []


def cells(browser, name):
    script = "return [...document.querySelectorAll(`#body td.c-${arguments[0]}`)].map((c) => c.innerText)"
    return browser.execute_script(script, name)


def press(browser, selector):
    browser.execute_script("document.querySelector(arguments[0]).click()", selector)


def choose(browser, name, label):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.select import Select

    box = Select(browser.find_element(By.ID, f"f-{name}"))
    box.select_by_visible_text(next(o.text for o in box.options if o.text.startswith(label)))


def search(browser, words):
    from selenium.webdriver.common.by import By

    box = browser.find_element(By.ID, "q")
    box.clear()
    box.send_keys(words)
    time.sleep(0.25)  # the page waits for the next key


def count(browser):
    return browser.execute_script("return document.getElementById('count').textContent")


@pytest.fixture
def various(run_of, finding):
    return run_of(
        finding(cell="C10", row=10, column="企业名称", key="ZL20230010-Q", value="石家庄恒泰"),
        finding(cell="C2", row=2, column="企业名称", key="ZL20230002-Q", value="Acme"),
        finding(
            cell="M2",
            row=2,
            severity=Severity.WARNING,
            rule="ZL132",
            fix=Fix(new="050000", confidence="safe"),
        ),
        finding(cell="B7", row=7, sheet="客户要求", severity=Severity.NOTE, rule="ZL301", value=""),
        finding(cell="M30", row=30, state="known"),
        finding(cell="M31", row=31, state="waived", fix=Fix(new="", confidence="review")),
    )


def test_opens_with_what_is_new_worst_first(opened, various):
    browser = opened(various)
    assert count(browser) == "4 / 6 条"
    assert cells(browser, "severity") == ["错误", "错误", "警告", "提示"]
    assert cells(browser, "place") == ["C2\n客户台账", "C10\n客户台账", "M2\n客户台账", "B7\n客户要求"]
    assert cells(browser, "fix")[2] == "可自动修复\n050000"
    assert cells(browser, "value")[3] == "（空）"


def test_a_header_sorts_and_sorts_back(opened, various):
    browser = opened(various)
    press(browser, "th.c-key button")
    assert cells(browser, "key")[:2] == ["ZL20230002-Q", "ZL20230010-Q"]
    press(browser, "th.c-key button")
    assert cells(browser, "key")[-1] == "ZL20230002-Q"
    head = "return document.querySelector('th.c-key').getAttribute('aria-sort')"
    assert browser.execute_script(head) == "descending"


def test_filters_by_level_sheet_rule_and_state(opened, various):
    browser = opened(various)
    press(browser, ".chips .error")
    assert cells(browser, "severity") == ["警告", "提示"]
    press(browser, ".chips .error")
    choose(browser, "sheet", "客户要求")
    assert cells(browser, "rule") == ["ZL301\nZL-CX-16 4.2.1"]
    press(browser, "#clear")
    assert count(browser) == "共 6 条"
    choose(browser, "state", "豁免")
    assert cells(browser, "severity") == ["错误\n豁免"]
    press(browser, "#clear")
    choose(browser, "rule", "ZL132")
    assert cells(browser, "place") == ["M2\n客户台账"]


def test_search_needs_every_word_and_marks_it(opened, various):
    browser = opened(various)
    search(browser, "acme zl131")
    assert cells(browser, "value") == ["Acme"]
    assert browser.execute_script("return document.querySelector('#body mark').textContent") == "Acme"
    search(browser, "nowhere")
    assert cells(browser, "value") == []
    assert browser.execute_script("return !document.getElementById('nothing').hidden")


def test_a_rule_and_a_column_of_the_summary_narrow_the_list(opened, various):
    browser = opened(various)
    press(browser, ".pick[data-rule=ZL132]")
    assert cells(browser, "place") == ["M2\n客户台账"]
    press(browser, ".pick[data-column=企业名称]")
    assert cells(browser, "value") == ["Acme", "石家庄恒泰"]


def test_every_control_is_reached_by_keyboard(opened, various):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    browser = opened(various)
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    seen = set()
    for _ in range(30):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        focused = browser.switch_to.active_element
        seen.add(focused.get_attribute("id") or focused.text)
    assert seen >= {"f-sheet", "f-column", "f-rule", "f-state", "clear", "size", "错误 4", "说明与建议"}


def test_hostile_texts_are_shown_and_do_nothing(opened, hostile_run):
    browser = opened(hostile_run)
    search(browser, "<script>alert(1)")
    assert "<script>alert(1)</script>" in cells(browser, "value")
    assert browser.execute_script("return document.images.length") == 0
    press(browser, "#theme")
    press(browser, "#theme")


def test_printing_shows_more_than_a_page_of_the_list(opened, run_of, finding):
    browser = opened(run_of(*(finding(row=row, cell=f"M{row}") for row in range(2, 3203))))
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(cells(browser, "place")) == 3000
    assert "只打印前 3000 条" in browser.execute_script("return document.getElementById('printed').innerText")
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(cells(browser, "place")) == 100


def test_twenty_thousand_findings_stay_quick(opened, run_of, finding):
    many = (finding(row=row, cell=f"M{row}", value=str(row), key=f"ZL{row:08}") for row in range(2, 20_002))
    browser = opened(run_of(*many))
    start = time.monotonic()
    press(browser, "th.c-value button")
    search(browser, "ZL00019")
    assert time.monotonic() - start < 3
    assert count(browser) == "1000 / 20000 条"
    press(browser, "#next")
    assert browser.execute_script("return document.getElementById('page').textContent") == "第 2 / 10 页"
    press(browser, "#back")
    assert browser.execute_script("return document.getElementById('back').disabled")
