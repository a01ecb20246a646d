"""The web app and its backend mean the same by what they say."""

from enum import StrEnum
from typing import TypedDict

import pytest

from bff import contract, views
from core.decisions import Reason

pytestmark = pytest.mark.unit


def test_the_web_apps_types_are_those_of_the_view_models() -> None:
    written = contract.TYPES.read_text(encoding="utf-8")
    assert written == contract.typescript(), "run `python -m bff.contract`"


def test_a_words_list_has_every_word_of_core() -> None:
    line = next(
        line for line in contract.typescript().splitlines() if line.startswith("export type Reason")
    )
    assert all(f'"{reason}"' in line for reason in Reason)


def test_another_view_model_is_another_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    class Colour(StrEnum):
        RED = "red"

    class Extra(TypedDict):
        colours: list[Colour | None]
        counts: dict[str, int]

    before = contract.fingerprint()
    monkeypatch.setattr(views, "Colour", Colour, raising=False)
    monkeypatch.setattr(views, "Extra", Extra, raising=False)
    monkeypatch.setitem(globals(), "Colour", Colour)
    assert contract.fingerprint() != before
    assert 'export type Colour = "red";' in contract.typescript()
