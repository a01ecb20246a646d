"""Whom a sign-in tells apart, and how dear a guess is."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from core import users

pytestmark = pytest.mark.unit


def test_an_unknown_name_is_refused_after_as_much_work_as_a_known_one() -> None:
    # Not by `users._hasher`: what the tests' people are hashed with costs next to nothing.
    hasher = PasswordHasher()
    known = hasher.hash("correct horse battery")
    assert extract_parameters(users._NOBODY) == extract_parameters(known)
    for kept in (known, users._NOBODY):
        with pytest.raises(VerifyMismatchError):
            hasher.verify(kept, "another password")
