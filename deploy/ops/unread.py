"""How each face says that it has not read a request: as it says everything else."""

from random import getrandbits

from core.errors import Unavailable
from deploy.ops.bounding import DETAILS, Reply, Unread, Words


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
