"""Why something failed on an instance, in a line, and what to do about it."""

import re
from dataclasses import dataclass

import asyncpg

from core.errors import Refused
from deploy.ops.fleet.file import FleetInstance

LAST_LINES = 40
_EXCEPTION = re.compile(r"\A[\w.]+(?:Error|Exception|Timeout|Violation)\b: (?P<what>.+)\Z")
_WRAPPED = re.compile(r"\A\(.*?\) (?:<class '[\w.]+'>: )?")

REMEDIES = (
    # a sign in what PostgreSQL or a command says, and what to do
    (
        "password authentication|no password supplied|role .* does not exist|pg_hba|to log in",
        "correct user and password in {where}",
    ),
    (
        "database .* does not exist",
        "create the database, or take the instance out of fleet.toml",
    ),
    (
        "is not set|is empty|cannot be read|begins with postgresql",
        "give the database's URL in {where}",
    ),
    ("does not say where its release.toml is", "name it in fleet.toml, as the example does"),
    ("connection slots|too many (clients|connections)", "free connections, then run it again"),
    (
        "already exists",
        "something of that name stands in the way: look whose it is, rename or drop it, run again",
    ),
    ("No space left|could not extend|disk full", "make room on its server's disk, run it again"),
    ("read-only", "the URL leads to a standby: name the primary in {where}"),
    (
        r"\block|blocked|blocker|took longer than",
        "see who blocks it (`beleg migrate plan`), end that session or wait, run it again",
    ),
    ("permission denied|must be owner", "give its role the tables, or name their owner in {where}"),
    ("Can't locate revision|newer", "a newer build was here: migrate it with that one"),
    ("does not exist", "its schema is not what it says: `beleg fleet status` shows the drift"),
    (
        "Connect call failed|not reachable|refused|timed out|Timeout|resolve|Name or service|"
        "unexpected connection|closed|starting up|shutting down",
        "is the server up, and the address in {where} right? Then run it again",
    ),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something failed, and what to do."""

    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.why} ({self.remedy})"


def failure_of(problem: BaseException, instance: FleetInstance) -> Failure:
    """The failure that an exception tells of."""
    if isinstance(problem, Refused):
        return failure(problem.detail, instance)
    if isinstance(problem, TimeoutError):
        return failure("its server does not answer in time: timed out", instance)
    if isinstance(problem, OSError):
        return failure(f"its server is not reachable: {problem.strerror or problem}", instance)
    if isinstance(problem, asyncpg.PostgresError):
        return failure(str(problem), instance)
    return failure(f"{type(problem).__name__}: {problem}", instance)


def failure(why: str, instance: FleetInstance) -> Failure:
    """A failure by what was said of it."""
    line = " ".join(why.split()).rstrip(".")
    for sign, remedy in REMEDIES:
        if re.search(sign, line, re.IGNORECASE):
            return Failure(line, remedy.format(where=instance.where()))
    return Failure(line, f"try it alone: `beleg fleet ... --only {instance.name}`")


def last_words(output: str) -> str:
    """What a command that failed said last, without the trace that led there."""
    lines = [each.strip() for each in output.splitlines() if each.strip()]
    for at, line in reversed([*enumerate(lines)]):
        if line.startswith("Error: "):  # its reasons may stand below it
            return " ".join((line.removeprefix("Error: "), *lines[at + 1 :]))
    for line in reversed(lines[-LAST_LINES:]):
        if found := _EXCEPTION.match(line):
            return _WRAPPED.sub("", found["what"])
    return lines[-1] if lines else "it said nothing"
