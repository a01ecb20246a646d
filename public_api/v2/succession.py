"""From version 1 to version 2, field by field: what became of each.

The tests hold both of its sides to the published documents.
"""

from public_api.documentation import ObjectSuccession, Replacement, Succession

CENTS = "A text with its currency instead of a number in euros."
ZONE = "With its zone, `Z`."
PRODUCTS = "`LOAN` is `loan`, `MORTGAGE` is `mortgage`."
READY = "Anything but `received` and `reading` is ready."
OPERATIONS = {
    "createApplication": "submitApplication",
    "listApplications": "listApplications",
    "getApplication": "getApplication",
    "deleteApplication": "withdrawApplication",
    "createDocument": "handInDocument",
    "listDocuments": "listDocuments",
    "getDocument": "getDocument",
    "getResult": "getReport",
    "createCallback": "subscribeWebhook",
    "listCallbacks": "listWebhooks",
    "deleteCallback": "unsubscribeWebhook",
}
OBJECTS = {
    "SubmitApplication": ObjectSuccession(
        "Handing in an application",
        {
            "company_name": Replacement("SubmitApplication/applicant/legal_name"),
            "company_number": Replacement(
                "SubmitApplication/applicant/register_number",
                "The court has a field of its own, `register_court`.",
            ),
            "vat_number": Replacement("SubmitApplication/applicant/vat_id"),
            "type": Replacement("SubmitApplication/product", PRODUCTS),
            "amount_eur": Replacement("SubmitApplication/amount", CENTS),
            "duration": Replacement("SubmitApplication/term_months", "Months, as before."),
            "reference": Replacement("SubmitApplication/external_reference"),
            "property_value_eur": Replacement("SubmitApplication/property/market_value", CENTS),
        },
    ),
    "Application": ObjectSuccession(
        "An application",
        {
            "id": Replacement(
                "Application/id", "The same id: applications are the same in both versions."
            ),
            "company_name": Replacement("Application/applicant/legal_name"),
            "company_number": Replacement("Application/applicant/register_number"),
            "vat_number": Replacement("Application/applicant/vat_id"),
            "type": Replacement("Application/product", PRODUCTS),
            "amount_eur": Replacement("Application/amount", CENTS),
            "duration": Replacement("Application/term_months"),
            "reference": Replacement("Application/external_reference"),
            "status": Replacement("Application/status", "Seven words instead of three; see below."),
            "created": Replacement("Application/created_at", ZONE),
        },
    ),
    "ApplicationPage": ObjectSuccession(
        "A list of applications",
        {
            "items": Replacement("ApplicationList/data"),
            "page": Replacement("", "Lists resume by a cursor; see below."),
            "per_page": Replacement("", "The parameter `limit`, at most 100."),
            "total": Replacement("", "Counting what changes as you read helped nobody."),
        },
    ),
    "Document": ObjectSuccession(
        "A document",
        {
            "document_id": Replacement("Document/id"),
            "status": Replacement("Document/status", "Four words instead of three; see below."),
        },
    ),
    "DocumentList": ObjectSuccession(
        "The documents of an application",
        {"items": Replacement("DocumentList/data")},
    ),
    "NotReady": ObjectSuccession(
        "While documents are read",
        {
            "ready": Replacement("Application/status", READY),
        },
    ),
    "Result": ObjectSuccession(
        "What was found",
        {
            "ready": Replacement("Application/status", READY),
            "figures": Replacement(
                "ReportOf/figures", "A list, each with formula, window and evidence."
            ),
            "flags": Replacement("AnswerList/data", "Answers whose `verdict` is `watch` or `bad`."),
        },
    ),
    "ResultFigures": ObjectSuccession(
        "Its figures",
        {
            "monthly_revenue_eur": Replacement("Figure/value", "The figure `monthly_revenue`."),
            "average_balance_eur": Replacement("Figure/value", "The figure `average_balance`."),
            "returned_debits": Replacement("Figure/value", "The figure `own_payments_bounced`."),
            "debt_service_monthly_eur": Replacement("Figure/value", "The figure `debt_service`."),
        },
    ),
    "AddCallback": ObjectSuccession(
        "Adding a callback",
        {
            "url": Replacement("SubscribeWebhook/url"),
            "secret": Replacement("WebhookWithSecret/secret", "We make it, and show it once."),
        },
    ),
    "Callback": ObjectSuccession(
        "A callback",
        {
            "id": Replacement(
                "Webhook/id", "Callbacks and webhooks live side by side, each in its version."
            ),
            "url": Replacement("Webhook/url"),
            "created": Replacement("Webhook/created_at", ZONE),
        },
    ),
    "CallbackList": ObjectSuccession(
        "The callbacks",
        {"items": Replacement("WebhookList/data")},
    ),
    "Error": ObjectSuccession(
        "An error",
        {"error": Replacement("Problem/type", "The whole body is the problem.")},
    ),
    "Fault": ObjectSuccession(
        "What it says",
        {
            "code": Replacement("Problem/type", "`not_found` is `/problems/not-found`."),
            "message": Replacement("Problem/detail"),
        },
    ),
}
STATUSES = {
    "application": {
        "received": "pending",
        "reading": "pending",
        "needs_documents": "pending",
        "in_review": "pending",
        "approved": "accepted",
        "declined": "rejected",
        "withdrawn": "rejected",
    },
    "document": {
        "queued": "processing",
        "reading": "processing",
        "read": "done",
        "unreadable": "failed",
    },
}

SUCCESSION = Succession(
    predecessor="v1",
    in_short=(
        "Send `Idempotency-Key` as before, but a new one on v2: a key that was used on v1 is"
        " refused there.",
        "Read money as text with its currency, times with their `Z`.",
        "Follow `next` instead of counting pages.",
        "Decide by `status` in seven words, and expect an eighth.",
        "Mend what v2 refuses and v1 let pass: fields that it does not know.",
    ),
    operations=OPERATIONS,
    objects=OBJECTS,
    statuses=STATUSES,
)
