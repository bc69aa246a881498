"""``python -m tests.integration.hosting.programs.mirror_process serve | work | migrate``"""

from shared.hosting.green import patch

patch()

from shared.hosting.process import main  # noqa: E402
from tests.integration.hosting.programs.mirror import SERVICE  # noqa: E402

main(SERVICE)
