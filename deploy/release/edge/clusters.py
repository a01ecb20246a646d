"""Whom an edge sends requests to: a cluster for each slot's API and web app, and the differ."""

from collections.abc import Iterable, Mapping, Sequence

from deploy.release.edge.parts import API_PREFIX, Message, is_address, seconds, split, typed
from deploy.release.model import Addresses, Slot

CLUSTER = f"{API_PREFIX}.config.cluster.v3.Cluster"
ROUTED = (Slot.BLUE, Slot.GREEN, Slot.BASELINE)
"""Slots that an edge may send people to; shadows are asked by the differ alone."""
BUNDLES = (Slot.BLUE, Slot.GREEN)
"""Slots whose web apps may differ; the baseline's is that of the one that serves."""
CONNECT_SECONDS = 1.0
KEPT_SECONDS = 60.0
"""For how long an idle connection is kept: less than a part keeps it (75 s), else both let go at once."""
CHECK_SECONDS = 1.0
MOST = 4096
RETRIES_AT_ONCE, RETRIES_PERCENT = 64, 50
"""Retries under way at a time: so many, or this share of all requests where that is more."""
SHADOW_MOST, SHADOW_SECONDS = 128, 30.0

Host = tuple[str, str | None]
"""A part's address, and where its health is asked."""


def clusters(addresses: Mapping[Slot, Addresses], differ: str = "") -> list[Message]:
    """A cluster for each part that stands where people may be sent."""
    found = []
    for slot in ROUTED:
        if slot not in addresses:
            continue
        if addresses[slot].api:
            found.append(cluster(f"api-{slot}", [apis(addresses[slot])]))
        if addresses[slot].bff:
            found.append(cluster(f"web-{slot}", [bffs(addresses[slot])]))
            found.append(cluster(assets(slot), _bundles(slot, addresses)))
    if differ:
        found.append(_differ(differ))
    return found


def assets(slot: Slot) -> str:
    """The cluster that serves a build's files, and those of the other build where it has none."""
    return f"assets-{slot}"


def apis(place: Addresses) -> list[Host]:
    """A slot's APIs."""
    return _hosts(place.api, place.health)


def bffs(place: Addresses) -> list[Host]:
    """A slot's web apps."""
    return _hosts(place.bff, place.health[len(place.api) :])


def _hosts(places: Sequence[str], health: Sequence[str]) -> list[Host]:
    return [(place, health[n] if n < len(health) else None) for n, place in enumerate(places)]


def _bundles(slot: Slot, addresses: Mapping[Slot, Addresses]) -> list[list[Host]]:
    """A build's own web apps first, then those of the build beside it."""
    others = [each for each in BUNDLES if each is not slot and each in addresses]
    if slot is Slot.BASELINE:  # it has the files of one of them, and nobody tells which
        return [bffs(addresses[slot]), *(bffs(addresses[each]) for each in others)]
    found = [bffs(addresses[each]) for each in (slot, *others)]
    return [each for each in found if each]


def cluster(name: str, groups: Sequence[Sequence[Host]]) -> Message:
    """A cluster; a group is only asked where those before it have failed."""
    hosts = [host for group in groups for host in group]
    named = not all(is_address(split(place)[0]) for place, _ in hosts)
    message: Message = {
        "@type": CLUSTER,
        "name": name,
        "type": "STRICT_DNS" if named else "STATIC",
        "connect_timeout": seconds(CONNECT_SECONDS),
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [
                {"priority": priority, "lb_endpoints": [_endpoint(*host) for host in group]}
                for priority, group in enumerate(groups)
            ],
        },
        # Where nobody says that it is ready all are asked: a part says itself what it lacks.
        "common_lb_config": {"healthy_panic_threshold": {"value": 1}},
        "ignore_health_on_host_removal": True,
        "circuit_breakers": {"thresholds": [_bounds()]},
        "outlier_detection": _outliers(),
        **_protocol({"idle_timeout": seconds(KEPT_SECONDS)}),
    }
    if named:
        message |= {"respect_dns_ttl": True, "dns_refresh_rate": "2s", "dns_lookup_family": "ALL"}
    if all(health for _, health in hosts):
        message["health_checks"] = [_health_check()]
    return message


def _endpoint(place: str, health: str | None) -> Message:
    host, port = split(place)
    endpoint: Message = {"address": {"socket_address": {"address": host, "port_value": port}}}
    if health:
        health_host, health_port = split(health)
        endpoint["health_check_config"] = {"port_value": health_port}
        if health_host != host:
            where = {"address": health_host, "port_value": health_port}
            endpoint["health_check_config"] = {"address": {"socket_address": where}}
    return {"endpoint": endpoint}


def _health_check() -> Message:
    """A part that says it is not ready is asked no more at once; one that is silent after two."""
    return {
        "timeout": seconds(CHECK_SECONDS * 2),
        "interval": seconds(CHECK_SECONDS),
        "no_traffic_interval": seconds(CHECK_SECONDS),
        "unhealthy_threshold": 2,
        "healthy_threshold": 1,
        "http_health_check": {"path": "/readyz"},
    }


def _bounds() -> Message:
    return {
        "max_connections": MOST,
        "max_pending_requests": MOST,
        "max_requests": MOST,
        "retry_budget": {
            "budget_percent": {"value": RETRIES_PERCENT},
            "min_retry_concurrency": RETRIES_AT_ONCE,
        },
    }


def _outliers() -> Message:
    """Only a process that cannot be reached is left aside: what it answers is its gate's business."""
    return {
        "split_external_local_origin_errors": True,
        "consecutive_local_origin_failure": 5,
        "enforcing_consecutive_5xx": 0,
        "enforcing_consecutive_gateway_failure": 0,
        "enforcing_success_rate": 0,
        "enforcing_local_origin_success_rate": 0,
        "interval": "2s",
        "base_ejection_time": "2s",
        "max_ejection_time": "10s",
        "max_ejection_percent": 50,
    }


def _differ(place: str) -> Message:
    """What is mirrored to never keeps anybody waiting: what is too much for it is left out."""
    message = cluster("differ", [[(place, None)]])
    limits = ("max_connections", "max_pending_requests", "max_requests")
    message["circuit_breakers"] = {"thresholds": [dict.fromkeys(limits, SHADOW_MOST)]}
    del message["outlier_detection"]
    kept = {"idle_timeout": "10s", "max_stream_duration": seconds(SHADOW_SECONDS)}
    return {**message, **_protocol(kept)}


def _protocol(options: Message) -> Message:
    kind = "extensions.upstreams.http.v3.HttpProtocolOptions"
    config = typed(
        "", kind, common_http_protocol_options=options, explicit_http_config={"http_protocol_options": {}}
    )["typed_config"]
    return {
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": config
        }
    }


def names(found: Iterable[Message]) -> set[str]:
    """The clusters' names."""
    return {str(each["name"]) for each in found}
