"""Where the files that come with Approver lie: icons, word lists, sample policies. Paths out, nothing else."""

from pathlib import Path

_PLACES = (Path(__file__).parent / "resources", Path(__file__).parent.parent / "resources")
"""Inside the package where it was installed or frozen; beside it in a checkout."""


def resource(name: str) -> Path:
    """The file of that name, such as `icons/copy.svg`. Raises `FileNotFoundError` if this installation lacks it."""
    for place in _PLACES:
        if (found := place / name).exists():
            return found
    raise FileNotFoundError(f"{name} is missing from {_PLACES[0]}: this installation of Approver is incomplete.")
