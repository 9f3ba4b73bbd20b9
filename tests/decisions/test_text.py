"""Texts as they are compared."""

import pytest

from zlxl.decisions.text import MOST, Synonyms, masked, normal


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ＩＳＯ 9001 證書", "iso9001证书"),
        ("证 书　寄\u200b哪", "证书寄哪"),
        ("一\r\n\r\n二_x000D_", "一\n二"),
        ("請問發票", "请问发票"),
    ],
)
def test_width_case_blanks_and_traditional_characters_do_not_matter(written, expected):
    assert expected == normal(written)


def test_a_text_without_end_is_cut():
    assert len(normal("证" * (MOST + 9))) == MOST


def test_what_differs_from_client_to_client_is_masked():
    one = masked(normal("石家庄恒泰机械有限公司 2026-05-06 汇了 3000 元，王老师说 5 月 7 日开票"))
    other = masked(normal("保定朔晟电子有限公司 2025-11-16 汇了 800 元，李老师说 12 月 17 日开票"))

    assert one == other


def test_the_longest_synonym_is_taken_first():
    known = Synonyms(kept={"年审": "监审", "年审审核": "监审"})

    assert known.unified("年审审核年审") == "监审监审"
    assert Synonyms().unified("年审") == "年审"
