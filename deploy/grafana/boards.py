"""The dashboards: the platform, one service, the broker, the databases, the business."""

from __future__ import annotations

from deploy.grafana.panels import Board, Panel, Query


def _by(function: str, metric: str, labels: str, most: str = "5m") -> str:
    return f"sum by ({labels}) ({function}({metric}[{most}]))"


def _p99(metric: str, labels: str) -> str:
    return f"histogram_quantile(0.99, {_by('rate', f'{metric}_bucket', f'{labels}, le')})"


_PROMISES = (
    Panel(
        "Requests failed by our fault",
        "Of all in the last hour; promised is 0.1 %.",
        [
            Query(
                "service:wuye_rpc_errors:ratio_rate1h or service:wuye_rpc_requests:rate1h * 0",
                "{{service}}",
            )
        ],
        "percentunit",
    ),
    Panel(
        "Answers slower than half a second",
        "Of all in the last hour; promised is 1 %.",
        [Query("service:wuye_rpc_slow:ratio_rate1h", "{{service}}")],
        "percentunit",
    ),
)
_FLOW = (
    Panel(
        "Requests", "A second.", [Query("service:wuye_rpc_requests:rate5m", "{{service}}")], "reqps"
    ),
    Panel(
        "Answers, 99th percentile",
        "From request to answer.",
        [Query(_p99("wuye_rpc_request_duration_seconds", "service"), "{{service}}")],
        "s",
    ),
)
_FOLLOWING = (
    Panel(
        "Handlers behind",
        "How long each has been.",
        [Query("max by (service, handler) (wuye_follower_lag_seconds)", "{{service}} {{handler}}")],
        "s",
    ),
    Panel(
        "Events to tell",
        "Positions each relay is behind its log.",
        [Query("max by (service) (wuye_relay_lag_events)", "{{service}}")],
    ),
    Panel(
        "Stopped handlers",
        "Each needs somebody to look.",
        [Query("sum(wuye_follower_stopped)", "stopped")],
        single=True,
    ),
    Panel(
        "Parked events",
        "Each waits to be retried or dropped.",
        [Query("sum(wuye_follower_parked_events) or vector(0)", "parked")],
        single=True,
    ),
)
_PROCESSES = (
    Panel(
        "Processor",
        "Of one core, by process.",
        [Query(_by("rate", "process_cpu_seconds_total", "job, process"), "{{job}} {{process}}")],
        "percentunit",
    ),
    Panel(
        "Memory",
        "Resident, by process.",
        [Query("sum by (job, process) (process_resident_memory_bytes)", "{{job}} {{process}}")],
        "bytes",
    ),
    Panel(
        "Turns come late, 99th percentile",
        "How late green threads get their turn.",
        [Query(_p99("wuye_hub_lag_seconds", "job, process"), "{{job}} {{process}}")],
        "s",
    ),
    Panel(
        "Processes that answer",
        "To Prometheus.",
        [Query('sum by (process) (up{process=~"serve|work|edge"})', "{{process}}")],
    ),
)
_SAVING = (
    Panel(
        "Saves",
        "A second.",
        [Query(_by("rate", "wuye_append_batch_size_sum", "service"), "{{service}}")],
        "ops",
    ),
    Panel(
        "Saves in one transaction",
        "On average.",
        [
            Query(
                f"{_by('rate', 'wuye_append_batch_size_sum', 'service')} "
                f"/ {_by('rate', 'wuye_append_batch_size_count', 'service')}",
                "{{service}}",
            )
        ],
    ),
    Panel(
        "A transaction, 99th percentile",
        "With the standby's answer where there is one.",
        [Query(_p99("wuye_append_duration_seconds", "service"), "{{service}}")],
        "s",
    ),
    Panel(
        "Saves that wait",
        "For the next transaction.",
        [Query("sum by (service) (wuye_append_queue_length)", "{{service}}")],
    ),
    Panel(
        "Saves that lost to another writer",
        "A second.",
        [Query(_by("rate", "wuye_append_conflicts_total", "service"), "{{service}}")],
        "ops",
    ),
    Panel(
        "Connections",
        "Of the pools, used and idle.",
        [Query("sum by (service, state) (wuye_store_connections)", "{{service}} {{state}}")],
    ),
    Panel(
        "Requests that wait for a connection",
        "Should be none.",
        [Query("sum by (service) (wuye_store_waiting_requests)", "{{service}}")],
    ),
)
_METHODS = (
    Panel(
        "Requests by method",
        "A second.",
        [
            Query(
                _by("rate", "wuye_rpc_requests_total", "service, method"), "{{service}}.{{method}}"
            )
        ],
        "reqps",
    ),
    Panel(
        "Requests by answer",
        "A second; ok, the code of an error, or fault.",
        [Query(_by("rate", "wuye_rpc_requests_total", "service, code"), "{{service}} {{code}}")],
        "reqps",
    ),
    Panel(
        "Answers by method, 99th percentile",
        "From request to answer.",
        [
            Query(
                _p99("wuye_rpc_request_duration_seconds", "service, method"),
                "{{service}}.{{method}}",
            )
        ],
        "s",
    ),
)
_QUEUES = 'rabbitmq_detailed_queue_messages_ready{queue=~"rpc-.+"}'
_BROKER = (
    Panel("Calls that wait", "By queue.", [Query(f"sum by (queue) ({_QUEUES})", "{{queue}}")]),
    Panel(
        "Messages taken in and given out",
        "A second.",
        [
            Query("sum(rate(rabbitmq_global_messages_received_total[5m]))", "in"),
            Query("sum(rate(rabbitmq_global_messages_delivered_total[5m]))", "out"),
        ],
        "ops",
    ),
    Panel(
        "Connections and channels",
        "Open now.",
        [
            Query("sum(rabbitmq_connections)", "connections"),
            Query("sum(rabbitmq_channels)", "channels"),
        ],
    ),
    Panel("Queues", "There are.", [Query("sum(rabbitmq_queues)", "queues")]),
    Panel(
        "Memory",
        "By node, and where it stops taking messages.",
        [
            Query("rabbitmq_process_resident_memory_bytes", "{{instance}}"),
            Query("rabbitmq_resident_memory_limit_bytes", "limit {{instance}}"),
        ],
        "bytes",
    ),
    Panel(
        "Disk left",
        "By node.",
        [Query("rabbitmq_disk_space_available_bytes", "{{instance}}")],
        "bytes",
    ),
)
# Ours alone: of Debian's exporter on the stack, of CloudNativePG's own in a cluster.
_OURS = '{datname=~"wuye_.+"}'


def _of_postgres(query: str, metric: str, in_cluster: str | None = None) -> str:
    """``query`` with one metric of either exporter in the place of METRIC."""
    other = in_cluster or f"cnpg_{metric}"
    return f"{query.replace('METRIC', metric)} or {query.replace('METRIC', other)}"


_POSTGRES = (
    Panel(
        "Transactions",
        "Committed a second.",
        [
            Query(
                _of_postgres(
                    f"sum by (datname) (rate(METRIC{_OURS}[5m]))", "pg_stat_database_xact_commit"
                ),
                "{{datname}}",
            )
        ],
        "ops",
    ),
    Panel(
        "Rolled back",
        "Transactions a second.",
        [
            Query(
                _of_postgres(
                    f"sum by (datname) (rate(METRIC{_OURS}[5m]))", "pg_stat_database_xact_rollback"
                ),
                "{{datname}}",
            )
        ],
        "ops",
    ),
    Panel(
        "Size",
        "Of each database.",
        [
            Query(
                _of_postgres(f"max by (datname) (METRIC{_OURS})", "pg_database_size_bytes"),
                "{{datname}}",
            )
        ],
        "bytes",
    ),
    Panel(
        "Connections",
        "To each database.",
        [
            Query(
                _of_postgres(
                    f"sum by (datname) (METRIC{_OURS})",
                    "pg_stat_database_numbackends",
                    "cnpg_backends_total",
                ),
                "{{datname}}",
            )
        ],
    ),
    Panel(
        "Found in memory",
        "Of the blocks that were asked for.",
        [
            Query(
                " or ".join(
                    f"sum by (datname) (rate({of}_blks_hit{_OURS}[5m])) / "
                    f"(sum by (datname) (rate({of}_blks_hit{_OURS}[5m]) + "
                    f"rate({of}_blks_read{_OURS}[5m])) > 0)"
                    for of in ("pg_stat_database", "cnpg_pg_stat_database")
                ),
                "{{datname}}",
            )
        ],
        "percentunit",
    ),
    Panel(
        "Deadlocks",
        "Should be none.",
        [
            Query(
                _of_postgres(f"sum(rate(METRIC{_OURS}[5m]))", "pg_stat_database_deadlocks"),
                "deadlocks",
            )
        ],
        "ops",
    ),
    Panel(
        "Behind the primary",
        "Each standby; none on a single instance.",
        [Query("max by (instance) (cnpg_pg_replication_lag or pg_up * 0)", "{{instance}}")],
        "s",
    ),
)
_ORDERS = (
    Panel(
        "Open orders by category",
        "That nobody has accepted yet.",
        [Query("sum by (kind, category) (wuye_orders_open)", "{{kind}} {{category}}")],
    ),
    Panel(
        "Open orders by state",
        "That nobody has accepted yet.",
        [Query("sum by (state) (wuye_orders_open)", "{{state}}")],
    ),
    Panel(
        "Open orders",
        "Now.",
        [Query("sum(wuye_orders_open)", "open")],
        single=True,
    ),
    Panel(
        "Escalated and open",
        "Orders of which a promise was broken, or nearly.",
        [Query("sum(wuye_orders_escalated) or vector(0)", "escalated")],
        single=True,
    ),
    Panel(
        "Broken promises by category",
        "Open orders.",
        [Query("sum by (kind, category) (wuye_orders_breached)", "{{kind}} {{category}}")],
    ),
    Panel(
        "Rated in 30 days",
        "Orders.",
        [Query("sum(wuye_orders_rated_recently)", "rated")],
        single=True,
    ),
    Panel(
        "Stars in 30 days",
        "On average, by category.",
        [
            Query(
                "sum by (category) (wuye_orders_rated_recently_stars) "
                "/ sum by (category) (wuye_orders_rated_recently)",
                "{{category}}",
            )
        ],
    ),
    Panel(
        "Orders submitted",
        "An hour.",
        [
            Query(
                'sum(increase(wuye_rpc_requests_total{service="workorders",method="submit",'
                'code="ok"}[1h]))',
                "submitted",
            )
        ],
    ),
    Panel(
        "Suggestions, questions and praise to be answered",
        "Open ones, and those of them whose deadline is past.",
        [
            Query("sum by (kind) (wuye_inquiries_open)", "{{kind}}"),
            Query("sum(wuye_inquiries_overdue) or vector(0)", "overdue"),
        ],
    ),
)
BOARDS = (
    Board(
        "wuye-platform",
        "wuye: platform",
        (
            ("Promises", _PROMISES),
            ("Requests", _FLOW),
            ("Following", _FOLLOWING),
            ("Processes", _PROCESSES),
        ),
    ),
    Board("wuye-services", "wuye: services", (("Methods", _METHODS), ("Saving", _SAVING[:5]))),
    Board("wuye-rabbitmq", "wuye: broker", (("Broker", _BROKER),)),
    Board(
        "wuye-postgres",
        "wuye: databases",
        (("As the services see them", _SAVING), ("As they see themselves", _POSTGRES)),
    ),
    Board("wuye-business", "wuye: orders", (("Orders", _ORDERS),)),
)
