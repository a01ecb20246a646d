"""Papers that are no bank statement: told by their own words, kept with their kind."""
