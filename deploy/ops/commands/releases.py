"""Commands that release a build beside another; how one stands, `release_views` shows."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from core.errors import Refused
from deploy.ops.commands.root import OWED, Amount, connected, main

if TYPE_CHECKING:
    from core.db import Database
    from core.settings import Settings
    from deploy.release.composition import Configured
    from deploy.release.model import Condition
    from deploy.release.store import StoredRelease

T = TypeVar("T")
Opened = Callable[["Settings"], AbstractAsyncContextManager["Database"]]
MADE_SECONDS = 60.0
RELEASE_TOML = "release.toml"
file = click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=RELEASE_TOML,
    envvar="BELEG_RELEASE",
    help="Where the edge is, and who starts builds.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, an object a line.")
once = click.option("--once", is_flag=True, help="Return where it waits for an operator.")
why = click.option("--reason", default="an operator said so", help="Why, for whoever reads on.")


def planning(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what a release's gates ask for; release.toml says the rest."""
    options = (
        click.option("--b", required=True, help="The new build: a folder, a git ref, an image."),
        click.option(
            "--a", help="The build that serves; by default what the last release brought."
        ),
        click.option("--minimum", type=int, help="API requests that a gate needs."),
        click.option("--web-minimum", type=int, help="The same of the web app; 0 without users."),
        click.option("--pages-minimum", type=int, help="Times B's web app must be opened."),
        click.option("--alpha", type=float, help="How often chance alone may send B back."),
        click.option("--weights", help="Shares in percent, 1,5,25,50; empty for no A/B."),
        click.option("--soak-minutes", type=Amount(0), help="How long A stays ready after all."),
        click.option("--mirrored", type=float, help="The shadow's share, 0.1; 0 for none."),
        click.option("--shadow-minimum", type=int, help="Pairs that the shadow compares."),
        click.option("--baseline/--no-baseline", default=None, help="Start A again beside B."),
        click.option("--contract", multiple=True, help="What to drop at the end, by name."),
        click.option(
            "--condition", multiple=True, help="client:NAME, person:E-MAIL, !version:v1, …"
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.group()
def release() -> None:
    """Release a build beside the one that serves: step by step, with a way back."""


@release.command("plan")
@file
@planning
@as_json
def show_plan(file: Path, a: str | None, b: str, as_json: bool, **told: Any) -> None:
    """Show the way that a release would take, and what each step asks for; changes nothing."""
    from deploy.release.conditions import resolve, written
    from deploy.release.session import opened
    from deploy.release.status import plan_lines

    plan, rules = _plan(_configured(file), told)
    conditions: tuple[Condition, ...] = ()
    if rules:
        conditions = run(connected(), lambda db: resolve(db, rules), opened)
    if as_json:
        named = [written(each) for each in conditions]
        told = {"plan": plan.model_dump(mode="json"), "rules": rules, "conditions": named}
        click.echo(json.dumps(told))
    else:
        click.echo("\n".join(plan_lines(a or "(what serves)", b, plan, conditions)))


@release.command("start")
@file
@planning
@click.option("--by-hand", is_flag=True, help="Wait at each step for `beleg release advance`.")
@once
@as_json
def start(
    file: Path, a: str | None, b: str, by_hand: bool, once: bool, as_json: bool, **told: Any
) -> None:
    """Begin a release of B and drive it: until it is done or, where a gate fails, back on A.

    Ends with 0 once it is done, 1 where it went back, 3 where it waits for an operator. Killed at
    any moment, `beleg release advance` goes on with it.
    """
    from deploy.release import session, steering, store
    from deploy.release.conditions import resolve

    configured, settings = _configured(file), connected()
    plan, rules = _plan(configured, told)

    async def work(db: "Database") -> "StoredRelease":
        await store.require_none_open(db)
        parts = configured.compose("")
        found = await parts.platform.locate(b)
        serving = await parts.platform.locate(a) if a else None
        standing = await parts.platform.standing()
        await session.require_builds(parts, {"B": found, **({"A": serving} if serving else {})})
        conditions = await resolve(db, rules)
        await steering.begin(db, serving, found, plan, conditions, not by_hand, standing)
        return await _driven(settings, db, configured, as_json, stay=not once)

    _end(run(settings, work), as_json)


@release.command("advance")
@file
@click.option("--anyway", is_flag=True, help="Though the gate has not passed; with --reason.")
@click.option("--reason", help="Why, for whoever reads on.")
@once
@as_json
def advance(file: Path, anyway: bool, reason: str | None, once: bool, as_json: bool) -> None:
    """Go on: let go of a hold, try again after `back`, by hand take the next step.

    Drives it where nobody does. Where the gate has not passed yet it waits for that; --anyway does
    not. Ends as `start` does.
    """
    from deploy.release import steering, store
    from deploy.release.model import ReleaseState

    if anyway != bool(reason):
        raise click.UsageError("--anyway and --reason go together.")
    configured, settings = _configured(file), connected()

    async def work(db: "Database") -> "StoredRelease":
        found = await store.open_release(db)
        stands_back = found.release.state is ReleaseState.BACK
        if anyway and not stands_back:
            await steering.onward(db, reason)
        elif stands_back or found.release.held:
            await steering.let_go(db)
        steps = 0 if anyway or stands_back or found.release.automatic else 1
        return await _driven(settings, db, configured, as_json, steps, stay=not once)

    _end(run(settings, work), as_json)


@release.command("back")
@file
@why
@as_json
def back(file: Path, reason: str, as_json: bool) -> None:
    """Send everybody to A at once; the release stays open, `advance` tries again."""
    from deploy.release import steering

    _steered(file, as_json, lambda db: steering.back(db, reason))


@release.command("abort")
@file
@why
@as_json
def abort(file: Path, reason: str, as_json: bool) -> None:
    """Send everybody to A at once, and end the release."""
    from deploy.release import steering

    _steered(file, as_json, lambda db: steering.abort(db, reason))


@release.command("hold")
@click.argument("reason")
@file
@as_json
def hold(reason: str, file: Path, as_json: bool) -> None:
    """Let it stay where it is until `beleg release advance`; a gate that fails still goes back."""
    from deploy.release import steering, store

    async def work(db: "Database") -> "StoredRelease":
        await steering.hold(db, reason)
        return await store.open_release(db)

    _show(run(recorded_at(file), work), as_json)


def recorded_at(file: Path) -> "Settings":
    """The settings of the instance; what release.toml sets is heeded where there is one."""
    if file.exists() or file != Path(RELEASE_TOML):
        _configured(file)
    return connected()


def _configured(file: Path) -> "Configured":
    from deploy.release.composition import configured

    found = configured(file, os.environ)
    os.environ.update(found.environment)
    return found


def _plan(configured: "Configured", told: dict[str, Any]) -> Any:
    from deploy.release.conditions import check, parse
    from deploy.release.machine import planned

    rules = [each.strip() for each in told.pop("condition")]
    check(map(parse, rules))
    weights = told.pop("weights")
    if weights is not None:
        told["weights"] = tuple(each.strip() for each in weights.split(",") if each.strip())
    told["contracts"] = told.pop("contract") or None
    return planned(configured.plan, told), rules


async def _driven(
    settings: "Settings",
    db: "Database",
    configured: "Configured",
    as_json: bool,
    steps: int = 0,
    *,
    stay: bool,
) -> "StoredRelease":
    """Drive it, or let the process that does take the step."""
    from deploy.release import session, steering, store

    told = _teller(as_json)
    found = await session.drive(settings, db, configured.compose, told, steps, stay=stay)
    if found is None:
        if steps:
            await steering.onward(db)
        found = await store.open_release(db)
        told(f"{found.driver or 'another process'} drives it")
        found = await session.until_made(db, MADE_SECONDS)
    return found


def _steered(file: Path, as_json: bool, decide: Callable[["Database"], Any]) -> None:
    """Write it down, then make it so, or see that whoever drives does."""
    configured, settings = _configured(file), connected()

    async def work(db: "Database") -> "StoredRelease":
        await decide(db)
        return await _driven(settings, db, configured, as_json, stay=False)

    _show(run(settings, work), as_json)


def _show(found: "StoredRelease", as_json: bool) -> None:
    from deploy.release.status import status_json

    if as_json:
        click.echo(json.dumps({"event": "ended", **status_json(found, False)}))
    else:
        click.echo(f"{found.release.where}; `beleg release status` tells more.")


def _end(found: "StoredRelease", as_json: bool) -> None:
    from deploy.release.machine import ON_A
    from deploy.release.model import ReleaseState

    _show(found, as_json)
    if found.release.state in ON_A:
        raise SystemExit(1)
    if found.release.state is not ReleaseState.DONE:
        raise SystemExit(OWED)


def _teller(as_json: bool) -> Callable[[str], None]:
    from datetime import UTC, datetime

    def tell(text: str) -> None:
        now = datetime.now(UTC)
        line = json.dumps({"event": "told", "at": now.isoformat(), "text": text})
        click.echo(line if as_json else f"{now:%H:%M:%S} {text}")

    return tell


def run(
    settings: "Settings",
    work: Callable[["Database"], Coroutine[Any, Any, T]],
    opened: "Opened | None" = None,
) -> T:
    """Do it on the database where releases are kept; Ctrl-C and SIGTERM undo nothing."""
    from deploy.release.session import records

    async def run() -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is one
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, task.cancel)
        async with (opened or records)(settings) as db:
            return await work(db)

    with _undoing_nothing():
        return asyncio.run(run())


@contextmanager
def _undoing_nothing() -> Iterator[None]:
    try:
        yield
    except asyncio.CancelledError:
        raise Refused(
            "Stopped; the release stays where it is. `beleg release advance` goes on with it,"
            " `beleg release back` sends everybody to A."
        ) from None
