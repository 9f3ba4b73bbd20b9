"""The process that judges for LibreOffice, over real pipes."""

from __future__ import annotations

import io
import json
import sys
import threading

import psutil
import pytest
from zlxl_bridge import wire

from zlxl.hosts.calc.functions import Calls
from zlxl.hosts.calc.server import serve

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


def test_a_press_without_a_process_says_what_to_do(scripted):
    with pytest.raises(wire.ServerError, match=r"zlxl addin status.*"):
        scripted("sys.exit('no module of this name')").press("zl_check_workbook")


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
    for answers in ({}, {"sheets": lambda: object()}, {"sheets": lambda: float("nan")}):
        server._answers = answers
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


def test_what_hangs_ends_after_libreoffice(scripted):
    server = scripted(
        """
from zlxl.hosts.calc import server
server.GRACE = 0.1
server.Office.attend = lambda office, message: (say(ask="begun", arguments=[]), time.sleep(600))
server.serve(sys.stdin.buffer, sys.stdout.buffer)
"""
    )
    process = psutil.Process()

    def begun():
        nonlocal process
        process = psutil.Process(server._process.pid)
        server._process.stdin.close()

    server._answers = {"begun": begun}
    with pytest.raises(wire.ServerError, match="中途退出"):
        server.press("zl_check_workbook")
    gone, _ = psutil.wait_procs([process], timeout=10)
    assert gone


def test_one_at_a_time(scripted, monkeypatch):
    """A press that waits holds the process; whoever comes meanwhile is told so, and not kept."""
    monkeypatch.setattr(wire, "PAUSE", 0.1)
    server, told = scripted("for line in sys.stdin: say(ask='begun', arguments=[]); say(done=None)"), []

    def begun():
        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join()

    def meanwhile():
        with pytest.raises(wire.ServerError) as busy:
            server.call("ZL_FIND_PROVINCE", ["100081"])
        told.append(str(busy.value))

    server._answers = {"begun": begun}
    server.press("zl_check_workbook")
    assert told == [wire.BUSY]


# --- the process itself, in this one ------------------------------------------------------------------------


def served(*messages):
    """What is said to messages, up to the end of all."""
    out = io.BytesIO()
    serve(io.BytesIO("".join(f"{json.dumps(message)}\n" for message in messages).encode()), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def call(name, *arguments, book=""):
    return {"call": name, "arguments": arguments, "book": book}


def test_one_message_after_the_other():
    first, second, third = served(
        call("ZL_FIND_PROVINCE", "100081"), call("ZL_NONE", "x"), {"press": "zl_none"}
    )
    assert first == {"done": [["北京市"]]}
    assert "内部错误" in second["failed"]
    assert "内部错误" in third["failed"]


def test_a_document_is_asked_and_its_errors_are_no_answers():
    asked, failed = served(call("ZL_ADD_WORKDAYS", 46083, 1, book="1"), {"error": "no such sheet"})
    assert asked == {"ask": "sheets", "arguments": []}
    assert failed == {"done": [["#VALUE!"]]}


def test_libreoffice_may_be_gone_when_it_is_asked():
    asked, failed = served(call("ZL_ADD_WORKDAYS", 46083, 1, book="1"))
    assert asked["ask"] == "sheets"
    assert failed == {"done": [["#VALUE!"]]}


def test_the_policy_comes_over_the_wire():
    rows = [["日期", "名称", "类型"], [{"day": 46084.0}, "迎春节", "休息日"]]
    table = {"name": "节假日", "top": 1, "left": 1, "bottom": 2, "right": 3, "totals": False}
    office = Answering(sheets=["节假日"], values=rows, tables=[table], file="")
    calls = Calls(office)
    assert calls(call("ZL_ADD_WORKDAYS", 46083.0, 1.0, book="1")) == [[46085.0]]
    assert calls(call("ZL_ADD_WORKDAYS", 46083.0, 1.0)) == [[46084.0]]  # of no document: as shipped
    assert calls(call("ZL_ADD_WORKDAYS", 46083.0, 1.0, book="1")) == [[46085.0]]


class Answering:
    """An office with one answer to each question."""

    def __init__(self, **answers):
        self.answers = answers

    def ask(self, name, *_arguments):
        return self.answers[name]
