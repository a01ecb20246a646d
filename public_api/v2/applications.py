"""How version 2 says application."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from core import applications
from core.applications import ApplicationListing, ApplicationStatus, DeleteReason, Product
from core.errors import Complaint, Invalid
from core.pages import Page
from public_api.conditions import is_current
from public_api.endpoints.applications import ConditionalApplication, Withdrawal
from public_api.messages import Request, Response, Translation
from public_api.v2.paths import APPLICATION, href
from public_api.v2.wire import (
    Id,
    Line,
    Money,
    MoneyIn,
    Months,
    Paragraph,
    Strict,
    Term,
    after,
    amount_in,
    json_response,
    limit,
    money_of,
    one_of,
    validated,
)

StatusWord = Literal[
    "received",
    "reading",
    "needs_documents",
    "in_review",
    "approved",
    "declined",
    "withdrawn",
]


class ApplicantIn(Strict):
    """The business that asks."""

    legal_name: Line
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    legal_form: Line | None = None
    register_court: Line | None = None
    register_number: Line | None = None
    vat_id: Line | None = None
    lei: Line | None = None


class PropertyIn(Strict):
    """What a mortgage is secured on."""

    market_value: MoneyIn
    address: Line | None = None


class DeclaredIn(Strict):
    """What the applicant says of itself."""

    annual_revenue: MoneyIn | None = None
    monthly_debt_service: MoneyIn | None = None
    existing_lenders: Annotated[list[Line], Field(max_length=50)] | None = None


class SubmitApplication(Strict):
    """An application as it is handed in."""

    product: Literal["loan", "mortgage"]
    applicant: ApplicantIn
    amount: MoneyIn
    term_months: Term
    purpose: Paragraph | None = None
    property: PropertyIn | None = None
    declared: DeclaredIn | None = None
    external_reference: Line | None = None


class Applicant(TypedDict):
    """The business that asks."""

    legal_name: str
    country: str
    legal_form: str | None
    register_court: str | None
    register_number: str | None
    vat_id: str | None
    lei: str | None


class Property(TypedDict):
    """What a mortgage is secured on."""

    market_value: Money
    address: str | None


class Declared(TypedDict):
    """What the applicant says of itself; null where it did not say."""

    annual_revenue: Money | None
    monthly_debt_service: Money | None
    existing_lenders: list[str] | None


class Application(TypedDict):
    """An application as it stands; `status` may gain values."""

    id: Id
    status: StatusWord
    product: Literal["loan", "mortgage"]
    applicant: Applicant
    amount: Money
    term_months: Months
    purpose: str | None
    property: Property | None
    declared: Declared
    external_reference: str | None
    delete_reason: NotRequired[str]
    created_at: datetime
    updated_at: datetime


class ApplicationList(TypedDict):
    """Applications, newest first; `next` resumes after them, null at the end."""

    data: list[Application]
    next: str | None


STATUS: dict[ApplicationStatus, StatusWord] = {
    ApplicationStatus.RECEIVED: "received",
    ApplicationStatus.READING: "reading",
    ApplicationStatus.NEEDS_DOCUMENTS: "needs_documents",
    ApplicationStatus.IN_REVIEW: "in_review",
    ApplicationStatus.APPROVED: "approved",
    ApplicationStatus.DECLINED: "declined",
    ApplicationStatus.WITHDRAWN: "withdrawn",
}
PRODUCT: dict[Product, Literal["loan", "mortgage"]] = {
    Product.LOAN: "loan",
    Product.MORTGAGE: "mortgage",
}
PRODUCT_OF = {word: product for product, word in PRODUCT.items()}
DELETE_REASON: dict[DeleteReason, str] = {
    DeleteReason.CUSTOMER_REQUEST: "customer_request",
    DeleteReason.DUPLICATE: "duplicate",
    DeleteReason.TEST: "test",
    DeleteReason.OTHER: "other",
    DeleteReason.UNSPECIFIED: "unspecified",
}
WITHDRAWAL_REASON: dict[str, DeleteReason] = {
    word: reason for reason, word in DELETE_REASON.items() if reason is not DeleteReason.UNSPECIFIED
}
"""Why a caller of this version may withdraw: it has to say."""


def read_new(request: Request) -> applications.Terms:
    """A body as the application it hands in."""
    return terms_of(validated(SubmitApplication, request.body))


def terms_of(payload: SubmitApplication) -> applications.Terms:
    """The application as core has it; raises Invalid for sums that cannot be."""
    complaints: list[Complaint] = []

    def sum_of(money: MoneyIn | None, pointer: str) -> applications.Money | None:
        return None if money is None else amount_in(money, pointer, complaints)

    declared = payload.declared or DeclaredIn()
    lenders = declared.existing_lenders
    market_value = sum_of(
        payload.property.market_value if payload.property else None, "/property/market_value"
    )
    terms = applications.Terms(
        product=PRODUCT_OF[payload.product],
        applicant=applications.Applicant(**payload.applicant.model_dump()),
        amount=amount_in(payload.amount, "/amount", complaints),
        term_months=payload.term_months,
        purpose=payload.purpose,
        property=None
        if payload.property is None or market_value is None
        else applications.Property(market_value, payload.property.address),
        declared=applications.Declared(
            sum_of(declared.annual_revenue, "/declared/annual_revenue"),
            sum_of(declared.monthly_debt_service, "/declared/monthly_debt_service"),
            None if lenders is None else tuple(lenders),
        ),
        external_reference=payload.external_reference,
    )
    if complaints:
        raise Invalid(*complaints)
    return terms


def write(application: applications.Application) -> Application:
    """An application as this version shows it."""
    terms = application.terms
    applicant, secured, declared = terms.applicant, terms.property, terms.declared
    revenue, debt_service = declared.annual_revenue, declared.monthly_debt_service
    lenders = declared.existing_lenders
    body: Application = {
        "id": str(application.id),
        "status": STATUS[application.status],
        "product": PRODUCT[terms.product],
        "applicant": {
            "legal_name": applicant.legal_name,
            "country": applicant.country,
            "legal_form": applicant.legal_form,
            "register_court": applicant.register_court,
            "register_number": applicant.register_number,
            "vat_id": applicant.vat_id,
            "lei": applicant.lei,
        },
        "amount": money_of(*terms.amount),
        "term_months": terms.term_months,
        "purpose": terms.purpose,
        "property": None
        if secured is None
        else {"market_value": money_of(*secured.market_value), "address": secured.address},
        "declared": {
            "annual_revenue": None if revenue is None else money_of(*revenue),
            "monthly_debt_service": None if debt_service is None else money_of(*debt_service),
            "existing_lenders": None if lenders is None else list(lenders),
        },
        "external_reference": terms.external_reference,
        "created_at": application.created_at,
        "updated_at": application.updated_at,
    }
    if application.delete_reason is not None:
        body["delete_reason"] = DELETE_REASON[application.delete_reason]
    return body


def tag(application: applications.Application) -> str:
    """The strong validator of an application as it stands."""
    return f'"{application.revision}"'


def _write_created(application: applications.Application) -> Response:
    place = ("Location", href(APPLICATION, id=application.id))
    return json_response(write(application), 201, (place, ("ETag", tag(application))))


def _write_one(result: ConditionalApplication) -> Response:
    application, if_none_match = result
    entity_tag = tag(application)
    if is_current(if_none_match, entity_tag):
        return Response(304, headers=(("ETag", entity_tag),))
    return json_response(write(application), headers=(("ETag", entity_tag),))


def _read_listing(request: Request) -> ApplicationListing:
    return ApplicationListing(
        limit=limit(request),
        after=after(request),
        status=one_of(request, "status", STATUS),
        external_reference=request.query.get("external_reference"),
    )


def _write_page(page: Page[applications.Application]) -> Response:
    return json_response({"data": [write(each) for each in page.items], "next": page.next})


def _read_withdrawal(request: Request) -> Withdrawal:
    reason = WITHDRAWAL_REASON.get(request.query.get("reason", ""))
    if reason is None:
        words = ", ".join(WITHDRAWAL_REASON)
        raise Invalid(Complaint("/reason", f"reason: one of {words} is needed"))
    return Withdrawal(reason)


SUBMIT = Translation(read_new, _write_created)
SHOW = Translation(lambda request: request.headers.get("if-none-match"), _write_one)
LIST = Translation(_read_listing, _write_page)
WITHDRAW: Translation[Withdrawal, object] = Translation(_read_withdrawal, lambda _: Response(204))
