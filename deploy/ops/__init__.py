"""The command line, the worker, and what both do: migrating, checking, going through a fleet."""
