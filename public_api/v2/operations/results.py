"""What an application came to in version 2: statements, figures, answers, decision."""

from core.clients import Scope
from public_api.endpoints import decisions as decisions_
from public_api.endpoints import reports as reports_
from public_api.endpoints import statements as statements_
from public_api.schemas import shape
from public_api.v2 import answers, categories, decisions, reports, statements, transactions
from public_api.v2.paths import APPLICATION, STATEMENTS, TRANSACTIONS
from public_api.v2.wire import AFTER, LIMIT
from public_api.versions import Operation, Parameter

EVIDENCE_OF = Parameter(
    name="evidence_of",
    schema={"type": "string"},
    description="Only what this answer rests on.",
)
PAGED = Parameter(
    name="limit",
    schema={"type": "string"},
    description="A page of so many, 1 to 100; without such a number all are given at once, which"
    " may be a lot.",
)

OPERATIONS = (
    Operation(
        method="GET",
        path=STATEMENTS,
        name="listStatements",
        summary="Statements, whether they reconcile, and the gaps between them",
        endpoint=statements_.list_statements,
        translation=statements.LIST,
        scope=Scope.REPORT_READ,
        responses={200: shape(statements.StatementList)},
        refusals=(404,),
        parameters=(EVIDENCE_OF, PAGED, AFTER),
    ),
    Operation(
        method="GET",
        path=TRANSACTIONS,
        name="listTransactions",
        summary="Transactions, oldest first, each with the place where it stands",
        endpoint=statements_.list_transactions,
        translation=transactions.LIST,
        scope=Scope.REPORT_READ,
        responses={200: shape(transactions.TransactionList)},
        refusals=(404, 422),
        parameters=(
            Parameter(
                name="account", schema={"type": "string"}, description="Only those on this account."
            ),
            Parameter(
                name="category",
                schema={"type": "string", "enum": list(categories.CATEGORY.values())},
                description="Only of this kind.",
            ),
            Parameter(
                name="counterparty",
                schema={"type": "string"},
                description="Only where the name has this in it.",
            ),
            Parameter(
                name="from",
                schema={"type": "string", "format": "date"},
                description="Booked on or after.",
            ),
            Parameter(
                name="to",
                schema={"type": "string", "format": "date"},
                description="Booked on or before.",
            ),
            EVIDENCE_OF,
            LIMIT,
            AFTER,
        ),
    ),
    Operation(
        method="GET",
        path=f"{APPLICATION}/report",
        name="getReport",
        summary="All figures, each with its formula and what it rests on; as JSON or as a PDF",
        endpoint=reports_.show_or_print,
        translation=reports.SHOW,
        scope=Scope.REPORT_READ,
        responses={200: shape(reports.ReportOf)},
        refusals=(404, 406),
        parameters=(
            Parameter(
                name="Accept-Language",
                schema={"type": "string"},
                description="The language of the PDF: `en` or `de`.",
                where="header",
            ),
        ),
        also={reports.PDF: {"type": "string", "format": "binary"}},
    ),
    Operation(
        method="GET",
        path=f"{APPLICATION}/answers",
        name="listAnswers",
        summary="The underwriter's questions, each answered or not answerable",
        endpoint=reports_.show,
        translation=answers.ANSWERS,
        scope=Scope.REPORT_READ,
        responses={200: shape(answers.AnswerList)},
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path=f"{APPLICATION}/requests",
        name="listRequests",
        summary="Documents that the lender still asks for, and why",
        endpoint=reports_.list_requests,
        translation=answers.REQUESTS,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(answers.RequestList)},
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path=f"{APPLICATION}/decision",
        name="getDecision",
        summary="How the case ended; 404 while it is open",
        endpoint=decisions_.show,
        translation=decisions.SHOW,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(decisions.Decision)},
        refusals=(404,),
    ),
)
