"""A shim's connection before many servers (`approver connect --all`): what `Conversation` is for one server.

The client may speak at once, while the servers start; they end when it leaves.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from approver.model import Caller
from approver.proxy.conversation import House
from approver.proxy.local_front import LocalConnection
from approver.proxy.many import Many
from approver.servers import Server
from approver.tasks import spawn


class LocalMany:
    """One client, many servers. The `Owner` of its connection."""

    def __init__(
        self,
        house: House,
        connection: LocalConnection,
        servers: Sequence[Server],
        caller: Caller,
        ended: Callable[["LocalMany"], None],
        *,
        keep_label: bool,
        run_folder: Path,
    ) -> None:
        self._connection = connection
        self._ended = ended
        self._leaving = False
        self.many = Many(
            house,
            servers,
            caller,
            connection.send,
            run_folder,
            keep_label=keep_label,
            batch=connection.batch,
            on_pause=connection.pause_client,
        )

    def start(self) -> None:
        """Start the servers and let the client speak."""
        self.many.start()
        self._connection.open(self.many, self)

    def client_left(self) -> None:
        """The client sends nothing more: its questions end, its servers are asked to end, then made to."""
        if not self._leaving:
            self._leaving = True
            spawn(self.stop(), name="stop many servers")

    def turn_out(self, sentence: str) -> None:
        """End at once: the client may come in no longer, and what it waits for is answered with the reason."""
        self._leaving = True
        for behind in self.many.behind.values():
            behind.turn_out(sentence)
        self._connection.close()
        spawn(self.stop(), name="stop many servers")

    async def stop(self) -> None:
        """End the servers and close the connection."""
        self._leaving = True
        await self.many.stop()
        self._connection.close()
        self._ended(self)

    def pause_server(self, paused: bool) -> None:
        """Stop or go on reading what the servers send: the client does not keep up."""
        self.many.pause_servers(paused)

    def begin_batch(self) -> None:
        """Hold messages to the servers back until `flush`."""
        self.many.begin_batch()

    def flush(self) -> None:
        """Send what is held back."""
        self.many.flush()
