"""``python -m deploy.checks``: render every overlay and check it; faults one a line, code 1."""

from __future__ import annotations

import sys

from deploy.checks import schemas
from deploy.checks.kubectl import K8S, OVERLAYS, NoKubectl, render
from deploy.checks.manifests import Manifests
from deploy.checks.own import CHECKS


def main() -> int:
    checks = [*CHECKS, schemas.kubernetes]
    if schemas.CUSTOM.is_dir():
        checks.append(schemas.custom)
    else:
        print("not checked: the operators' resources, whose schemas are not beside the project")
    faults = 0
    for overlay in OVERLAYS:
        try:
            manifests = Manifests.of(render(K8S / "overlays" / overlay))
        except NoKubectl as none:
            print(none, file=sys.stderr)
            return 1
        for check in checks:
            for fault in check(manifests):
                faults += 1
                print(f"{overlay}: {check.__name__}: {fault}")
        print(f"{overlay}: {len(manifests.resources)} resources, {len(checks)} checks")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
