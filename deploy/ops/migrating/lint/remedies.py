"""What to write instead of what a rule refuses, in a sentence."""

PATTERN = (
    "add a new column with a trigger that keeps both in step, backfill it, let the new build use"
    " it, and drop the old one by a contract (README, Writing a revision)"
)
REMEDIES = {
    "kind": 'say kind = "expand" or kind = "contract"',
    "syntax": "mend it; PostgreSQL's own parser says this",
    "waits": "leave it out",
    "session": "leave it out: the migrator sets its limits, begins and commits",
    "rights": "leave it to the runbook: a migration runs as the database's owner everywhere",
    "rewrite": PATTERN,
    "long-lock": "leave it out, or take the new shape by a table or column of its own",
    "hidden": "plain SQL, a statement each",
    "view": "the query in the noun's store: a view keeps its columns from being dropped",
    "rename": PATTERN,
    "type-change": PATTERN,
    "index-locks": "CREATE INDEX CONCURRENTLY (or DROP INDEX CONCURRENTLY) in a file of its own",
    "concurrently-alone": "a file of its own for each statement with CONCURRENTLY",
    "many-tables": "a revision for each table",
    "data": "a file in migrations/backfills, which goes by small batches",
    "unknown-form": "a form that the rules know, or a rule with a test (deploy/ops/migrating)",
    "enum-change": "a text column, whose words stand in the code; else a contract",
    "drop": 'a revision of kind = "contract" that names it in drops',
    "cascade": "name each thing that goes, what leans on it first",
    "drops-differ": "drops = (...) with just the tables and columns that its SQL drops",
    "contract-without-drops": 'drops = ("table.column",), or kind = "expand" if it only adds',
    "empty": "delete the file",
    "not-null": "a constant DEFAULT, or nullable now and NOT NULL by a contract",
    "set-not-null": (
        "CHECK (column IS NOT NULL) NOT VALID and its VALIDATE, each in a contract of its own, with"
        " needs naming the backfill; then SET NOT NULL, which need not look again"
    ),
    "volatile-default": "a nullable column, SET DEFAULT in a second statement, a backfill",
    "check-validated": "ADD CONSTRAINT … NOT VALID, then VALIDATE in a revision of its own",
    "validate-alone": "VALIDATE CONSTRAINT in the next revision, which holds no lock by then",
    "foreign-key": (
        "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a revision of its own;"
        " for a new table no ON DELETE RESTRICT"
    ),
    "default-dropped": "a contract, once every build gives the column",
    "loosened": "a contract, once every build can read it",
    "function-replaced": "a function of a new name, and a trigger that calls it",
    "trigger": "a BEFORE ROW trigger that only fills NEW's columns, its function in the same file",
    "tightens": "a contract, once no build writes it otherwise",
    "breaks": PATTERN,
    "lacks": "an expand that makes room for it, named in REQUIRES (core/db.py)",
    "fails": "what PostgreSQL takes; it was run on an empty database",
    "squawk": "what squawk says",
    "backfill-whole": "UPDATE … WHERE key BETWEEN $1 AND $2: a batch, never the whole table",
    "no-need": "needs = (the backfill's name,)",
}
