"""Other people's programs that the tests run against, at pinned versions, kept in a cache folder outside the checkout.

The first run installs them with pip and npm; later ones need no network. Where one cannot be had, `NotInstallable` says
why in a sentence. To have them all before the tests run:  python tests/support/installed.py
"""

import fcntl
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CACHE = Path(os.environ.get("APPROVER_TEST_CACHE") or Path.home() / ".cache" / "approver-tests")
NPM_PACKAGES = (
    "@modelcontextprotocol/server-everything@2026.8.31",
    "@modelcontextprotocol/server-filesystem@2026.8.31",
)
CONFORMANCE_PACKAGES = (
    "@modelcontextprotocol/conformance@0.2.0-alpha.12",  # the first releases that know 2026-07-28 are alphas
    "{node}@22.23.3",  # the suite wants Node 22; this package is the program itself, one for each system
)
TYPESCRIPT_PACKAGES = ("@modelcontextprotocol/sdk@1.32.2",)
INSPECTOR_PACKAGES = ("@modelcontextprotocol/inspector@2.12.0", "{node}@22.23.3")
SCRAPER_PACKAGES = ("web-scraper-toolkit==0.3.5", "fastmcp==4.1.2")
BELAY_PACKAGES = ("agentbelay==0.1.0",)
FASTMCP_PACKAGES = ("fastmcp==4.1.2",)


class NotInstallable(Exception):
    """A program is missing and could not be fetched: a sentence."""


def node_server(name: str) -> list[str]:
    """Return the command of an npm server: `everything` or `filesystem`."""
    folder = _installed("npm", NPM_PACKAGES, _npm_install)
    return ["node", str(folder / "node_modules" / "@modelcontextprotocol" / f"server-{name}" / "dist" / "index.js")]


def typescript_sdk() -> list[str]:
    """Return the `node_modules` in which the protocol's TypeScript SDK lies."""
    return [str(_installed("typescript", TYPESCRIPT_PACKAGES, _npm_install) / "node_modules")]


def inspector() -> list[str]:
    """Return the command of the MCP Inspector without its web page."""
    node, modules = _with_node("inspector", INSPECTOR_PACKAGES)
    return [node, str(modules / "@modelcontextprotocol/inspector/clients/launcher/build/index.js"), "--cli"]


def conformance_suite() -> list[str]:
    """Return the command of the protocol's official conformance suite."""
    node, modules = _with_node("conformance", CONFORMANCE_PACKAGES)
    return [node, str(modules / "@modelcontextprotocol" / "conformance" / "dist" / "index.js")]


def _with_node(name: str, packages: tuple[str, ...]) -> tuple[str, Path]:
    """Install packages and the Node that runs them; return the Node and their `node_modules`."""
    system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform)
    processor = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine().lower())
    if system is None or processor is None:
        raise NotInstallable(f"Node has no package for {sys.platform} on {platform.machine()}")
    node = f"node-{system}-{processor}"
    modules = _installed(name, tuple(package.format(node=node) for package in packages), _npm_install) / "node_modules"
    return str(modules / node / "bin" / "node"), modules


def web_scraper() -> list[str]:
    """Return the command of the web scraper's MCP server."""
    return [str(_installed("scraper", SCRAPER_PACKAGES, _pip_install) / "bin" / "web-scraper-server")]


def browser_that_never_starts() -> Path:
    """Return a folder for PLAYWRIGHT_BROWSERS_PATH whose browser takes forever: a scraping job stays a running job."""
    web_scraper()
    driver = next((CACHE / "scraper" / "lib").glob("python*/site-packages/playwright/driver/package"))
    browsers = json.loads((driver / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    revision = next(b["revision"] for b in browsers if b["name"] == "chromium-headless-shell")
    root = CACHE / "browsers"
    for inside in ("chrome-headless-shell-linux64/chrome-headless-shell", "chrome-linux/headless_shell"):
        program = root / f"chromium_headless_shell-{revision}" / inside
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\nexec cat <&3 >/dev/null\n", encoding="utf-8")  # fd 3: what Playwright writes to
        program.chmod(0o755)
    return root


def belay() -> Path:
    """Return the `belay` program: another policy proxy, which the benchmark compares with."""
    return _installed("agentbelay", BELAY_PACKAGES, _pip_install) / "bin" / "belay"


def fastmcp_python() -> Path:
    """Return a Python that has FastMCP."""
    return _installed("fastmcp", FASTMCP_PACKAGES, _pip_install) / "bin" / "python"


def or_say_why(install: Callable[[], list[str]], fail: Callable[..., Any], skip: Callable[[str], Any]) -> list[str]:
    """Return what `install` gives; without it fail the test, or skip it where APPROVER_SKIP_REAL=1."""
    try:
        return install()
    except NotInstallable as missing:
        if os.environ.get("APPROVER_SKIP_REAL") == "1":
            skip(str(missing))
        fail(f"{missing}. To leave such tests out, set APPROVER_SKIP_REAL=1.", pytrace=False)
        raise


def _installed(name: str, packages: tuple[str, ...], install: Callable[[Path, tuple[str, ...]], None]) -> Path:
    folder, stamp = CACHE / name, CACHE / f"{name}.installed"
    wanted = " ".join((sys.version.split()[0], *packages))
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once: the second finds it done
        if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
            install(folder, packages)
            stamp.write_text(wanted, encoding="utf-8")
    return folder


def _npm_install(folder: Path, packages: tuple[str, ...]) -> None:
    folder.mkdir(exist_ok=True)
    options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
    _run(["npm", "install", *options, *packages], f"npm could not install {' and '.join(packages)}")
    _run(["node", "--version"], "node is missing")


def _pip_install(folder: Path, packages: tuple[str, ...]) -> None:
    what = f"pip could not install {' and '.join(packages)}"
    _run([sys.executable, "-m", "venv", "--clear", str(folder)], what)
    pip = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "--quiet",
    ]
    _run([*pip, *packages], what)


def _run(command: list[str], what: str) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=600, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise NotInstallable(f"{what}: {command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise NotInstallable(f"{what}: not done in ten minutes") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NotInstallable(f"{what}: {' '.join(last)}")


if __name__ == "__main__":
    try:
        for fetch in (
            lambda: node_server("everything"),
            browser_that_never_starts,
            belay,
            fastmcp_python,
            typescript_sdk,
            inspector,
        ):
            fetch()
    except NotInstallable as missing:
        sys.exit(f"{missing}.")
