"""The demo: in a folder of its own, told in a terminal from its first step to what the log says of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from eventually import eventually

from approver.cli import demo
from approver.configuration import Configuration
from approver.desktop.paths import Paths

SEED = {"counter": "cancel_job_rate", "window": "minute", "max": 10, "scope": "grant"}


def test_its_configuration_has_one_server_and_no_problems(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    demo.write_configuration(paths)
    found = Configuration.load(paths)
    assert found.problems == ()
    assert list(found.snapshot.servers) == ["web-scraper"]
    policy = found.policy_for("web-scraper")
    assert policy is not None
    assert policy.document["tools"]["cancel_job"]["limits"] == [SEED]
    assert policy.document["default"] == "deny"


def test_its_folder_is_in_force_for_as_long_as_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPROVER_HOME", "/the/person's/own")
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    with demo.home(keep=False) as paths:
        folder = Path(os.environ["APPROVER_HOME"])
        assert paths.config == folder / "config"
        assert "fail" in os.environ["PYTHON_KEYRING_BACKEND"]
    assert os.environ["APPROVER_HOME"] == "/the/person's/own"
    assert "PYTHON_KEYRING_BACKEND" not in os.environ
    assert not folder.exists()


def test_its_folder_can_be_kept(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with demo.home(keep=True) as paths:
        folder = paths.config.parent
    assert f"Its log: APPROVER_HOME={folder} approver log list" in capsys.readouterr().out
    assert (folder / "config" / "servers.json").exists()
    demo.shutil.rmtree(folder)


def told(*typed: str) -> str:
    """What the whole demo prints where these lines are typed."""
    done = subprocess.run(
        [sys.executable, "-m", "approver", "demo", "--terminal"],
        input="".join(f"{line}\n" for line in typed),
        capture_output=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.real
def test_an_approved_cancel_really_stops_the_job_and_the_log_has_it_all() -> None:
    out = told("y", "yes", "approve")
    assert "(It also has clear_history. The policy hides it, so I never hear of it.)" in out
    assert "job-1 is completed, 4 of 4 pages read." in out
    assert "[POLICY DENIED] scrape_url" in out
    assert "[POLICY DENIED] list_jobs is limited to 3 calls per minute" in out
    assert "Demo agent wants to run cancel_job on web-scraper" in out
    assert out.count("Nothing has been decided.") == 2
    assert "You allowed it, and the job has really stopped: job-2 is cancelled" in out
    logged = out.partition("What the log says of it:")[2]
    assert "cancel_job" in logged
    assert "scrape_url" in logged


@pytest.mark.real
def test_with_nobody_to_answer_the_job_goes_on() -> None:
    out = told()
    assert "Nobody is there to answer" in out
    assert "[DENIED BY USER] Nobody is there to answer: the terminal's input has ended." in out
    assert "You denied it, and the server never heard of it. The job goes on" in out


def test_its_policy_asks_before_every_cancel() -> None:
    shipped = json.loads((Path(demo.__file__).parents[1] / "demo" / "policy.json").read_text(encoding="utf-8"))
    assert shipped["tools"]["cancel_job"]["require_approval"] == [
        {"conditions": [], "reason": "Stops work in progress."}
    ]


def waiting(home: Path) -> bool:
    """Whether the demo's own app shows a question."""
    folders = list(home.glob("approver-demo-*"))
    environment = {**os.environ, "APPROVER_HOME": str(folders[0])} if folders else dict(os.environ)
    command = [sys.executable, "-m", "approver", "pending", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=20, check=False)
    return done.returncode == 0 and json.loads(done.stdout) != []


def xdotool(*words: str) -> bool:
    return subprocess.run(["xdotool", *words], capture_output=True, timeout=10, check=False).returncode == 0


@pytest.mark.desktop
def test_in_windows_a_click_on_allow_lets_the_agent_go_on(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "approver", "demo"]
    told = tmp_path / "told.txt"
    with told.open("w", encoding="utf-8") as output:
        running = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        eventually(lambda: waiting(tmp_path), "a question is open", within=40, every=0.2)

        def allowed() -> bool:
            """The guard makes the button deaf for a moment, so it is pressed until it listens."""
            xdotool("key", "alt+a")
            return "You allowed it, and the job has really stopped" in told.read_text(encoding="utf-8")

        eventually(lambda: xdotool("search", "--name", "a call is waiting", "windowactivate"), "the dialog", within=20)
        eventually(allowed, "the agent goes on", within=30, every=0.7)
        eventually(lambda: "The windows stay open" in told.read_text(encoding="utf-8"), "the story ends")
    finally:
        running.terminate()
        running.wait(30)
    assert list(tmp_path.glob("approver-demo-*")) == []
    assert "Traceback" not in told.read_text(encoding="utf-8")
