"""Commands that bring a database from one shape to the next."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import click
import structlog

from core.errors import Refused, Unavailable
from deploy.ops.commands.root import Amount, connected, main
from deploy.ops.migrating.notices import Notice, Told

if TYPE_CHECKING:
    from core.settings import Settings

KEPT_HOURS = 2160  # builds are remembered for 90 days
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
patience = click.option(
    "--patience",
    type=Amount(0, 604_800),
    default=600.0,
    help="Seconds to go on trying for locks that others hold.",
)
longest = click.option(
    "--statement-seconds",
    type=Amount(0.01, 86_400),  # to PostgreSQL 0 means for ever
    default=5.0,
    help="How long one statement may hold its locks.",
)


@main.group(invoke_without_command=True)
@click.option("--to", default="head", help="The last revision to apply.")
@patience
@longest
@as_json
@click.pass_context
def migrate(
    ctx: click.Context, to: str, patience: float, statement_seconds: float, as_json: bool
) -> None:
    """Apply the expands that this build brings; changes nothing where they are applied.

    Safe beside whatever runs, and safe to run again. A contract is applied by its name only. Where
    BELEG_DATABASE_OWNER_URL is set, it is that role who migrates, and that of BELEG_DATABASE_URL is
    granted what running the product takes, and no more.
    """
    if ctx.invoked_subcommand is not None:
        return
    from deploy.ops.migrating.apply import migrate
    from deploy.ops.migrating.migrator import Manner

    settings = connected()
    url = settings.owner_url
    runtime = settings.database_url if settings.database_owner_url else ""
    manner = Manner(
        patience_seconds=patience, statement_seconds=statement_seconds, told=_told(as_json)
    )
    _run(lambda: migrate(url, to, manner, runtime), as_json)
    if to == "head":
        _make_store(settings)


def _make_store(settings: "Settings") -> None:
    """Make a new instance's folder of documents; what keeps it from that keeps nobody waiting."""
    from deploy.ops.blobs import make_store

    try:
        if make_store(settings):
            structlog.get_logger().info("blob_folder_made")
    except Refused as refusal:  # whoever starts says so on /readyz
        structlog.get_logger().info("blob_folder_not_made", reason=refusal.detail)


@migrate.command("contract")
@click.argument("name")
@click.option(
    "--window-hours",
    type=Amount(0, KEPT_HOURS),
    default=168.0,
    help="How long a build that left may come back.",
)
@click.option("--anyway", is_flag=True, help="Although a build that has left may come back.")
@click.option("--reason", help="Why, for the audit log.")
@patience
@longest
@as_json
def contract(
    name: str,
    window_hours: float,
    anyway: bool,
    reason: str | None,
    patience: float,
    statement_seconds: float,
    as_json: bool,
) -> None:
    """Apply one contract, which drops or tightens what no build needs any more.

    Refused while a live build, or one that was seen within the window, uses what it drops, and
    until the backfills that it needs are verified. --anyway sets aside the window alone; that, or a
    shorter window, stands in the audit log with its reason.
    """
    from deploy.ops.migrating.contracts import WINDOW, Guard, contract
    from deploy.ops.migrating.forcing import noting
    from deploy.ops.migrating.migrator import Manner

    window = timedelta(hours=window_hours)
    if bool(reason) != (anyway or window < WINDOW):
        raise click.UsageError("--anyway, or a window below 168 hours, goes with --reason.")
    settings = connected()
    note = noting(settings, name, reason) if reason else None
    guard = Guard(
        window=window,
        waived=note if anyway else None,
        shortened=note if window < WINDOW else None,
    )
    manner = Manner(
        patience_seconds=patience, statement_seconds=statement_seconds, told=_told(as_json)
    )
    _run(lambda: contract(settings.owner_url, name, guard, manner), as_json)


def _told(as_json: bool) -> Told:
    def tell(notice: Notice) -> None:
        line = {"event": notice.event, "text": notice.text, **notice.fields}
        click.echo(json.dumps(line) if as_json else notice.text)

    return tell


def _run(work: Callable[[], list[str]], as_json: bool) -> None:
    """Do it and say what was done, or why not."""
    from core.db import CONNECTION_LOST

    try:
        applied = work()
    except CONNECTION_LOST as problem:
        raise Unavailable(f"The database is not reachable: {problem}") from problem
    except Refused as refusal:
        if as_json:
            click.echo(json.dumps({"event": "refused", "text": refusal.detail}))
        raise
    if as_json:
        click.echo(json.dumps({"event": "done", "applied": applied}))
    else:
        click.echo(f"Applied {', '.join(applied)}." if applied else "Nothing to apply.")
