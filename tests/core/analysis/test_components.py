"""What a figure was made of is told only where it can be read."""

import pytest

from core.analysis import AnswerState, Component, ComponentName, Figure, components
from core.analysis.model import Unit
from core.money import Money

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("entry", [None, "12", True, 1.5, [1]])
def test_what_is_no_whole_number_is_left_out_and_never_nought(entry: object) -> None:
    detail = {"returned": entry, "collected": 7}
    figure = Figure(
        *("customer_debits_bounced_ratio", 1, Unit.RATIO, "EUR", None, AnswerState.ANSWERED, None),
        detail=detail,  # type: ignore[arg-type]  # as it may stand in a database
    )
    assert components(figure) == [Component(ComponentName.COLLECTED, Money(7, "EUR"))]
