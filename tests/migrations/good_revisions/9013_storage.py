"""How often a table is vacuumed is noticed by nobody."""

revision = "9013"
down_revision = "9012"
kind = "expand"

STATEMENTS = ("ALTER TABLE transaction SET (autovacuum_vacuum_scale_factor = 0.02)",)
