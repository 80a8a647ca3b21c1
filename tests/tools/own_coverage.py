"""Hold policy/, the questions and the gate to full branch coverage, each module by the test file of its own name alone.

One run of those tests notes, for every line and branch, which test took it; then each module is judged by what its own
tests did (and by what merely importing it does). Prints what is missing, and ends with status 1 where anything is.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import coverage

ROOT = Path(__file__).parents[2]
HELD = (
    "approver/policy",
    "approver/approvals/queue.py",
    "approver/approvals/results.py",
    "approver/approvals/standing.py",
    "approver/approvals/standing_book.py",
    "approver/approvals/timers.py",
    "approver/proxy/gate.py",
    "approver/proxy/holding.py",
    "approver/proxy/remembering.py",
)


def held_modules() -> list[Path]:
    """Every module under `HELD` that holds code."""
    found: list[Path] = []
    for name in HELD:
        place = ROOT / name
        found += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return [module for module in found if module.read_text(encoding="utf-8").strip() and module.name != "__init__.py"]


def own_test(module: Path) -> Path:
    """Where the mirror rule puts a module's tests."""
    return ROOT / "tests" / module.relative_to(ROOT / "approver").with_name(f"test_{module.name}")


def run_tests(modules: list[Path], data_file: Path) -> int:
    """Run the own tests of all modules once, each line and branch noted with the test that took it."""
    tests = [str(own_test(module).relative_to(ROOT)) for module in modules]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *tests]
    command += ["--cov=approver", "--cov-branch", "--cov-context=test", "--cov-report="]
    environment = {"COVERAGE_FILE": str(data_file), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def missing(module: Path, data_file: Path, report_file: Path) -> list[str]:
    """What the module's own tests leave out: lines, and branches as `from->to`."""
    measured = coverage.Coverage(data_file=str(data_file), config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    own = own_test(module).relative_to(ROOT).as_posix()
    contexts = ["^$", f"^{own.replace('.', '[.]')}::"]
    measured.json_report(morfs=[str(module)], outfile=str(report_file), contexts=contexts)
    (report,) = json.loads(report_file.read_text(encoding="utf-8"))["files"].values()
    return [str(line) for line in report["missing_lines"]] + [arrow(branch) for branch in report["missing_branches"]]


def arrow(branch: list[Any]) -> str:
    """A branch that was never taken; a negative end is the function's own."""
    start, end = branch
    return f"{start}->{end if end > 0 else 'exit'}"


def main() -> int:
    """Judge every held module; the status for the shell."""
    modules = held_modules()
    with tempfile.TemporaryDirectory() as folder:
        data_file, report_file = Path(folder) / "data", Path(folder) / "report.json"
        if status := run_tests(modules, data_file):
            return status
        faults = {module: gaps for module in modules if (gaps := missing(module, data_file, report_file))}
    for module, gaps in faults.items():
        print(f"{module.relative_to(ROOT)}: its own tests never take {', '.join(gaps)}")
    print(f"own coverage: {len(modules) - len(faults)} modules fully taken, {len(faults)} not")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
