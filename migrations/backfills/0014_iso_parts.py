"""The parts of the ISO 20022 code, for transactions from before 0014."""

TABLE = "transaction"
KEYS = ("id",)
UPDATE = """
    UPDATE transaction SET (iso_domain, iso_family, iso_subfamily) = (
        SELECT parts[1], parts[2], parts[3]
        FROM regexp_match(iso, '^([^-]*)(?:-([^-]*))?(?:-(.*))?$') AS parts)
    WHERE id BETWEEN $1 AND $2 AND iso IS NOT NULL AND iso_domain IS NULL"""
VERIFY = """
    SELECT count(*) FROM transaction
    WHERE id BETWEEN $1 AND $2 AND iso IS DISTINCT FROM iso_domain
        || coalesce('-' || iso_family, '') || coalesce('-' || iso_subfamily, '')"""
