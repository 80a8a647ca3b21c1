"""Runs the official suite's client scenarios against Approver's side towards HTTP servers, and says what each came to.

    revision ──> the suite's own list for clients ──> each scenario: the suite plays the server, `client.py` the client
    ──> checks.json of every scenario ──> the checks that did not pass, in sentences

Scenarios run a few at a time; one that fails is run again alone: some watch the clock, and the machine may be busy.
"""

import json
import shlex
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from installed import conformance_suite
from programs import CLIENT, PYTHON
from suite import PASSED, SCENARIO_SECONDS, SuiteFailed, run_suite

AT_ONCE = 3
CLIENT_MILLISECONDS = 75_000
_REMARKS = ("INFO", "SKIPPED")
_FROM_2025_03_26 = ("auth/2025-03-26-oauth-metadata-backcompat", "auth/2025-03-26-oauth-endpoint-fallback")
"""Logins as that revision had them: no requirement of the later ones, but servers of it are still there."""


def required(revision: str) -> list[str]:
    """The scenarios that a client of the revision must pass."""
    if revision == "2025-03-26":
        return list(_FROM_2025_03_26)
    listed = Path(conformance_suite()[1]).parents[1] / "requirements" / f"{revision}.yaml"
    _, _, rest = listed.read_text(encoding="utf-8").partition("\nclient:\n")
    names = []
    for line in rest.splitlines():
        if not line.startswith("  - "):
            break
        names.append(line.removeprefix("  - ").strip())
    if not names:
        raise SuiteFailed(f"{listed} names no scenario for clients")
    return names


def run_clients(
    revision: str, scenarios: Iterable[str], options: Sequence[str] = (), python: Sequence[str] = PYTHON
) -> tuple[int, list[str]]:
    """Run scenarios; return how many checks passed, and a sentence for each that did not."""
    wanted = list(scenarios)
    command = shlex.join([*python, CLIENT, *options])
    with ThreadPoolExecutor(AT_ONCE) as workers:
        found = dict(zip(wanted, workers.map(lambda one: _run(revision, one, command), wanted), strict=True))
    for scenario, (_, mistakes) in list(found.items()):
        if mistakes:
            found[scenario] = _run(revision, scenario, command)
    return sum(passed for passed, _ in found.values()), [one for _, mistakes in found.values() for one in mistakes]


def _run(revision: str, scenario: str, command: str) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        run_suite(
            [
                "client", "--command", command, "--scenario", scenario, "--spec-version", revision,
                "--timeout", str(CLIENT_MILLISECONDS), "--output-dir", folder,
            ],
            folder,
            SCENARIO_SECONDS,
        )  # fmt: skip
        return _read(revision, scenario, Path(folder))


def _read(revision: str, scenario: str, folder: Path) -> tuple[int, list[str]]:
    checks = [check for file in folder.rglob("checks.json") for check in json.loads(file.read_text(encoding="utf-8"))]
    checks = [check for check in checks if check["status"] not in _REMARKS]
    mistakes = [
        f"{revision} {scenario}/{check['id']}: {check['status']}: {check.get('errorMessage') or check['description']}"
        for check in checks
        if check["status"] != PASSED
    ]
    if not checks:
        mistakes.append(f"{revision} {scenario}: no check was made")
    if mistakes:
        said = [file.read_text(encoding="utf-8")[-800:] for file in folder.rglob("stderr.txt")]
        mistakes += [f"    {line}" for text in said for line in text.splitlines()]
    return len(checks) - sum(check["status"] != PASSED for check in checks), mistakes
