"""The command line, `beleg`: one command a thing that an operator does."""

from deploy.ops.commands import (
    adoption,
    apps,
    audit,
    backfills,
    builds,
    checking,
    clients,
    contracts,
    edge,
    fleet,
    fleet_releases,
    guards,
    migrations,
    outcomes,
    parts,
    rehearsal,
    release_views,
    releases,
    shadow,
    users,
    versions,
    webhooks,
)
from deploy.ops.commands.root import main

__all__ = [
    "adoption",
    "apps",
    "audit",
    "backfills",
    "builds",
    "checking",
    "clients",
    "contracts",
    "edge",
    "fleet",
    "fleet_releases",
    "guards",
    "main",
    "migrations",
    "outcomes",
    "parts",
    "rehearsal",
    "release_views",
    "releases",
    "shadow",
    "users",
    "versions",
    "webhooks",
]

if __name__ == "__main__":
    main()
