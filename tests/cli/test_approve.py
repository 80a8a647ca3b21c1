"""`approver approve`: one call, once, by the id that `pending` shows."""

import json

import pytest
from fake_app import FakeApp

from approver.cli.main import main


@pytest.fixture
def approving(app: FakeApp) -> FakeApp:
    app.answers["approve"] = lambda arguments: {"ok": True, "id": arguments["id"], "answer": "allow"}
    return app


def test_a_call_is_approved(approving: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["approve", "abcde"]) == 0
    assert capsys.readouterr().out == "Approved abcde, once.\n"
    assert approving.asked == [("approve", {"id": "abcde", "shown": None})]


def test_it_can_be_bound_to_what_was_shown(approving: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["approve", "abcde", "--shown", "f00d", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "abcde", "answer": "allow"}
    assert approving.asked == [("approve", {"id": "abcde", "shown": "f00d"})]


def test_a_refusal_is_a_no(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    app.answers["approve"] = lambda _: {"ok": False, "error": "An agent cannot answer for the person."}
    assert main(["approve", "abcde", "--json"]) == 1
    assert capsys.readouterr() == ("", "approver approve: An agent cannot answer for the person.\n")


def test_without_an_id_it_is_wrong_usage(app: FakeApp) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["approve"])
    assert ended.value.code == 2
    assert app.asked == []
