"""The house style, as far as a machine can check it: where files stand, how long they are, what they may not hold."""

import ast
import functools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "approver"
TESTS = ROOT / "tests"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEST_FILES = sorted(TESTS.rglob("*.py"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
STANDARD_LIBRARY_ONLY = ("connect.py", "demo/server.py", "demo/jobs.py", "demo/agent.py", "desktop/libraries.py")
MAY_PRINT = ("cli", "demo")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b")
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
NESTED_LOOP = re.compile(r"\.exec_?\(|processEvents\(|QEventLoop|asyncSlot|asyncClose|\.wait_window\(")
EXCUSE = re.compile(r"#\s*(type:\s*ignore|noqa|pragma:\s*no (?:cover|branch))(?P<rest>.*)")
EXCUSE_WITH_REASON = re.compile(r"^(?:\[[a-z\-, ]+\]|: ?[A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*|)\s*[#(]\s*\S.*$")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@functools.cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


def calls_in(path: Path, *names: str) -> Iterator[tuple[ast.Call, str]]:
    """Every call of what is named so, bare or of something, with what it calls written out."""
    for node in nodes_of(path):
        if isinstance(node, ast.Call):
            last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            if last in names:
                yield node, ast.unparse(node.func)


def lines_matching(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_every_module_has_the_test_file_of_its_name() -> None:
    missing = [
        f"{name_of(module)} wants {name_of(wanted)}"
        for module in MODULES
        if module.name not in ("__init__.py", "__main__.py")
        and not (wanted := TESTS / module.relative_to(PACKAGE).with_name(f"test_{module.name}")).exists()
    ]
    assert missing == []


def test_no_test_file_outlives_its_module() -> None:
    """In a folder that mirrors one of approver's, a test file's name begins with a module's."""
    strays = []
    for test_file in TESTS.rglob("test_*.py"):
        folder = PACKAGE / test_file.parent.relative_to(TESTS)
        if folder in (PACKAGE, TESTS) or not folder.is_dir():
            continue
        stem = test_file.stem.removeprefix("test_")
        modules = {module.stem for module in folder.glob("*.py")}
        if not any(stem == module or stem.startswith(f"{module}_") for module in modules):
            strays.append(name_of(test_file))
    assert strays == []


def test_modules_are_short_enough_to_have_one_job() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_functions_fit_on_one_screen() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name} has {length} lines"
        for path in MODULES
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in MODULES if path.read_text(encoding="utf-8").strip() and not docstring(path)]
    assert silent == []


def docstring(path: Path) -> str | None:
    return ast.get_docstring(tree_of(path))


def test_names_are_domain_words() -> None:
    parts = [(path, set(path.relative_to(PACKAGE).with_suffix("").parts)) for path in MODULES]
    assert [name_of(path) for path, words in parts if words & VAGUE_NAMES] == []


def test_every_excuse_to_a_checker_has_its_reason() -> None:
    unexplained = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in MODULES + TEST_FILES
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (excuse := EXCUSE.search(line)) and not EXCUSE_WITH_REASON.match(excuse["rest"].strip())
    ]
    assert unexplained == []


def test_nothing_is_left_for_later() -> None:
    assert lines_matching([path for path in MODULES + TEST_FILES if path != Path(__file__)], UNFINISHED) == []


def test_no_window_runs_a_loop_inside_the_loop() -> None:
    assert lines_matching(sorted((PACKAGE / "ui").rglob("*.py")), NESTED_LOOP) == []


def test_only_commands_print() -> None:
    printing = [
        f"{name_of(path)}:{call.lineno}"
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] not in MAY_PRINT
        for call, name in calls_in(path, "print")
        if name == "print"
    ]
    assert printing == []


def test_text_files_are_opened_with_their_encoding() -> None:
    guessed = [
        f"{name_of(path)}:{call.lineno}: {ast.unparse(call)[:80]}"
        for path in MODULES + TEST_FILES
        for call, _ in calls_in(path, "read_text", "write_text")
        if not has_encoding(call)
    ]
    assert guessed == []


def has_encoding(call: ast.Call) -> bool:
    """By keyword, or where the method takes it by place (after the text that is written)."""
    places = 1 if ast.unparse(call.func).endswith("read_text") else 2
    return len(call.args) >= places or any(keyword.arg in ("encoding", None) for keyword in call.keywords)


def test_no_test_waits_for_time_to_pass() -> None:
    sleeping = [
        f"{name_of(path)}:{call.lineno}: {ast.unparse(call)}"
        for path in TEST_FILES
        if path.name.startswith("test_")
        for call, name in calls_in(path, "sleep")
        if name == "time.sleep" or (name == "asyncio.sleep" and seconds(call) >= 1)
    ]
    assert sleeping == []


def seconds(call: ast.Call) -> float:
    value = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else 0
    return float(value) if isinstance(value, int | float) else 0.0


@pytest.mark.parametrize("name", STANDARD_LIBRARY_ONLY)
def test_what_runs_alone_needs_the_standard_library_only(name: str) -> None:
    """The shim must be up at once, and the demo's server and agent stand for other people's programs."""
    assert foreign_imports(PACKAGE / name, set()) == set()


def foreign_imports(path: Path, seen: set[Path]) -> set[str]:
    """Whatever `path` imports that Python does not bring, through modules of Approver's as well."""
    if path in seen:
        return set()
    seen.add(path)
    found: set[str] = set()
    for node in nodes_of(path):
        for imported in imported_names(node):
            if imported.split(".")[0] == "approver":
                found |= foreign_imports(own_module(imported), seen)
            elif imported.split(".")[0] not in sys.stdlib_module_names:
                found.add(f"{name_of(path)} imports {imported}")
    return found


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        within = [f"{node.module}.{alias.name}" for alias in node.names]
        return [name if own_module(name).exists() else str(node.module) for name in within]
    return []


def own_module(name: str) -> Path:
    stem = ROOT.joinpath(*name.split("."))
    return stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
