"""What a role allows is held in core too; operators give any role; how dear a guess is."""

from uuid import UUID

import click
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from core import decisions, passwords
from core.applications import ApplicationStatus
from core.decisions import DecisionOutcome, DecisionReason
from core.errors import Forbidden
from core.users import Role
from deploy.ops.cli import main
from tests.builders import House, company


@pytest.mark.unit
def test_every_role_can_be_given_on_the_command_line() -> None:
    user = main.commands["user"]
    assert isinstance(user, click.Group)
    (role,) = (each for each in user.commands["create"].params if each.name == "role")
    assert isinstance(role.type, click.Choice)
    assert list(role.type.choices) == list(Role)


async def test_a_viewer_decides_nothing_whichever_face_asks(house: House) -> None:
    case = UUID(await house.case(await house.partner(), company(months=3)))
    viewer = await house.person(role=Role.VIEWER)
    assert not decisions.may_decide(viewer, ApplicationStatus.IN_REVIEW)
    with pytest.raises(Forbidden, match="Your role does not allow this"):
        await house.db.write(
            lambda tx: decisions.decide(
                tx, viewer, case, DecisionOutcome.DECLINED, (DecisionReason.POLICY,), None
            )
        )
    assert await decisions.find_for_application(house.db, case) is None


def test_an_unknown_name_is_refused_after_as_much_work_as_a_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hasher = PasswordHasher()  # in earnest: what the tests' people are hashed with costs nothing
    monkeypatch.setattr(passwords, "_hasher", hasher)
    known, unknown = hasher.hash("correct horse battery"), passwords._unknown_hash()
    assert extract_parameters(unknown) == extract_parameters(known)
    for password_hash in (known, unknown):
        with pytest.raises(VerifyMismatchError):
            hasher.verify(password_hash, "another password")
