"""Where an edge listens: who may connect, how much it takes, and what it does to what passes."""

from typing import Any

from deploy.release.edge import replies
from deploy.release.edge.parts import API_PREFIX, Message, address, seconds, typed, watched
from deploy.release.edge.routes import API, WEB
from deploy.release.edge.settings import EdgeSettings, Limits
from public_api import shadow

CERTIFICATE = "certificate"
STRIPPED = (shadow.MARK.decode(), "x-envoy-original-path")
"""What callers may not say: it is said between our own parts only."""
JSON_TYPES = ("application/json", "application/problem+json")
DOC_TYPES = (
    "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml",
    "application/manifest+json",
)  # fmt: skip
WORTH_BYTES = 1024
OURS = ("UH", "UF", "UO", "UT", "UC", "UR", "URX", "NR", "NC", "LR", "OM", "DPE", "UPE")
"""Envoy's words for what nobody but us is to blame for; a caller that hung up is not told of."""
ADMIN = "admin"
READ = ("/ready", "/stats", "/stats/prometheus", "/clusters", "/config_dump")
"""What Prometheus and whoever drives a release ask; none of it changes anything."""
CLOSING_SECONDS = 5
"""For how long whoever still sends is given to read a refusal."""


def listener(name: str, port: int, settings: EdgeSettings) -> Message:
    """One of the two listeners."""
    chain: Message = {"filters": [_manager(name, settings)]}
    if settings.certificate:
        chain["transport_socket"] = _tls(settings)
    return {
        "name": name,
        "address": address(settings.host, port),
        "per_connection_buffer_limit_bytes": 1024 * 1024,
        "filter_chains": [chain],
    }


def certificate(settings: EdgeSettings) -> list[Message]:
    """The secret that both listeners show; its files are read anew when one is renamed there."""
    if settings.certificate is None:
        return []
    chain, key = settings.certificate.chain, settings.certificate.key
    return [
        {
            "@type": f"{API_PREFIX}.extensions.transport_sockets.tls.v3.Secret",
            "name": CERTIFICATE,
            "tls_certificate": {
                "certificate_chain": {"filename": str(chain)},
                "private_key": {"filename": str(key)},
                "watched_directory": {"path": str(chain.parent)},
            },
        }
    ]


def _tls(settings: EdgeSettings) -> Message:
    return typed(
        "envoy.transport_sockets.tls",
        "extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        common_tls_context={
            "alpn_protocols": ["h2", "http/1.1"],
            "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
            "tls_certificate_sds_secret_configs": [
                {"name": CERTIFICATE, "sds_config": watched(str(settings.folder), "sds.yaml")}
            ],
        },
    )


def _manager(name: str, settings: EdgeSettings) -> Message:
    limits = settings.limits
    return typed(
        "envoy.filters.network.http_connection_manager",
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=name,
        codec_type="AUTO",
        rds={
            "route_config_name": name,
            "config_source": watched(str(settings.folder), f"rds-{name}.yaml"),
        },
        local_reply_config=replies.api_replies() if name == API else replies.web_replies(),
        **_trust(settings),
        **_limits(limits),
        early_header_mutation_extensions=[_stripped()],
        access_log=[_log(settings, name)] if settings.access_log else [],
        http_filters=[*_compressors(name), _router()],
    )


def _trust(settings: EdgeSettings) -> Message:
    """Whom to believe where a call comes from: the proxies in front, and nobody else."""
    return {
        "use_remote_address": True,
        "xff_num_trusted_hops": settings.trusted_hops,
        # An address that nobody has: whoever calls from within is no more trusted than others.
        "internal_address_config": {
            "cidr_ranges": [{"address_prefix": "192.0.2.0", "prefix_len": 32}]
        },
        "server_header_transformation": "PASS_THROUGH",
        "proxy_100_continue": True,  # our parts refuse what is too large before it is sent
        "generate_request_id": True,
        "preserve_external_request_id": False,
    }


def _limits(limits: Limits) -> Message:
    return {
        "max_request_headers_kb": limits.header_kib,
        "request_headers_timeout": seconds(limits.header_seconds),
        "request_timeout": seconds(limits.request_seconds),
        "stream_idle_timeout": seconds(limits.idle_seconds),
        "delayed_close_timeout": seconds(CLOSING_SECONDS),
        "common_http_protocol_options": {
            "idle_timeout": seconds(limits.connection_idle_seconds),
            "max_headers_count": limits.headers,
        },
        "http2_protocol_options": {
            "max_concurrent_streams": limits.streams,
            "initial_stream_window_size": 256 * 1024,
            "initial_connection_window_size": 1024 * 1024,
        },
    }


def _stripped() -> Message:
    return typed(
        "envoy.http.early_header_mutation.header_mutation",
        "extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
        mutations=[{"remove": name} for name in STRIPPED],
    )


def _compressors(name: str) -> list[Message]:
    """Answers with an ETag stay as they are where the API promises that it is a strong one."""
    types = [{"prefix": each} for each in (*JSON_TYPES, *DOC_TYPES)]
    kept = {"disable_on_etag_header": True} if name == API else {"weaken_etag_on_compress": True}
    common = {"min_content_length": WORTH_BYTES, "content_type_matcher": types}
    libraries: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (
            "gzip",
            "extensions.compression.gzip.compressor.v3.Gzip",
            {"compression_level": "COMPRESSION_LEVEL_5"},
        ),
        ("brotli", "extensions.compression.brotli.compressor.v3.Brotli", {"quality": 4}),
        ("zstd", "extensions.compression.zstd.compressor.v3.Zstd", {"compression_level": 3}),
    )
    return [
        typed(
            f"envoy.filters.http.compressor.{library}",
            "extensions.filters.http.compressor.v3.Compressor",
            response_direction_config={"common_config": common, **kept},
            compressor_library=typed(library, kind, **options),
            choose_first=library == "zstd",
        )
        for library, kind, options in libraries
    ]


def _router() -> Message:
    return typed(
        "envoy.filters.http.router",
        "extensions.filters.http.router.v3.Router",
        suppress_envoy_headers=True,
        respect_expected_rq_timeout=False,
    )


def _log(settings: EdgeSettings, name: str) -> Message:
    """A line for each request that no part of ours has answered; theirs they log themselves."""
    line = {
        "at": "%START_TIME%",
        "level": "warning",
        "event": "edge_answered",
        "listener": name,
        "method": "%REQ(:METHOD)%",
        "status": "%RESPONSE_CODE%",
        "why": "%RESPONSE_CODE_DETAILS%",
        "flags": "%RESPONSE_FLAGS%",
        "cluster": "%UPSTREAM_CLUSTER%",
        "ms": "%DURATION%",
        "request_id": "%REQ(REQUEST-ID?X-REQUEST-ID):128%",
    }
    return {
        **typed(
            "envoy.access_loggers.stderr",
            "extensions.access_loggers.stream.v3.StderrAccessLog",
            log_format={"json_format": line},
        ),
        "filter": {"response_flag_filter": {"flags": list(OURS)}},
    }


def seen(settings: EdgeSettings, port: int) -> Message:
    """Where others may read what the administration says, which listens on loopback itself."""
    method = {"name": ":method", "string_match": {"exact": "GET"}}
    routes: list[Message] = [
        {"match": {"path": path, "headers": [method]}, "route": {"cluster": ADMIN}} for path in READ
    ]
    manager = typed(
        "envoy.filters.network.http_connection_manager",
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="seen",
        route_config={"virtual_hosts": [{"name": "seen", "domains": ["*"], "routes": routes}]},
        http_filters=[_router()],
    )
    return {
        "name": "seen",
        "address": address(settings.host, port),
        "ignore_global_conn_limit": True,
        "filter_chains": [{"filters": [manager]}],
    }


def administration(settings: EdgeSettings) -> Message:
    """The cluster that is Envoy itself."""
    place = address(settings.admin_host, settings.admin_port)
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": place}}]}]
    return {
        "name": ADMIN,
        "type": "STATIC",
        "load_assignment": {"cluster_name": ADMIN, "endpoints": endpoints},
    }


def listeners(settings: EdgeSettings) -> list[Message]:
    """All of them."""
    listed = [
        listener(API, settings.api_port, settings),
        listener(WEB, settings.web_port, settings),
    ]
    return listed + ([seen(settings, settings.seen_port)] if settings.seen_port else [])
