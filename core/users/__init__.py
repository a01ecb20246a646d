"""People who work at the lender: passwords, roles, and sessions kept on our side."""

from core.users.commands import (
    create,
    disable,
    enable,
    reset_password,
    set_locale,
    set_role,
)
from core.users.model import (
    PERMISSIONS,
    SHORTEST_PASSWORD,
    KnownPerson,
    Permission,
    Person,
    Role,
    StartedSession,
    normal_email,
)
from core.users.sessions import (
    find_by_session,
    sign_in,
    sign_out,
)
from core.users.store import (
    everybody,
    find_by_email,
    find_id,
    names,
)

__all__ = [
    "PERMISSIONS",
    "SHORTEST_PASSWORD",
    "KnownPerson",
    "Permission",
    "Person",
    "Role",
    "StartedSession",
    "create",
    "disable",
    "enable",
    "everybody",
    "find_by_email",
    "find_by_session",
    "find_id",
    "names",
    "normal_email",
    "reset_password",
    "set_locale",
    "set_role",
    "sign_in",
    "sign_out",
]
