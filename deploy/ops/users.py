"""How operators take in the people who work at the lender."""

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
