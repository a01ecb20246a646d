"""How operators take in the people who work at the lender, and steer what they may."""

from collections.abc import Awaitable, Callable
from typing import Any

from core import users
from core.db import Tx
from core.settings import Settings
from deploy.ops.instance import OPERATOR, run


def create(
    settings: Settings, email: str, name: str, password: str, role: str, locale: str
) -> dict[str, Any]:
    """Take in a person who works at the lender."""

    async def work(tx: Tx) -> dict[str, Any]:
        person_id = await users.create(
            tx, OPERATOR, email, name, password, users.Role(role), locale
        )
        return {"user_id": str(person_id), "email": email, "role": role}

    return run(settings, lambda db: db.write(work))


def everybody(settings: Settings) -> list[dict[str, Any]]:
    """All who work or worked at the lender."""
    return [
        {
            "email": each.person.email,
            "name": each.person.name,
            "role": each.person.role.value,
            "disabled": each.disabled,
            "created_at": each.created_at.isoformat(),
            "user_id": str(each.person.id),
        }
        for each in run(settings, users.everybody)
    ]


def disable(settings: Settings, email: str) -> dict[str, Any]:
    """Let a person sign in no more, and end their sessions."""
    return _steered(settings, lambda tx: users.disable(tx, OPERATOR, email), "disabled")


def enable(settings: Settings, email: str) -> dict[str, Any]:
    """Let a person sign in again."""
    return _steered(settings, lambda tx: users.enable(tx, OPERATOR, email), "enabled")


def reset(settings: Settings, email: str, password: str) -> dict[str, Any]:
    """Give a person another password, and end their sessions."""
    return _steered(
        settings, lambda tx: users.reset_password(tx, OPERATOR, email, password), "reset"
    )


def set_role(settings: Settings, email: str, role: str) -> dict[str, Any]:
    """Give a person another role."""
    wanted = users.Role(role)
    return _steered(settings, lambda tx: users.set_role(tx, OPERATOR, email, wanted), "changed")


def _steered(
    settings: Settings, work: Callable[[Tx], Awaitable[users.Person]], state: str
) -> dict[str, Any]:
    found = run(settings, lambda db: db.write(work))
    return {
        "user_id": str(found.id),
        "email": found.email,
        "role": found.role.value,
        "state": state,
    }
