"""Run the official conformance suite from the command line: `run.py` or `run.py --url URL [--before URL]`.

Without options: against the server of this folder itself, and against it over stdio behind the bridge. With `--url`:
against that address; with `--before` as well: both, and what differs between the server (`--before`) and what stands
before it (`--url`).
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from programs import bridged, direct  # noqa: E402 # it imports what the path laid above leads to
from suite import PASSED, REVISIONS, STDIO_EXCEPTIONS, Report, compare, run  # noqa: E402 # as above


def main() -> int:
    """Run, print, and return 1 where something differs or a required check failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", help="what to run the suite against")
    parser.add_argument("--before", metavar="URL", help="the server itself, to compare with")
    parser.add_argument("--stdio", action="store_true", help="the server behind --url speaks stdio")
    parser.add_argument("--revision", choices=REVISIONS, action="append", help="only this revision")
    options = parser.parse_args()
    if options.before and not options.url:
        parser.error("--before wants --url: what stands before the server")
    mistakes: list[str] = []
    with ExitStack() as programs:
        front = options.url or programs.enter_context(bridged())
        server = options.before if options.url else programs.enter_context(direct())
        excused = STDIO_EXCEPTIONS if options.stdio or not options.url else {}
        for revision in options.revision or REVISIONS:
            if server is None:
                mistakes += _show(front, run(front, revision)).required_failures()
                continue
            itself = _show(f"{server}, the server itself", run(server, revision))
            through, different = compare(itself, front, excused)
            _show(f"{front}, before it", through)
            mistakes += itself.required_failures() + different
    for mistake in mistakes:
        print(f"  ✗ {mistake}")
    return 1 if mistakes else 0


def _show(what: str, report: Report) -> Report:
    print(f"{report.revision}: {report.passed} of {len(report.checks)} checks passed at {what}", flush=True)
    for check, status in report.checks.items():
        if status != PASSED:
            print(f"    {status:8} {check}: {report.reasons.get(check, '')[:160]}", flush=True)
    return report


if __name__ == "__main__":
    sys.exit(main())
