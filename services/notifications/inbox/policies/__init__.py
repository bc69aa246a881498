"""Who is told of what, one sentence a file; ``POLICIES`` is all of them.

Nothing here handles ``WorkOrderImported``: history that was brought in tells nobody.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from shared.following.handlers import Policy

POLICIES: tuple[Policy, ...] = tuple(
    import_module(f"{__name__}.{module.name}").POLICY
    for module in sorted(iter_modules(__path__), key=lambda found: found.name)
)
