"""How many transactions a statement has, for statements from before 0013."""

TABLE = "statement"
KEYS = ("id",)
UPDATE = """
    UPDATE statement SET transaction_count = transactions
    WHERE id BETWEEN $1 AND $2 AND transaction_count IS NULL"""
VERIFY = """
    SELECT count(*) FROM statement
    WHERE id BETWEEN $1 AND $2 AND transaction_count IS DISTINCT FROM transactions"""
