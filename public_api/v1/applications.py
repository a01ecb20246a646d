"""How version 1 said application: euros as a decimal, one of three outcomes."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from core import applications
from core.applications import ApplicationStatus, DeleteReason, Product
from core.pages import NumberedPage
from public_api.endpoints.applications import NumberedListing, Shown, Withdrawal
from public_api.v1.wire import amount, answered, euros, invalid, moment, number, parsed, text
from public_api.versions import Request, Response, Translation

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
    amount_eur: float
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


def read_new(received: Request) -> applications.Terms:
    """A body as the application it hands in; the applicant is German."""
    said = parsed(received.body)
    name = text(said, "company_name", required=True)
    kind = said.get("type")
    if not isinstance(kind, str) or kind not in PRODUCT:
        raise invalid("type", "must be LOAN or MORTGAGE")
    asked = amount(said, "amount_eur", required=True)
    duration = said.get("duration")
    if isinstance(duration, bool) or not isinstance(duration, int):
        raise invalid("duration", "must be a whole number of months")
    value = amount(said, "property_value_eur")
    if name is None or asked is None:
        raise invalid("company_name", "is required")
    return applications.Terms(
        product=PRODUCT[kind],
        applicant=applications.Applicant(
            legal_name=name,
            country="DE",
            register_number=text(said, "company_number"),
            vat_id=text(said, "vat_number"),
        ),
        amount=asked,
        term_months=duration,
        property=None if value is None else applications.Property(value),
        external_reference=text(said, "reference"),
    )


def write(application: applications.Application) -> dict[str, Any]:
    """An application as this version shows it."""
    asked = application.terms
    return {
        "id": str(application.id),
        "company_name": asked.applicant.legal_name,
        "company_number": asked.applicant.register_number,
        "vat_number": asked.applicant.vat_id,
        "type": TYPE[asked.product],
        "amount_eur": euros(asked.amount.minor),
        "duration": asked.term_months,
        "reference": asked.external_reference,
        "status": STATUS[application.status],
        "created": moment(application.created_at),
    }


def _shown(shown: Shown) -> Response:
    return answered(write(shown[0]))


def _read_listing(received: Request) -> NumberedListing:
    return NumberedListing(
        page=number(received, "page", 1, 1_000_000), per_page=number(received, "per_page", 50, 200)
    )


def _listed(result: tuple[NumberedListing, NumberedPage[applications.Application]]) -> Response:
    asked, found = result
    return answered(
        {
            "items": [write(each) for each in found.items],
            "page": asked.page,
            "per_page": asked.per_page,
            "total": found.total,
        }
    )


def _read_withdrawal(_received: Request) -> Withdrawal:
    return Withdrawal(DeleteReason.UNSPECIFIED)


SUBMIT: Translation[applications.Terms, applications.Application] = Translation(
    read_new, lambda new: answered(write(new), 201)
)
SHOW: Translation[None, Shown] = Translation(lambda _: None, _shown)
LIST = Translation(_read_listing, _listed)
WITHDRAW: Translation[Withdrawal, object] = Translation(_read_withdrawal, lambda _: Response(204))
