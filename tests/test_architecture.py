"""The shape of the house: imports go down, each library has its room, functions are short."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import quantiles

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "zlxl"
ROOMS = {
    "openpyxl": r"excel/.*",
    "xlsxwriter": r"excel/.*",
    "lxml": r"excel/.*",
    "isal": r"excel/.*",
    "python_calamine": r"excel/.*",
    "pyopenvba": r"excel/addin\.py",
    "xlwings": r"excel/.*",
    "click": r"hosts/.*",
    "rich": r"hosts/.*",
    "pandas": r"hosts/library\.py|figures/.*",
    "sklearn": r"decisions/training\.py",
    "scipy": r"decisions/training\.py",
}
HEAVY = {
    "pyopenvba",
    "pandas",
    "openpyxl",
    "xlwings",
    "numpy",
    "pydantic",
    "xlsxwriter",
    "python_calamine",
    "lxml",
}
REGISTRIES = (
    "pypi" + ".org",
    "files.python" + "hosted",
    "registry.npm" + "js",
    "deb.deb" + "ian",
    "conda." + "anaconda",
)
MACHINE = re.compile("|".join(("/wor" + "k/", "/ro" + "ot/", "/ho" + r"me/\w", r"C:\\Use" + r"rs\\")))


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the package, parsed."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def imported(tree: ast.Module) -> Iterator[str]:
    """Top-level names of what a module imports, also inside functions; types alone do not count."""
    typing_only = {id(inner) for node in ast.walk(tree) if _typing_block(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _typing_block(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def lengths() -> list[tuple[int, str]]:
    """Length and name of every function, longest last."""
    return sorted(
        (node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}")
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    )


def committed() -> list[Path]:
    """Files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_imports_only_go_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The layers contract of pyproject.toml is kept."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


def test_every_room_is_in_the_contract() -> None:
    """A new folder or module has a place in the layers."""
    contract = (ROOT / "pyproject.toml").read_text("utf-8")
    rooms = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    named = set(re.findall(r"zlxl\.(\w+)", contract.partition("[tool.importlinter]")[2]))
    assert rooms - {"__init__", "__main__"} == named


@pytest.mark.parametrize("library", ROOMS)
def test_one_library_one_room(library: str) -> None:
    """Each library is imported in its room only."""
    strays = [
        path.relative_to(PACKAGE).as_posix()
        for path, tree in modules().items()
        if library in imported(tree)
        and not re.fullmatch(ROOMS[library], path.relative_to(PACKAGE).as_posix())
    ]
    assert strays == []


def test_help_starts_quickly() -> None:
    """``zlxl --help`` imports nothing heavy."""
    command = [sys.executable, "-X", "importtime", "-m", "zlxl", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}
    assert "zlxl" in loaded
    assert loaded & HEAVY == set()


def test_importing_the_package_is_cheap() -> None:
    """``import zlxl`` loads nothing heavy; a name is loaded when it is asked for."""
    code = "import sys, zlxl; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & HEAVY == set()


def test_exported_names() -> None:
    """What a caller may use is there, documented and no more."""
    import zlxl

    for name in zlxl.__all__:
        assert getattr(zlxl, name).__doc__, name
    assert not hasattr(zlxl, "nonsense")


def test_no_drawer_for_everything() -> None:
    """No module is called after having no subject."""
    assert [p for p in modules() if p.stem in ("utils", "util", "helpers", "common", "misc")] == []


def test_functions_are_short() -> None:
    """Median of at most 10 lines, nine of ten at most 25, none over 60."""
    found = lengths()
    tenths = quantiles([length for length, _ in found], n=10)
    assert tenths[4] <= 10
    assert tenths[8] <= 25
    assert [name for length, name in found if length > 60] == []


def test_every_module_says_what_belongs_there() -> None:
    """A module opens with a sentence."""
    empty = [p for p, tree in modules().items() if not (ast.get_docstring(tree) or "").strip()]
    assert empty == []


def test_no_import_cycles() -> None:
    """No module imports itself by way of others."""
    graph = grimp.build_graph("zlxl", cache_dir=None, exclude_type_checking_imports=True)
    cycles = [
        (module, other)
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
        if graph.chain_exists(importer=other, imported=module)
    ]
    assert cycles == []


def test_nothing_names_a_registry_or_this_machine() -> None:
    """No committed text names a package registry or an absolute path of a developer's machine."""
    found = []
    for path in committed():
        text = path.read_bytes()
        if b"\0" in text:
            continue
        plain = text.decode("utf-8", "replace")
        if any(host in plain for host in REGISTRIES) or MACHINE.search(plain):
            found.append(path.relative_to(ROOT).as_posix())
    assert found == []
