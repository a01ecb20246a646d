"""From one shape of the database to the next, beside builds that must not notice."""
