"""Runs the protocol's official conformance suite against an address and says what each of its checks came to.

    address, revision ──> the suite's `server --requirements` ──> checks.json of every scenario ──> Report
    Report of the server itself, Report of what stands before it ──> differences, in sentences

The suite's version, and the Node that it runs on, are pinned in tests/support/installed.py.
"""

import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from installed import conformance_suite

REVISIONS = ("2025-11-25", "2026-07-28")
RUN_SECONDS = 300
SCENARIO_SECONDS = 90
PASSED = "SUCCESS"
_REMARKS = ("INFO",)
"""What the suite notes down of the traffic: no checks, and as many as there were messages."""

STDIO_EXCEPTIONS: Mapping[str, str] = {
    "server-sse-polling/server-sse-disconnect-resume": "a tool closes its answer's stream early: stdio has no streams",
}
"""Checks that only a server's own HTTP side can pass, so nothing before a stdio server can; each with its reason."""


class SuiteFailed(Exception):
    """The suite itself could not run: a sentence."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run came to."""

    revision: str
    checks: Mapping[str, str]
    """Status of each check, by `scenario/check`; a check that is made again has `#2` and so on after its name."""
    required: frozenset[str]
    """The scenarios that a server of the revision must pass."""
    reasons: Mapping[str, str]
    """What the suite says of a check that did not pass."""

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(status == PASSED for status in self.checks.values())

    def required_failures(self) -> list[str]:
        """Every check of a required scenario that did not pass, in a sentence."""
        return [
            f"{self.revision} {check}: {status}: {self.reasons.get(check, 'no reason given')}"
            for check, status in self.checks.items()
            if status != PASSED and _scenario(check) in self.required
        ]


def run(url: str, revision: str) -> Report:
    """Run everything that a server of the revision must or may pass."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        run_suite(["server", "--url", url, "--requirements", revision, "--output-dir", folder], folder, RUN_SECONDS)
        return _report(revision, Path(folder))


def run_scenarios(url: str, revision: str, scenarios: Iterable[str]) -> Report:
    """Run these scenarios again, each alone."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        for scenario in scenarios:
            options = ["--url", url, "--spec-version", revision, "--scenario", scenario, "--force"]
            run_suite(["server", *options, "--output-dir", folder], folder, SCENARIO_SECONDS)
        return _report(revision, Path(folder))


def compare(
    direct: Report, url: str, excused: Mapping[str, str] | None = None, through: Report | None = None
) -> tuple[Report, list[str]]:
    """Run the suite against what stands before a server; return the report, and how it differs from the server's own.

    Checks named in `excused` may differ; `through` is the run, if it was made already. Several scenarios watch a stream
    for half a second: where one differs it is run again alone, because on a busy machine time may run out, but then it
    does so once.
    """
    through = through or run(url, direct.revision)
    differing = {_scenario(check) for check in _differing(direct, through) if check not in (excused or {})}
    if differing:
        again = run_scenarios(url, direct.revision, sorted(differing))
        kept = {check: status for check, status in through.checks.items() if _scenario(check) not in differing}
        reasons = {**through.reasons, **again.reasons}
        through = Report(through.revision, {**kept, **again.checks}, through.required, reasons)
    return through, differences(direct, through, excused)


def differences(direct: Report, through: Report, excused: Mapping[str, str] | None = None) -> list[str]:
    """Every check that came to something else, in a sentence; those excused are left out."""
    return [
        f"{direct.revision} {check}: {direct.checks.get(check, 'not made')} directly,"
        f" {through.checks.get(check, 'not made')} through. {through.reasons.get(check, '')}".rstrip()
        for check in _differing(direct, through)
        if check not in (excused or {})
    ]


def _differing(direct: Report, through: Report) -> list[str]:
    both = sorted(direct.checks.keys() | through.checks.keys())
    return [check for check in both if direct.checks.get(check) != through.checks.get(check)]


def _scenario(check: str) -> str:
    return check.split("/", 1)[0]


def run_suite(arguments: list[str], folder: str, seconds: float) -> None:
    """Run the suite's command. Its status is 1 where a check failed, which the reports tell better."""
    command = [*conformance_suite(), *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as fault:
        raise SuiteFailed(f"the conformance suite was not done in {seconds:g} s: {' '.join(arguments)}") from fault
    if done.returncode not in (0, 1) or not any(Path(folder).iterdir()):
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise SuiteFailed(f"the conformance suite ended with status {done.returncode}: {' '.join(last)}")


def _report(revision: str, folder: Path) -> Report:
    checks: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for file in sorted(folder.glob("*/checks.json")):
        scenario = file.parent.name.removeprefix("server-")[: -len("-2026-01-01T00-00-00-000Z")]
        times: Counter[str] = Counter()
        for check in json.loads(file.read_text(encoding="utf-8")):
            if check["status"] in _REMARKS:
                continue
            times[check["id"]] += 1
            again = f"#{times[check['id']]}" if times[check["id"]] > 1 else ""
            name = f"{scenario}/{check['id']}{again}"
            checks[name] = check["status"]
            if check.get("errorMessage"):
                reasons[name] = check["errorMessage"]
    return Report(revision, checks, _required(revision), reasons)


def _required(revision: str) -> frozenset[str]:
    """The scenarios under `server:` in the suite's own list for the revision: a plain list, one name a line."""
    listed = Path(conformance_suite()[1]).parents[1] / "requirements" / f"{revision}.yaml"
    lines = iter(listed.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line == "server:":
            break
    names = []
    for line in lines:
        if not line.startswith("  - "):
            break
        names.append(line.removeprefix("  - ").strip())
    if not names:
        raise SuiteFailed(f"{listed} names no scenario for servers")
    return frozenset(names)
