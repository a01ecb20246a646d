"""How each face says that it has not read a request: as it says everything else."""

import http
from collections.abc import Callable, Iterable
from enum import StrEnum
from random import getrandbits

from core.errors import Unavailable


class Unread(StrEnum):
    """Why a request is refused of which nothing, or not all, was read."""

    HEAD = "head"
    SLOW = "slow"
    FULL = "full"


DETAILS = {
    Unread.HEAD: "The request's head is no HTTP, too large, or was not sent in time.",
    Unread.SLOW: "The request's body came too slowly.",
    Unread.FULL: "Too many connections are open; try again soon.",
}
Reply = tuple[int, Iterable[tuple[str, str]], bytes]
Words = Callable[[Unread, str], Reply]
"""How a face says such a refusal, to whoever asked for a path; without a path none was read."""


def plain(why: Unread, _path: str) -> Reply:
    """The refusal as a line of text."""
    headers = [("Content-Type", "text/plain; charset=utf-8")]
    return 503 if why is Unread.FULL else 400, headers, DETAILS[why].encode()


def response(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """A refusal as it goes over the wire, after which the connection ends."""
    phrase = http.HTTPStatus(status).phrase
    own = [("Content-Length", str(len(body))), ("Connection", "close")]
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{n.lower()}: {v}" for n, v in [*headers, *own])]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def api_words() -> Words:
    """In the words of the version that the path begins with, else of the newest."""
    from public_api.app import VERSIONS
    from public_api.refusals import Malformed

    def say(why: Unread, path: str) -> Reply:
        name = "".join(path.split("/")[1:2])
        version = next((each for each in VERSIONS if each.name == name), VERSIONS[0])
        kind = Unavailable if why is Unread.FULL else Malformed
        said = version.problem(kind(DETAILS[why]))
        return said.status, (*version.headers(), *said.headers, _request_id()), said.body

    return say


def web_words() -> Words:
    """As the web app's backend refuses."""
    from bff.responses import RETRY_SECONDS, error_response

    def say(why: Unread, _path: str) -> Reply:
        full = why is Unread.FULL
        code = "unavailable" if full else "malformed"
        said = error_response(503 if full else 400, code, DETAILS[why])
        headers = [(name, text) for name, text in said.headers.items() if name != "content-length"]
        more = [("Retry-After", RETRY_SECONDS)] if full else []
        return said.status_code, [*headers, *more, _request_id()], bytes(said.body)

    return say


def _request_id() -> tuple[str, str]:
    return "Request-Id", f"{getrandbits(128):032x}"
