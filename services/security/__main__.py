"""``python -m services.security serve | work | migrate``"""

from shared.hosting.green import patch

patch()

from services.security.definition import SERVICE  # noqa: E402
from shared.hosting.process import main  # noqa: E402

main(SERVICE)
