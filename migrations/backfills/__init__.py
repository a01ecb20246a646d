'''Data on its way into its new shape, in small batches beside whatever runs.

A file is called `NNNN_what.py`: NNNN is the expand that made its new place, and the file's name
without `.py` is the backfill's. It imports nothing of ours and holds four names:

    """Fills transaction_count for statements from before 0013."""

    TABLE = "statement"
    KEYS = ("id",)
    UPDATE = """
        UPDATE statement SET transaction_count = transactions
        WHERE id BETWEEN $1 AND $2 AND transaction_count IS NULL"""
    VERIFY = """
        SELECT count(*) FROM statement
        WHERE id BETWEEN $1 AND $2 AND transaction_count IS DISTINCT FROM transactions"""

- `TABLE`: the one table whose rows are put right, as `UPDATE` names it.
- `KEYS`: the columns of its primary key, in the key's order (any types; `("application_id",
  "name")` where there are two). Rows are walked in this order, by its index.
- `UPDATE`: one statement that puts right the rows of one stretch of keys and gives nothing back.
  Its parameters are the stretch's first key, then its last key, **both inclusive**: `$1` and `$2`
  for one column; for two
  `(application_id, name) >= ($1, $2) AND (application_id, name) <= ($3, $4)`.
  It leaves alone every row that is right already, be it by a trigger, by a build that writes the
  new shape, or by an earlier run: running it twice changes nothing the second time. It takes from
  the row itself what it writes, as that row is now; what another table holds may be joined.
  It does not lean on rows outside the stretch having been done.
- `VERIFY`: a select of one number, the rows of a stretch that are still wrong; same parameters.
  Say there what *right* means, in words of its own, not `UPDATE`'s condition again: it is the only
  judge. It sees rows that were written after the backfill began as well.

What the runner sees to, so that no file has to: the first stretch begins at the first row there
is, there is no cursor to be null; the last key (`until`) is fixed when the backfill is begun, so
that it never chases what is inserted meanwhile (the expand's trigger, or the build that writes,
puts that right); a stretch's length adapts until a batch takes 10 to 30 ms; a batch is one short
transaction that also stores the cursor; row locks are waited for 100 ms, then the batch is undone
and tried again later. Parameters take the columns' own types: write `$1`, without a cast.

A backfill that has shipped is frozen like a revision. A row is wrong or right by itself: what
cannot be said of single rows is no backfill.
'''
