"""Whether what released builds say still holds on a new schema: tried, not guessed."""
