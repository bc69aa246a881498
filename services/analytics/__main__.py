"""``python -m services.analytics serve | work | migrate``"""

from shared.hosting.green import patch

patch()

from services.analytics.definition import SERVICE  # noqa: E402
from shared.hosting.process import main  # noqa: E402

main(SERVICE)
