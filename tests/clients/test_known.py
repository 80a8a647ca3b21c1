"""Where clients keep their files, on each system."""

from pathlib import Path

import pytest

from approver.clients.known import (
    CLAUDE_CODE,
    CLAUDE_DESKTOP,
    CODEX,
    CURSOR,
    VS_CODE,
    ZED,
    Surroundings,
    chosen_file,
    client_named,
    project_files,
    user_files,
)

HOME = Path("/home/ana")


def places(platform: str, home: Path = HOME, **environment: str) -> dict[str, str]:
    files = user_files(Surroundings(home, platform, environment))
    return {file.client.key: file.path.relative_to(home).as_posix() for file in files if file.path.is_relative_to(home)}


def test_on_linux_files_stand_in_the_home_and_in_the_configuration_folder() -> None:
    assert places("linux") == {
        "claude-desktop": ".config/Claude/claude_desktop_config.json",
        "claude-code": ".claude.json",
        "cursor": ".cursor/mcp.json",
        "vscode": ".config/Code/User/mcp.json",
        "windsurf": ".codeium/windsurf/mcp_config.json",
        "zed": ".config/zed/settings.json",
        "gemini-cli": ".gemini/settings.json",
        "codex": ".codex/config.toml",
    }


def test_the_environment_can_move_them() -> None:
    moved = places("linux", XDG_CONFIG_HOME="/home/ana/etc", CODEX_HOME="/home/ana/cx")
    assert moved["vscode"] == "etc/Code/User/mcp.json"
    assert moved["codex"] == "cx/config.toml"
    assert places("linux", XDG_CONFIG_HOME="relative")["vscode"] == ".config/Code/User/mcp.json"


def test_on_macos_and_windows_apps_have_folders_of_their_own() -> None:
    mac, windows = places("darwin"), places("win32")
    assert mac["claude-desktop"] == "Library/Application Support/Claude/claude_desktop_config.json"
    assert mac["zed"] == ".config/zed/settings.json"
    assert windows["claude-desktop"] == "AppData/Roaming/Claude/claude_desktop_config.json"
    assert windows["zed"] == "AppData/Roaming/Zed/settings.json"


def test_a_packaged_claude_on_windows_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "AppData/Local/Packages/Claude_abc").mkdir(parents=True)
    paths = [file.path for file in user_files(Surroundings(tmp_path, "win32")) if file.client == CLAUDE_DESKTOP]
    inside = tmp_path / "AppData/Local/Packages/Claude_abc/LocalCache/Roaming/Claude/claude_desktop_config.json"
    assert inside in paths


def test_a_project_has_files_of_several_clients() -> None:
    files = project_files(Path("/p"))
    assert {file.path.as_posix() for file in files} >= {"/p/.mcp.json", "/p/.cursor/mcp.json", "/p/.vscode/mcp.json"}
    assert all(file.project == Path("/p") for file in files)


@pytest.mark.parametrize(
    ("path", "client", "project"),
    [
        ("/home/ana/.cursor/mcp.json", CURSOR, None),
        ("/srv/site/.mcp.json", CLAUDE_CODE, "/srv/site"),
        ("/srv/site/.vscode/mcp.json", VS_CODE, "/srv/site"),
        ("/srv/site/.zed/settings.json", ZED, "/srv/site"),
        ("/backup/claude_desktop_config.json", CLAUDE_DESKTOP, None),
        ("/backup/config.toml", CODEX, None),
    ],
)
def test_a_chosen_file_is_known_by_its_place_or_name(path: str, client: object, project: str | None) -> None:
    file = chosen_file(Path(path), Surroundings(HOME, "linux"))
    assert file.client == client
    assert file.project == (Path(project) if project else None)


def test_a_file_of_an_unknown_client_is_called_by_its_own_name() -> None:
    file = chosen_file(Path("/x/my-agent.json"), Surroundings(HOME, "linux"))
    assert file.client.name == "my-agent"
    assert ("mcpServers",) in file.client.sections


def test_clients_are_named_by_key_or_by_name() -> None:
    assert client_named("cursor") is CURSOR
    assert client_named("claude desktop") is CLAUDE_DESKTOP
    assert client_named("nobody") is None
