"""What is asked of the servers: endless requests of one kind, the same for every side."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle

from public_api.v2.operations.applications import SUBMIT_EXAMPLE
from tests.bench.ground import Ground
from tests.bench.servers import Server

PREPARED = 5_000  # different requests, in an order that repeats


@dataclass(frozen=True, slots=True)
class Side:
    """One of those compared: its requests, and the status that each is answered with."""

    name: str
    server: Server
    requests: Iterator[bytes]
    status: int = 200


def get(ground: Ground, version: str = "v2") -> Iterator[bytes]:
    """One application by its id, each time another."""
    sampled = random.Random(1).sample(ground.owned, PREPARED)
    return cycle(
        [
            _request(f"GET /{version}/applications/{which}", ground.keys[owner])
            for which, owner in sampled
        ]
    )


def page(ground: Ground) -> Iterator[bytes]:
    """The 20 newest applications of a partner, each time another's."""
    return cycle([_request("GET /v2/applications?limit=20", key) for key in ground.keys.values()])


def create(ground: Ground, *, idempotent: bool = False) -> Iterator[bytes]:
    """A new application, with an Idempotency-Key of its own where asked for."""
    for number, key in zip(count(), cycle(ground.keys.values())):
        body = json.dumps({**SUBMIT_EXAMPLE, "external_reference": f"A-2026-{number}"})
        extra = f"Idempotency-Key: bench-{number}\r\n" if idempotent else ""
        yield _request("POST /v2/applications", key, extra, body)


def _request(line: str, key: str, extra: str = "", body: str = "") -> bytes:
    if body:
        extra += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return (
        f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench/1\r\nAccept: */*\r\n"
        f"Authorization: Bearer {key}\r\n{extra}\r\n{body}"
    ).encode()
