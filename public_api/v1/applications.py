"""How version 1 said application: euros as a decimal, one of three outcomes."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from core import applications
from core.applications import ApplicationStatus, DeleteReason, Product
from core.pages import NumberedPage, PageRequest
from public_api.endpoints.applications import ConditionalApplication, Withdrawal
from public_api.messages import Request, Response, Translation
from public_api.v1.wire import (
    LARGEST_PAGE,
    USUAL_PAGE,
    amount,
    euros,
    invalid,
    json_object,
    json_response,
    moment,
    number,
    text,
)

StatusWord = Literal["pending", "accepted", "rejected"]
TypeWord = Literal["LOAN", "MORTGAGE"]
STATUS: dict[ApplicationStatus, StatusWord] = {
    ApplicationStatus.RECEIVED: "pending",
    ApplicationStatus.READING: "pending",
    ApplicationStatus.NEEDS_DOCUMENTS: "pending",
    ApplicationStatus.IN_REVIEW: "pending",
    ApplicationStatus.APPROVED: "accepted",
    ApplicationStatus.DECLINED: "rejected",
    ApplicationStatus.WITHDRAWN: "rejected",
}
TYPE: dict[Product, TypeWord] = {Product.LOAN: "LOAN", Product.MORTGAGE: "MORTGAGE"}
PRODUCT = {word: product for product, word in TYPE.items()}
FIELD: dict[str, str] = {
    "/applicant/legal_name": "company_name",
    "/product": "type",
    "/amount/value": "amount",  # said so since it was published, and so for ever
    "/term_months": "duration",
    "/applicant/register_number": "company_number",
    "/applicant/vat_id": "vat_number",
    "/external_reference": "reference",
    "/property": "property_value_eur",
    "/property/market_value": "property_value_eur",
}
"""What this version calls the fields that core may complain of, in the order of its own fields."""

Line = Annotated[str, Field(max_length=200)]
Euros = Annotated[float, Field(gt=0, lt=1e13)]


class SubmitApplication(TypedDict):
    """An application as it is handed in; unknown fields are ignored."""

    company_name: Annotated[str, Field(min_length=1, max_length=200)]
    type: TypeWord
    amount_eur: Euros
    duration: Annotated[int, Field(ge=1, le=600)]
    company_number: NotRequired[Line | None]
    vat_number: NotRequired[Line | None]
    reference: NotRequired[Line | None]
    property_value_eur: NotRequired[Euros | None]


class Application(TypedDict):
    """An application as it stands; `amount_eur` has two decimals, `created` is UTC."""

    id: str
    company_name: str
    company_number: str | None
    vat_number: str | None
    type: TypeWord
    amount_eur: Euros
    duration: int
    reference: str | None
    status: StatusWord
    created: str


class ApplicationPage(TypedDict):
    """One numbered page of applications, newest first, and how many there are."""

    items: list[Application]
    page: int
    per_page: int
    total: int


def read_new(request: Request) -> applications.Terms:
    """A body as the application it hands in, read in the order of its fields; all are German."""
    payload = json_object(request.body)
    name = text(payload, "company_name", required=True)
    kind = payload.get("type")
    if not isinstance(kind, str) or kind not in PRODUCT:
        raise invalid("type", "must be LOAN or MORTGAGE")
    requested = amount(payload, "amount_eur", required=True)
    duration = payload.get("duration")
    if isinstance(duration, bool) or not isinstance(duration, int):
        raise invalid("duration", "must be a whole number of months")
    register_number, vat_id = text(payload, "company_number"), text(payload, "vat_number")
    reference = text(payload, "reference")
    market_value = amount(payload, "property_value_eur")
    if name is None or requested is None:
        raise invalid("company_name", "is required")
    return applications.Terms(
        product=PRODUCT[kind],
        applicant=applications.Applicant(
            legal_name=name, country="DE", register_number=register_number, vat_id=vat_id
        ),
        amount=requested,
        term_months=duration,
        property=None if market_value is None else applications.Property(market_value),
        external_reference=reference,
    )


def write(application: applications.Application) -> dict[str, object]:
    """An application as this version shows it."""
    terms = application.terms
    return {
        "id": str(application.id),
        "company_name": terms.applicant.legal_name,
        "company_number": terms.applicant.register_number,
        "vat_number": terms.applicant.vat_id,
        "type": TYPE[terms.product],
        "amount_eur": euros(terms.amount.minor),
        "duration": terms.term_months,
        "reference": terms.external_reference,
        "status": STATUS[application.status],
        "created": moment(application.created_at),
    }


def _write_one(result: ConditionalApplication) -> Response:
    return json_response(write(result.application))


def _read_listing(request: Request) -> PageRequest:
    return PageRequest(
        page=number(request, "page", 1, 1_000_000),
        per_page=number(request, "per_page", USUAL_PAGE, LARGEST_PAGE),
    )


def _write_page(listed: NumberedPage[applications.Application]) -> Response:
    page, per_page = listed.request.page, listed.request.per_page
    return json_response(
        {
            "items": [write(each) for each in listed.items],
            "page": page,
            "per_page": per_page,
            "total": listed.total,
        }
    )


def _read_withdrawal(_request: Request) -> Withdrawal:
    return Withdrawal(DeleteReason.UNSPECIFIED)


SUBMIT: Translation[applications.Terms, applications.Application] = Translation(
    read_new, lambda created: json_response(write(created), 201)
)
SHOW: Translation[None, ConditionalApplication] = Translation(lambda _: None, _write_one)
LIST = Translation(_read_listing, _write_page)
WITHDRAW: Translation[Withdrawal, object] = Translation(_read_withdrawal, lambda _: Response(204))
