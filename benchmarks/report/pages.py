"""People at the pages."""

from __future__ import annotations

from benchmarks.report.tables import Results, number, table

_PACE = {"enter": "logging in", "think": "1 to 3 s to think", "rush": "without a pause"}


def pages(found: Results) -> str:
    """Pages by kind, with time to think and without."""
    if "pages_users" not in found:
        return ""
    rows = []
    for way in ("enter", "think", "rush"):
        stem = f"pages_{way}_of_"
        counted = [name for name in found if name.startswith(stem) and name.endswith("_count")]
        kinds = [name.removeprefix(stem).removesuffix("_count") for name in counted]
        rows += [
            [
                f"{kind.replace('_', ' ')}, {_PACE[way]}",
                f"{found[f'{stem}{kind}_count']:,}",
                *(number(found[f"{stem}{kind}_p{percent}_ms"]) for percent in (50, 95)),
            ]
            for kind in kinds
        ]
        rows.append(
            [
                f"**all, {_PACE[way]}**",
                f"{number(found[f'pages_{way}_per_second'])}/s",
                *(number(found[f"pages_{way}_p{percent}_ms"]) for percent in (50, 95)),
            ]
        )
    errors = "; ".join(
        f"{_PACE[way]} {found[f'pages_{way}_errors']}{_of(found, way)}"
        + (f" ({kinds})" if (kinds := found[f"pages_{way}_error_kinds"]) else "")
        for way in ("enter", "think", "rush")
    )
    return (
        f"{table(['page', 'how many', 'p50, ms', 'p95, ms'], rows)}\n\n"
        f"{found['pages_users']} people of five roles for {found['pages_seconds']:g} s each way. "
        f"Errors: {errors}."
    )


def _of(found: Results, way: str) -> str:
    pages = found.get(f"pages_{way}_pages")
    return f" of {pages:,}" if pages is not None else ""
