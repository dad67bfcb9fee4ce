"""The project keeps its own promises: sizes, names, words, and one table for everything."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SOURCE = TOP / "src" / "promptreg"
MODULES = sorted(SOURCE.rglob("*.py"))
TESTS = sorted((TOP / "tests").rglob("*.py"))


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_too_long() -> None:
    long = {str(path.relative_to(TOP)): _lines(path) for path in MODULES if _lines(path) > 350}
    assert long == {}


def test_the_median_module_is_short() -> None:
    assert statistics.median(_lines(path) for path in MODULES if _lines(path)) <= 110


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_function_is_too_long(path: Path) -> None:
    long = {
        function.name: function.end_lineno - function.lineno + 1
        for function in _functions(path)
        if function.end_lineno is not None and function.end_lineno - function.lineno >= 50
    }
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_public_functions_say_what_they_promise(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []
    assert ast.get_docstring(tree) or not tree.body, "a module says what it is about"


def test_no_module_is_named_for_nothing() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "common", "misc"}
    named = [path for path in MODULES if empty_words & set(path.with_suffix("").parts)]
    assert named == []


def test_nobody_is_told_to_install_another_project() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    wrong = re.compile(r"(pip|pipx|uv)[a-z ]* install (-U |--upgrade )?['\"]?promptreg\b")
    found = []
    for name in listed.stdout.splitlines():
        path = TOP / name
        if (
            path.suffix in {".md", ".py", ".yaml", ".yml", ".toml", ".txt", ".sh"}
            and path.is_file()
        ):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{name}: {hit[0]}" for hit in wrong.finditer(text)]
    assert found == []


def test_every_command_has_its_modules() -> None:
    from promptreg.cli.table import COMMANDS

    missing = [
        command.name
        for command in COMMANDS
        if not (SOURCE / "cli" / f"{command.module}_command.py").is_file()
    ]
    assert missing == []
    spare = {
        path.name.removesuffix("_command.py") for path in (SOURCE / "cli").glob("*_command.py")
    }
    assert spare == {command.module for command in COMMANDS}


def test_the_version_is_the_changelogs() -> None:
    from promptreg import __version__

    changelog = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert first is not None
    assert first[1] == __version__


def test_no_test_asserts_a_time() -> None:
    clock = re.compile(r"\b(perf_counter|process_time|monotonic)\(\)")
    # One burns CPU for a while to be stopped, the other tells the worst time; neither asserts any.
    allowed = {"test_worker.py", "test_parsers.py"}
    found = [
        str(path.relative_to(TOP))
        for path in TESTS
        if path.name not in allowed and clock.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
