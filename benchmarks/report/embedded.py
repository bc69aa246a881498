"""The platform in one process."""

from __future__ import annotations

from benchmarks.report.tables import Results, number, table
from benchmarks.scale import IN_FLIGHT


def embedded(found: Results) -> str:
    if "embedded_next_start_seconds" not in found:
        return ""
    rows = [
        [f"{what}, {text}", *(number(found.get(f"embedded_{way}_{n}_{key}")) for n in IN_FLIGHT)]
        for what, key in (("lifecycles/s", "lifecycles"), ("% of a core", "cpu_percent"))
        for way, text in (("each", "call by call"), ("batch", "in batches"))
    ]
    return (
        f"{table(['in flight', *map(str, IN_FLIGHT)], rows)}\n\n"
        f"`wuye run` answers after {number(found['embedded_next_start_seconds'])} s "
        f"({number(found['embedded_first_start_seconds'])} s the first time, when it registers "
        f"the demo community: one start), takes {number(found['embedded_rest_cpu_percent'])} % of "
        f"a core and {number(found['embedded_rest_memory_mb'])} MB at rest. After the load above "
        f"it is {number(found.get('embedded_load_memory_mb'))} MB, the client in the same process."
    )
