"""Hosting a service in nameko: the only place, with messaging, that knows nameko and eventlet."""

import warnings

# Known, and prepared for: the way off it is a change of this package and shared.messaging alone.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
