from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.report import write

given = [Path(text) for text in sys.argv[1:]]
results = given[0] if given else Path("benchmarks/results/latest.json")
write(results, given[1] if len(given) > 1 else Path("docs/performance.md"))
