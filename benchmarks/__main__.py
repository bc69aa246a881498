"""``python -m benchmarks``: measure, write down, draw."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path

import click

from benchmarks.scale import SCALES

RESULTS = Path("benchmarks/results/latest.json")
PAGE = Path("docs/performance.md")
MEASURES = (
    "lifecycles",
    "latency",
    "catch_up",
    "growth",
    "resources",
    "replicas",
    "embedded",
    "pages",
)


@click.command()
@click.option("--scale", type=click.Choice(sorted(SCALES)), default="full", show_default=True)
@click.option(
    "--only", multiple=True, type=click.Choice(MEASURES), help="One measure of the eight."
)
@click.option("--results", type=click.Path(path_type=Path), default=RESULTS, show_default=True)
@click.option("--page", type=click.Path(path_type=Path), default=PAGE, show_default=True)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(".data/benchmarks"),
    show_default=True,
    help="Where the servers of the run live meanwhile; on a disk: fsync costs nothing elsewhere.",
)
def main(scale: str, only: tuple[str, ...], results: Path, page: Path, folder: Path) -> None:
    """Measure wuye beside the usual composition, and show it in RESULTS and PAGE."""
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    from benchmarks import report
    from benchmarks.run import Interrupted, run

    folder.mkdir(parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="run-", dir=folder.absolute()))
    try:
        run(SCALES[scale], only or MEASURES, results.absolute(), own)
    except Interrupted as signal:
        raise click.ClickException(f"{signal}: all that was started has ended") from None
    finally:
        shutil.rmtree(own, ignore_errors=True)
    report.write(results, page)


main()
