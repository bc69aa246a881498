"""What somebody writes who knows nameko and the names of our events alone; for ``nameko run``."""

import json
import os

from nameko.events import event_handler


class Listener:
    name = os.environ.get("LISTENER", "listener")

    @event_handler("workorders", "WorkOrderRated")
    def rated(self, event):  # type: ignore[no-untyped-def]
        print(json.dumps(event), flush=True)
