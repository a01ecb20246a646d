"""Partners that call the public API: who they are, their keys and what each key may do.

A key is shown once; only its SHA-256 is kept (it has 256 bits of its own randomness), with its
beginning and last four characters so that people can tell keys apart.
"""

from core.clients.commands import (
    create,
    disable,
    enable,
    revoke,
    rotate,
    set_app_networks,
)
from core.clients.model import (
    LONGEST_GRACE,
    PER_DAY,
    PER_MINUTE,
    ApiKey,
    Caller,
    CreatedClient,
    KeyRules,
    KnownClient,
    Network,
    Partner,
    Scope,
    digest,
    shown_mark,
)
from core.clients.store import (
    keys_of,
    list_all,
    partners,
)

__all__ = [
    "LONGEST_GRACE",
    "PER_DAY",
    "PER_MINUTE",
    "ApiKey",
    "Caller",
    "CreatedClient",
    "KeyRules",
    "KnownClient",
    "Network",
    "Partner",
    "Scope",
    "create",
    "digest",
    "disable",
    "enable",
    "keys_of",
    "list_all",
    "partners",
    "revoke",
    "rotate",
    "set_app_networks",
    "shown_mark",
]
