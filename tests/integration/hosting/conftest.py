"""One stack for all tests of hosting: the bank, and the mirror that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.servers import PrivatePostgres, PrivateRabbitMQ
from tests.integration.hosting.bench import Bench, environment_of, modules


@pytest.fixture(scope="session")
def bench(
    postgres: PrivatePostgres, rabbitmq: PrivateRabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    folder: Path = tmp_path_factory.mktemp("hosting")
    with Bench(
        postgres,
        rabbitmq,
        folder,
        ("toys", "mirror"),
        modules=modules(),
        environment=environment_of(folder),
    ) as bench:
        yield bench
