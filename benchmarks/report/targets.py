"""What was measured on, and whether the targets are met."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.report.tables import Results, number, table


@dataclass(frozen=True)
class Target:
    """``at_least``, or else at most."""

    what: str
    key: str
    bound: float
    at_least: bool = True

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = (
    Target("lifecycles/s in batches, 32 in flight, against the usual", "batch_ratio_32", 12),
    Target("lifecycles/s call by call, 32 in flight, against the usual", "each_ratio_32", 5),
    Target("lifecycles/s call by call, 1 in flight, against the usual", "each_ratio_1", 2),
    Target("p99 of a command, 32 in flight, against the usual", "p99_ratio_32", 0.2, False),
    Target("acknowledged to visible at half load, p99, ms", "visible_p99_ms", 100, False),
    Target("a view catching up, against ProjectionRunner", "catch_up_ratio", 20),
    Target("share of the floor, in batches, 128 in flight", "floor_share_128", 0.4),
    Target("lifecycles/s lost from the smallest to the largest store", "growth_loss", 0.1, False),
    Target(
        "a command on the longest order against the shortest, state in memory",
        "order_growth_ratio",
        1.2,
        False,
    ),
    Target("`wuye run` answers, once set up, s", "embedded_next_start_seconds", 5, False),
    Target("errors, 50 people at the pages with time to think", "pages_think_errors", 0, False),
    Target("errors, 50 people at the pages without a pause", "pages_rush_errors", 0, False),
)


def machine(found: Results) -> str:
    note = ""
    if found["scale"] != "full":
        note = f" **This was a `{found['scale']}` run: smaller and shorter than what counts.**"
    return (
        f"Measured at {found['measured_at']} on {found['cores']} cores of {found['cpu']}, "
        f"{found['memory_mb']} MB, {found['kernel']}, Python {found['python']}, PostgreSQL "
        f"{found['postgres_version'].split()[0]} (fsync {found['postgres_fsync']}, "
        f"synchronous_commit {found['postgres_synchronous_commit']}), RabbitMQ "
        f"{found['rabbitmq_version']}, nameko {found['nameko_version']}, eventsourcing "
        f"{found['eventsourcing_version']}, psycopg {found['psycopg_version']}; load average "
        f"{found['load_average_before']} before the run; commit {found['commit']}. Medians of "
        f"{found['rounds']} rounds of {found['round_seconds']:g} s where nothing else is said."
        f"{note}"
    )


def targets(found: Results) -> str:
    rows = []
    for target in TARGETS:
        value = found.get(target.key)
        wanted = f"{'at least' if target.at_least else 'at most'} {target.bound:g}"
        met = "" if value is None else "yes" if target.met(value) else "no"
        shown = "" if value is None else decided(target, value)
        rows.append([target.what, f"`{target.key}`", wanted, shown, met])
    return "\n\n".join(filter(None, (table(_HEADS, rows), _of_all_five(found), _growth(found))))


_HEADS = ("what", "key", "target", "measured", "met")


def decided(target: Target, value: float) -> str:
    """With as many digits as say on which side of the bound it is."""
    for digits in range(3, 8):
        shown = f"{value:#.{digits}g}".rstrip(".") if abs(value) < 1000 else f"{value:.0f}"
        if target.met(float(shown)) == target.met(value):
            return shown
    return repr(value)


def _of_all_five(found: Results) -> str:
    """The usual composition does the work of three services; billing and inboxes are on top."""
    pairs = [
        (found.get(f"platform_{way}_32_lifecycles"), found.get(f"platform_{way}_ratio_32"))
        for way in ("each", "batch")
    ]
    if any(None in pair for pair in pairs):
        return ""
    (each, each_ratio), (batch, batch_ratio) = pairs
    return (
        "The ratios are those of the three services whose work the usual composition does too: "
        "`security`, `workorders` and `analytics`. With `billing` and `notifications` at work on "
        f"the same orders, measured later in the run, it is {number(each)} lifecycles/s call by "
        f"call and {number(batch)} in batches, 32 in flight: {number(each_ratio)} and "
        f"{number(batch_ratio)} times the usual."
    )


def _growth(found: Results) -> str:
    if "growth_orders_from" not in found:
        return ""
    return (
        f"`growth_loss` is from {found['growth_orders_from']:,} to {found['growth_orders_to']:,} "
        "orders here, the greater loss of call by call and in batches."
    )
