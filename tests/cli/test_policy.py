"""The command `approver policy`: what it prints, what it writes, and how it ends."""

import argparse
import io
import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from approver.cli import policy

Run = Callable[..., tuple[int, str, str]]
SEED = '{"version": "1", "default": "deny", "tools": {"cancel_job": {}}}\n'
BAD = '{"version": "1", "default": "ask",\n "tools": {"t": {"rate_limit": 5}}}'
TESTS: dict[str, Any] = {
    "policy": "seed.json",
    "cases": [
        {"name": "named", "calls": [{"tool": "cancel_job"}], "expect": {"verdict": "allow"}},
        {"name": "others", "calls": [{"tool": "\u202ex"}], "expect": {"verdict": "deny"}},
    ],
}


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, approver_home: Path
) -> Run:
    """Run the command in a folder with a good and a bad policy; gives its status and what it printed."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"seed.json": SEED, "bad.json": BAD, "tests.json": json.dumps(TESTS)}.items():
        Path(name).write_text(text, encoding="utf-8")

    def run_command(*words: str, piped: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
        parser = argparse.ArgumentParser()
        policy.add_arguments(parser)
        status = policy.run(parser.parse_args(words))
        return (status, *capsys.readouterr())

    return run_command


def policy_file(home: Path, server: str = "web") -> Path:
    return home / "config" / "policies" / f"{server}.json"


def test_a_valid_policy_is_fine(run: Run) -> None:
    assert run("validate", "seed.json") == (0, "seed.json: fine\n", "")


def test_every_mistake_of_every_file_is_told(run: Run) -> None:
    status, out, err = run("validate", "bad.json", "seed.json")
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "bad.json: 2 mistakes",
        '  line 1, column 29: /default: unknown default "ask". Did you mean "require_approval"?',
        '  line 2, column 18: /tools/t/rate_limit: unknown key "rate_limit". '
        'Write "limits": [{"counter": "t_rate", "window": "minute", "max": 5, "scope": "grant"}].',
        "seed.json: fine",
    ]


def test_mistakes_are_told_to_programs(run: Run) -> None:
    status, out, _ = run("validate", "--json", "bad.json", "seed.json")
    bad, good = json.loads(out)
    assert status == 1
    assert (good["file"], good["valid"], good["problems"]) == ("seed.json", True, [])
    assert (bad["valid"], [problem["pointer"] for problem in bad["problems"]]) == (
        False,
        ["/default", "/tools/t/rate_limit"],
    )
    assert bad["problems"][0] == {
        "pointer": "/default",
        "message": 'unknown default "ask"',
        "hint": 'Did you mean "require_approval"?',
        "line": 1,
        "column": 29,
    }


def test_a_missing_file_ends_with_2_and_the_others_are_checked(run: Run) -> None:
    status, out, err = run("validate", "none.json", "bad.json", "seed.json")
    assert status == 2
    assert "bad.json: 2 mistakes" in out
    assert err == "none.json cannot be read: No such file or directory.\n"


def test_a_piped_policy_is_checked(run: Run) -> None:
    assert run("validate", "-", piped=b"{")[0] == 1
    assert run("validate", "-", piped=SEED.encode())[0] == 0


def test_tests_that_pass_are_listed_and_hide_nothing(run: Run) -> None:
    status, out, err = run("test", "tests.json")
    assert (status, err) == (0, "")
    assert out == "ok   tests.json: named\nok   tests.json: others\n2 tests passed, 0 failed.\n"


def failing() -> bytes:
    cases = [{"name": "n", "calls": [{"tool": "\u202ex"}], "expect": {"verdict": "allow"}}]
    return json.dumps({"policy": "seed.json", "cases": [*TESTS["cases"][:1], *cases]}).encode()


def test_a_test_that_fails_says_what_came_instead(run: Run) -> None:
    status, out, _ = run("test", "-", piped=failing())
    assert status == 1
    assert "ok   -: named\nFAIL -: n\n" in out
    assert 'expected {"verdict": "allow"}' in out
    assert '"rule": "(default deny)"' in out
    assert "\u202e" not in out
    assert "1 test passed, 1 failed." in out


def test_results_are_told_to_programs(run: Run) -> None:
    status, out, _ = run("test", "--json", "-", piped=failing())
    assert status == 1
    passed, failed = json.loads(out)
    assert set(passed) == set(failed) == {"file", "case", "passed", "got", "expected"}
    assert (passed["case"], passed["passed"], failed["passed"]) == ("named", True, False)
    assert failed["expected"] == {"verdict": "allow"}
    assert failed["got"]["verdict"] == "deny"


@pytest.mark.parametrize("name", ["none.json", "seed.json", "."])
def test_what_is_no_test_file_ends_with_2_and_the_others_run(run: Run, name: str) -> None:
    status, out, err = run("test", name, "tests.json")
    assert status == 2
    assert name in err
    assert "2 tests passed" in out


def test_mistakes_of_a_test_file_are_told(run: Run) -> None:
    status, out, err = run("test", "--json", "-", piped=b'{"policy": "none.json", "cases": [5]}')
    assert (status, out) == (2, "[]\n")
    assert "- is no policy test file:\n" in err
    assert "/policy" in err
    assert "/cases/0" in err


@pytest.mark.parametrize("source", ["seed.json", "-"])
def test_a_policy_is_set_word_for_word_for_the_person_alone(run: Run, approver_home: Path, source: str) -> None:
    status, out, err = run("set", "web", source, piped=SEED.encode())
    path = policy_file(approver_home)
    assert status == 0
    assert f'"web" has this policy now ({path})' in out
    assert 'there is no server "web" (there are: none yet)' in err
    assert path.read_text(encoding="utf-8") == SEED
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["web.json"]


def test_setting_is_told_to_programs(run: Run, approver_home: Path) -> None:
    status, out, _ = run("set", "web", "seed.json", "--json")
    assert (status, json.loads(out)) == (0, {"server": "web", "path": str(policy_file(approver_home))})


def test_a_policy_of_a_known_server_is_set_without_a_note(run: Run, approver_home: Path) -> None:
    (approver_home / "config").mkdir()
    servers = {"mcpServers": {"web": {"command": "x"}}}
    (approver_home / "config" / "servers.json").write_text(json.dumps(servers), encoding="utf-8")
    assert run("set", "web", "seed.json")[2] == ""
    assert "(there are: web)" in run("set", "wbe", "seed.json")[2]


def test_servers_that_cannot_be_read_are_no_reason_to_complain(run: Run, approver_home: Path) -> None:
    (approver_home / "config").mkdir()
    (approver_home / "config" / "servers.json").write_text("{", encoding="utf-8")
    assert run("set", "web", "seed.json")[0] == 0


def test_an_invalid_policy_never_replaces_a_good_one(run: Run, approver_home: Path) -> None:
    status, _, err = run("set", "web", "bad.json")
    assert status == 1
    assert "bad.json is not a valid policy:\n  line 1, column 29: /default" in err
    assert "no policy is in force" in err
    assert not policy_file(approver_home).exists()
    run("set", "web", "seed.json")
    status, _, err = run("set", "web", "bad.json")
    assert status == 1
    assert "the old policy stays in force" in err
    assert policy_file(approver_home).read_text(encoding="utf-8") == SEED


def test_a_file_that_cannot_be_read_sets_nothing(run: Run) -> None:
    status, _, err = run("set", "web", "none.json")
    assert (status, err) == (2, "none.json cannot be read: No such file or directory.\n")


def test_a_folder_that_cannot_be_written_is_told(run: Run, approver_home: Path) -> None:
    (approver_home / "config").write_text("in the way", encoding="utf-8")
    status, _, err = run("set", "web", "seed.json")
    assert status == 2
    assert "cannot be written" in err


@pytest.mark.parametrize("action", [("show",), ("set",)])
@pytest.mark.parametrize("name", ["../web", "a/b", "", ".web", "a\x1bb"])
def test_a_name_that_would_leave_the_folder_is_refused(run: Run, action: tuple[str], name: str) -> None:
    status, out, err = run(*action, name, *(["seed.json"] if action == ("set",) else []))
    assert (status, out) == (2, "")
    assert "is no server's name" in err
    assert "\x1b" not in err


def test_a_policy_is_shown_as_it_was_set(run: Run) -> None:
    run("set", "web", "seed.json")
    assert run("show", "web") == (0, SEED, "")
    status, out, _ = run("show", "web", "--json")
    assert (status, json.loads(out)) == (0, json.loads(SEED))


def test_what_is_shown_hides_nothing_and_means_the_same(run: Run) -> None:
    hiding = json.dumps({**json.loads(SEED), "description": "\u202e\x1b"}, ensure_ascii=False)
    run("set", "web", "-", piped=hiding.encode())
    _, out, _ = run("show", "web")
    assert "\u202e" not in out
    assert json.loads(out) == json.loads(hiding)


def test_a_server_without_a_policy_has_none_to_show(run: Run) -> None:
    status, out, err = run("show", "web")
    assert (status, out) == (1, "")
    assert "every call of its tools is denied. Give it one: approver policy set web FILE" in err


@pytest.mark.parametrize(("options", "shown"), [([], "{,�\n"), (["--json"], "")])
def test_a_policy_that_does_not_load_is_shown_with_its_mistakes(
    run: Run, approver_home: Path, options: list[str], shown: Any
) -> None:
    policy_file(approver_home).parent.mkdir(parents=True)
    policy_file(approver_home).write_bytes(b"{,\xff")
    status, out, err = run("show", "web", *options)
    assert status == 1
    assert out == shown.replace("�", "\\xff")
    assert "is not a valid policy" in err


def test_a_policy_that_cannot_be_read_is_told(run: Run, approver_home: Path) -> None:
    policy_file(approver_home).mkdir(parents=True)
    status, _, err = run("show", "web")
    assert status == 2
    assert "cannot be read: Is a directory" in err


@pytest.mark.parametrize("words", [[], ["validate"], ["test"], ["show"], ["set", "web"], ["grant"]])
def test_wrong_usage_ends_with_2(run: Run, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
