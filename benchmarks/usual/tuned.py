"""The same with the RPC settings of ours: what is asked and answered is neither persistent nor
confirmed one by one, and as many connections as workers. Events stay persistent and confirmed.
"""

from __future__ import annotations

from kombu import pools
from nameko.amqp.publish import Publisher
from nameko.constants import NON_PERSISTENT
from nameko.rpc import Responder

WORKERS = 64


class _QuickPublisher(Publisher):
    use_confirms = False
    delivery_mode = NON_PERSISTENT


def apply() -> None:
    Responder.publisher_cls = _QuickPublisher
    pools.set_limit(WORKERS)
