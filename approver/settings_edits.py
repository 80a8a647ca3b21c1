"""Changes that windows make to `config/settings.toml`: some members of one section, everything else stays as it stands.

The file is read anew for each change, and a member that says something else by now than what the person saw is not
overwritten. Comments and order stay. The running engine notices the new file like any other edit.
"""

from collections.abc import Mapping
from typing import Any

from approver import settings
from approver.clients.json_text import NotReadable
from approver.clients.toml_text import TomlText
from approver.configuration_edits import EditRefused
from approver.desktop.paths import Paths
from approver.own_files import Unreadable, decode, write_text
from approver.settings import Settings


def load_settings(paths: Paths) -> Settings:
    """Return what the file says. Raises `EditRefused` where it does not load."""
    return _parsed(_text(paths))


def change_settings(paths: Paths, section: str, members: Mapping[str, str | bool], seen: Settings) -> Settings:
    """Set members of a section, and return what the file says now.

    Args:
        paths: where the file is.
        section: the section's name, such as `attention`.
        members: what is to be written, by key, as it stands in the file.
        seen: the settings that the person had before them.

    Raises:
        EditRefused: the file does not load, or says something else by now; the message says so.
    """
    text = _text(paths)
    now = _parsed(text)
    for key in members:
        if _member(now, section, key) != _member(seen, section, key):
            raise EditRefused(
                f"{section}.{key} was changed in settings.toml meanwhile, and is left as it stands there."
            )
    changed = _with_members(text, section, members)
    after = _parsed(changed)
    write_text(paths.settings, changed)
    return after


def _with_members(text: str, section: str, members: Mapping[str, str | bool]) -> str:
    try:
        if section not in TomlText.of(text).value:
            gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
            text = f"{text}{gap}[{section}]\n"
        return TomlText.of(text).with_members((section,), members)
    except NotReadable as fault:
        raise EditRefused(f"settings.toml: {fault} Change it in an editor.") from fault


def _member(read: Settings, section: str, key: str) -> Any:
    return getattr(getattr(read, section), key)


def _text(paths: Paths) -> str:
    try:
        return decode(paths.settings.read_bytes())
    except FileNotFoundError:
        return ""
    except Unreadable as fault:
        raise EditRefused(f"settings.toml does not load, and stays as it is until that is mended: {fault}") from fault
    except OSError as fault:
        raise EditRefused(f"settings.toml cannot be read: {fault.strerror}.") from fault


def _parsed(text: str) -> Settings:
    found, mistakes = settings.parse(text)
    if mistakes:
        raise EditRefused(f"settings.toml does not load, and stays as it is until that is mended: {' '.join(mistakes)}")
    return found
