"""What stands in an address's query is read strictly."""

import pytest

from bff.requests import choice, number, text
from core.applications import ApplicationStatus
from core.errors import Invalid

pytestmark = pytest.mark.unit


def test_what_is_not_said_has_a_default() -> None:
    assert number({}, "page", 1) == 1
    assert choice({"status": ""}, "status", ApplicationStatus) is None


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "", "٣", "9" * 40])
def test_a_bad_page_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="page"):
        number({"page": value}, "page", 1)


def test_an_unknown_status_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="in_review"):
        choice({"status": "gone"}, "status", ApplicationStatus)


def test_a_needed_text_has_to_be_there() -> None:
    with pytest.raises(Invalid, match="filename"):
        text({"filename": ""}, "filename")
