"""The words that are stored, and those of them that a build beside this one has not.

An older build that lives, or may come back, reads what this one writes: a word that it lacks cannot
exist before it is gone. Each build says with its heartbeat what words it has; where one is lacking,
the row is written with a word that everybody knows, left out, or refused. Where none is, which is
always but during a release that brings words, a write costs no more than asking that.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, cast

import structlog

from core.errors import Unavailable
from core.pool import Connection
from core.query import Query

WORDS_REVISION = "0022"
"""From this revision on a build says what words it has."""
WINDOW = timedelta(days=7)
"""For how long a build that was here may come back: the rollback window of contracts."""
TOLD_SECONDS = 60.0

_SAID = Query(
    """SELECT DISTINCT build, words FROM live_build
    WHERE seen_at > now() - $1::interval ORDER BY build""",
    ("window",),
    {},
)
_listed: set[str] = set()
_usual: dict[type[StrEnum], StrEnum] = {}
_tolerated: set[type[StrEnum]] = set()
log = structlog.get_logger()


class CatalogueWord(str):
    """A word of a catalogue, such as a question's id; a row with one that is lacking is left out.

    `of` is the catalogue; `version` tells words apart that are stored as the same text.
    """

    __slots__ = ("key",)
    key: str

    def __new__(cls, of: str, text: str, version: int | None = None) -> "CatalogueWord":
        """The text, which knows whose it is."""
        word = super().__new__(cls, text)
        word.key = f"{of}:{text}" if version is None else f"{of}:{text}/{version}"
        return word


def list_words(words: Iterable[CatalogueWord]) -> None:
    """Say at import that this build knows the words of a catalogue."""
    _listed.update(each.key for each in words)


def usually_falls_back(to: StrEnum) -> None:
    """Let every word of this enumeration be stored as this one where a build lacks it."""
    _usual[type(to)] = to


def is_tolerated(words: type[StrEnum]) -> None:
    """Every build passes over words of this enumeration that it lacks."""
    _tolerated.add(words)


def vocabulary() -> frozenset[str]:
    """Every word that this process may store: `DocumentKind:other`, `Question:revenue`."""
    return frozenset(
        f"{words.__name__}:{word.value}"
        for words in _enumerations(StrEnum)
        if words.__module__.partition(".")[0] == "core" and words not in _tolerated
        for word in words
    ).union(_listed)


def _enumerations(base: type[StrEnum]) -> Iterable[type[StrEnum]]:
    for each in base.__subclasses__():
        yield each
        yield from _enumerations(each)


def lacking(own: Iterable[str], said: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Each of our words that a build has not, and which build; `said` is by build, by process.

    A build that has no word at all of an enumeration does not read it.
    """
    builds: dict[str, set[str]] = {}
    for build, words in said:
        builds.setdefault(build, set()).update(words)
    read = {build: {each.partition(":")[0] for each in words} for build, words in builds.items()}
    return {
        word: build
        for build, words in builds.items()
        for word in own
        if word not in words and word.partition(":")[0] in read[build]
    }


class Vocabulary:
    """What may be stored now, as it was last looked up; a first write looks if nobody has."""

    def __init__(self) -> None:
        self._lacking: dict[str, str] | None = None
        self._told: dict[str, float] = {}

    @property
    def whole(self) -> bool:
        """Whether everybody has every word."""
        return self._lacking is not None and not self._lacking

    async def look(self, connection: Connection) -> None:
        """See which builds there are, and what words they have."""
        rows = await connection.fetch(_SAID.sql, WINDOW)
        own = vocabulary()
        self._lacking = lacking(own, [(row["build"], row["words"]) for row in rows])

    async def sayable(self, connection: Connection, values: Sequence[Any]) -> list[Any] | None:
        """The values with words that everybody has; None where the row is to be left out.

        Raises Unavailable, naming the build, for a word that nothing stands in for.
        """
        if not any(map(_has_words, values)):
            return list(values)
        if self._lacking is None:
            await self.look(connection)
        try:
            return [self._said(each) for each in values]
        except _LeftOut as left_out:
            self._tell(left_out.key)
            return None

    def _said(self, value: Any) -> Any:
        if isinstance(value, CatalogueWord):
            if value.key in self._known():
                raise _LeftOut(value.key)
        elif isinstance(value, StrEnum):
            return self._word(value)
        elif isinstance(value, dict):
            return {name: self._said(each) for name, each in value.items()}
        elif isinstance(value, (list, tuple)):
            return [self._said(each) for each in value]
        return value

    def _word(self, word: StrEnum) -> StrEnum:
        key = f"{type(word).__name__}:{word.value}"
        build = self._known().get(key)
        if build is None:
            return word
        self._tell(key)
        instead = _usual.get(type(word))
        if instead is None or instead == word:
            raise Unavailable(
                f"Build {build} may still come back and has no word for {key}: this can be"
                " done once that build is gone."
            )
        return self._word(instead)

    def _known(self) -> dict[str, str]:
        return cast("dict[str, str]", self._lacking)

    def _tell(self, key: str) -> None:
        now = time.monotonic()
        if now - self._told.get(key, -TOLD_SECONDS) >= TOLD_SECONDS:
            self._told[key] = now
            log.warning("word_not_stored", word=key, lacked_by=self._known()[key])


class _LeftOut(Exception):
    """A row has a word of a catalogue that a build lacks."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _has_words(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_words, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_words, value))
    return isinstance(value, (StrEnum, CatalogueWord))
