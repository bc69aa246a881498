"""What a green process owes to those who know Python's own threads."""

import subprocess
import sys

JOINING = """
from shared.hosting.green import patch
patch()
import threading, time
sleeper = threading.Thread(target=time.sleep, args=(60,), daemon=True)
sleeper.start()
sleeper.join(0.05)
quick = threading.Thread(target=lambda: None)
quick.start()
quick.join()
quick.join(5)
print("joined", sleeper.is_alive(), quick.is_alive())
"""


def test_joining_a_thread_for_a_while_just_returns_when_the_while_is_over() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", JOINING], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "joined True False\n", done.stderr
