"""Whom clients of HTTP trust, read once a process."""

import os
import ssl
from functools import lru_cache
from typing import Any

import httpx

_made = httpx.create_ssl_context


def remember() -> None:
    """Read the authorities once: each client reads hundreds of certificates anew, in 25 ms.

    Who brings trust of its own is no part of this.
    """
    for place in (httpx, httpx._transports.default):
        vars(place)["create_ssl_context"] = _trusted


def _trusted(
    verify: ssl.SSLContext | str | bool = True, cert: Any = None, trust_env: bool = True
) -> ssl.SSLContext:
    if verify is not True or cert is not None:
        return _made(verify, cert, trust_env)
    return _remembered(trust_env, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _remembered(trust_env: bool, *_named: str | None) -> ssl.SSLContext:
    return _made(trust_env=trust_env)
