"""``zlxl number``: a proposal on stdout, doubts on stderr, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

from tests.hosts.conftest import Run

TODAY = ("--today", "2023-06-30")


def test_a_proposal_is_printed_and_nothing_is_written(zlxl: Run, good: Path) -> None:
    """The number alone on its line, the reason below it, gaps on stderr."""
    before = good.read_bytes()
    done = zlxl("number", good, "--contract", "qe", *TODAY)
    assert done.code == 0
    assert done.out.splitlines() == ["ZL20230016-QE", "（2023 年的合同最后一个流水号是 0015，顺延）"]
    assert "有空号：0001–0014" in done.err
    assert good.read_bytes() == before


def test_certificates_as_json(zlxl: Run, good: Path) -> None:
    """Several in a row."""
    how = ("--certificate", "QMS", "--size", "30", "--recertified", "1", "--count", "2", "--format", "json")
    told = json.loads(zlxl("number", good, *how, *TODAY).out)
    assert told["numbers"] == ["01623Q00016R1S", "01623Q00017R1S"]
    assert len(told["warnings"]) == 1


def test_wrong_calls_are_told(zlxl: Run, good: Path) -> None:
    """What is missing, and an example."""
    for arguments, words in {
        (): "--contract 或 --certificate 之一",
        ("--contract", "Q", "--certificate", "Q"): "--contract 或 --certificate 之一",
        ("--certificate", "Q"): "--size",
        ("--contract", "你"): "不符合合同编号格式",
        ("--certificate", "你", "--size", "1"): "没有“你”的证书字母",
    }.items():
        done = zlxl("number", good, *arguments, *TODAY)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
