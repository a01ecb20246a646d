"""A right is given to a role that another server does not have."""

revision = "9036"
down_revision = "9035"
kind = "expand"
STOPPED_BY = "rules: rights"

STATEMENTS = ("GRANT SELECT ON application TO reporting",)
