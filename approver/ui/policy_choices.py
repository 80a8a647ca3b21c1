"""Which policies there are to edit, and for whom: the configuration goes in, names with labels come out."""

from PySide6.QtCore import QCoreApplication

from approver.configuration_edits import EditRefused, read_grants, read_servers
from approver.desktop.paths import Paths
from approver.visible import make_visible


def policy_choices(paths: Paths) -> dict[str, str]:
    """Every server's policy, then those that only grants name. A file that can't be read is told of elsewhere."""
    try:
        names = [*read_servers(paths)]
    except (EditRefused, OSError):
        names = []
    servers = len(names)
    users = _users(paths)
    found = {path.stem for path in paths.policies.glob("*.json")} if paths.policies.is_dir() else set()
    names += sorted((found | users.keys()) - {*names})
    return {name: _label(name, users.get(name, []), is_server=place < servers) for place, name in enumerate(names)}


def _users(paths: Paths) -> dict[str, list[str]]:
    """The grants that name a policy, by its name."""
    try:
        grants = read_grants(paths)
    except (EditRefused, OSError):
        return {}
    users: dict[str, list[str]] = {}
    for grant in grants:
        if grant.policy:
            users.setdefault(grant.policy, []).append(grant.name)
    return users


def _label(name: str, users: list[str], *, is_server: bool) -> str:
    label = make_visible(name)
    if users and not is_server:
        said = QCoreApplication.translate("Rules", "{policy}, for the grant {grants}")
        label = said.format(policy=label, grants=make_visible(", ".join(sorted(users))))
    return label
