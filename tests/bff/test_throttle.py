"""Who tries too often has to wait."""

import pytest

from bff import throttle
from bff.throttle import Throttle

pytestmark = pytest.mark.unit


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_attempts_beyond_the_limit_wait_until_the_first_is_forgotten() -> None:
    clock = Clock()
    limited = Throttle(2, 60, clock)
    assert limited.attempt("a") == 0
    clock.now = 20
    assert limited.attempt("a") == 0
    assert limited.attempt("a") == 40
    assert limited.attempt("b") == 0
    clock.now = 60
    assert limited.attempt("a") == 0
    assert limited.attempt("a") == 20


def test_many_names_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_NAMES", 10)
    limited = Throttle(1, 60, Clock())
    for number in range(100):
        limited.attempt(str(number))
    assert len(limited._attempts) <= 11
    assert limited.attempt("99") == 60
