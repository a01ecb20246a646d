"""What an instance leans on besides its database and documents, and its names for settings."""

import asyncio
import difflib
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator, Mapping

import httpx
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from core.formats.pdf import recognition, tesseract
from core.isolation.trial import confinement
from core.settings import FROM_FILE, PREFIX, Environment, Settings
from core.settings import described as described_settings
from deploy.ops.checking.findings import Finding, attention, ok, wrong
from deploy.ops.confinement import ADVICE, described
from public_api.oidc import Provider

SECONDS = 5.0
LANGUAGES = ("deu", "eng")
ALIKE = 0.85
"""From here on two names are taken for one with a slip in it."""


async def look_around(settings: Settings, processes: Mapping[str, int]) -> list[Finding]:
    """Valkey, the OpenID provider, what reads scans, and how readers are confined."""
    return [
        *_misspelt(os.environ),
        *await asyncio.gather(
            _valkey(settings.valkey_url, processes),
            _provider(settings),
            _scans(),
            _confinement(settings),
        ),
    ]


def _misspelt(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that hardly differ from a setting's, and set nothing."""
    settings = {name for name, *_ in described_settings()}
    known = settings | {f"{each}{FROM_FILE}" for each in settings}
    for name in sorted(each for each in environ if each.startswith(PREFIX) and each not in known):
        if meant := difflib.get_close_matches(name, known, 1, ALIKE):
            yield attention("settings", f"{name} is none.", f"Is {meant[0]} meant?")


async def _valkey(url: str, processes: Mapping[str, int]) -> Finding:
    about = "rate limits"
    if not url:
        if processes.get("api", 0) <= 1:
            return ok(about, "counted in the one process of the API.")
        advice = "Set BELEG_VALKEY_URL."
        return attention(about, "each process of the API counts for itself.", advice)
    server = Valkey.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        async with asyncio.timeout(2 * SECONDS):
            await server.ping()
    except (ValkeyError, OSError, TimeoutError) as problem:
        said = f"Valkey does not answer ({type(problem).__name__}): each process counts for itself."
        return attention(about, said, "Look at BELEG_VALKEY_URL.")
    finally:
        await server.aclose()
    return ok(about, "counted in Valkey, which answers.")


async def _provider(settings: Settings) -> Finding:
    about = "OpenID provider"
    if not settings.oidc_issuer:
        return ok(about, "none; only this instance's own tokens are taken.")
    try:
        keys = await Provider(settings.oidc_issuer, settings.oidc_audience).published_keys()
    except (httpx.HTTPError, OSError, TypeError, LookupError, ValueError) as problem:
        said = f"it does not tell its keys ({type(problem).__name__}); its tokens are refused."
        return wrong(about, said, "Look at BELEG_OIDC_ISSUER, to the letter.")
    if not keys:
        return wrong(about, "none of its keys can be used.", "Have it sign with RS256 or ES256.")
    return ok(about, f"it answers, with {keys} usable {'key' if keys == 1 else 'keys'}.")


async def _scans() -> Finding:
    about = "scans"
    if not recognition.is_here():
        advice = "Install the extra `reading` where the worker runs."
        return attention(about, "nothing here reads them: they are unreadable.", advice)
    if not tesseract.is_here():
        return ok(about, "they can be read; no second reader (Tesseract) looks at their amounts.")
    said = (await _output(tesseract.PROGRAM, "--list-langs")).split()
    if lacking := [each for each in LANGUAGES if each not in said]:
        advice = "Install tesseract-ocr-deu where the worker runs."
        return attention(about, f"their second reader lacks {', '.join(lacking)}.", advice)
    return ok(about, "they can be read, their amounts by two readers.")


async def _confinement(settings: Settings) -> Finding:
    about, found = "confinement", await asyncio.to_thread(confinement)
    said = f"{described(found)}."
    if found.user is None:
        return wrong(about, said, "Look at ulimit -v.")
    allowed = settings.reading_unconfined.split()
    if any(each not in allowed for each in found.open):
        if settings.env is Environment.PRODUCTION:
            return wrong(about, said, f"{ADVICE}; production reads none so.")
        return attention(about, said, f"{ADVICE}; production refuses to run without.")
    if found.user == 0:
        said = f"{said[:-1]}, though by root's name, for its programs are root's alone."
    return ok(about, said)


async def _output(*command: str) -> str:
    """What a program prints; nothing where it does not end."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(4 * SECONDS):
            out, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return ""
    return out.decode(errors="replace")
