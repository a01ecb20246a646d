"""What a caller would rather have, as RFC 9110 reads its weights."""

import pytest

from public_api.negotiation import language, media_type

pytestmark = pytest.mark.unit
JSON, PDF = "application/json", "application/pdf"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/pdf", PDF),
        ("Application/PDF", PDF),
        ("application/pdf, */*;q=0.1", PDF),
        ("application/pdf;q=0.5, application/json;q=0.4", PDF),
        ("application/pdf;q=0.4,application/json;q=0.5", JSON),
        ("application/pdf, application/json", JSON),
        ("*/*, application/json;q=0", PDF),
        ("application/*;q=0.9, application/json;q=0.2", PDF),
        ("text/html, application/json;charset=utf-8", JSON),
        ("text/html, application/pdf ; q=0.001", PDF),
        ("application/json;q=0, application/pdf;q=0", None),
        ("text/html", None),
        ("text/*;q=1", None),
        ("application/pdf;q=2", None),
        ("noise", None),
        (", ,", None),
    ],
)
def test_the_media_type_liked_best_is_chosen_and_the_first_of_equals(
    accept: str, chosen: str | None
) -> None:
    assert media_type(accept, (JSON, PDF)) == chosen


@pytest.mark.parametrize(
    ("accept_language", "chosen"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("fr-FR, de;q=0.3, en;q=0.2", "de"),
        ("fr, *;q=0.5", "en"),
        ("en-GB;q=0.8, de;q=0.8", "en"),
        ("*, en;q=0", "de"),
        ("fr", None),
    ],
)
def test_the_language_liked_best_is_chosen(accept_language: str, chosen: str | None) -> None:
    assert language(accept_language, ("en", "de")) == chosen
