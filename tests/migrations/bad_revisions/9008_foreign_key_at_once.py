"""A foreign key is checked at once, with two tables locked."""

revision = "9008"
down_revision = "9007"
kind = "expand"
STOPPED_BY = "rules: foreign-key"

STATEMENTS = (
    "ALTER TABLE transaction ADD CONSTRAINT transaction_of_document FOREIGN KEY (document_id) REFERENCES document",
)
