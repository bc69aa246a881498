"""The servers of a run: one private RabbitMQ node and one private PostgreSQL cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from benchmarks.processes import family
from shared.servers import PrivatePostgres, PrivateRabbitMQ


class Servers:
    """Default durability. ``folder`` should be on a real disk: fsync costs nothing elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = PrivatePostgres(folder / "postgres")
        self.rabbitmq = PrivateRabbitMQ(folder / "rabbitmq")

    def __enter__(self) -> Servers:
        with ExitStack() as undo:
            self.postgres.start()
            undo.callback(self.postgres.stop)
            self.rabbitmq.start()
            undo.callback(self.rabbitmq.stop)
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo.close()

    def groups(self) -> dict[str, Callable[[], Sequence[int]]]:
        """For a `Meter`."""
        return {
            "postgres": lambda: family(self.postgres.pid),
            "rabbitmq": lambda: family(self.rabbitmq.pid),
        }
