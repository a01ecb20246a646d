"""From version 2 to the toy: what became of an application."""

from public_api.documentation import Documentation, ObjectSuccession, Replacement, Succession

GONE = Replacement("", "Nobody asked.")
DOCUMENTATION = Documentation(
    meanings={
        "key": "Its id, without hyphens.",
        "firm": "Who asks.",
        "rappen": "How much, in hundredths of a franc.",
        "state": "Whether it is still open.",
        "fault": "For machines.",
        "why": "For people.",
    },
    samples={"firm": "Muster AG", "rappen": 5_000_00},
    succession=Succession(
        predecessor="v2",
        in_short=("Say Rappen instead of francs.",),
        operations={
            "submitApplication": "handIn",
            "listApplications": "leafThrough",
            "getApplication": "lookUp",
        },
        objects={
            "Application": ObjectSuccession(
                "An application",
                {
                    "id": Replacement("Application/key", "Without hyphens."),
                    "status": Replacement("Application/state", "Two words instead of seven."),
                    "product": GONE,
                    "applicant": Replacement("Application/firm", "Its name is enough."),
                    "amount": Replacement("Application/rappen", "In Rappen, always."),
                    "term_months": GONE,
                    "purpose": GONE,
                    "property": GONE,
                    "declared": GONE,
                    "external_reference": GONE,
                    "delete_reason": GONE,
                    "created_at": GONE,
                    "updated_at": GONE,
                },
            ),
            "Problem": ObjectSuccession(
                "An error",
                {
                    "type": Replacement("Fault/fault"),
                    "title": GONE,
                    "status": GONE,
                    "detail": Replacement("Fault/why"),
                    "errors": GONE,
                },
            ),
        },
        statuses={"application": {"open": "received", "done": "approved"}},
    ),
)
