"""Envoy's files: what an edge starts with and never changes, and who goes where."""

import json
from collections.abc import Mapping
from pathlib import Path

from deploy.release.edge.clusters import clusters
from deploy.release.edge.listeners import administration, certificate, listeners
from deploy.release.edge.parts import Message, address, discovery, typed, watched
from deploy.release.edge.routes import api_routes, require_standing, web_routes
from deploy.release.edge.settings import EdgeSettings, Limits
from deploy.release.model import Addresses, Routing, Slot

BOOTSTRAP, CDS, SDS = "envoy.yaml", "cds.yaml", "sds.yaml"
BOUNDS = (
    1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750,
    1000, 1500, 2000, 3000, 5000, 7500, 10_000, 15_000, 30_000, 60_000,
)  # fmt: skip
"""In milliseconds: how finely it is told how long requests took."""


RUNTIME = {"re2.max_program_size.error_level": 5000, "re2.max_program_size.warn_level": 5000}


def bootstrap(settings: EdgeSettings) -> str:
    """The file that Envoy is started with."""
    message: Message = {
        "node": {"id": "beleg-edge", "cluster": "beleg-edge"},
        "admin": {
            "address": address(settings.admin_host, settings.admin_port),
            "ignore_global_conn_limit": True,
        },
        "static_resources": _static(settings),
        "dynamic_resources": {"cds_config": watched(str(settings.folder), CDS)},
        "stats_config": {"histogram_bucket_settings": [_buckets()]},
        "stats_flush_on_admin": True,
        # Lists of keys and people make longer patterns than are let pass by default.
        "layered_runtime": {"layers": [{"name": "own", "static_layer": RUNTIME}]},
        "overload_manager": _overload(settings.limits),
    }
    return json.dumps(message, indent=1) + "\n"


def _static(settings: EdgeSettings) -> Message:
    found: Message = {"listeners": listeners(settings)}
    return found | ({"clusters": [administration(settings)]} if settings.seen_port else {})


def dynamic(routing: Routing, addresses: Mapping[Slot, Addresses]) -> dict[str, str]:
    """The files that say who goes where, by name; raises Conflict where nobody stands there."""
    require_standing(routing, addresses)
    return {
        CDS: discovery(clusters(addresses, routing.differ)),
        "rds-api.yaml": discovery([api_routes(routing)]),
        "rds-web.yaml": discovery([web_routes(routing)]),
    }


def initial(
    settings: EdgeSettings, routing: Routing, addresses: Mapping[Slot, Addresses]
) -> dict[str, str]:
    """All files of an edge that starts, by name."""
    found = {BOOTSTRAP: bootstrap(settings), **dynamic(routing, addresses)}
    if settings.certificate:
        found[SDS] = discovery(certificate(settings))
    return found


def write(folder: Path, found: Mapping[str, str]) -> None:
    """Put files into a folder, each whole or not at all; whoever watches it sees a rename."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        fresh = folder / f".{name}.new"
        fresh.write_text(text)
        fresh.replace(folder / name)


def _buckets() -> Message:
    return {"match": {"suffix": "upstream_rq_time"}, "buckets": list(BOUNDS)}


def _overload(limits: Limits) -> Message:
    """Too many connections are refused; so are requests, before the kernel ends all for memory."""
    heap = "envoy.resource_monitors.fixed_heap"

    def above(share: float) -> list[Message]:
        return [{"name": heap, "threshold": {"value": share}}]

    return {
        "refresh_interval": "0.25s",
        "resource_monitors": [
            typed(
                heap,
                "extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
                max_heap_size_bytes=limits.heap_mib * 1024 * 1024,
            ),
            typed(
                "envoy.resource_monitors.global_downstream_max_connections",
                "extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                max_active_downstream_connections=limits.connections,
            ),
        ],
        "actions": [
            {"name": "envoy.overload_actions.shrink_heap", "triggers": above(0.9)},
            {"name": "envoy.overload_actions.disable_http_keepalive", "triggers": above(0.92)},
            {"name": "envoy.overload_actions.stop_accepting_requests", "triggers": above(0.95)},
        ],
    }
