"""Who is at the screen."""

from typing import TypedDict

from bff.views.values import Language
from core.users import Role


class Person(TypedDict):
    """Who is signed in."""

    id: str
    name: str
    email: str
    role: Role
    locale: Language


class Session(TypedDict):
    """The person at the screen."""

    person: Person
