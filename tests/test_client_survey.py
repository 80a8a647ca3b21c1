"""What the clients' files look like, and which of them were changed."""

from datetime import date
from pathlib import Path

from client_files import CURSOR_TEXT, WAY, around, write

from approver.client_survey import survey_clients
from approver.clients.connections import connect
from approver.clients.finding import look
from approver.clients.known import chosen_file
from approver.clients.planning import plan
from approver.desktop.paths import Paths


def test_files_of_known_clients_and_those_that_were_changed_are_listed_once(tmp_path: Path) -> None:
    paths, home = Paths.under(tmp_path / "approver"), tmp_path / "home"
    paths.create()
    known = write(home / ".cursor" / "mcp.json", CURSOR_TEXT)
    other = write(tmp_path / "elsewhere.json", CURSOR_TEXT)
    assert [row.found.file.path for row in survey_clients(paths, around(home))] == [known]
    made = []
    for path in (known, other):
        found = look(chosen_file(path, around(home)), around(home))
        assert found is not None
        (file,) = plan([(found, found.takeable[0])], {}, WAY, {}).files
        made.append(connect(paths, file, WAY, date(2026, 11, 22)))
    rows = survey_clients(paths, around(home))
    assert [row.found.file.path for row in rows] == [known, other]
    assert [row.connection for row in rows] == made
    assert [(row.through, len(row.found.entries)) for row in rows] == [(1, 2), (1, 2)]
    other.unlink()
    assert [row.found.file.path for row in survey_clients(paths, around(home))] == [known]
