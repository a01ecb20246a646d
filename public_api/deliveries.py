"""How a delivery leaves: in its subscriber's version, signed, and never to a place inside.

A name is looked up for each attempt and the connection goes to the very address that was checked,
so a name cannot change its mind in between. Redirects are not followed: a 3xx is a failed attempt.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult

import httpx

from core.applications import Application
from core.errors import Invalid
from core.webhooks import Attempt, DueDelivery
from public_api.addresses import Address, LookUp, Reach, check_url, look_up, require_public
from public_api.messages import Headers
from public_api.versions import Version, WebhookEvent

SECONDS = 10.0
MOST_RECEIVED_BYTES = 64 * 1024
AGENT = "Beleg"


def compose(
    version: Version, due: DueDelivery, application: Application | None, now: float
) -> tuple[Headers, bytes]:
    """The headers and body of a delivery as its version writes and signs it."""
    contract = version.webhook_contract
    event = WebhookEvent(kind=due.kind, at=due.at, data=due.data, application=application)
    body = contract.write(event)
    signature = contract.sign(due.secrets, str(due.id), int(now), body)
    headers = (("Content-Type", "application/json"), ("User-Agent", AGENT))
    return (*headers, ("Beleg-Version", version.name), *signature), body


@dataclass(frozen=True, slots=True)
class Sender:
    """Makes attempts; its client follows no redirects and shares no connections."""

    http: httpx.AsyncClient
    reach: Reach
    look_up: LookUp = look_up

    async def deliver(
        self, version: Version, due: DueDelivery, application: Application | None
    ) -> Attempt:
        """Make one attempt, which takes at most SECONDS."""
        headers, body = compose(version, due, application, time.time())
        try:
            async with asyncio.timeout(SECONDS):
                return await self._send(due.url, headers, body)
        except Invalid as refusal:
            return Attempt(None, refusal.complaints[0].detail)
        except TimeoutError:
            return Attempt(None, f"no answer within {SECONDS:.0f} s")
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            return Attempt(None, type(problem).__name__)

    async def _send(self, url: str, headers: Headers, body: bytes) -> Attempt:
        parts = check_url(url, self.reach)
        addresses = await self.look_up(parts.hostname or "")
        require_public(addresses, self.reach)
        *others, last = addresses
        for address in others:
            try:
                return await self._post(parts, address, headers, body)
            except httpx.ConnectError:
                continue  # a host may have an address of a kind that we cannot reach
        return await self._post(parts, last, headers, body)

    async def _post(
        self, parts: SplitResult, address: Address, headers: Headers, body: bytes
    ) -> Attempt:
        target = httpx.URL(parts.geturl()).copy_with(host=str(address))
        # The certificate must be of the name, although the connection goes to the address.
        async with self.http.stream(
            "POST",
            target,
            headers=[("Host", parts.netloc), *headers],
            content=body,
            extensions={"sni_hostname": parts.hostname},
            follow_redirects=False,
        ) as response:
            received = 0
            async for chunk in response.aiter_raw():
                received += len(chunk)
                if received >= MOST_RECEIVED_BYTES:
                    break
            return Attempt(response.status_code)


@asynccontextmanager
async def sender(reach: Reach, trusted: ssl.SSLContext | None = None) -> AsyncIterator[Sender]:
    """What sends for an instance, to whom the usual authorities (or SSL_CERT_FILE's) vouch for.

    No connection is kept: they are told apart by address only, and two names may share one.
    """
    async with httpx.AsyncClient(
        verify=trusted or httpx.create_ssl_context(),
        trust_env=False,
        timeout=SECONDS,
        limits=httpx.Limits(max_keepalive_connections=0),
    ) as http:
        yield Sender(http, reach)
