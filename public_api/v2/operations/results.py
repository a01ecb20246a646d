"""What an application came to in version 2: statements, figures, answers, decision."""

from public_api.endpoints import decisions as decisions_
from public_api.endpoints import reports as reports_
from public_api.endpoints import statements as statements_
from public_api.schemas import shape
from public_api.v2 import answers, categories, decisions, reports, statements
from public_api.v2.wire import AFTER, LIMIT
from public_api.versions import Operation, Parameter

READ, REPORT = "applications:read", "report:read"
ONE = "/applications/{id}"

OPERATIONS = (
    Operation(
        "GET",
        f"{ONE}/statements",
        "listStatements",
        "Statements, whether they reconcile, and the gaps between them",
        statements_.list_statements,
        statements.LIST,
        REPORT,
        {200: shape(statements.StatementList)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/transactions",
        "listTransactions",
        "Transactions, oldest first, each with the place where it stands",
        statements_.list_transactions,
        statements.TRANSACTIONS,
        REPORT,
        {200: shape(statements.TransactionList)},
        (404, 422),
        (
            Parameter("account", {"type": "string"}, "Only those on this account."),
            Parameter(
                "category",
                {"type": "string", "enum": list(categories.CATEGORY.values())},
                "Only of this kind.",
            ),
            Parameter("counterparty", {"type": "string"}, "Only where the name has this in it."),
            Parameter("from", {"type": "string", "format": "date"}, "Booked on or after."),
            Parameter("to", {"type": "string", "format": "date"}, "Booked on or before."),
            Parameter("evidence_of", {"type": "string"}, "Only what this answer rests on."),
            LIMIT,
            AFTER,
        ),
    ),
    Operation(
        "GET",
        f"{ONE}/report",
        "getReport",
        "All figures, each with its formula and what it rests on; as JSON or as a PDF",
        reports_.show,
        reports.SHOW,
        REPORT,
        {200: shape(reports.ReportOf)},
        (404, 406),
        (
            Parameter(
                "Accept-Language",
                {"type": "string"},
                "The language of the PDF: `en` or `de`.",
                "header",
            ),
        ),
        also={reports.PDF: {"type": "string", "format": "binary"}},
    ),
    Operation(
        "GET",
        f"{ONE}/answers",
        "listAnswers",
        "The underwriter's questions, each answered or not answerable",
        reports_.show,
        answers.ANSWERS,
        REPORT,
        {200: shape(answers.AnswerList)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/requests",
        "listRequests",
        "Documents that the lender still asks for, and why",
        reports_.list_requests,
        answers.REQUESTS,
        READ,
        {200: shape(answers.RequestList)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/decision",
        "getDecision",
        "How the case ended; 404 while it is open",
        decisions_.show,
        decisions.SHOW,
        READ,
        {200: shape(decisions.Decision)},
        (404,),
    ),
)
