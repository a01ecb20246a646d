"""The edge's files that Compose and Kubernetes start with, as the edge's own code writes them.

`python -m tests.deploy.edge_files` writes them anew; `test_edge_files.py` fails where they differ.
"""

from pathlib import Path

from deploy.release.edge.files import initial
from deploy.release.edge.settings import Certificate, EdgeSettings
from deploy.release.model import Addresses, Routing, Slot

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path("/etc/envoy/beleg")
TLS = Path("/etc/envoy/tls")
KUBERNETES = ROOT / "deploy/k8s/edge/files"
COMPOSE = ROOT / "deploy/envoy/compose"


def expected() -> dict[Path, str]:
    """Each file and what is to be in it: all go to blue, by the names that it has there."""
    routing = Routing(Slot.BLUE)
    cluster = EdgeSettings(
        FOLDER,
        host="0.0.0.0",
        seen_port=9006,
        certificate=Certificate(TLS / "tls.crt", TLS / "tls.key"),
    )
    # Its administration is asked by this machine, which is another to a container.
    machine = EdgeSettings(FOLDER, host="0.0.0.0", admin_host="0.0.0.0")
    found = {}
    for folder, settings, api, bff in (
        (KUBERNETES, cluster, "beleg-api-blue", "beleg-bff-blue"),
        (COMPOSE, machine, "172.28.5.11", "172.28.5.12"),
    ):
        addresses = Addresses((f"{api}:8001",), (f"{bff}:8000",), (f"{api}:9000", f"{bff}:9001"))
        for name, text in initial(settings, routing, {Slot.BLUE: addresses}).items():
            found[folder / name] = text
    return found


if __name__ == "__main__":
    for file, text in expected().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
