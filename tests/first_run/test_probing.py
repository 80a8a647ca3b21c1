"""Servers are started once and asked for their tools; what fails is told and holds nothing up."""

import sys
from pathlib import Path

import pytest

from approver.clients.importing import Imported, Secret
from approver.first_run.probing import learn_tools
from approver.model import HttpServer, StdioServer
from approver.secrets import SecretStore, SecretUnavailable

TRIAL = (sys.executable, "-m", "approver.first_run.trial_server")
PRINTS_KEY = "import os, sys; sys.stderr.write(os.environ['KEY']); sys.exit(3)"


class Nothing(SecretStore):
    """An empty keyring."""

    def get(self, name: str) -> str:
        raise SecretUnavailable(f'There is no secret "{name}" in the keyring.')


def test_tools_and_faults_of_all_servers_are_learned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.setenv("HOME", str(tmp_path))
    told: list[int] = []
    keyed = StdioServer("key", sys.executable, ("-c", PRINTS_KEY), {"KEY": "${keyring:key-K}"})
    found = learn_tools(
        {
            "good": Imported(StdioServer("good", TRIAL[0], TRIAL[1:])),
            "key": Imported(keyed, (Secret("key-K", "KEY", "its value"),)),
            "wanted": Imported(keyed, (Secret("key-K", "KEY"),)),
            "unkept": Imported(keyed),
            "gone": Imported(StdioServer("gone", "/nowhere/program")),
            "away": Imported(HttpServer("away", "http://127.0.0.1:9/mcp")),
        },
        10.0,
        Nothing(),
        told.append,
    )
    assert found["good"].tools == ("write_greeting",)
    assert found["key"].tools is None and "its value" in found["key"].fault
    assert "needs the value of key-K" in found["wanted"].fault
    assert 'no secret "key-K"' in found["unkept"].fault
    assert "/nowhere/program" in found["gone"].fault
    assert found["away"].tools is None and found["away"].fault
    assert told == [1, 2, 3, 4, 5, 6]
