"""How the toy version says application: in Rappen, and one page after the other by Link."""

from typing import Any, Literal

import orjson
from typing_extensions import TypedDict

from core import applications
from core.applications import Applicant, ApplicationStatus, Product, Terms
from core.errors import Complaint, Invalid, Refused
from core.idempotency import KeyReused
from core.money import Money
from core.pages import NumberedPage, PageRequest
from public_api.endpoints.applications import ConditionalApplication
from public_api.messages import Headers, Request, Response, Translation
from public_api.refusals import Malformed, NoSuchMethod

PAGE = 2
MEDIA_TYPE = "application/vnd.toy+json"
STATE: dict[ApplicationStatus, Literal["open", "done"]] = {
    status: "done" if status.final else "open" for status in ApplicationStatus
}


class Application(TypedDict):
    """An application as it stands; `rappen` is a whole number of hundredths of a franc."""

    key: str
    firm: str
    rappen: int
    state: Literal["open", "done"]


class Submission(TypedDict):
    """An application as it is handed in: a loan over five years, to a Swiss firm."""

    firm: str
    rappen: int


class Fault(TypedDict):
    """How this version says no."""

    fault: str
    why: str


def write(application: applications.Application) -> Application:
    """An application as this version shows it."""
    return {
        "key": application.id.hex,
        "firm": application.terms.applicant.legal_name,
        "rappen": application.terms.amount.minor,
        "state": STATE[application.status],
    }


def fault(refusal: Refused) -> Response:
    """The refusal as this version says it: three statuses are enough for a toy."""
    status = {"not_found": 404, "method_not_allowed": 405}.get(refusal.code, 400)
    body: Fault = {"fault": refusal.code, "why": refusal.detail}
    headers: Headers = (("Content-Type", MEDIA_TYPE),)
    if isinstance(refusal, KeyReused):
        status = 409
    if isinstance(refusal, NoSuchMethod):
        headers += (("Allow", refusal.allowed),)
    return Response(status, orjson.dumps(body), headers)


def _json_response(value: Any, status: int = 200, headers: Headers = ()) -> Response:
    return Response(status, orjson.dumps(value), (("Content-Type", "application/json"), *headers))


def _read(received: Request) -> Terms:
    try:
        payload: dict[str, Any] = orjson.loads(received.body)
        firm, rappen = str(payload["firm"]), int(payload["rappen"])
    except (ValueError, TypeError, KeyError):
        raise Malformed("Send a firm and its rappen.") from None
    return Terms(Product.LOAN, Applicant(firm, "CH"), Money(rappen, "CHF"), 60)


def _read_page(received: Request) -> PageRequest:
    page = received.query.get("page", "1")
    if not page.isdecimal() or int(page) < 1:
        raise Invalid(Complaint("/page", "page: a whole number is needed"))
    return PageRequest(int(page), PAGE)


def _listed(listed: NumberedPage[applications.Application]) -> Response:
    page = listed.request.page
    headers: Headers = (("X-Total", str(listed.total)),)
    if page * PAGE < listed.total:
        headers += (("Link", f'</v3/applications?page={page + 1}>; rel="next"'),)
    return _json_response([write(each) for each in listed.items], 200, headers)


SUBMIT: Translation[Terms, applications.Application] = Translation(
    _read, lambda new: _json_response(write(new), 201)
)
SHOW: Translation[None, ConditionalApplication] = Translation(
    lambda _: None, lambda shown: _json_response(write(shown.application))
)
LIST = Translation(_read_page, _listed)
