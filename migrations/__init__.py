"""How the database got its shape: expand, backfill, contract; each revision says which it is."""
