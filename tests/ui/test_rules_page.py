"""The page with the rules: what is typed is checked, applied whole or not at all, and never lost."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sample_entries import entry, write
from still_time import StillTime

from approver.desktop.paths import Paths
from approver.model import ToolDefinition
from approver.policy.rules import Default
from approver.policy.tool_rows import Kind
from approver.ui.rules_model import Column
from approver.ui.rules_page import RulesPage

GOOD = '{\n  "version": "1",\n  "default": "deny",\n  "tools": {"read": {}}\n}\n'
BAD = GOOD.replace("deny", "dney")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    servers = {"mcpServers": {name: {"command": "x"} for name in ("web", "git")}}
    paths.servers.write_text(json.dumps(servers), encoding="utf-8")
    (paths.policies / "web.json").write_text(GOOD, encoding="utf-8")
    return paths


@pytest.fixture
def page(qtbot: QtBot, bridge: StillBridge, still: StillTime, paths: Paths) -> Iterator[RulesPage]:
    page = RulesPage(bridge, still, paths)
    qtbot.addWidget(page)
    page.resize(900, 600)
    with qtbot.waitExposed(page):
        page.show()
    page.show_server("web")
    yield page
    page.hide()
    page.trial.reading.stop()


def put(page: RulesPage, text: str) -> None:
    """Type it all anew, and let the pause after the last key pass."""
    page.editor.selectAll()
    page.editor.insertPlainText(text)
    assert page._soon.isActive()
    page.check()


def on_disk(paths: Paths, server: str = "web") -> str:
    return (paths.policies / f"{server}.json").read_text(encoding="utf-8")


def test_the_rules_in_force_are_shown(page: RulesPage) -> None:
    assert page.editor.toPlainText() == GOOD
    assert page.default.currentData() is Default.DENY
    assert page._state.text().startswith("The rules saved at ")
    assert page._state.text().endswith(" are in force.")
    assert not page._apply.isEnabled()
    assert not page.problems.isVisible()
    assert page.editor.accessibleName() == "Rules of web, as JSON"


def test_a_mistake_is_underlined_listed_and_told_with_what_stays_in_force(page: RulesPage) -> None:
    put(page, BAD)
    assert [one.cursor.selectedText() for one in page.editor.extraSelections()] == ['"dney"']
    (row,) = (page.problems.item(number).text() for number in range(page.problems.count()))
    assert row.startswith('line 3, column 14: /default: unknown default "dney". Did you mean "deny"?')
    assert "stay in force." in page._state.text()
    assert page.editor.accessibleDescription() == page._state.text()
    assert not page.default.isEnabled()


def test_the_check_comes_a_moment_after_the_last_key(qtbot: QtBot, page: RulesPage) -> None:
    page.editor.selectAll()
    QTest.keyClicks(page.editor, "{")
    assert page.draft.problems == ()
    qtbot.waitUntil(lambda: page.problems.count() == 1)


def test_a_text_with_mistakes_is_never_applied(page: RulesPage, paths: Paths) -> None:
    put(page, BAD)
    QTest.keyClick(page.editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    page.apply()
    assert on_disk(paths) == GOOD
    assert page.editor.toPlainText() == BAD
    assert page.editor.textCursor().blockNumber() == 2


def test_apply_writes_the_file_and_says_so(page: RulesPage, paths: Paths) -> None:
    put(page, GOOD.replace("deny", "allow"))
    assert page._state.text().startswith("Not applied yet. The rules saved at ")
    page._apply.click()
    assert on_disk(paths) == GOOD.replace("deny", "allow")
    assert page._state.text().endswith(" are in force.")
    assert not page._apply.isEnabled()


def test_discard_goes_back_and_can_itself_be_undone(page: RulesPage) -> None:
    put(page, BAD)
    page._discard.click()
    assert page.editor.toPlainText() == GOOD
    page.editor.undo()
    assert page.editor.toPlainText() == BAD


def test_a_mistake_that_is_chosen_is_gone_to(page: RulesPage) -> None:
    put(page, BAD)
    page.problems.itemActivated.emit(page.problems.item(0))
    assert page.editor.textCursor().block().text() == '  "default": "dney",'


def test_what_an_unlisted_tool_gets_changes_one_word_of_the_text(page: RulesPage) -> None:
    page.default.setCurrentIndex(page.default.findData(Default.REQUIRE_APPROVAL))
    page.default.activated.emit(page.default.currentIndex())
    assert page.editor.toPlainText() == GOOD.replace("deny", "require_approval")
    page.default.activated.emit(page.default.currentIndex())
    page.editor.undo()
    page.check()
    assert page.editor.toPlainText() == GOOD
    assert page.default.currentData() is Default.DENY


def test_a_change_from_outside_is_taken_over_where_nothing_was_typed(page: RulesPage, paths: Paths) -> None:
    (paths.policies / "web.json").write_text(GOOD.replace("read", "write"), encoding="utf-8")
    page._look()
    assert '"write"' in page.editor.toPlainText()
    assert not page._banner.isVisible()


@pytest.mark.parametrize("keep", [True, False])
def test_a_change_from_outside_is_never_overwritten_unseen(page: RulesPage, paths: Paths, keep: bool) -> None:
    mine, theirs = GOOD.replace("deny", "allow"), GOOD.replace("read", "write")
    put(page, mine)
    (paths.policies / "web.json").write_text(theirs, encoding="utf-8")
    page.apply()
    assert page._banner.isVisible()
    assert not page._apply.isEnabled()
    page.apply()
    assert on_disk(paths) == theirs
    (page._banner.keep if keep else page._banner.load).click()
    assert not page._banner.isVisible()
    page.apply()
    assert on_disk(paths) == (mine if keep else theirs)
    assert page.editor.toPlainText() == (mine if keep else theirs)


def test_what_was_typed_for_one_server_waits_while_another_is_seen(page: RulesPage, paths: Paths) -> None:
    put(page, BAD)
    page.show_server("git")
    assert page._state.text() == "Not applied yet. There are no rules yet, so every call is denied."
    page.apply()
    assert json.loads(on_disk(paths, "git"))["default"] == "require_approval"
    page.show_server("web")
    assert page.editor.toPlainText() == BAD
    assert page.problems.count() == 1
    page.editor.undo()
    assert page.editor.toPlainText() == GOOD


def test_policies_of_no_server_are_listed_as_well(page: RulesPage, paths: Paths) -> None:
    (paths.policies / "strict.json").write_text(GOOD, encoding="utf-8")
    page.list_servers()
    assert [page.servers.itemData(row) for row in range(page.servers.count())] == ["web", "git", "strict"]
    assert page.servers.currentData() == "web"


def test_a_file_that_does_not_load_is_told(page: RulesPage, paths: Paths) -> None:
    (paths.policies / "web.json").write_text("{", encoding="utf-8")
    page._look()
    assert page._state.text() == ("The file does not load: the rules before it stay in force, or every call is denied.")
    assert page.problems.count() == 1


def test_a_file_that_cannot_be_written_is_told(page: RulesPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("approver.ui.rules_draft.write_text", refuse)
    put(page, GOOD.replace("deny", "allow"))
    page.apply()
    assert "web.json cannot be written: No space left on device. The rules saved at" in page._state.text()
    assert page._apply.isEnabled()


def test_without_a_server_there_is_nothing_to_edit(
    qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path
) -> None:
    page = RulesPage(bridge, still, Paths.under(tmp_path))
    qtbot.addWidget(page)
    page.show()
    assert page._none.isVisible()
    assert not page.editor.isEnabled()
    page.apply()
    page.discard()
    page.check()
    page._look()
    page._keep_mine()
    page.default.activated.emit(0)
    assert page.editor.toPlainText() == ""


# -- the table ---------------------------------------------------------------------------------------------------------


def cell(page: RulesPage, tool: str, column: Column) -> str:
    model = page.table.rules
    row = next(number for number, row in enumerate(model.rows) if row.key == tool)
    return model.index(row, column).data()


def set_cell(page: RulesPage, tool: str, column: Column, value: object) -> bool:
    model = page.table.rules
    row = next(number for number, row in enumerate(model.rows) if row.key == tool)
    return model.setData(model.index(row, column), value)


def test_the_table_shows_keys_and_the_tools_that_the_server_has(page: RulesPage, engine: FakeEngine) -> None:
    engine.catalog.learn("web", [ToolDefinition("read"), ToolDefinition("delete_all")])
    page._look()
    assert [row.key for row in page.table.rules.rows] == ["read", "delete_all"]
    assert cell(page, "delete_all", Column.RULE) == "Not listed"
    assert cell(page, "delete_all", Column.RISK) == "destroys"
    page._bridge.tools_told.emit("git", ("other",))
    assert [row.key for row in page.table.rules.rows] == ["read", "delete_all"]


def test_a_cell_changes_that_piece_of_the_text_and_can_be_undone(page: RulesPage) -> None:
    assert set_cell(page, "read", Column.RULE, Kind.ASK)
    asked = GOOD.replace("{}", '{"require_approval": [{"conditions": []}]}')
    assert page.editor.toPlainText() == asked
    assert cell(page, "read", Column.RULE) == "Ask"
    assert set_cell(page, "read", Column.LIMIT, "10/minute")
    assert cell(page, "read", Column.LIMIT) == "10 per minute"
    page.editor.undo()
    page.editor.undo()
    page.check()
    assert page.editor.toPlainText() == GOOD
    assert cell(page, "read", Column.RULE) == "Allow"


def test_text_that_is_typed_is_seen_in_the_table(page: RulesPage) -> None:
    put(page, GOOD.replace('"read"', '"write_*"'))
    assert cell(page, "write_*", Column.RISK) == "matches 0 tools"


def test_while_the_text_has_mistakes_the_table_is_not_to_be_edited(page: RulesPage) -> None:
    put(page, BAD)
    assert not page.table.isEnabled()
    assert cell(page, "read", Column.RULE) == "Allow"
    page._set_kind("read", Kind.DENY)
    page._set_limit("read", (1, "day"))
    assert page.editor.toPlainText() == BAD


def test_another_server_s_rows_are_not_left_beside_a_text_with_mistakes(page: RulesPage, paths: Paths) -> None:
    (paths.policies / "git.json").write_text("{", encoding="utf-8")
    page.show_server("git")
    assert page.table.rules.rows == ()
    assert not page.table.isEnabled()


def test_custom_goes_to_the_rules_in_the_text(page: RulesPage, engine: FakeEngine) -> None:
    page._set_kind("read", Kind.CUSTOM)
    assert page.editor.toPlainText() == GOOD
    assert page.editor.textCursor().position() == GOOD.index("{}")
    page._set_kind("send", Kind.CUSTOM)
    assert page.editor.toPlainText() == GOOD.replace("{}", '{}, "send": {"require_approval": [{"conditions": []}]}')
    assert page.editor.textCursor().block().text()[page.editor.textCursor().positionInBlock() :].startswith('{"require')


# -- trying ------------------------------------------------------------------------------------------------------------


def test_the_text_is_tried_on_recorded_calls_once_it_has_no_mistakes(
    qtbot: QtBot, page: RulesPage, paths: Paths
) -> None:
    write(paths.journal, entry(server="web", tool="read"))
    put(page, BAD)
    assert not page.trial._try.isEnabled()
    put(page, GOOD.replace('"read": {}', ""))
    page.trial._try.click()
    qtbot.waitUntil(lambda: page.trial._words.text() == "1 of the last 1 recorded calls would change.")
    put(page, GOOD)
    assert page.trial._words.text() == ""


def test_the_chosen_tools_rules_are_shown_and_edited_one_by_one(page: RulesPage) -> None:
    page.table.choose("read")
    page.of_tool.open_rule_form(conditions=({"path": "args.path", "op": "eq", "value": "/etc"},))
    page.of_tool.form.put_in.click()
    assert page.of_tool.sentences.item(0).text() == 'Deny when path is "/etc"'
    assert '"deny_if": [{"conditions": [{"path": "args.path"' in page.editor.toPlainText()
    assert page._state.text().startswith("Not applied yet.")
    page.editor.undo()
    page.check()
    assert page.of_tool.sentences.count() == 0


def test_forms_propose_the_arguments_that_the_server_names(page: RulesPage, engine: FakeEngine) -> None:
    schema = {"properties": {"path": {"type": "string"}}}
    engine.catalog.learn("web", [ToolDefinition("read", input_schema=schema)])
    page.table.choose("read")
    assert page.of_tool._paths == {"args.path": "string"}


def test_a_rule_is_made_from_a_call_of_a_tool_that_no_table_lists(page: RulesPage) -> None:
    page.make_rule("web", "push", {"force": True})
    assert page.of_tool.form.sentence.text() == "Deny when force is true"
    page.of_tool.form.put_in.click()
    assert page.table.chosen == "push"
    assert "push" in [row.key for row in page.table.rules.rows]


@pytest.mark.parametrize("server", ["gone", "web"])
def test_no_rule_is_made_where_there_are_none_to_add_it_to(page: RulesPage, server: str) -> None:
    put(page, BAD)
    page.make_rule(server, "push", {})
    assert page.of_tool.form is None
    assert page._state.text().startswith(f"No rule can be made for {server} now")
