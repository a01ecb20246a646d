"""Who is at the screen."""

from typing import TypedDict

from bff.views.values import Language
from core.users import Permission


class Person(TypedDict):
    """Who is signed in, and what the web app may show and offer them."""

    id: str
    name: str
    email: str
    permissions: list[Permission]
    locale: Language


class Session(TypedDict):
    """The person at the screen."""

    person: Person
