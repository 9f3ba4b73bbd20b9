"""What the documents promise is executed."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.hosts.conftest import Run, here, zlxl  # noqa: F401 (fixtures)
from zlxl.hosts.buttons import BUTTONS
from zlxl.hosts.cli import COMMANDS
from zlxl.hosts.config import load
from zlxl.rules.catalog import RULES
from zlxl.schema.headers import NOT_TABLES, normalised
from zlxl.tables.catalog import TABLES

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEMPLATE = ROOT / "workbooks" / "客户服务数据库.xlsx"
EXAMPLES = ROOT / "tests" / "rules" / "examples"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELLS = ("console", "bash", "sh")


def blocks(*languages: str) -> list[str]:
    """Code blocks of README in these languages."""
    found = BLOCK.findall(README.read_text("utf-8")) if README.exists() else []
    return [code for language, code in found if language in languages]


def commands() -> list[str]:
    """Lines of README's shell blocks that call zlxl, without their comments."""
    lines = [line.removeprefix("$ ") for code in blocks(*SHELLS) for line in code.splitlines()]
    return [line.partition("  #")[0].strip() for line in lines if line.startswith("zlxl ")]


def test_readme_has_python_and_commands() -> None:
    """There is something to execute."""
    assert blocks("python")
    assert commands()


def test_readme_python_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    """The blocks of Python run one after the other in one folder."""
    names: dict[str, object] = {"__name__": "readme"}
    for code in blocks("python"):
        exec(compile(code, str(README), "exec"), names)


def test_readme_commands_run(zlxl: Run) -> None:  # noqa: F811
    """The commands run one after the other in one folder; findings are no failure."""
    for line in commands():
        done = zlxl(*shlex.split(line)[1:])
        assert done.code in (0, 1), (line, done.err)


def test_readme_configuration_loads(tmp_path: Path) -> None:
    """The blocks of TOML are configurations."""
    path = tmp_path / "zlxl.toml"
    for code in blocks("toml"):
        path.write_text(code, "utf-8")
        assert load(path, tmp_path).path == path


def test_readme_links_lead_somewhere() -> None:
    """Files and headings that README links to exist."""
    text = README.read_text("utf-8")
    targets = [t for t in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in t]
    headings = {
        re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-")
        for h in re.findall(r"^#+ (.*)$", text, re.M)
    }
    missing = [t for t in targets if not (t[1:] in headings if t.startswith("#") else (ROOT / t).exists())]
    assert missing == []


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_documented(zlxl: Run, name: str) -> None:  # noqa: F811
    """README names the command, and its own help explains every option."""
    assert f"`zlxl {name}" in README.read_text("utf-8")
    help_ = zlxl(name, "--help").out
    options = re.findall(r"^  (-\S.*?)(?:  +(\S.*))?$", help_, re.MULTILINE)
    assert options
    assert [option for option, words in options if not words and not _wrapped(help_, option)] == []


def _wrapped(help_: str, option: str) -> bool:
    """Whether the words of a long option stand on the next line."""
    return bool(re.search(rf"^  {re.escape(option)}\n {{10,}}\S", help_, re.MULTILINE))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_has_page_and_examples(zlxl: Run, rule: object) -> None:  # noqa: F811
    """``zlxl rule CODE`` explains it, and there is a good and a bad example."""
    code = rule.code  # type: ignore[attr-defined]
    assert zlxl("rule", code).out.startswith(f"{code} ")
    assert {path.name for path in (EXAMPLES / code).iterdir()} == {"good.json", "bad.json"}


def test_template_is_what_new_writes(zlxl: Run, here: Path) -> None:  # noqa: F811
    """The workbook in ``workbooks/`` equals what ``zlxl new`` writes, part by part."""
    assert zlxl("new", "neu.xlsx").code == 0
    assert parts(TEMPLATE) == parts(here / "neu.xlsx")


def parts(path: Path) -> dict[str, bytes]:
    """Parts of a package."""
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_template_has_the_headers_the_tables_declare() -> None:
    """Every table stands on its sheet, as an Excel table with the declared headers."""
    book = load_workbook(TEMPLATE)
    for table in TABLES:
        found = book[table.name].tables[table.name]
        assert tuple(column.name for column in found.tableColumns) == table.headers


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_data_dictionary_equals_the_tables() -> None:
    """使用说明 explains every column of every table, as declared."""
    sheet = load_workbook(TEMPLATE)["使用说明"]
    found = sheet.tables["数据字典"]
    lines = [[cell.value for cell in row] for row in sheet[found.ref]]
    headers = {
        header: lines[0].index(header) for header in ("表", "列", "类型", "必填", "下拉列表", "说明", "示例")
    }
    told = [[line[headers[h]] for h in headers] for line in lines[1:]]
    assert told == [
        [
            table.name,
            column.header,
            column.storage.chinese,
            "每行" if name in table.required else None,
            column.choices,
            column.prompt or None,
            column.example or None,
        ]
        for table in TABLES
        for name, column in table.columns.items()
    ]


def test_no_header_means_two_columns() -> None:
    """Within a table no spelling of a header belongs to two columns."""
    for table in TABLES:
        spelled: dict[str, str] = {}
        for name, column in table.columns.items():
            for spelling in (column.header, *column.synonyms):
                assert spelled.setdefault(normalised(spelling), name) == name, (table.name, spelling)


def test_changelog_has_unreleased() -> None:
    """What is new stands under Unreleased."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## \[?Unreleased\]?", text, re.MULTILINE)
    assert re.search(r"^- ", text.partition("Unreleased")[2], re.MULTILINE)


def test_contributing_explains_each_extension() -> None:
    """How to add a rule, a table, a form, a button, in ten lines each."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for subject in ("rule", "table", "form", "button"):
        section = re.search(rf"^## Add a {subject}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        assert section
        assert 1 <= len(section[1].strip().splitlines()) <= 10


def canonical(name: str) -> str:
    """Name of a distribution for comparing."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_constraints_are_pins_that_agree_with_the_project() -> None:
    """constraints.txt holds ``name==version`` lines only, and every pin of pyproject.toml."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!]+", line) for line in lines)
    pinned = {canonical(name): version for name, _, version in (line.partition("==") for line in lines)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    differing = [
        pin for pin in wanted if pinned.get(canonical(pin.partition("==")[0])) != pin.partition("==")[2]
    ]
    assert [pin for pin in differing if not pin.startswith("setuptools==")] == []


CLAUSES = (
    *("3.1 a", "3.1 b", "3.1 c", "3.2", "4.1.1", "4.1.2", "4.1.3", "4.1.4", "4.2.1", "4.2.2", "4.2.3"),
    *("4.3", "4.4.1", "4.4.2", "4.5", "4.6", "4.7.1", "4.7.2", "4.8.1", "4.8.2", "4.9"),
    *("4.10.1", "4.10.2", "4.10.3", "5"),
)


def test_every_clause_has_its_row() -> None:
    """The table of clauses names sheets, commands, buttons and tests that exist, and leaves no clause out."""
    section = (
        README.read_text("utf-8").partition("## The procedure, clause by clause\n")[2].partition("\n## ")[0]
    )
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if re.match(r"\| \d", line)]
    firsts = " ".join(row[0] for row in rows)
    assert [clause for clause in CLAUSES if not re.search(rf"(?<![\d.]){re.escape(clause)}\b", firsts)] == []
    for _, _, commands, buttons, test in rows:
        assert {name.split()[1] for name in re.findall(r"`(zlxl [a-z]+)", commands)} <= set(COMMANDS)
        assert {*buttons.split()} <= {"-", *(button.label for button in BUTTONS)}
        assert (ROOT / test.strip("`")).exists()
    sheets = {sheet for row in rows for sheet in row[1].split()} - {"-"}
    known = {table.name for table in TABLES}
    assert {s for s in sheets - known if not s.startswith(NOT_TABLES)} == set()
