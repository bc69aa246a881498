"""Who is told of what, one sentence a file.

Nothing here is about ``WorkOrderImported``: history that was brought in tells nobody.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from services.notifications.inbox.sentences import Sentence, joined

SENTENCES: tuple[Sentence, ...] = tuple(
    import_module(f"{__name__}.{module.name}").SENTENCE for module in iter_modules(__path__)
)
POLICIES = joined(SENTENCES)
