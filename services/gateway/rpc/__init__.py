"""RPC over HTTP, for the ``wuye`` command on this machine."""
