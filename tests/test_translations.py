"""Every string that a window shows can be translated: literals only, formatted after translating."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOWN_BY = [
    *sorted((ROOT / "approver" / "ui").glob("*.py")),
    *(
        ROOT / "approver" / "approvals" / f"{name}.py"
        for name in ("presentation", "schema_check", "draft", "edited", "notification_text", "lapsed", "standing_words")
    ),
]
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
