"""Every string that a window shows can be translated, and is: literals only, formatted after translating."""

import ast
import re
import shutil
import string
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from translation_files import messages

ROOT = Path(__file__).parents[1]
SHOWN_BY = [
    *sorted((ROOT / "approver" / "ui").glob("*.py")),
    *sorted((ROOT / "approver" / "approvals").glob("*.py")),
]
TRANSLATIONS = sorted((ROOT / "resources" / "translations").glob("approver_*.ts"))
HOW_TO_UPDATE = "Run `make translations`, translate what that marks as unfinished in {file}, and run it again."
TRANSLATING = {"tr": 0, "translate": 1}
"""What translates, and which argument is the text."""
SHOWING = {
    "setText",
    "setWindowTitle",
    "setToolTip",
    "setPlaceholderText",
    "setInformativeText",
    "addAction",
    "addMenu",
}


def calls(path: Path) -> list[tuple[ast.Call, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        (node, node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)) for node in found
    ]


def test_what_is_translated_is_a_literal() -> None:
    wrong = [
        f"{path.name}:{call.lineno}: {ast.unparse(call)}"
        for path in SHOWN_BY
        for call, name in calls(path)
        if len(call.args) > TRANSLATING.get(name, 9) and not is_literal(call.args[TRANSLATING[name]])
    ]
    assert wrong == []


def is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_no_words_are_shown_untranslated() -> None:
    wrong = [
        f"{path.name}:{call.lineno}: {ast.unparse(call)}"
        for path in SHOWN_BY
        for call, name in calls(path)
        if name in SHOWING
        for argument in call.args
        if has_words(argument)
    ]
    assert wrong == []


def has_words(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(has_words(value) for value in node.values if isinstance(value, ast.Constant))
    return is_literal(node) and any(character.isalpha() for character in str(ast.literal_eval(node)))


def test_nothing_is_translated_before_the_language_is_known() -> None:
    """What is called while a module is imported would stay English."""
    early = []
    for path in SHOWN_BY:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        within = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for inner in ast.walk(node)
        }
        early += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and called(node) in TRANSLATING and node not in within
        ]
    assert early == []


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def in_the_code() -> Iterator[tuple[str, str]]:
    """Context and text of all that is translated; `tr` has the class as its context."""

    def look(node: ast.AST, context: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, ast.ClassDef):
            context = node.name
        if isinstance(node, ast.Call) and called(node) == "tr":
            yield context, ast.literal_eval(node.args[0])
        elif isinstance(node, ast.Call) and called(node) == "translate" and len(node.args) == 2:
            yield ast.literal_eval(node.args[0]), ast.literal_eval(node.args[1])
        for inner in ast.iter_child_nodes(node):
            yield from look(inner, context)

    for path in SHOWN_BY:
        yield from look(ast.parse(path.read_text(encoding="utf-8")), "")


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.stem)
def test_every_text_is_translated(file: Path) -> None:
    done = {(message.context, message.source) for message in messages(file) if message.is_finished}
    wanted = set(in_the_code())
    hint = HOW_TO_UPDATE.format(file=file.relative_to(ROOT))
    assert not (missing := sorted(wanted - done)), f"Not translated: {missing}. {hint}"
    assert not (gone := sorted(done - wanted)), f"No longer in the code: {gone}. {hint}"


def test_qts_own_tool_finds_every_text(tmp_path: Path) -> None:
    """It sees neither what stands within an f-string nor what another name than `translate` translates."""
    found = tmp_path / "found.ts"
    tool = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    assert tool is not None
    subprocess.run([tool, "-silent", *map(str, SHOWN_BY), "-ts", str(found)], check=True, timeout=60)
    assert {(message.context, message.source) for message in messages(found)} == set(in_the_code())


def names_in(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.stem)
def test_translations_have_what_the_texts_have(file: Path) -> None:
    """The same fields to be filled in, a letter to press where there is one, the same ending."""
    wrong = []
    for message in filter(lambda message: message.is_finished, messages(file)):
        one, other = message.source, message.translation
        if "{…}" not in one and "{ }" not in one and names_in(one) != names_in(other):
            wrong.append(f"{one!r} -> {other!r}: not the same {{fields}}")
        if len(re.findall(r"&\w", one)) != len(re.findall(r"&\w", other)):
            wrong.append(f"{one!r} -> {other!r}: a letter after & is missing, or too many")
        if ending(one) != ending(other) or one[:1].isspace() != other[:1].isspace():
            wrong.append(f"{one!r} -> {other!r}: begins or ends otherwise")
    assert wrong == []


def ending(text: str) -> str:
    return found[0] if (found := re.search(r"[.…:?↑]$|\s$", text)) else ""


def test_a_wheel_holds_the_compiled_translations() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert built["targets"]["wheel"]["force-include"] == {"resources": "approver/resources"}
    assert all(file.with_suffix(".qm").is_file() for file in TRANSLATIONS)
