"""A page as it is served."""

from dataclasses import dataclass
from hashlib import sha256

MISSING = "/docs/missing"
"""The address of the page that people get where there is none."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is served at an address; `template` is the address as metrics name it."""

    template: str
    media_type: str
    body: bytes
    tag: str
    status: int = 200


def page_of(template: str, media_type: str, body: bytes) -> Page:
    """The page that has this body."""
    return Page(template, media_type, body, f'"{tag_of(body)}"')


def tag_of(body: bytes) -> str:
    """Another word for each content."""
    return sha256(body).hexdigest()[:24]
