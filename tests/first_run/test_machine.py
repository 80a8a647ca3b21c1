"""The first start, step by step: what can be chosen, what keeps one from going on, and that nothing changes before."""

import json
from pathlib import Path

import pytest
from client_files import CURSOR_TEXT, entries, write
from first_run_room import MISSING, THERE, TODAY, DictionaryStore, at, home, machine

from approver.clients.planning import key_of
from approver.configuration_edits import EditRefused, read_servers
from approver.first_run.keeping import Keeping
from approver.first_run.machine import FirstRun, Obstacle, Step
from approver.first_run.probing import Learned
from approver.first_run.start_rules import Preview, StartRules
from approver.first_run.watching import watching_file
from approver.model import StdioServer


@pytest.fixture
def made(tmp_path: Path) -> FirstRun:
    return machine(home(tmp_path))


def learned(made: FirstRun, *tools: str) -> None:
    made.take_learned({key: Learned(tools) for key in made.to_learn()})


def test_everything_that_was_found_is_chosen_at_first(made: FirstRun) -> None:
    assert [file.file.client.name for file in made.files] == ["Claude Desktop", "Cursor", "VS Code"]
    assert [entry.name for _, entry in made.choices] == ["trial", "files", "remote", "asked"]


def test_one_goes_on_and_back_through_all_steps_and_nothing_changes(made: FirstRun, tmp_path: Path) -> None:
    made.keyring = THERE
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    at(made, Step.APPLY)
    assert made.obstacle is Obstacle.NOT_APPLIED
    made.go_on()
    assert made.step is Step.APPLY
    made.plan()
    for step in reversed(list(Step)[:-2]):
        made.go_back()
        assert made.step is step
    made.go_back()
    assert made.step is Step.WELCOME
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_without_anything_to_take_over_one_comes_to_the_end_at_once(tmp_path: Path) -> None:
    made = machine(tmp_path)
    made.go_on()
    made.go_on()
    assert made.step is Step.TRY
    made.go_on()
    assert made.step is Step.TRY
    made.go_back()
    assert made.step is Step.CLIENTS


def test_a_file_can_be_left_out_and_another_named(made: FirstRun, tmp_path: Path) -> None:
    made.chosen_files.discard(tmp_path / ".cursor/mcp.json")
    assert [entry.name for _, entry in made.choices] == ["trial", "asked"]
    named = write(tmp_path / "agent.json", entries(own={"command": "x"}))
    assert made.add_file(named) == ""
    assert made.choices[-1][1].name == "own"
    made.take_files(made.find())
    assert made.choices[-1][1].name == "own"


def test_a_file_that_is_of_no_use_says_why(made: FirstRun, tmp_path: Path) -> None:
    assert "not there" in made.add_file(tmp_path / "gone.json")
    assert "does not load" in made.add_file(write(tmp_path / "broken.json", "{"))
    assert "no servers in it" in made.add_file(write(tmp_path / "empty.json", "{}"))


def test_without_a_server_one_does_not_go_on(made: FirstRun) -> None:
    at(made, Step.SERVERS)
    made.chosen.clear()
    assert made.obstacle is Obstacle.NO_SERVER


def test_the_counts_are_what_the_policy_makes_of_the_tools(made: FirstRun) -> None:
    assert made.counts(StartRules.ASK).unknown == 4
    learned(made, "read_file", "write_file", "mystery")
    assert made.counts(StartRules.ASK).preview == Preview(run=4, ask=8)
    assert made.counts(StartRules.WATCH).preview == Preview(run=12)
    first = key_of(made.choices[0])
    made.learned[first] = Learned(None, "It did not answer.")
    assert made.counts(StartRules.ASK).unknown == 1


def test_without_a_keyring_somebody_has_to_choose_what_becomes_of_secrets(made: FirstRun) -> None:
    made.keyring = MISSING
    at(made, Step.SECRETS)
    assert made.obstacle is Obstacle.NO_KEEPING
    made.keeping = Keeping.KEYRING
    assert made.obstacle is Obstacle.NO_KEEPING
    made.keeping = Keeping.FILE
    assert made.obstacle is None


def test_without_secrets_no_keyring_is_needed(made: FirstRun, tmp_path: Path) -> None:
    made.keyring = MISSING
    made.chosen_files.discard(tmp_path / ".config/Code/User/mcp.json")
    at(made, Step.SECRETS)
    assert not made.has_secrets and made.obstacle is None
    cursor = next(one for one in made.choices if one[1].name == "files")
    made.moves[key_of(cursor)] = frozenset(["API_KEY"])
    assert made.has_secrets and made.obstacle is Obstacle.NO_KEEPING


def test_all_of_it_is_done_when_it_is_applied(made: FirstRun, tmp_path: Path) -> None:
    made.keyring, store = THERE, DictionaryStore()
    cursor = next(one for one in made.choices if one[1].name == "files")
    made.moves[key_of(cursor)] = frozenset(["API_KEY"])
    learned(made, "read_file", "run")
    at(made, Step.SECRETS)
    assert made.wanted() == ("asked-key",)
    made.values["asked-key"] = "typed"
    at(made, Step.APPLY)
    made.take_outcomes(made.carry_out(made.plan(), store))
    assert not made.has_failed and made.obstacle is None
    assert store.kept == {"files-API_KEY": "sk-1234567890abcdef", "asked-key": "typed"}
    assert set(read_servers(made.paths)) == {"trial", "files", "remote", "asked"}
    policy = json.loads((made.paths.policies / "files.json").read_text(encoding="utf-8"))
    assert policy == {"version": "1", "default": "require_approval", "tools": {"read_file": {}}}
    assert not watching_file(made.paths).exists()
    backup = tmp_path / f".cursor/mcp.json.approver-{TODAY.isoformat()}"
    assert backup.read_text(encoding="utf-8") == CURSOR_TEXT
    made.go_on()
    assert made.step is Step.TRY


def test_what_failed_is_what_is_left_when_one_looks_again(made: FirstRun, tmp_path: Path) -> None:
    made.keyring = THERE
    at(made, Step.APPLY)
    planned = made.plan()
    write(tmp_path / ".cursor/mcp.json", CURSOR_TEXT + "\n")
    made.take_outcomes(made.carry_out(planned, DictionaryStore()))
    assert made.has_failed
    made.take_files(made.find())
    assert made.outcomes is None
    assert [file.file.client.name for file in made.plan().files] == ["Cursor"]
    made.take_outcomes(made.carry_out(made.plan(), DictionaryStore()))
    assert not made.has_failed


def test_a_plan_that_cannot_be_made_says_why(made: FirstRun) -> None:
    made.paths.create()
    made.paths.servers.write_text("{", encoding="utf-8")
    with pytest.raises(EditRefused, match=r"servers\.json"):
        made.plan()
    assert made.wanted() == ()


def test_watching_lets_all_run_and_notes_when_it_ends(made: FirstRun) -> None:
    made.keyring, made.rules = THERE, StartRules.WATCH
    learned(made, "read_file", "run")
    (made.paths.policies).mkdir(parents=True)
    (made.paths.policies / "remote.json").write_text("{}", encoding="utf-8")  # the person's own, which stays
    made.carry_out(made.plan(), DictionaryStore())
    policy = json.loads((made.paths.policies / "files.json").read_text(encoding="utf-8"))
    assert policy["default"] == "allow" and "2026-11-29" in policy["description"]
    noted = {one["server"]: one for one in json.loads(watching_file(made.paths).read_text(encoding="utf-8"))}
    assert set(noted) == {"trial", "files", "asked"}
    assert noted["files"]["until"] == "2026-11-29" and noted["files"]["then"]["tools"] == {"read_file": {}}


def test_without_a_keyring_secrets_go_where_the_person_said(made: FirstRun) -> None:
    made.keyring, made.keeping = MISSING, Keeping.FILE
    made.values["asked-key"] = "typed"
    server = next(one for one in made.plan().servers if one.name == "asked")
    assert isinstance(server, StdioServer) and server.env == {"K": "typed"}
    made.keeping = Keeping.ENVIRONMENT
    server = next(one for one in made.plan().servers if one.name == "asked")
    assert isinstance(server, StdioServer) and server.env == {}
