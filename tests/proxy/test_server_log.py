"""What servers say beside the protocol is kept, bounded and harmless to print."""

import os
import re
import stat
from pathlib import Path

import pytest

from approver.proxy import server_log
from approver.proxy.server_log import ServerLog, ServerLogs, readable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "web.log"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_each_line_has_its_time_and_source_and_nobody_else_may_read_it(path: Path) -> None:
    log = ServerLog(path)
    log.write("approver", b"started")
    log.write_lines("stderr", [b"one", "zwei ä".encode()])
    log.close()
    log.close()
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    expected = rf"{stamp} approver: started\n{stamp} stderr: one\n{stamp} stderr: zwei ä\n"
    assert re.fullmatch(expected, text_of(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_logs_of_one_file_do_not_overwrite_each_other(path: Path) -> None:
    first, second = ServerLog(path), ServerLog(path)
    for log, line in ((first, b"a"), (second, b"b"), (first, b"c")):
        log.write("stderr", line)
    assert re.findall(r"stderr: (\w)", text_of(path)) == ["a", "b", "c"]
    first.close()
    second.close()


def test_a_file_that_has_grown_large_is_put_aside_and_two_older_ones_are_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_log, "LARGEST_FILE", 200)
    log = ServerLog(path)
    for number in range(40):
        log.write("stderr", f"line {number:02}".encode())
    log.close()
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["web.log", "web.log.1", "web.log.2"]
    assert all(entry.stat().st_size <= 200 for entry in path.parent.iterdir())
    kept = "".join(text_of(path.with_name(name)) for name in ("web.log.2", "web.log.1", "web.log"))
    numbers = [int(number) for number in re.findall(r"line (\d+)", kept)]
    assert numbers == list(range(numbers[0], 40))


def test_what_cannot_be_written_is_lost_without_a_word_and_the_next_line_tries_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    log = ServerLog(path)
    log.write("stderr", b"before")
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        log.write("stderr", b"lost")
    log.write("stderr", b"after")
    log.close()
    assert "before" in text_of(path) and "after" in text_of(path) and "lost" not in text_of(path)


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file", encoding="utf-8")
    ServerLog(tmp_path / "logs" / "web.log").write("stderr", b"lost")


def test_each_server_has_one_log_of_its_own(path: Path) -> None:
    logs = ServerLogs(path.parent)
    logs.of("web").write("stderr", b"here")
    logs.of("files").write("stderr", b"there")
    assert logs.of("web") is logs.of("web")
    logs.close()
    assert "here" in text_of(path)
    assert "there" in text_of(path.with_name("files.log"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"\x1b[31mred\x07\r\n", "␛[31mred␇"),
        (b"tab\tstays", "tab\tstays"),
        (b"\xff", "�"),
        (b"x" * 8192, "x" * 8192),
        (b"x" * 8200, "x" * 8192 + "… (+8 bytes)"),
    ],
)
def test_lines_are_safe_to_print(line: bytes, expected: str) -> None:
    assert readable(line) == expected
