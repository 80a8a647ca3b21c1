"""Edits that are noticed: saved in place, renamed over, behind links, in a folder that was replaced."""

import asyncio
import json
import logging
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop

from approver import watching
from approver.configuration import Configuration, Snapshot
from approver.desktop.paths import Paths
from approver.tasks import spawn
from approver.watching import watch


class Watched:
    """A configuration that is being watched."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.configuration = Configuration.load(paths)
        self._changes: asyncio.Queue[Snapshot] = asyncio.Queue()
        self.on_change: Any = lambda snapshot: None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Watched"]:
        task = spawn(watch(self.paths.config, self.configuration, self._changed), name="watch")
        try:
            # The watch is known to be up once it tells of a first edit; until then it is made again and again.
            for attempt in range(200):
                self.set_port(1000 + attempt)
                try:
                    await asyncio.wait_for(self._changes.get(), 0.1)
                    break
                except TimeoutError:
                    continue
            await self.port(self._written)
            yield self
        finally:
            task.cancel()
            await asyncio.wait([task], timeout=10)

    def _changed(self, snapshot: Snapshot) -> None:
        self.on_change(snapshot)
        self._changes.put_nowait(snapshot)

    async def next(self) -> Snapshot:
        return await self._changes.get()

    def set_port(self, port: int) -> None:
        self._written = port
        self.paths.settings.write_text(f"[http]\nport = {port}", encoding="utf-8")

    async def port(self, expected: int) -> Snapshot:
        return await self.until(lambda snapshot: snapshot.settings.http.port == expected)

    async def until(self, holds: Any) -> Snapshot:
        async with asyncio.timeout(10):
            snapshot = self.configuration.snapshot
            while not holds(snapshot):
                snapshot = await self._changes.get()
            return snapshot


def run(work: Any) -> None:
    uvloop.run(asyncio.wait_for(work, 60))


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setattr(watching, "_LOOK_MILLISECONDS", 60_000)
    paths = Paths.under(tmp_path)
    paths.create()
    return paths


def test_an_edit_is_in_force_soon(paths: Paths) -> None:
    async def scene() -> None:
        async with Watched(paths).running() as watched:
            took = []
            for port in range(1, 8):
                started = time.monotonic()
                watched.set_port(port)
                await watched.port(port)
                took.append(time.monotonic() - started)
            assert sorted(took)[3] < 0.3

    run(scene())


def test_a_policy_that_an_editor_renames_into_place_is_noticed(paths: Paths) -> None:
    async def scene() -> None:
        async with Watched(paths).running() as watched:
            new = paths.policies / ".web.json.swp"
            new.write_text(json.dumps({"version": "1", "default": "allow"}), encoding="utf-8")
            new.rename(paths.policies / "web.json")
            await watched.until(lambda snapshot: "web" in snapshot.policies)
            (paths.policies / "web.json").unlink()
            await watched.until(lambda snapshot: "web" not in snapshot.policies)

    run(scene())


def test_a_broken_file_is_told_in_the_snapshot_and_once_in_the_log(
    paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with Watched(paths).running() as watched:
            paths.servers.write_text("{", encoding="utf-8")
            await watched.until(lambda snapshot: snapshot.problems)
            watched.set_port(3)
            await watched.port(3)

    with caplog.at_level(logging.WARNING):
        run(scene())
    assert len([record for record in caplog.records if "servers.json does not load" in record.getMessage()]) == 1


def test_a_folder_that_is_replaced_is_watched_in_the_place_of_the_old_one(paths: Paths) -> None:
    async def scene() -> None:
        async with Watched(paths).running() as watched:
            new = paths.config.with_name("new")
            shutil.copytree(paths.config, new)
            (new / "settings.toml").write_text("[http]\nport = 7", encoding="utf-8")
            paths.config.rename(paths.config.with_name("old"))
            new.rename(paths.config)
            await watched.port(7)
            async with asyncio.timeout(10):
                while watched.configuration.settings.http.port != 8:
                    watched.set_port(8)
                    await asyncio.sleep(0.05)

    run(scene())


def test_a_folder_that_is_gone_means_an_empty_one_until_it_is_back(paths: Paths) -> None:
    async def scene() -> None:
        async with Watched(paths).running() as watched:
            shutil.rmtree(paths.config)
            await watched.port(8787)
            paths.config.mkdir()
            watched.set_port(9)
            await watched.port(9)

    run(scene())


def test_a_change_that_somebody_else_has_read_already_is_told_all_the_same(paths: Paths) -> None:
    async def scene() -> None:
        async with Watched(paths).running() as watched:
            told: list[int] = []
            watched.on_change = lambda snapshot: told.append(snapshot.settings.http.port)
            watched.set_port(5)
            watched.configuration.refresh()
            async with asyncio.timeout(10):
                while told != [5]:
                    await watched.next()

    run(scene())


def test_a_folder_that_is_not_there_yet_is_looked_for(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_ABSENT_SECONDS", 0.01)
    shutil.rmtree(paths.config)
    configuration = Configuration.load(paths)
    changes: asyncio.Queue[Snapshot] = asyncio.Queue()

    async def scene() -> None:
        task = spawn(watch(paths.config, configuration, changes.put_nowait), name="watch")
        await asyncio.sleep(0.05)
        paths.create()
        paths.settings.write_text("[http]\nport = 2", encoding="utf-8")
        async with asyncio.timeout(10):
            assert (await changes.get()).settings.http.port == 2
        task.cancel()
        await asyncio.wait([task], timeout=10)

    run(scene())


def test_a_folder_deleted_and_made_again_is_still_watched(paths: Paths) -> None:
    async def scene() -> None:
        async with Watched(paths).running() as watched:
            for port in range(1, 4):
                shutil.rmtree(paths.config)
                paths.create()
                watched.set_port(port)
                await watched.port(port)

    run(scene())


def test_files_behind_links_are_looked_at_unasked(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_LOOK_MILLISECONDS", 50)
    elsewhere = paths.data / "settings.toml"
    elsewhere.write_text("", encoding="utf-8")

    async def scene() -> None:
        async with Watched(paths).running() as watched:
            paths.settings.unlink()
            paths.settings.symlink_to(elsewhere)
            await watched.port(8787)
            elsewhere.write_text("[http]\nport = 4", encoding="utf-8")
            await watched.port(4)

    run(scene())


def test_a_system_that_cannot_watch_is_told_and_the_files_are_looked_at_all_the_same(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_watches(*arguments: Any, **more: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watching, "awatch", no_watches)
    monkeypatch.setattr(watching, "_ABSENT_SECONDS", 0.01)

    async def scene() -> None:
        async with Watched(paths).running() as watched:
            watched.set_port(6)
            await watched.port(6)

    with caplog.at_level(logging.WARNING):
        run(scene())
    assert "cannot be watched" in caplog.text
