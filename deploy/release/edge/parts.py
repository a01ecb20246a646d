"""Words of Envoy's own that several of its files need."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any

Message = dict[str, Any]
"""One of Envoy's messages, as JSON says it."""

API_PREFIX = "type.googleapis.com/envoy"


def typed(name: str, kind: str, **fields: Any) -> Message:
    """An extension: what it is called, and how it is set."""
    return {"name": name, "typed_config": {"@type": f"{API_PREFIX}.{kind}", **fields}}


def discovery(resources: Iterable[Message]) -> str:
    """A file that Envoy watches; its version is a digest of what it says, so that it is its own."""
    listed = list(resources)
    version = hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()[:16]
    return json.dumps({"version_info": version, "resources": listed}, indent=1) + "\n"


def version_of(file: str) -> str:
    """The version that a watched file says it is of."""
    return str(json.loads(file)["version_info"])


def watched(folder: str, name: str) -> Message:
    """Where Envoy finds a file, and that it looks again whenever one is renamed into its folder."""
    return {
        "resource_api_version": "V3",
        "path_config_source": {
            "path": f"{folder}/{name}",
            "watched_directory": {"path": folder},
        },
    }


def address(host: str, port: int) -> Message:
    """A socket."""
    return {"socket_address": {"address": host, "port_value": port}}


def split(place: str) -> tuple[str, int]:
    """The host and the port of `host:port`; an IPv6 host stands in brackets."""
    host, _, port = place.rpartition(":")
    return host.strip("[]"), int(port)


def is_address(host: str) -> bool:
    """Whether this is an address, and no name that is to be looked up."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def seconds(number: float) -> str:
    """A duration."""
    return f"{number:g}s"


def headers_set(headers: Mapping[str, str], action: str = "OVERWRITE_IF_EXISTS_OR_ADD") -> list[Message]:
    """Headers to be set on what passes."""
    return [
        {"header": {"key": name, "value": value}, "append_action": action}
        for name, value in headers.items()
    ]
