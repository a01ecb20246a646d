"""What the headers of an exchange say, held against its body, its time and those before it.

The recorded files leave counts and signatures open. Here a call takes one from what is left, a
length is that of the body, a wait ends with its window, a request id comes back as it was sent,
a replay is byte for byte the first answer, and every signature verifies by the secret that the
receiver was given.
"""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta

from tests.contracts.body_history import within
from tests.contracts.observed import Observed, instant

LIMIT = re.compile(r'"minute";r=(\d+);t=(\d+), "day";r=(\d+);t=(\d+)')
POLICY = re.compile(r'"minute";q=(\d+);w=(\d+), "day";q=(\d+);w=(\d+)')
FRESH_ID = re.compile(r"[0-9a-f]{32}")


@dataclass
class HeaderHistory:
    """The headers so far; `note` raises AssertionError where the next contradict them."""

    _left: dict[tuple[str, int, int], int] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _first: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _lengths: dict[str, str] = field(default_factory=dict)
    _secrets: dict[str, list[bytes]] = field(default_factory=dict)
    _urls: dict[str, str] = field(default_factory=dict)

    def note(self, observed: Observed) -> None:
        """Hold an exchange or a delivery against all before it."""
        if observed.request.method == "RECEIVE":
            self._signed(observed)
            return
        self._request_id(observed)
        self._length(observed)
        self._replay(observed)
        self._budget(observed)
        self._learn(observed)

    def _request_id(self, observed: Observed) -> None:
        given, asked = observed.headers["request-id"], observed.request.headers.get("request-id")
        if asked is None:
            assert FRESH_ID.fullmatch(given)
            assert given not in self._ids
        else:
            assert given == asked, "a sane request id comes back"
        self._ids.add(given)

    def _length(self, observed: Observed) -> None:
        length = observed.headers.get("content-length")
        if observed.request.method == "HEAD":
            if observed.status == 200:
                assert length == self._lengths.get(observed.request.target, length)
        elif length is not None:
            assert int(length) == len(observed.body.encode())
            self._lengths[observed.request.target] = length
        else:
            assert observed.status in (204, 304) or observed.request.path.endswith("/content")

    def _replay(self, observed: Observed) -> None:
        key = observed.request.headers.get("idempotency-key")
        if key is None or observed.status >= 400:
            return
        answer = (observed.status, observed.body)
        first = self._first.setdefault((observed.request.caller, key), answer)
        assert answer == first, "a replay is the first answer, byte for byte"

    def _budget(self, observed: Observed) -> None:
        """One call less than before in both windows, which end when they say."""
        if "ratelimit" not in observed.headers:
            assert "ratelimit-policy" not in observed.headers
            return
        found = LIMIT.fullmatch(observed.headers["ratelimit"])
        policy = POLICY.fullmatch(observed.headers["ratelimit-policy"])
        assert found
        assert policy
        ends = []
        for at in (0, 2):
            (left, wait), (quota, window) = (
                tuple(map(int, each.groups()[at : at + 2])) for each in (found, policy)
            )
            moments = {window - each % window for each in _seconds(observed)}
            assert wait in moments, f"a window of {window} s ends in {wait} s"
            number = (int(observed.ended.timestamp()) + wait) // window
            payer = _payer(observed)
            # The client of ground/ is one and the same in several stories.
            unknown = left + 1 if payer == "ground" else quota
            before = self._left.get((payer, window, number), unknown)
            costs = 0 if observed.status == 429 else 1
            assert before - left == costs, f"{before} were left, now {left}"
            self._left[payer, window, number] = left
            ends.append(wait)
        if observed.status == 429:
            wait = int(observed.headers["retry-after"])
            assert wait in ends
            assert f"come back in {wait} seconds" in observed.body

    def _learn(self, observed: Observed) -> None:
        """Remember the secrets that receivers are given, the newest first."""
        if observed.request.path == "/v1/callbacks" and observed.status == 201:
            asked = json.loads(observed.request.body)
            self._secrets[asked["url"]] = [asked["secret"].encode()]
        thing = observed.json if observed.body else None
        if not isinstance(thing, dict) or observed.replayed:
            return
        if "url" in thing and "id" in thing:
            self._urls[thing["id"]] = thing["url"]
        if str(thing.get("secret", "")).startswith("whsec_"):
            webhook = thing.get("id") or observed.request.path.split("/")[-2]
            known = self._secrets.setdefault(self._urls[webhook], [])
            known.insert(0, base64.b64decode(thing["secret"].removeprefix("whsec_")))
        if "previous_valid_until" in thing:
            assert within(instant(thing["previous_valid_until"]), observed, timedelta(hours=24))

    def _signed(self, observed: Observed) -> None:
        secrets, headers = self._secrets[observed.request.target], observed.headers
        body = observed.body.encode()
        if "x-signature" in headers:
            expected = hmac.digest(secrets[0], body, hashlib.sha256).hex()
            assert headers["x-signature"] == f"sha256={expected}"
            return
        at = int(headers["webhook-timestamp"])
        assert int(observed.ended.timestamp()) - 60 <= at <= observed.ended.timestamp()
        content = f"{headers['webhook-id']}.{at}.".encode() + body
        digests = (hmac.digest(each, content, hashlib.sha256) for each in secrets[:2])
        signatures = [f"v1,{base64.b64encode(each).decode()}" for each in digests]
        assert headers["webhook-signature"] == " ".join(signatures)


def _seconds(observed: Observed) -> range:
    """The seconds in which the answer was given."""
    return range(int(observed.began.timestamp()), int(observed.ended.timestamp()) + 1)


def _payer(observed: Observed) -> str:
    """Whose call it is: a token is its client's."""
    return "owner" if "authorization" in observed.request.headers else observed.request.caller
