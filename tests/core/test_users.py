"""What a role allows is held in core too, whichever face asks; operators give any role."""

from uuid import UUID

import click
import pytest

from core import decisions
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
    assert await decisions.of_application(house.db, case) is None
