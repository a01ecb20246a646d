"""Cursors come back as what they stood for, and nothing else is taken for one."""

import base64
from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.pages import DayPosition, cursor, resume, resume_place

pytestmark = pytest.mark.unit
PLACES = st.builds(DayPosition, st.dates(), st.uuids())


@given(st.uuids())
def test_a_cursor_resumes_after_its_id(last: UUID) -> None:
    assert resume(cursor(last)) == last


@given(PLACES)
def test_a_cursor_resumes_after_its_day_and_id(last: DayPosition) -> None:
    assert resume_place(cursor(last)) == last


@given(st.one_of(st.text(max_size=60), st.binary(max_size=40).map(bytes.hex)))
def test_noise_is_refused_or_is_the_cursor_of_something(noise: str) -> None:
    for back in (resume, resume_place):
        with suppress(Invalid):
            found = back(noise)
            assert back(cursor(found)) == found


@given(st.uuids(), PLACES)
def test_a_cursor_of_another_list_is_refused(id: UUID, place: DayPosition) -> None:
    with pytest.raises(Invalid):
        resume_place(cursor(id))
    with pytest.raises(Invalid):
        resume(cursor(place))


@pytest.mark.parametrize("day", [0, 3_652_060, 2**32 - 1])
def test_a_day_that_is_none_is_refused(day: int) -> None:
    forged = base64.urlsafe_b64encode(day.to_bytes(4, "big") + bytes(16)).decode().rstrip("=")
    with pytest.raises(Invalid):
        resume_place(forged)
