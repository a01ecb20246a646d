"""One recorded request and its answer, and the few values in them that differ from run to run.

Such a value stands as `{{kind:1}}`: bound where it is first seen, it must then be the same
wherever it stands again, in answers and in the requests that follow. One without a number
(`{{time}}`) need only have the right form here; what it must be by all that was answered before
is for the tests of what was promised. Everything else is compared byte by byte.
"""

import json
import re
from dataclasses import dataclass, field

ID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
FORMS = {
    "id": ID,
    "cursor": r"[A-Za-z0-9_-]{22,}",
    "token": r"beleg_at_[A-Za-z0-9_-]{43}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z",
    "second": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "count": r"\d+",
    "secret": r"whsec_[A-Za-z0-9+/]{43}=",
    "signature": r"v1,[A-Za-z0-9+/]{43}=",
    "digest": r"sha256=[0-9a-f]{64}",
}
# Where to look for values to name, in this order; the group is the value.
SEEN = (
    ("id", re.compile(f"({ID})")),
    ("token", re.compile(f"({FORMS['token']})")),
    ("secret", re.compile(f'"({FORMS["secret"]})"')),
    ("signature", re.compile(f"({FORMS['signature']})")),
    ("digest", re.compile(f"x-signature: ({FORMS['digest']})")),
    ("cursor", re.compile(r'"next":"([A-Za-z0-9_-]{22,})"')),
    ("time", re.compile(f"({FORMS['time']})")),
    ("second", re.compile(f"({FORMS['second']})(?![.Z])")),
    ("count", re.compile(r"^content-length: (\d+)$")),
    ("count", re.compile(r"^retry-after: (\d+)$")),
    ("count", re.compile(r"^webhook-timestamp: (\d+)$")),
    ("count", re.compile(r"[rt]=(\d+)")),
    ("count", re.compile(r"come back in (\d+) seconds")),
)
BOUND = ("id", "cursor", "token")
NAMED = re.compile(r"{{(\w+)(?::([\w.]+))?}}")
Values = dict[str, str]


@dataclass(frozen=True)
class Ask:
    """A request as a template, who sends it, and what has to happen before."""

    name: str
    line: str
    caller: str = "owner"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """An answer as a template: status, header lines in order of their names, body."""

    status: int
    headers: list[str]
    body: str


@dataclass(frozen=True)
class Exchange:
    """A request, and the answer that was promised by giving it once."""

    ask: Ask
    reply: Reply


def filled(template: str, values: Values) -> str:
    """The text with every named value in its place."""
    return NAMED.sub(lambda match: values[match[0]], template)


def marked(text: str, values: Values) -> str:
    """The text with what differs from run to run named; new values are bound."""
    for name, value in values.items():
        text = text.replace(value, name)
    for kind, pattern in SEEN:
        while match := pattern.search(text):
            start, end = match.span(1)
            name = f"{{{{{kind}}}}}"
            if kind in BOUND:
                number = 1 + sum(each.startswith(f"{{{{{kind}:") for each in values)
                name = f"{{{{{kind}:{number}}}}}"
                values[name] = text[start:end]
                text = text.replace(text[start:end], name)
            else:
                text = text[:start] + name + text[end:]
    return text


def agree(template: str, actual: str, values: Values) -> None:
    """Assert that the text is what the template says; values seen first are bound."""
    pattern, at = "", 0
    fresh: Values = {}
    for match in NAMED.finditer(template):
        pattern += re.escape(template[at : match.start()])
        at = match.end()
        if match[0] in values:
            pattern += re.escape(values[match[0]])
        elif match[0] in fresh:
            pattern += f"(?P={fresh[match[0]]})"
        elif match[2]:
            fresh[match[0]] = group = f"{match[1]}_{match[2]}"
            pattern += f"(?P<{group}>{FORMS[match[1]]})"
        else:
            pattern += FORMS[match[1]]
    found = re.fullmatch(pattern + re.escape(template[at:]), actual)
    if found is None:
        raise AssertionError(_difference(template, actual, values))
    values |= {name: found[group] for name, group in fresh.items()}


def _difference(template: str, actual: str, values: Values) -> str:
    """Where a text first is not what the template says, with what stands around there."""
    at = start = 0
    for match in (*NAMED.finditer(template), None):
        literal = template[start : match.start() if match else len(template)]
        for character in literal:
            if actual[at : at + 1] != character:
                there, here = template[max(0, start - 90) : start + 90], actual[max(0, at - 90) :]
                return f"promised …{there}…, and it is …{here[:180]}…"
            at, start = at + 1, start + 1
        if match is None:
            break
        form = re.escape(values[match[0]]) if match[0] in values else FORMS[match[1]]
        found = re.compile(form).match(actual, at)
        if found is None:
            return f"promised {match[0]}, {values.get(match[0])}, and it is …{actual[at:][:180]}…"
        at, start = found.end(), match.end()
    return f"promised no more than {template[-90:]!r}, and there is …{actual[at:][:180]}…"


def parse(text: str) -> list[Exchange]:
    """The exchanges of a story as they are kept, in order."""
    return [
        Exchange(
            Ask(**{**each["ask"], "before": tuple(each["ask"]["before"])}), Reply(**each["reply"])
        )
        for each in json.loads(text)
    ]
