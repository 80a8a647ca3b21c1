"""How other programs start Approver: an absolute command line, which works whatever their PATH and folder are."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def own_command() -> tuple[str, ...]:
    """The program that stands beside this Python, or this Python with the package."""
    name = "approver.exe" if sys.platform == "win32" else "approver"
    beside = Path(sys.executable).absolute().with_name(name)  # no link is followed: it leads out of a venv
    if beside.is_file() and os.access(beside, os.X_OK):
        return (str(beside),)
    return (str(Path(sys.executable).absolute()), "-m", "approver")


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What has to be set so that it finds this Approver's folders: nothing where they are the usual ones."""
    home = environment.get("APPROVER_HOME")
    return {"APPROVER_HOME": str(Path(home).expanduser().absolute())} if home else {}
