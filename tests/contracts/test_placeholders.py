"""A golden exchange lets pass what differs from run to run, and not a byte more."""

import pytest

from tests.contracts.exchange import Values, agree, filled, marked

pytestmark = pytest.mark.unit
ONE, TWO = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


def test_an_id_is_named_once_and_known_again() -> None:
    values: Values = {}
    assert marked(f"{ONE} {TWO} {ONE}", values) == "{{id:1}} {{id:2}} {{id:1}}"
    assert marked(f"/a/{TWO}", values) == "/a/{{id:2}}"
    assert filled("/a/{{id:2}}", values) == f"/a/{TWO}"


def test_what_was_bound_must_come_again() -> None:
    values: Values = {}
    agree("{{id:1}}", ONE, values)
    agree('{"id":"{{id:1}}"}', f'{{"id":"{ONE}"}}', values)
    with pytest.raises(AssertionError):
        agree("{{id:1}}", TWO, values)
    with pytest.raises(AssertionError):
        agree("{{id:2}} {{id:2}}", f"{ONE} {TWO}", values)


@pytest.mark.parametrize(
    ("promised", "answered"),
    [
        ('"amount_eur":250000.00', '"amount_eur":250000.0'),
        ('"created":"{{second}}"', '"created":"2026-01-01T10:00:00Z"'),
        ('"created_at":"{{time}}"', '"created_at":"2026-01-01T10:00:00+00:00"'),
        ('"id":"{{id:1}}"', '"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"'),
        ("content-length: {{count}}", "content-length: -1"),
        ("{}", "{} "),
    ],
)
def test_a_byte_that_was_not_promised_is_noticed(promised: str, answered: str) -> None:
    with pytest.raises(AssertionError):
        agree(promised, answered, {})
