"""The command line, `beleg`: one command a thing that an operator does."""

from deploy.ops.commands import (
    apps,
    audit,
    clients,
    contracts,
    fleet,
    migrations,
    parts,
    users,
    versions,
    webhooks,
)
from deploy.ops.commands.root import main

__all__ = [
    "apps",
    "audit",
    "clients",
    "contracts",
    "fleet",
    "main",
    "migrations",
    "parts",
    "users",
    "versions",
    "webhooks",
]

if __name__ == "__main__":
    main()
