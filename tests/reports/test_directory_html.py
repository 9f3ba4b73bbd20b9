"""The directory's page, read as text and used in a browser."""

from __future__ import annotations

import json
import re
import time
from datetime import date

import pytest

from tests.reports.test_html import browser, cells, choose, press, search  # noqa: F401 (a fixture)
from zlxl.figures.directory import PUBLIC, Directory
from zlxl.reports import directory_html

HOSTILE = "</script><img src=x onerror=alert(1)>&\u2028"


def certificate(number, **fields):
    first = dict.fromkeys(PUBLIC, "") | {
        "certificate_no": f"01625Q{number:05}R0M", "client": f"第{number}公司", "status": "有效",
        "province": "河北省", "system": "QMS", "scope": "机械的生产",
    }  # fmt: skip
    return first | fields


def page(*certificates, body="中澜认证有限公司", words=None):
    found = Directory(as_of=date(2026, 11, 24), certificates=certificates)
    return "".join(directory_html.write(found, body, words))


def test_no_text_of_the_ledger_becomes_markup():
    text = page(certificate(1, client=HOSTILE), body=HOSTILE)
    assert text.count("<script") == text.count("</script") == 2
    assert "<img" not in text
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])
    assert data["rows"][0][1] == HOSTILE


def test_nothing_is_loaded_and_only_our_script_may_run():
    text = page(certificate(1))
    assert not re.search(r"""(src|href)\s*=|url\(|@import|https?:""", text)
    assert "default-src 'none'; style-src 'sha256-" in text


def test_an_empty_directory_is_a_page_too():
    assert "共 0 张证书" in page()


# ---- in a browser


@pytest.fixture
def opened(browser, tmp_path):  # noqa: F811
    """Opens a page; the console must stay silent to the end of the test."""

    def open_page(*certificates, words=None):
        path = tmp_path / "名录.html"
        path.write_text(page(*certificates, words=words), encoding="utf-8", newline="")
        browser.get(path.as_uri())
        assert browser.execute_script("return document.documentElement.dataset.ready") == "yes"
        return browser

    yield open_page
    assert browser.get_log("browser") == []


def clients(page_):
    return cells(page_, "client")


def count(page_):
    return page_.execute_script("return document.getElementById('count').innerText")


def test_search_finds_all_words_in_any_column_and_width(opened):
    page_ = opened(
        certificate(1, scope="食品的生产"),
        certificate(2, client="华瑞 ABC 公司"),
        certificate(3, client=HOSTILE),
    )
    search(page_, "ａｂｃ 华瑞")
    assert clients(page_) == ["华瑞 ABC 公司"]
    search(page_, "01625q00001")
    assert clients(page_) == ["第1公司"]
    search(page_, "onerror")
    assert count(page_) == "1 / 3 张"
    assert page_.execute_script("return document.images.length") == 0
    search(page_, "没有这样的")
    assert not page_.execute_script("return document.getElementById('nothing').hidden")


def test_filters_narrow_together_and_are_cleared(opened):
    page_ = opened(
        certificate(1), certificate(2, province="山东省"), certificate(3, province="山东省", status="暂停"),
        certificate(4, system="EMS"), certificate(5, province=""),
    )  # fmt: skip
    choose(page_, "province", "山东省")
    assert clients(page_) == ["第2公司", "第3公司"]
    choose(page_, "status", "暂停")
    assert clients(page_) == ["第3公司"]
    press(page_, "#clear")
    assert count(page_) == "共 5 张"
    choose(page_, "province", "（无）")
    assert clients(page_) == ["第5公司"]


def test_headers_sort_up_and_down(opened):
    page_ = opened(certificate(2), certificate(10), certificate(1))
    press(page_, "th[data-by=client] button")
    assert clients(page_) == ["第1公司", "第2公司", "第10公司"]
    press(page_, "th[data-by=client] button")
    assert clients(page_) == ["第10公司", "第2公司", "第1公司"]
    assert (
        page_.execute_script("return document.querySelector('th[data-by=client]').ariaSort") == "descending"
    )


def test_the_keyboard_reaches_the_search(opened):
    from selenium.webdriver.common.by import By

    page_ = opened(certificate(1))
    page_.find_element(By.TAG_NAME, "body").send_keys("/")
    assert page_.execute_script("return document.activeElement.id") == "q"
    assert page_.execute_script("return document.getElementById('q').value") == ""


def test_twenty_thousand_certificates_are_searched_at_once(opened):
    page_ = opened(*(certificate(number, client=f"第{number}公司") for number in range(20_000)))
    assert count(page_) == "共 20000 张"
    assert len(clients(page_)) == 100
    began = time.monotonic()
    search(page_, "第19876公司")
    assert clients(page_) == ["第19876公司"]
    assert time.monotonic() - began < 5
    press(page_, "#clear")
    press(page_, "#next")
    assert clients(page_)[0] == "第100公司"


def test_what_is_printed_is_what_was_found(opened):
    page_ = opened(*(certificate(number) for number in range(250)))
    page_.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(clients(page_)) == 250
    page_.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(clients(page_)) == 100


def test_english_words_have_a_column(opened):
    page_ = opened(certificate(1), words={"有效": "active"})
    assert cells(page_, "status_en") == ["active"]
