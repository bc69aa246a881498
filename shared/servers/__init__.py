"""Private servers: one RabbitMQ node, one PostgreSQL cluster, each in a folder of its own.

They take free loopback ports, touch no server that is already there, and end with the process that
started them, however that one ends. `make stack` runs on them, and so do the tests.
"""

from shared.servers.postgres import PrivatePostgres
from shared.servers.rabbitmq import PrivateRabbitMQ

__all__ = ["PrivatePostgres", "PrivateRabbitMQ"]
