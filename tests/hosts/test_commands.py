"""The other commands, the configuration and the help."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from openpyxl import load_workbook

from tests.hosts.conftest import TODAY, Run
from zlxl import __version__
from zlxl.hosts.cli import COMMANDS
from zlxl.rules.catalog import RULES
from zlxl.tables.catalog import TABLES


def test_help_lists_every_command_and_the_exit_codes(zlxl: Run) -> None:
    """``zlxl --help``."""
    done = zlxl("--help")
    assert done.code == 0
    assert all(f"  {name} " in done.out for name in COMMANDS)
    assert "退出码" in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(zlxl: Run, name: str) -> None:
    """``zlxl COMMAND -h`` explains the command and each option in Chinese."""
    done = zlxl(name, "-h")
    assert done.code == 0
    assert done.out.startswith("用法：")
    assert "选项:" in done.out
    assert "显示这段说明。" in done.out
    assert not re.search(r"Usage|Options|exit\.|default:", done.out)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["foo"], "没有命令“foo”。"),
        (["fix", "a.xlsx", "b c.xlsx", "d"], "多出了参数 d；"),
        (["undo", "a.xlsx", "--run"], "选项 --run 后面缺少值。"),
        (["undo", "a.xlsx", "--list=3"], "选项 --list 后面不写值。"),
        (["import", "a", "b", "--mode", "x"], "“x”不在可选的值中，可用的有：insert、update、upsert。"),
        (["demo", "--clients", "viele"], "“viele”不是数字。"),
        (["demo", "--clients", "0"], "0 不在范围 1<=x<=20000 内。"),
        (["undo"], "缺少参数 DB。"),
        (["new", "a.xls"], "扩展名应是 .xlsx"),
    ],
)
def test_wrong_calls_are_told_in_chinese(zlxl: Run, here: Path, arguments: list[str], words: str) -> None:
    done = zlxl(*arguments)
    assert (done.code, done.out, list(here.iterdir())) == (2, "", [])
    assert words in done.err


def test_version(zlxl: Run) -> None:
    """``zlxl -V``."""
    assert zlxl("-V").out == f"zlxl {__version__}\n"


def test_unknown_command(zlxl: Run) -> None:
    """A command that is none is a wrong call."""
    assert zlxl("validat").code == 2


class TestRule:
    """``zlxl rule``."""

    def test_list(self, zlxl: Run) -> None:
        done = zlxl("rule")
        assert [line.split()[0] for line in done.out.splitlines()] == [rule.code for rule in RULES]

    def test_page(self, zlxl: Run) -> None:
        done = zlxl("rule", "zl131")
        assert done.code == 0
        assert done.out.startswith("ZL131 邮编不是 6 位")
        assert "ZL-CX-16 4.2.1" in done.out

    def test_unknown(self, zlxl: Run) -> None:
        done = zlxl("rule", "ZL13I")
        assert done.code == 2
        assert "是不是 ZL13" in done.err


class TestSchema:
    """``zlxl schema``."""

    @pytest.mark.parametrize("arguments", [[], ["--report"], *([table.name] for table in TABLES)])
    def test_is_a_json_schema(self, zlxl: Run, arguments: list[str]) -> None:
        schema = json.loads(zlxl("schema", *arguments).out)
        jsonschema.Draft202012Validator.check_schema(schema)

    def test_a_row_fits_it(self, zlxl: Run) -> None:
        schema = json.loads(zlxl("schema", "节假日").out)
        right = {"节假日": [{"日期": "2025-01-01", "名称": "元旦", "类型": "休息日", "自用": 1}]}
        jsonschema.validate(right, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"节假日": [{"名称": "元旦"}]}, schema)

    def test_unknown(self, zlxl: Run) -> None:
        done = zlxl("schema", "客户台帐")
        assert done.code == 2
        assert "客户台账" in done.err


class TestConfig:
    """``zlxl config`` and where the configuration is found."""

    def test_default(self, zlxl: Run) -> None:
        done = zlxl("config")
        assert "默认值" in done.out
        assert json.loads(done.out.partition("\n")[2])["fail-on"] == "error"

    def test_nearest_upward(self, zlxl: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "pyproject.toml").write_text('[tool.zlxl]\nfail-on = "note"\n', "utf-8")
        below = here / "市场部" / "台账"
        below.mkdir(parents=True)
        (below.parent / "pyproject.toml").write_text("[tool.other]\n", "utf-8")
        monkeypatch.chdir(below)
        assert '"fail-on": "note"' in zlxl("config").out
        (below / "zlxl.toml").write_bytes("\ufefffail-on = 'warning'\n".encode())
        assert '"fail-on": "warning"' in zlxl("config").out

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("fial-on = 'error'", "是不是“fail-on”"),
            ("nonsense = 1", "可用的有"),
            ("fail-on = 'fatal'", "fail-on"),
            ("fail-on = 3", "应为文字"),
            ("jobs = 0", "太小"),
            ("jobs = 'many'", "应为整数"),
            ("select = 'ZL1'", "应为列表"),
            ("severity = 'note'", "应为一组"),
            ("waivers = ['ZL131']", "应为一组"),
            ("[severity]\nZL131 = 'bad'", "severity.ZL131"),
            ("[[waivers]]\nrule = 'ZL131'\nreason = ''", "不能为空"),
            ("[[waivers]]\nrule = 'ZL131'\nreason = 'x'\nexpires = 'soon'", "应为日期"),
            ("[severity]\nZL999 = 'note'", "ZL999"),
            ("ignore = ['ZLX']", "ZLX"),
            ("format = 'yaml'", "yaml"),
            ("[[waivers]]\nrule = 'ZL131'\nreasn = 'x'", "是不是“reason”"),
            ("a = ", "不是正确的 TOML"),
        ],
    )
    def test_mistakes(self, zlxl: Run, good: Path, here: Path, text: str, words: str) -> None:
        (here / "zlxl.toml").write_text(text, "utf-8")
        done = zlxl("validate", good)
        assert done.code == 2
        assert words in done.err
        assert "should" not in done.err
        assert len(done.err.splitlines()) == 1

    def test_everything_at_once(self, zlxl: Run, bad: Path, here: Path) -> None:
        (here / "other.toml").write_text(
            "select = ['ZL1']\nignore = ['ZL140']\nfail-on = 'never'\nformat = 'concise'\njobs = 2\n", "utf-8"
        )
        done = zlxl("validate", bad, *TODAY, "--config", "other.toml")
        assert done.code == 0
        assert "ZL131" in done.out
        assert "ZL140" not in done.out
        assert zlxl("validate", bad, *TODAY, "--config", "other.toml", "--fail-on", "error").code == 1


class TestNew:
    """``zlxl new``."""

    def test_every_sheet(self, zlxl: Run, here: Path) -> None:
        done = zlxl("new")
        assert (done.code, done.out) == (0, "客户服务数据库.xlsx\n")
        names = load_workbook(here / "客户服务数据库.xlsx", read_only=True).sheetnames
        assert {"首页", "使用说明", *(table.name for table in TABLES)} <= set(names)

    def test_a_blank_database_is_right(self, zlxl: Run, here: Path) -> None:
        zlxl("new", "a.xlsx")
        done = zlxl("validate", "a.xlsx", "--fail-on", "note")
        assert done.code == 0

    def test_into_a_folder(self, zlxl: Run, here: Path) -> None:
        (here / "子").mkdir()
        assert zlxl("new", "子").out.strip().endswith("客户服务数据库.xlsx")

    def test_never_overwrites(self, zlxl: Run, good: Path) -> None:
        before = good.read_bytes()
        assert zlxl("new", good).code == 2
        assert good.read_bytes() == before
        assert zlxl("new", good, "--force").code == 0


def test_new_over_an_existing_file_keeps_that_one(zlxl: Run, tmp_path: Path) -> None:
    """``--force`` is no way to lose a database."""
    path = tmp_path / "库.xlsx"
    path.write_bytes(b"the only one")
    assert zlxl("new", str(path)).code == 2
    done = zlxl("new", str(path), "--force")
    assert done.code == 0
    assert "已备份" in done.err
    kept = list((tmp_path / "zlxl-备份").iterdir())
    assert [copy.read_bytes() for copy in kept] == [b"the only one"]
