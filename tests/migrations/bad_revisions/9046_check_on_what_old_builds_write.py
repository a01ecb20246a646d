"""A check refuses values that the old build may write."""

revision = "9046"
down_revision = "9045"
kind = "expand"
STOPPED_BY = "proof: tightens"

STATEMENTS = (
    "ALTER TABLE application ADD CONSTRAINT short_terms CHECK (term_months <= 120) NOT VALID",
)
