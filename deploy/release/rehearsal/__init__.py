"""A release tried out from end to end: real processes, real traffic, all on record."""
