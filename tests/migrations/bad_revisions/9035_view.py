"""A view ties columns down that a contract will have to drop."""

revision = "9035"
down_revision = "9034"
kind = "expand"
STOPPED_BY = "rules: view"

STATEMENTS = (
    "CREATE VIEW open_application AS SELECT id, status FROM application WHERE status <> 'approved'",
)
