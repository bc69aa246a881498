"""``python -m tests.integration.hosting.programs.bank_process serve | work | migrate``

In the environment: ``PATIENCE``, seconds a command waits to be stored; ``NO_LEASE``, every ``work``
leads.
"""

from shared.hosting.green import patch

patch()

import os  # noqa: E402
from functools import partial  # noqa: E402

from shared.hosting import parts, process  # noqa: E402
from shared.hosting.lease import NoLease  # noqa: E402
from tests.integration.hosting.programs.bank import SERVICE  # noqa: E402

if "PATIENCE" in os.environ:
    patience = float(os.environ["PATIENCE"])
    parts.GroupCommit = partial(parts.GroupCommit, patience=patience)  # type: ignore
if "NO_LEASE" in os.environ:
    process.PostgresLease = lambda url: NoLease()  # type: ignore

process.main(SERVICE)
