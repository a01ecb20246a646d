"""What a business asks for, who it is, and how far its case has come."""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import pycountry

from core.audit import EndUser
from core.errors import Complaint, Conflict, Invalid, NotFound
from core.money import Money
from core.viewers import Viewer

LONGEST_TERM_MONTHS = 600


class Product(StrEnum):
    """What is asked for."""

    LOAN = "loan"
    MORTGAGE = "mortgage"


class ApplicationStatus(StrEnum):
    """How far a case has come; the last three are final."""

    RECEIVED = "received"
    READING = "reading"
    NEEDS_DOCUMENTS = "needs_documents"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def final(self) -> bool:
        """Whether nothing may change any more."""
        return self in FINAL


FINAL = frozenset(
    {ApplicationStatus.APPROVED, ApplicationStatus.DECLINED, ApplicationStatus.WITHDRAWN}
)


class DeleteReason(StrEnum):
    """Why a partner withdrew; `unspecified` where its version cannot say."""

    CUSTOMER_REQUEST = "customer_request"
    DUPLICATE = "duplicate"
    TEST = "test"
    OTHER = "other"
    UNSPECIFIED = "unspecified"


class Applicant(NamedTuple):
    """The business that asks; `country` is ISO 3166-1 alpha-2."""

    legal_name: str
    country: str
    legal_form: str | None = None
    register_court: str | None = None
    register_number: str | None = None
    vat_id: str | None = None
    lei: str | None = None


class Property(NamedTuple):
    """What a mortgage is secured on."""

    market_value: Money
    address: str | None = None


class Declared(NamedTuple):
    """What the applicant says of itself; None where it did not say."""

    annual_revenue: Money | None = None
    monthly_debt_service: Money | None = None
    existing_lenders: tuple[str, ...] | None = None


class Terms(NamedTuple):
    """An application as a partner hands it in."""

    product: Product
    applicant: Applicant
    amount: Money
    term_months: int
    purpose: str | None = None
    property: Property | None = None
    declared: Declared = Declared()
    external_reference: str | None = None


class Application(NamedTuple):
    """An application as it stands; `revision` counts its changes.

    It belongs to its client, and within that to the `end_user` who handed it in, if one did.
    """

    id: UUID
    client_id: UUID
    status: ApplicationStatus
    terms: Terms
    delete_reason: DeleteReason | None
    revision: int
    created_at: datetime
    updated_at: datetime
    end_user: EndUser | None = None


_Part = Terms | Applicant | Property | Declared
_PARTS = (Applicant, Property, Declared)
ApplicationPatch = Callable[[Application], Terms]
"""What is to become of an application, by way of what it is."""

UNJUDGED = frozenset({"external_reference", "purpose"})
"""The only fields that no answer rests on."""


class ApplicationListing(NamedTuple):
    """Which of a client's applications to list, how many, and after which; None narrows nothing."""

    limit: int
    after: str | None = None
    status: ApplicationStatus | None = None
    external_reference: str | None = None


class ApplicationClosed(Conflict):
    """The application's status is final, so nothing may change any more."""

    code = "application_closed"

    def __init__(self, status: ApplicationStatus) -> None:
        super().__init__(f"The application is {status} already.")
        self.status = status


class CaseChanged(Conflict):
    """The case is no longer as it was shown to whoever acts on it."""

    code = "case_changed"

    def __init__(self) -> None:
        super().__init__("The case has changed since it was shown; look at it again.")


def terms_revision(terms: Terms) -> str:
    """Another word for all else that may be asked for."""
    return sha256(repr(terms).encode()).hexdigest()[:12]


def require_terms(application: Application, shown: str) -> None:
    """Raise CaseChanged unless the application still asks for what was shown."""
    if terms_revision(application.terms) != shown:
        raise CaseChanged


def require_visible(application: Application, viewer: Viewer) -> None:
    """Raise NotFound where the application is a stranger's, or none that can be shown."""
    if (
        application.client_id != viewer.client_id
        or viewer.end_user not in (None, application.end_user)
        or not viewer.visibility.shows(application.terms.amount)
    ):
        raise NotFound("application")


def require_open(application: Application) -> None:
    """Raise Conflict once the application's status is final."""
    if application.status.final:
        raise ApplicationClosed(application.status)


def moved(application: Application, status: ApplicationStatus, at: datetime) -> Application:
    """The application in another status; raises Conflict once its status is final."""
    require_open(application)
    return application._replace(status=status, revision=application.revision + 1, updated_at=at)


def changed(application: Application, patch: ApplicationPatch, at: datetime) -> Application:
    """The application asking for something else; raises Invalid where that breaks a rule."""
    terms = patch(application)
    check(terms)
    return application._replace(terms=terms, revision=application.revision + 1, updated_at=at)


def differing(before: Terms, after: Terms) -> list[str]:
    """The fields in which two are not the same, such as `declared.annual_revenue`."""
    return list(_differing(before, after, ""))


def _differing(before: _Part, after: _Part, within: str) -> Iterator[str]:
    for name, old, new in zip(before._fields, before, after, strict=True):
        if isinstance(old, _PARTS) and isinstance(new, _PARTS):
            yield from _differing(old, new, f"{within}{name}.")
        elif old != new:
            yield within + name


def check(terms: Terms) -> None:
    """Raise Invalid naming everything in the application that breaks a rule."""
    if complaints := list(_complaints(terms)):
        raise Invalid(*complaints)


def _complaints(terms: Terms) -> Iterator[Complaint]:
    currency = terms.amount.currency
    if pycountry.currencies.get(alpha_3=currency) is None:
        yield Complaint.of_field("/amount/currency", "an ISO 4217 code such as EUR is needed")
    if terms.amount.minor <= 0:
        yield Complaint.of_field("/amount/value", "more than zero is needed", "amount")
    if not 1 <= terms.term_months <= LONGEST_TERM_MONTHS:
        yield Complaint.of_field("/term_months", f"1 to {LONGEST_TERM_MONTHS} is possible")
    if pycountry.countries.get(alpha_2=terms.applicant.country) is None:
        yield Complaint.of_field(
            "/applicant/country", "an ISO 3166-1 code of two letters such as DE is needed"
        )
    if terms.product is Product.LOAN and terms.property is not None:
        yield Complaint.of_field("/property", "only a mortgage has one")
    yield from _sums(terms, currency)


def _sums(terms: Terms, currency: str) -> Iterator[Complaint]:
    sums = {
        "/property/market_value": terms.property.market_value if terms.property else None,
        "/declared/annual_revenue": terms.declared.annual_revenue,
        "/declared/monthly_debt_service": terms.declared.monthly_debt_service,
    }
    for pointer, money in sums.items():
        if money is not None and money.currency != currency:
            yield Complaint.of_field(pointer, f"the amount's currency, {currency}, is needed")
        if money is not None and money.minor < 0:
            yield Complaint.of_field(pointer, "zero or more is needed")
