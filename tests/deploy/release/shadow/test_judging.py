"""Noise is cancelled, a change of the data between two answers is no difference, what stays is."""

import json
from typing import Any

import pytest

from deploy.release.shadow.answers import Answer
from deploy.release.shadow.judging import ENOUGH, Noise, Sandwich, judge

pytestmark = pytest.mark.unit


def _says(body: Any) -> Answer:
    content = json.dumps(body).encode()
    return Answer(200, {"content-type": "application/json"}, content, digest=content)


def _judged(before: Any, b: Any, after: Any, noise: Noise | None = None) -> tuple[list[str], bool]:
    verdict = judge(Sandwich("GET", _says(before), _says(b), _says(after)), noise or Noise())
    return [each.path for each in verdict.found], verdict.settled


def test_what_a_does_not_say_twice_is_noise() -> None:
    assert _judged({"at": 1, "n": 1}, {"at": 2, "n": 1}, {"at": 3, "n": 1}) == ([], False)


def test_what_a_says_twice_b_must_say_too() -> None:
    assert _judged({"n": None}, {"n": ""}, {"n": None}) == (["/n"], True)


def test_a_change_of_the_data_between_the_answers_is_not_held_against_b() -> None:
    assert _judged({"n": 1}, {"n": 2}, {"n": 2}) == ([], False)
    assert _judged({"n": 1, "m": 1}, {"n": 2, "m": 2}, {"n": 3, "m": 1}) == (["/m"], False)


def test_a_regression_beside_noise_is_certain_once_the_noise_is_known() -> None:
    noise = Noise()
    for turn in range(ENOUGH):
        paths, settled = _judged(
            {"at": turn, "n": None}, {"at": -1, "n": ""}, {"at": turn + 100, "n": None}, noise
        )
        assert paths == ["/n"]
    assert settled
