"""The same rules with shorter windows, for alerts that would else need hours of a fault."""

from __future__ import annotations

import json
import re
from typing import Any

from cli.stack import watching

# of expressions, and of how long they must hold
WINDOWS = {"5m": "30s", "30m": "1m", "1h": "2m", "6h": "4m"}
HOLDS = {"15m": "1m", "10m": "1m", "2m": "30s"}
# what these alerts of the drill do not need stays as it is
SHORTENED = (
    "WuyeErrorsFast",
    "WuyeErrorsSlow",
    "WuyeLatencyFast",
    "WuyeLatencySlow",
    "WuyeHubLate",
)


def shortened() -> dict[str, Any]:
    """Of the recorded ratios, and of the alerts named above; names and thresholds are the same."""
    found: dict[str, Any] = json.loads(json.dumps(watching.production_rules()))
    for group in found["groups"]:
        group["interval"] = "5s"
        for rule in group["rules"]:
            if "record" in rule or rule["alert"] in SHORTENED:
                rule["expr"] = re.sub(
                    r"\[(\w+)\]", lambda window: f"[{WINDOWS[window[1]]}]", rule["expr"]
                )
                if "for" in rule:
                    rule["for"] = HOLDS[rule["for"]]
    return found
