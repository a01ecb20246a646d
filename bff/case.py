"""The case: one application, everything that was found out about it, and its decision."""

from uuid import UUID

from starlette.responses import Response

from bff import findings
from bff.decision import decided
from bff.documents import may_hand_in, shown
from bff.history import history
from bff.responses import say
from bff.sessions import page
from bff.state import Call
from bff.views import case as views
from bff.views.values import amount, moment, money
from core import analysis, applications, audit, clients, decisions, documents, questions, users
from core import statements as bank
from core.applications import Application
from core.clients import Partner
from core.db import Tx
from core.documents import Document
from core.users import Person


async def show(call: Call, who: Person) -> Response:
    """Everything about one case, as of one moment."""
    application_id: UUID = call.path_params["id"]
    limit = call.state["settings"].document_limit_bytes
    return say(await call.state["db"].snapshot(lambda tx: _case(tx, application_id, who, limit)))


async def watch(call: Call, _who: Person) -> Response:
    """Whether the screen is out of date; asked often, so it reads little."""
    application_id: UUID = call.path_params["id"]

    async def read(tx: Tx) -> views.CaseStatus:
        application = await applications.case(tx, application_id)
        files = await documents.list_for_application(tx, application_id)
        return {"status": application.status, "revision": _revision(application, files)}

    return say(await call.state["db"].snapshot(read))


async def _case(tx: Tx, application_id: UUID, who: Person, document_limit: int) -> views.Case:
    application = await applications.case(tx, application_id)
    files = await documents.list_for_application(tx, application_id)
    kept = await bank.list_for_application(tx, application_id)
    computed = await analysis.figures(tx, application_id)
    months = await analysis.months(tx, application_id)
    answers = await questions.list_for_application(tx, application_id)
    decision = await decisions.find_for_application(tx, application_id)
    entries = await audit.history(tx, application_id)
    people, partners = await users.names(tx), await clients.partners(tx)
    currency = application.terms.amount.currency
    return {
        "application": _application(application, partners.get(application.client_id)),
        "documents": [shown(each) for each in files],
        "statements": [findings.statement(each) for each in kept],
        "gaps": findings.gaps(computed),
        "window": findings.window(computed),
        "figures": [findings.figure(each) for each in computed],
        "months": [findings.month(each, currency) for each in months],
        "answers": findings.answers(answers, computed),
        "decision": decided(decision, people) if decision else None,
        "may_decide": decisions.may_decide(who, application.status),
        "may_hand_in": may_hand_in(who) and not application.status.final,
        "reasons": {outcome: list(some) for outcome, some in decisions.REASONS.items()},
        "document_limit": document_limit,
        "history": history(entries, people, partners, files),
        "revision": _revision(application, files),
    }


def _application(each: Application, partner: Partner | None) -> views.Application:
    asked, who, declared = each.terms, each.terms.applicant, each.terms.declared
    lenders = declared.existing_lenders
    return {
        "id": str(each.id),
        "legal_name": who.legal_name,
        "legal_form": who.legal_form,
        "country": who.country,
        "register_court": who.register_court,
        "register_number": who.register_number,
        "vat_id": who.vat_id,
        "lei": who.lei,
        "product": asked.product,
        "amount": amount(asked.amount.minor, asked.amount.currency),
        "term_months": asked.term_months,
        "purpose": asked.purpose,
        "property_value": money(asked.property.market_value) if asked.property else None,
        "property_address": asked.property.address if asked.property else None,
        "declared": {
            "annual_revenue": money(declared.annual_revenue),
            "monthly_debt_service": money(declared.monthly_debt_service),
            "existing_lenders": None if lenders is None else list(lenders),
        },
        "status": each.status,
        "partner": partner.name if partner else None,
        "sandbox": partner is not None and partner.test,
        "external_reference": asked.external_reference,
        "received_at": moment(each.created_at),
    }


def _revision(application: Application, files: list[Document]) -> str:
    """Another word for each state that the screen shows: reading moves documents, not the case."""
    unread = sum(each.read_at is None for each in files)
    begun = sum(each.status is documents.DocumentStatus.READING for each in files)
    return f"{application.revision}.{len(files)}.{unread}.{begun}"


ROUTES = (
    page("GET", "/bff/cases/{id:uuid}", show),
    page("GET", "/bff/cases/{id:uuid}/status", watch),
)
