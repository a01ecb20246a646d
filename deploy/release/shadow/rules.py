"""Differences that are meant: each has a reason, an owner, and a day on which it counts again."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import Complaint, Invalid

ANY = "*"
BELOW = "/**"


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """What is not told: of which route, at which path, of which kind; `*` is any of them."""

    route: str
    path: str
    reason: str
    owner: str
    expires: date
    kind: str = ANY

    def covers(self, route: str, path: str, kind: str) -> bool:
        """Whether it speaks of this difference, expired or not."""
        return (
            self.route in (ANY, route)
            and self.kind in (ANY, kind)
            and (
                self.path in (ANY, path)
                or (self.path.endswith(BELOW) and path.startswith(self.path[: -len("**")]))
            )
        )

    def __str__(self) -> str:
        return f"{self.route} {self.path} {self.kind} ({self.owner}, until {self.expires})"


def read(file: Path | None) -> tuple[IgnoreRule, ...]:
    """The rules in a file; raises Invalid naming each line that is none."""
    if file is None:
        return ()
    try:
        loaded = tomllib.loads(file.read_text())
    except (OSError, ValueError) as problem:
        raise Invalid(Complaint(str(file), f"{file}: {problem}")) from None
    given = loaded.get("ignore", [])
    if loaded.keys() - {"ignore"} or not isinstance(given, list):
        raise Invalid(Complaint(str(file), f"{file}: rules are written [[ignore]]"))
    complaints = [
        Complaint(str(file), f"{file}, rule {at}: {problem}")
        for at, each in enumerate(given, 1)
        for problem in _problems(each)
    ]
    if complaints:
        raise Invalid(*complaints)
    return tuple(IgnoreRule(**each) for each in given)


def _problems(given: dict[str, Any]) -> Iterable[str]:
    names = {each.name: each.type for each in fields(IgnoreRule)}
    for name in given.keys() - names.keys():
        yield f"{name} is not known; there are {', '.join(names)}"
    for name in names.keys() - given.keys() - {"kind"}:
        yield f"{name} is missing"
    for name, value in given.items():
        if name == "expires":
            if type(value) is not date:
                yield "expires: a day, such as 2027-01-31, without quotes"
        elif name in names and not (isinstance(value, str) and value.strip()):
            yield f"{name}: a text"
    if given.get("route") == ANY and given.get("path") == ANY:
        yield "a rule for every path of every route would ignore everything"
