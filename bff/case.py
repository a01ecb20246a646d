"""The case: one application, everything that was found out about it, and its decision."""

from uuid import UUID

from starlette.responses import Response

from bff import findings
from bff.accounts import account_views
from bff.decision import decision_view
from bff.documents import document_view
from bff.history import history_view
from bff.responses import json_response
from bff.revisions import revision_of
from bff.sessions import page
from bff.state import Call
from bff.views import case as views
from bff.views.values import amount, moment, money
from core import (
    analysis,
    applications,
    audit,
    clients,
    decisions,
    documents,
    questions,
    statements,
    users,
)
from core.applications import Application
from core.clients import Partner
from core.db import Tx
from core.users import Permission, Person


async def show(call: Call, person: Person) -> Response:
    """Everything about one case, as of one moment."""
    application_id: UUID = call.path_params["id"]
    limit = call.state["settings"].document_limit_bytes
    return json_response(
        await call.state["db"].snapshot(lambda tx: _case(tx, application_id, person, limit))
    )


async def watch(call: Call, _person: Person) -> Response:
    """Whether the screen is out of date; asked often, so it reads little."""
    application_id: UUID = call.path_params["id"]

    async def read(tx: Tx) -> views.CaseStatus:
        application = await applications.get_any(tx, application_id)
        files = await documents.list_for_application(tx, application_id)
        return {"status": application.status, "revision": revision_of(application, files)}

    return json_response(await call.state["db"].snapshot(read))


async def _case(tx: Tx, application_id: UUID, person: Person, document_limit: int) -> views.Case:
    application = await applications.get_any(tx, application_id)
    files = await documents.list_for_application(tx, application_id)
    stored = await statements.list_for_application(tx, application_id)
    computed = await analysis.list_figures(tx, application_id)
    months = await analysis.list_months(tx, application_id)
    answers = await questions.list_for_application(tx, application_id)
    decision = await decisions.find_for_application(tx, application_id)
    rulings = await analysis.list_rulings(tx, application_id)
    known = analysis.standings(stored, application.terms.applicant, rulings)
    entries = await audit.history(tx, application_id)
    people, partners = await users.names(tx), await clients.partners(tx)
    currency = application.terms.amount.currency
    return {
        "application": _application(application, partners.get(application.client_id)),
        "documents": [document_view(each) for each in files],
        "statements": [findings.statement_view(each) for each in stored],
        "accounts": account_views(known, people),
        "may_rule": person.may(Permission.DECIDE_CASES) and not application.status.final,
        "gaps": findings.gap_views(computed),
        "window": findings.window_view(computed),
        "figures": [findings.figure_view(each) for each in computed],
        "months": [findings.month_view(each, currency) for each in months],
        "answers": findings.answer_views(answers, computed),
        "decision": decision_view(decision, people) if decision else None,
        "may_decide": decisions.may_decide(person, application.status),
        "may_hand_in": person.may(Permission.UPLOAD_DOCUMENTS) and not application.status.final,
        "reasons": {outcome: list(reasons) for outcome, reasons in decisions.REASONS.items()},
        "document_limit": document_limit,
        "history": history_view(entries, people, partners, files),
        "revision": revision_of(application, files),
    }


def _application(application: Application, partner: Partner | None) -> views.Application:
    terms, applicant = application.terms, application.terms.applicant
    declared = terms.declared
    lenders = declared.existing_lenders
    return {
        "id": str(application.id),
        "legal_name": applicant.legal_name,
        "legal_form": applicant.legal_form,
        "country": applicant.country,
        "register_court": applicant.register_court,
        "register_number": applicant.register_number,
        "vat_id": applicant.vat_id,
        "lei": applicant.lei,
        "product": terms.product,
        "amount": amount(terms.amount.minor, terms.amount.currency),
        "term_months": terms.term_months,
        "purpose": terms.purpose,
        "property_value": money(terms.property.market_value) if terms.property else None,
        "property_address": terms.property.address if terms.property else None,
        "declared": {
            "annual_revenue": money(declared.annual_revenue),
            "monthly_debt_service": money(declared.monthly_debt_service),
            "existing_lenders": None if lenders is None else list(lenders),
        },
        "status": application.status,
        "partner": partner.name if partner else None,
        "sandbox": partner is not None and partner.test,
        "external_reference": terms.external_reference,
        "received_at": moment(application.created_at),
    }


ROUTES = (
    page("GET", "/bff/cases/{id:uuid}", show, Permission.VIEW_CASES),
    page("GET", "/bff/cases/{id:uuid}/status", watch, Permission.VIEW_CASES),
)
