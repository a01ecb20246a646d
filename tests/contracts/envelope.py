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

from tests.contracts.ledger import within
from tests.contracts.spoken import Spoken, instant

LIMIT = re.compile(r'"minute";r=(\d+);t=(\d+), "day";r=(\d+);t=(\d+)')
POLICY = re.compile(r'"minute";q=(\d+);w=(\d+), "day";q=(\d+);w=(\d+)')
FRESH_ID = re.compile(r"[0-9a-f]{32}")


@dataclass
class Envelope:
    """The headers so far; `note` raises AssertionError where the next contradict them."""

    _left: dict[tuple[str, int, int], int] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _first: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _lengths: dict[str, str] = field(default_factory=dict)
    _secrets: dict[str, list[bytes]] = field(default_factory=dict)
    _urls: dict[str, str] = field(default_factory=dict)

    def note(self, spoken: Spoken) -> None:
        """Hold an exchange or a delivery against all before it."""
        if spoken.request.method == "RECEIVE":
            self._signed(spoken)
            return
        self._request_id(spoken)
        self._length(spoken)
        self._replay(spoken)
        self._budget(spoken)
        self._learn(spoken)

    def _request_id(self, spoken: Spoken) -> None:
        given, asked = spoken.headers["request-id"], spoken.request.headers.get("request-id")
        if asked is None:
            assert FRESH_ID.fullmatch(given)
            assert given not in self._ids
        else:
            assert given == asked, "a sane request id comes back"
        self._ids.add(given)

    def _length(self, spoken: Spoken) -> None:
        length = spoken.headers.get("content-length")
        if spoken.request.method == "HEAD":
            if spoken.status == 200:
                assert length == self._lengths.get(spoken.request.target, length)
        elif length is not None:
            assert int(length) == len(spoken.body.encode())
            self._lengths[spoken.request.target] = length
        else:
            assert spoken.status in (204, 304) or spoken.request.path.endswith("/content")

    def _replay(self, spoken: Spoken) -> None:
        key = spoken.request.headers.get("idempotency-key")
        if key is None or spoken.status >= 400:
            return
        answer = (spoken.status, spoken.body)
        first = self._first.setdefault((spoken.request.caller, key), answer)
        assert answer == first, "a replay is the first answer, byte for byte"

    def _budget(self, spoken: Spoken) -> None:
        """One call less than before in both windows, which end when they say."""
        if "ratelimit" not in spoken.headers:
            assert "ratelimit-policy" not in spoken.headers
            return
        found = LIMIT.fullmatch(spoken.headers["ratelimit"])
        policy = POLICY.fullmatch(spoken.headers["ratelimit-policy"])
        assert found
        assert policy
        ends = []
        for at in (0, 2):
            (left, wait), (quota, window) = (
                tuple(map(int, each.groups()[at : at + 2])) for each in (found, policy)
            )
            moments = {window - each % window for each in _seconds(spoken)}
            assert wait in moments, f"a window of {window} s ends in {wait} s"
            number = (int(spoken.ended.timestamp()) + wait) // window
            payer = _payer(spoken)
            # The client of ground/ is one and the same in several stories.
            unknown = left + 1 if payer == "ground" else quota
            before = self._left.get((payer, window, number), unknown)
            costs = 0 if spoken.status == 429 else 1
            assert before - left == costs, f"{before} were left, now {left}"
            self._left[payer, window, number] = left
            ends.append(wait)
        if spoken.status == 429:
            wait = int(spoken.headers["retry-after"])
            assert wait in ends
            assert f"come back in {wait} seconds" in spoken.body

    def _learn(self, spoken: Spoken) -> None:
        """Remember the secrets that receivers are given, the newest first."""
        if spoken.request.path == "/v1/callbacks" and spoken.status == 201:
            asked = json.loads(spoken.request.body)
            self._secrets[asked["url"]] = [asked["secret"].encode()]
        thing = spoken.json if spoken.body else None
        if not isinstance(thing, dict) or spoken.replayed:
            return
        if "url" in thing and "id" in thing:
            self._urls[thing["id"]] = thing["url"]
        if str(thing.get("secret", "")).startswith("whsec_"):
            webhook = thing.get("id") or spoken.request.path.split("/")[-2]
            known = self._secrets.setdefault(self._urls[webhook], [])
            known.insert(0, base64.b64decode(thing["secret"].removeprefix("whsec_")))
        if "previous_valid_until" in thing:
            assert within(instant(thing["previous_valid_until"]), spoken, timedelta(hours=24))

    def _signed(self, spoken: Spoken) -> None:
        secrets, headers = self._secrets[spoken.request.target], spoken.headers
        body = spoken.body.encode()
        if "x-signature" in headers:
            expected = hmac.digest(secrets[0], body, hashlib.sha256).hex()
            assert headers["x-signature"] == f"sha256={expected}"
            return
        at = int(headers["webhook-timestamp"])
        assert int(spoken.ended.timestamp()) - 60 <= at <= spoken.ended.timestamp()
        content = f"{headers['webhook-id']}.{at}.".encode() + body
        digests = (hmac.digest(each, content, hashlib.sha256) for each in secrets[:2])
        signatures = [f"v1,{base64.b64encode(each).decode()}" for each in digests]
        assert headers["webhook-signature"] == " ".join(signatures)


def _seconds(spoken: Spoken) -> range:
    """The seconds in which the answer was given."""
    return range(int(spoken.began.timestamp()), int(spoken.ended.timestamp()) + 1)


def _payer(spoken: Spoken) -> str:
    """Whose call it is: a token is its client's."""
    return "owner" if "authorization" in spoken.request.headers else spoken.request.caller
