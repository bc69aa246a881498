"""``python -m benchmarks``: measure, write down, draw."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path

import click

from benchmarks.scale import SCALES

FOLDER = Path("benchmarks/results")
PAGE = Path("docs/performance.md")
MEASURES = (
    "lifecycles",
    "latency",
    "replicas",
    "growth",
    "catch_up",
    "resources",
    "pages",
    "embedded",
    "profile",
)
EXTRAS = {"pages", "profile"}
"""Measures that a scale may do without, unless they are asked for."""


def counts(scale: str, only: tuple[str, ...]) -> bool:
    """Whether this run is the one that is shown."""
    return scale == "full" and not only


def default_results(scale: str, only: tuple[str, ...]) -> Path:
    name = "latest" if counts(scale, only) else "partial" if only else scale
    return FOLDER / f"{name}.json"


@click.command()
@click.option("--scale", type=click.Choice(sorted(SCALES)), default="full", show_default=True)
@click.option("--only", multiple=True, type=click.Choice(MEASURES), help="One measure of the nine.")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    help=f"By default {FOLDER}/latest.json for a whole full run, else a file beside it.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    help=f"By default {PAGE} for a whole full run; others print their tables alone.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(".data/benchmarks"),
    show_default=True,
    help="Where the servers of the run live meanwhile; on a disk: fsync costs nothing elsewhere.",
)
def main(
    scale: str, only: tuple[str, ...], results: Path | None, page: Path | None, folder: Path
) -> None:
    """Measure wuye beside the usual composition, and show it in RESULTS and PAGE."""
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    from benchmarks import report
    from benchmarks.run import Interrupted, run

    size = SCALES[scale]
    measures = only or tuple(one for one in MEASURES if one not in EXTRAS - size.extras)
    results = results or default_results(scale, only)
    page = page or (PAGE if counts(scale, only) else None)
    folder.mkdir(parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="run-", dir=folder.absolute()))
    try:
        run(size, measures, results.absolute(), own)
    except Interrupted as signal:
        raise click.ClickException(f"{signal}: all that was started has ended") from None
    finally:
        shutil.rmtree(own, ignore_errors=True)
    if page is not None:
        report.write(results, page)
    else:
        click.echo(report.text(results))


if __name__ == "__main__":
    main()
