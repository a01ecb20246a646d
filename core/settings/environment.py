"""Settings as an environment says them, and the files that it names."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from core.errors import Complaint, Invalid
from core.settings.contradictions import contradictions
from core.settings.model import Settings, variable

FROM_FILE = "_FILE"
"""At the end of a setting's variable: the file that the value stands in, as secrets are handed."""
_LARGEST_FILE = 64 * 1024


class _Variables(PydanticBaseSettingsSource):
    """What an environment says, and the files that it names; an empty variable is not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(Settings)
        self._environ = environ
        self.complaints: list[Complaint] = []

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """A setting's text, where it is set."""
        name = variable(field_name)
        value, file = (self._environ.get(each, "") for each in (name, f"{name}{FROM_FILE}"))
        if value and file:
            self._complain(name, f"it is set, and so is {name}{FROM_FILE}; one of them says it")
        elif file:
            value = self._read(f"{name}{FROM_FILE}", file)
        return value or None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values = (self.get_field_value(each, name) for name, each in Settings.model_fields.items())
        return {name: value for value, name, _ in values if value is not None}

    def _read(self, name: str, file: str) -> str:
        try:
            with Path(file).open(encoding="utf-8") as opened:
                text = opened.read(_LARGEST_FILE + 1)
        except (OSError, ValueError) as problem:
            why = problem.strerror if isinstance(problem, OSError) else "it is no text"
            self._complain(name, f"{file} cannot be read: {why}")
            return ""
        if not text.strip() or len(text) > _LARGEST_FILE:
            self._complain(name, f"{file} {'is empty' if not text.strip() else 'is too large'}")
        return text.strip()

    def _complain(self, name: str, why: str) -> None:
        self.complaints.append(Complaint(name, f"{name}: {why}"))


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings as the environment says; raises Invalid naming each variable that makes no sense."""
    source = _Variables(environ)
    values = source()
    complaints = source.complaints
    try:
        settings = Settings(**values)
    except ValidationError as problem:
        raise Invalid(*complaints, *_said(problem)) from None
    complaints += contradictions(settings)
    if complaints:
        raise Invalid(*complaints)
    return settings


def _said(problem: ValidationError) -> Iterator[Complaint]:
    """What is wrong, by the meaning of each setting; what was written may be a secret."""
    for error in problem.errors(include_url=False, include_input=False):
        field = str(error["loc"][0])
        name, meaning = variable(field), Settings.model_fields[field].description
        yield Complaint(name, f"{name}: expected {meaning}")


def without(environ: Mapping[str, str], *variables: str) -> dict[str, str]:
    """An environment in which these are not set, neither by themselves nor by a file."""
    left = {*variables, *(f"{each}{FROM_FILE}" for each in variables)}
    return {name: value for name, value in environ.items() if name not in left}


def described() -> list[tuple[str, str, str]]:
    """Each setting's variable, default and meaning, as `beleg settings` prints them."""
    return [
        (variable(name), str(each.default), each.description or "")
        for name, each in Settings.model_fields.items()
    ]
