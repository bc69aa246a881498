"""Checks of the rendered manifests that need no cluster: each yields faults, one sentence each."""
