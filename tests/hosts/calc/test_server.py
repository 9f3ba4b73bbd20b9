"""The process that judges for LibreOffice, over real pipes."""

from __future__ import annotations

import sys

import psutil
import pytest
from zlxl_bridge import wire

COMMAND = (sys.executable, *wire.PROGRAM)


@pytest.fixture
def server(tmp_path):
    made = wire.Server(COMMAND, tmp_path / "zlxl.log", answers={})
    yield made
    made.close()


@pytest.fixture
def scripted(server):
    """Makes the process one that does as a few lines of Python say."""
    head = "import json, sys, time\ndef say(**message): print(json.dumps(message), flush=True)\n"

    def script(text):
        server._command = [sys.executable, "-c", head + text]
        return server

    return script


def test_a_call_is_answered_by_the_shipped_policy_where_there_is_no_document(server):
    assert server.call("ZL_FIND_PROVINCE", ["100081"]) == [["北京市"]]
    assert server.call("ZL_CHECK", [[["100081"], ["1000"]], "邮编"])[0] == [""]


def test_days_come_as_serial_numbers_and_errors_as_their_texts(server):
    assert server.call("ZL_ADD_WORKDAYS", [45000.0, 1.0]) == [[45001.0]]
    assert server.call("ZL_ADD_WORKDAYS", [{"error": "#N/A"}, 1.0]) == [["#N/A"]]
    assert server.call("ZL_ADD_WORKDAYS", ["never", 1.0]) == [["#VALUE!"]]


def test_a_process_that_ended_is_started_once_more(server):
    server.call("ZL_FIND_PROVINCE", ["100081"])
    server._process.kill()
    assert server.call("ZL_FIND_PROVINCE", ["100081"]) == [["北京市"]]


def test_a_process_that_does_not_start_is_left_alone_for_a_while(tmp_path):
    server = wire.Server([str(tmp_path / "no python")], tmp_path / "zlxl.log")
    with pytest.raises(wire.ServerError, match="zlxl addin status"):
        server.call("ZL_FIND_PROVINCE", ["100081"])
    server._command = list(COMMAND)
    with pytest.raises(wire.ServerError, match="zlxl addin status"):
        server.call("ZL_FIND_PROVINCE", ["100081"])


def test_what_the_process_says_of_its_end_is_in_the_log(scripted, tmp_path):
    server = scripted("sys.exit('no module of this name')")
    with pytest.raises(wire.ServerError, match=r"zlxl\.log"):
        server.call("ZL_FIND_PROVINCE", ["100081"])
    assert (tmp_path / "zlxl.log").read_text("utf-8").count("no module of this name") == 2


def test_a_press_that_was_begun_is_not_begun_again(scripted):
    text = "for line in sys.stdin:\n  say(ask='begun', arguments=[])\n  sys.exit()"
    server, begun = scripted(text), []
    server._answers = {"begun": lambda: begun.append(True)}
    with pytest.raises(wire.ServerError, match="中途退出"):
        server.press("zl_check_workbook")
    assert len(begun) == 1


def test_a_silent_process_is_given_up(scripted, monkeypatch):
    monkeypatch.setattr(wire, "PATIENCE", 0.2)
    server = scripted("time.sleep(600)")
    with pytest.raises(wire.ServerError, match="没有回应"):
        server.call("ZL_FIND_PROVINCE", ["100081"])
    assert server._process is None


def test_a_cell_that_is_computed_while_an_answer_is_made_is_served_first(server):
    def sheets():
        assert server.call("ZL_FIND_PROVINCE", ["200001"]) == [["上海市"]]
        return []

    server._answers = {"sheets": sheets, "file": lambda: ""}
    assert server.call("ZL_FIND_PROVINCE", ["100081"], "a document") == [["北京市"]]


def test_an_answer_that_cannot_be_made_is_told_to_the_process(server, tmp_path):
    server._answers = {}
    assert server.call("ZL_FIND_PROVINCE", ["100081"], "a document") == [["#VALUE!"]]
    assert "OfficeError" in (tmp_path / "zlxl.log").read_text("utf-8")


def test_the_process_ends_with_libreoffice(server):
    server.call("ZL_FIND_PROVINCE", ["100081"])
    process = psutil.Process(server._process.pid)
    server._process.stdin.close()
    gone, _ = psutil.wait_procs([process], timeout=10)
    assert gone


def test_what_is_printed_never_comes_between_the_lines(scripted):
    text = """
from zlxl.hosts.calc import __main__
def serve(lines, out):
    print("noise")
    out.write(b'{"done": 1}\\n')
    out.close()
__main__.serve = serve
__main__.main()
"""
    assert scripted(text).call("ZL_FIND_PROVINCE", []) == 1
