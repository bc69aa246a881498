"""``python -m deploy.grafana``: write every dashboard's JSON."""

from __future__ import annotations

from pathlib import Path

from deploy.grafana.boards import BOARDS
from deploy.grafana.panels import to_json

FOLDER = Path(__file__).parent

if __name__ == "__main__":
    for board in BOARDS:
        (FOLDER / f"{board.uid}.json").write_text(to_json(board))
        print(f"{board.uid}.json: {len(board.queries)} queries")
