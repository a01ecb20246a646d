"""What old builds leave empty may be unique."""

revision = "9007"
down_revision = "9006"
kind = "expand"

STATEMENTS = (
    "CREATE UNIQUE INDEX CONCURRENTLY document_reference ON document (reference) WHERE reference IS NOT NULL",
)
