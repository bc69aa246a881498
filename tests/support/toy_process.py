"""``python -m tests.support.toy_process serve | work | migrate``: the jar of coins on the stack."""

from shared.hosting.green import patch

patch()

from shared.hosting.process import main  # noqa: E402
from tests.support.toy_service import SERVICE  # noqa: E402

main(SERVICE)
