"""The case: one application, everything that was found out about it, and its decision."""

from uuid import UUID

from starlette.responses import Response

from bff import findings
from bff.accounts import account_views
from bff.decision import decision_view
from bff.documents import document_view
from bff.findings import MOST_ROWS
from bff.history import MOST_ENTRIES, documents_named, history_view
from bff.requests import text
from bff.responses import json_response
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
from core.accesses import VIEWED
from core.applications import Application
from core.clients import Partner
from core.db import Tx
from core.pages import OLDEST, resume, resume_account
from core.users import Permission, Person


async def show(call: Call, person: Person) -> Response:
    """Everything about one case, as of one moment."""
    application_id: UUID = call.path_params["id"]
    limit = call.state["settings"].document_limit_bytes
    view = await call.state["db"].snapshot(lambda tx: _case(tx, application_id, person, limit))
    call.state["accesses"].look(person.actor, VIEWED, application_id=application_id)
    return json_response(view)


async def watch(call: Call, _person: Person) -> Response:
    """Whether the screen is out of date; asked often, so it reads little."""
    application_id: UUID = call.path_params["id"]

    async def read(tx: Tx) -> views.CaseStatus:
        application = await applications.get_any(tx, application_id)
        revision = await decisions.revision(tx, application)
        return {"status": application.status, "revision": str(revision)}

    return json_response(await call.state["db"].snapshot(read))


async def more_documents(call: Call, _person: Person) -> Response:
    """More documents of a case, after those that are shown."""
    application_id: UUID = call.path_params["id"]
    after = resume(text(call.query_params, "after"))

    async def read(tx: Tx) -> views.DocumentPage:
        await applications.get_any(tx, application_id)
        files = await documents.list_by_cursor(tx, application_id, after, MOST_ROWS)
        return {"rows": [document_view(each) for each in files.items], "next": files.next}

    return json_response(await call.state["db"].snapshot(read))


async def more_statements(call: Call, _person: Person) -> Response:
    """More statements of a case, after those that are shown."""
    application_id: UUID = call.path_params["id"]
    after = resume_account(text(call.query_params, "after"))

    async def read(tx: Tx) -> views.StatementPage:
        await applications.get_any(tx, application_id)
        found = await statements.list_statements_by_cursor(
            tx, application_id, None, after, MOST_ROWS
        )
        named = {each.document_id for each in found.items}
        filenames = await documents.filenames(tx, named)
        rows = [findings.statement_view(each, filenames) for each in found.items]
        return {"rows": rows, "next": found.next}

    return json_response(await call.state["db"].snapshot(read))


async def _case(tx: Tx, application_id: UUID, person: Person, document_limit: int) -> views.Case:
    application = await applications.get_any(tx, application_id)
    progress = await documents.progress(tx, application_id)
    files = await documents.list_by_cursor(tx, application_id, OLDEST, MOST_ROWS)
    stored = await statements.list_statements_by_cursor(tx, application_id, None, None, MOST_ROWS)
    computed = await analysis.list_figures(tx, application_id)
    months = await analysis.list_months(tx, application_id)
    answers = await questions.list_for_application(tx, application_id)
    decision = await decisions.find_for_application(tx, application_id)
    rulings = await analysis.list_rulings(tx, application_id)
    holders = await statements.list_accounts(tx, application_id)
    known = analysis.standings(holders, application.terms.applicant, rulings)
    entries = await audit.latest(tx, application_id, MOST_ENTRIES)
    named = documents_named(entries) | {each.document_id for each in stored.items}
    filenames = await documents.filenames(tx, named)
    people, partners = await users.names(tx), await clients.partners(tx)
    currency = application.terms.amount.currency
    return {
        "application": _application(application, partners.get(application.client_id)),
        "documents": [document_view(each) for each in files.items],
        "document_count": progress.total,
        "documents_next": files.next,
        "statements": [findings.statement_view(each, filenames) for each in stored.items],
        "statement_count": await statements.count_statements(tx, application_id),
        "statements_next": stored.next,
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
        "history": history_view(entries, people, partners, filenames),
        "revision": str(await decisions.revision(tx, application)),
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
    page("GET", "/bff/cases/{id:uuid}/documents", more_documents, Permission.VIEW_CASES),
    page("GET", "/bff/cases/{id:uuid}/statements", more_statements, Permission.VIEW_CASES),
    page("GET", "/bff/cases/{id:uuid}/status", watch, Permission.VIEW_CASES),
)
