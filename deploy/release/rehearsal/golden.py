"""What the old build's clients were promised, asked again of whichever build answers now."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.release.rehearsal.exchanges import Exchange, Values, agree, filled, parse
from deploy.release.rehearsal.partners import Key, bearer
from deploy.release.rehearsal.results import Results

STORIES = (
    *(("v2", "applications"), ("v1", "applications"), ("v2", "changes"), ("v1", "refusals")),
    *(("v1", "taken"), ("shared", "token")),
)
"""Those in which nobody but the API does anything."""
OF_SERVERS = (
    *("date", "server", "connection", "keep-alive", "transfer-encoding", "request-id", "via"),
    *("x-envoy-upstream-service-time", "x-request-id"),
)
"""What servers and proxies say for themselves."""
OF_PROXIES = "vary: Accept-Encoding"
"""Said by whoever might have compressed an answer."""
COUNTED = "busy"
"""Whose one call a minute each process counts for itself: a switch in between begins anew."""
USUAL = {"host": "api.test", "accept-encoding": "identity"}
Introduce = Callable[[str], Awaitable[Key | None]]
"""Who speaks in a story, by the name there: a partner of its own each time, or nobody."""


@dataclass
class GoldenStories:
    """Tells the stories of a tree in turn; each has partners of its own."""

    tree: Path
    introduce: Introduce
    results: Results
    exchanges: int = 0
    stories: itertools.cycle = field(init=False)  # type: ignore[type-arg]

    def __post_init__(self) -> None:
        self.stories = itertools.cycle(self.found())

    def found(self) -> list[tuple[str, str]]:
        """The stories that the tree has."""
        return [each for each in STORIES if self._file(*each).exists()]

    def _file(self, version: str, story: str) -> Path:
        return self.tree / "tests/contracts" / version / f"{story}.json"

    async def tell(self, place: str) -> None:
        """Tell the next story to a place, from end to end."""
        if not self.found():
            return
        version, story = next(self.stories)
        phase = self.results.now
        async with httpx.AsyncClient(base_url=place, timeout=30, trust_env=False) as http:
            telling = Telling(http, self.introduce)
            for exchange in parse(self._file(version, story).read_text()):
                if exchange.ask.caller == COUNTED:
                    continue
                try:
                    await telling.replay(exchange)
                except (AssertionError, httpx.HTTPError) as problem:
                    name = f"golden {version} {story}, {exchange.ask.name}"
                    said = f"{name}: {type(problem).__name__} {problem}"
                    phase.failures.append(said[:600])
                    return
                self.exchanges += 1


@dataclass
class Telling:
    """One story as it is told: who has spoken, and what was answered so far."""

    http: httpx.AsyncClient
    introduce: Introduce
    values: Values = field(default_factory=dict)
    callers: dict[str, dict[str, str]] = field(default_factory=dict)

    async def replay(self, exchange: Exchange) -> None:
        """Raise AssertionError unless the answer is byte for byte what it was."""
        ask, promised = exchange.ask, exchange.reply
        caller = await self._caller(ask.caller)
        method, _, target = filled(ask.line, self.values).partition(" ")
        sent = {name: filled(value, self.values) for name, value in ask.headers.items()}
        body = filled(ask.body, self.values).encode()
        headers = {**USUAL, **caller, **sent}
        answer = await self.http.request(method, target, headers=headers, content=body)
        if answer.status_code != promised.status:
            raise AssertionError(f"{promised.status} was promised: {answer.text[:300]}")
        lines = [
            f"{name}: {value}"
            for name, value in sorted(answer.headers.multi_items())
            if name not in OF_SERVERS
        ]
        lines = [each for each in lines if each != OF_PROXIES or each in promised.headers]
        agree("\n".join(promised.headers), "\n".join(lines), self.values)
        agree(promised.body, answer.content.decode(), self.values)

    async def _caller(self, name: str) -> dict[str, str]:
        if name not in self.callers:
            key = await self.introduce(name)
            self.callers[name] = bearer(key.secret) if key else {}
            if key:
                self.values[f"{{{{client:{name}}}}}"] = key.client_id
                self.values[f"{{{{key:{name}}}}}"] = key.secret
        return self.callers[name]
