"""Who goes where, as Envoy's route files say it."""

import re
from collections.abc import Iterable, Mapping

from core.errors import Conflict
from deploy.release.edge import matches
from deploy.release.edge.clusters import assets
from deploy.release.edge.parts import API_PREFIX, Message, headers_set
from deploy.release.model import Addresses, Routing, Slot

ROUTES = f"{API_PREFIX}.config.route.v3.RouteConfiguration"
API, WEB = "api", "web"
"""The two listeners, and the names of their routes."""
PARTS_OF_A_WHOLE = 10_000
"""Weights are written in hundredths of a percent."""
SAFE = "GET|HEAD|OPTIONS"
KEYED = "POST|PATCH"
"""Methods that an Idempotency-Key makes repeatable; that is promised of both versions."""
KEY = r"[\x21-\x7e]{1,255}"
"""A key that counts: any other is refused or passed over, and what it came with is not repeated."""
RETRIES = 3
REPEATED_BYTES = 8 * 1024 * 1024
"""Larger bodies are passed on and not kept, so that they cannot be sent again."""
TIMES = {"timeout": "0s"}
"""A large document may take long over a slow line; only one on which nothing moves ends."""
UNSENT = "connect-failure,refused-stream,reset-before-request"
"""Nobody has seen any of the request, so it may be sent again whatever it asks for."""
REPEATABLE = f"{UNSENT},reset,retriable-status-codes"


def api_routes(routing: Routing) -> Message:
    """Where partners go."""
    hash_policy = matches.api_hash()
    found = []
    for match, action in _destinations(routing, API, matches.API_KINDS):
        common = {**action, "hash_policy": hash_policy, **TIMES}
        found += [
            _route(_asking(match, _method(SAFE)), common, _retried()),
            _route(_asking(match, _method(KEYED), _keyed()), common, _retried()),
            _route(match, common),
        ]
    configuration = _configuration(API, found)
    if routing.mirrored > 0 and routing.differ:
        configuration["virtual_hosts"][0]["request_mirror_policies"] = [_mirror(routing.mirrored)]
    return configuration


def web_routes(routing: Routing) -> Message:
    """Where people go: an app's page, its files and its calls to one build."""
    hash_policy = matches.web_hash()
    found = []
    for match, action in _destinations(routing, WEB, matches.WEB_KINDS):
        common = {**action, "hash_policy": hash_policy, **TIMES}
        files = {**_of_assets(common)}
        if "prefix" in match:
            found.append(_route({**match, "prefix": "/assets/"}, files, _from_the_other()))
        for each in _newcomers(match):
            found += [
                _route(_asking(each[0], _method(SAFE)), common, _retried(), each[1]),
                _route(each[0], common, None, each[1]),
            ]
    return _configuration(WEB, found)


def require_standing(routing: Routing, addresses: Mapping[Slot, Addresses]) -> None:
    """Raise Conflict where somebody would be sent to a slot in which nothing stands."""
    for slot in (routing.serving, routing.candidate, routing.baseline):
        if slot is not None and slot not in addresses:
            raise Conflict(f"Nothing stands in {slot}, so nobody can be sent there.")
    if routing.mirrored > 0 and not routing.differ:
        raise Conflict("Requests are to be mirrored, and nobody said where the differ is.")


def shares(routing: Routing) -> list[tuple[Slot, int]]:
    """The slots with their share in hundredths of a percent.

    In this order: the candidate's share begins at nought and only grows, so a higher weight takes
    nobody back from it.
    """
    if routing.candidate is None or routing.weight <= 0:
        return [(routing.serving, PARTS_OF_A_WHOLE)]
    to_b = min(round(routing.weight * 100), PARTS_OF_A_WHOLE)
    similar = min(to_b, PARTS_OF_A_WHOLE - to_b) if routing.baseline is not None else 0
    found = [(routing.candidate, to_b)]
    if routing.baseline is not None:
        found.append((routing.baseline, similar))
    found.append((routing.serving, PARTS_OF_A_WHOLE - to_b - similar))
    return [(slot, share) for slot, share in found if share]


def _destinations(
    routing: Routing, part: str, kinds: Iterable[object]
) -> list[tuple[Message, Message]]:
    """Each match with where it leads: conditions first, then everybody else by weight."""
    found: list[tuple[Message, Message]] = []
    if routing.candidate is not None:
        for condition in matches.in_order(routing.conditions):
            if condition.kind in kinds:
                slot = routing.candidate if condition.to_b else routing.serving
                action = {"cluster": f"{part}-{slot}"}
                found += [(match, action) for match in matches.matches(condition)]
    return [*found, ({"prefix": "/"}, _by_weight(routing, part))]


def _by_weight(routing: Routing, part: str) -> Message:
    weighted = shares(routing)
    if len(weighted) == 1:
        return {"cluster": f"{part}-{weighted[0][0]}"}
    clusters = [{"name": f"{part}-{slot}", "weight": share} for slot, share in weighted]
    return {"weighted_clusters": {"clusters": clusters, "use_hash_policy": True}}


def _of_assets(action: Message) -> Message:
    """The same way, to the clusters that have the other build's files as well."""

    def renamed(cluster: str) -> str:
        return assets(Slot(cluster.removeprefix(f"{WEB}-")))

    if "cluster" in action:
        return {**action, "cluster": renamed(action["cluster"])}
    weighted = action["weighted_clusters"]
    clusters = [{**each, "name": renamed(each["name"])} for each in weighted["clusters"]]
    return {**action, "weighted_clusters": {**weighted, "clusters": clusters}}


def _newcomers(match: Message) -> list[tuple[Message, Message]]:
    """A browser that has no cookie of ours is given one: the very word by which it was routed."""
    known = re.escape(matches.EDGE_COOKIE), re.escape(matches.PERSON_COOKIE)
    pattern = rf"(.*;\s*)?({known[0]}|{known[1]})=[^;]+(;.*)?"
    cookie = {"name": "cookie", "string_match": {"safe_regex": {"regex": pattern}}}
    value = (
        f"{matches.EDGE_COOKIE}=%REQ(X-REQUEST-ID)%; Path=/; Max-Age={matches.YEAR_SECONDS};"
        " HttpOnly; SameSite=Lax"
    )
    given = {"response_headers_to_add": headers_set({"Set-Cookie": value}, "APPEND_IF_EXISTS_OR_ADD")}
    unknown = {**cookie, "invert_match": True, "treat_missing_header_as_empty": True}
    return [(_asking(match, unknown), given), (match, {})]


def _configuration(name: str, routes: list[Message]) -> Message:
    return {
        "@type": ROUTES,
        "name": name,
        # A caller's own id stays, and one that is given here is what the parts' logs say too.
        "request_headers_to_add": headers_set(
            {"Request-Id": "%REQ(X-REQUEST-ID)%"}, "ADD_IF_ABSENT"
        ),
        "request_headers_to_remove": ["x-envoy-external-address"],
        "virtual_hosts": [
            {
                "name": name,
                "domains": ["*"],
                "routes": routes,
                "retry_policy": _retry(UNSENT),
                "request_body_buffer_limit": REPEATED_BYTES,
            }
        ],
    }


def _route(
    match: Message, action: Message, retry: Message | None = None, more: Message | None = None
) -> Message:
    route = {**action, "retry_policy": retry} if retry else action
    return {"match": match, "route": route, **(more or {})}


def _asking(match: Message, *headers: Message) -> Message:
    return {**match, "headers": [*match.get("headers", ()), *headers]}


def _method(methods: str) -> Message:
    return {"name": ":method", "string_match": {"safe_regex": {"regex": methods}}}


def _keyed() -> Message:
    return {"name": "idempotency-key", "string_match": {"safe_regex": {"regex": KEY}}}


def _retried() -> Message:
    return {**_retry(REPEATABLE), "retriable_status_codes": [503]}


def _retry(on: str) -> Message:
    return {
        "retry_on": on,
        "num_retries": RETRIES,
        "retry_host_predicate": [
            {
                "name": "envoy.retry_host_predicates.previous_hosts",
                "typed_config": {
                    "@type": f"{API_PREFIX}.extensions.retry.host.previous_hosts.v3"
                    ".PreviousHostsPredicate"
                },
            }
        ],
        "host_selection_retry_max_attempts": 3,
        "retry_back_off": {"base_interval": "0.05s", "max_interval": "1s"},
    }


def _from_the_other() -> Message:
    """A file that one build has not is asked of the other's."""
    return {
        **_retry(REPEATABLE),
        "retriable_status_codes": [404, 503],
        "retry_priority": {
            "name": "envoy.retry_priorities.previous_priorities",
            "typed_config": {
                "@type": f"{API_PREFIX}.extensions.retry.priority.previous_priorities.v3"
                ".PreviousPrioritiesConfig",
                "update_frequency": 1,
            },
        },
    }


def _mirror(share: float) -> Message:
    fraction = {"numerator": round(share * 1_000_000), "denominator": "MILLION"}
    return {
        "cluster": "differ",
        "runtime_fraction": {"default_value": fraction},
        "disable_shadow_host_suffix_append": True,
    }
