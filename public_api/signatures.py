"""How a delivery shows that it is ours, so that a stranger can verify it."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from public_api.messages import Headers


def standard_webhooks(secrets: Sequence[bytes], id: str, timestamp: int, body: bytes) -> Headers:
    """The headers of Standard Webhooks; each secret signs, so that one can follow another."""
    signed = f"{id}.{timestamp}.".encode() + body
    digests = (hmac.digest(secret, signed, hashlib.sha256) for secret in secrets)
    signatures = " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
    return (
        ("webhook-id", id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signatures),
    )


def of_body(secrets: Sequence[bytes], _id: str, _timestamp: int, body: bytes) -> Headers:
    """One header with the signature of the body alone, in hexadecimal, by the newest secret."""
    digest = hmac.digest(secrets[0], body, hashlib.sha256)
    return (("X-Signature", f"sha256={digest.hex()}"),)
