"""Partners with a test key, from before 0006, belong to the sandbox."""

TABLE = "client"
KEYS = ("id",)
UPDATE = """
    UPDATE client SET test = true
    WHERE id BETWEEN $1 AND $2 AND NOT test AND EXISTS (
        SELECT FROM client_key
        WHERE client_key.client_id = client.id AND client_key.prefix LIKE 'beleg_test_%')"""
VERIFY = """
    SELECT count(DISTINCT client_key.client_id)
    FROM client_key JOIN client ON client.id = client_key.client_id
    WHERE client.id BETWEEN $1 AND $2
        AND starts_with(client_key.prefix, 'beleg_test_') AND client.test IS NOT TRUE"""
