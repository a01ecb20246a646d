"""A foreign key on a new column, which is not looked at yet."""

revision = "9008"
down_revision = "9007"
kind = "expand"

STATEMENTS = (
    "ALTER TABLE application ADD COLUMN note_id bigint",
    "ALTER TABLE application ADD CONSTRAINT application_note FOREIGN KEY (note_id) REFERENCES note NOT VALID",
)
