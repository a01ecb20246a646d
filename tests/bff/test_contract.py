"""The web app and its backend mean the same by what they say."""

from enum import StrEnum
from typing import TypedDict

import pytest

from bff import contract
from bff.views import usage
from core.decisions import DecisionReason

pytestmark = pytest.mark.unit


def test_the_web_apps_types_are_those_of_the_view_models() -> None:
    written = contract.TYPES.read_text(encoding="utf-8")
    assert written == contract.typescript(), "run `python -m bff.contract`"


def test_no_two_screens_call_different_shapes_by_one_name() -> None:
    shapes: dict[str, object] = {}
    for screen in contract.VIEWS:
        for name, shape in vars(screen).items():
            if f"export type {name} " in contract.typescript():
                assert shapes.setdefault(name, shape) is shape, name


def test_a_words_list_has_every_word_of_core() -> None:
    line = next(
        line
        for line in contract.typescript().splitlines()
        if line.startswith("export type DecisionReason")
    )
    assert all(f'"{reason}"' in line for reason in DecisionReason)


def test_another_view_model_is_another_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    class Colour(StrEnum):
        RED = "red"

    class Extra(TypedDict):
        colours: list[Colour | None]
        counts: dict[str, int]

    before = contract.fingerprint()
    monkeypatch.setattr(usage, "Colour", Colour, raising=False)
    monkeypatch.setattr(usage, "Extra", Extra, raising=False)
    monkeypatch.setitem(globals(), "Colour", Colour)
    assert contract.fingerprint() != before
    assert 'export type Colour = "red";' in contract.typescript()
