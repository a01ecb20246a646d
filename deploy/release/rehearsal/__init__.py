"""A release tried out from end to end: real processes, real traffic, and books of what was said."""
