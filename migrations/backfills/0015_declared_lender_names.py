"""The lenders that an applicant named, for applications from before 0015."""

TABLE = "application"
KEYS = ("id",)
UPDATE = """
    UPDATE application SET declared_lender_names = ARRAY(
        SELECT name FROM jsonb_array_elements_text(declared_lenders)
            WITH ORDINALITY AS each (name, place) ORDER BY place)
    WHERE id BETWEEN $1 AND $2 AND declared_lender_names IS NULL
        AND jsonb_typeof(declared_lenders) = 'array'"""
VERIFY = """
    SELECT count(*) FROM application
    WHERE id BETWEEN $1 AND $2
        AND nullif(declared_lenders, 'null') IS DISTINCT FROM to_jsonb(declared_lender_names)"""
