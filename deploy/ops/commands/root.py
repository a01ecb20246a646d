"""What all commands of `beleg` share: the group they are in, and how they say what they did."""

import json
import math
from typing import TYPE_CHECKING, Any

import click

from core import telemetry
from core.errors import Complaint, Invalid, Refused

if TYPE_CHECKING:
    from core.settings import Settings

PORT = click.IntRange(1, 65_535)
OWED = 3
"""The exit code of what was only asked: a step is owed."""
METRICS_PORT = click.IntRange(1, 65_530)


class Commands(click.Group):
    """Commands that say in one line why they refuse."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            raise click.ClickException(refusal.detail) from refusal
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as problem:
            if said := _refused_by_database(problem):
                raise click.ClickException(said) from problem
            raise


def _refused_by_database(problem: Exception) -> str | None:
    """What the database says against it; None where it is another's problem."""
    import asyncpg  # what no database was asked of is done without these
    from sqlalchemy.exc import DBAPIError

    from core.db import reason_of

    if not isinstance(problem, (asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError)):
        return None
    cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
    return f"The database refuses it: {reason_of(cause)} ({type(cause).__name__})."


class Amount(click.FloatRange):
    """A number within bounds; "nan" is none, though no bound keeps it out."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number that was written."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


@click.group(
    cls=Commands, context_settings={"show_default": True, "help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="beleg")
def main() -> None:
    """Beleg reads the paperwork of a credit application and shows what every answer rests on."""


def configured() -> "Settings":
    """The settings that the environment names, with the logs set up as they say."""
    from core import builds, settings  # which take longer than all that `beleg --help` needs

    loaded = settings.load()
    build = builds.named(loaded.build)
    telemetry.configure(loaded.log_level, build=build, instance=loaded.instance)
    return loaded


def connected() -> "Settings":
    """The same, for what cannot do without a database."""
    loaded = configured()
    if not loaded.database_url:
        variable = "BELEG_DATABASE_URL"
        raise Invalid(Complaint(variable, f"{variable} is not set; `beleg up` brings its own."))
    return loaded


host = click.option("--host", default="127.0.0.1", help="The address to listen on.")
drain = click.option(
    "--drain", default=0.0, help="Seconds to go on serving, not ready, after SIGTERM."
)


def print_result(result: dict[str, Any], as_json: bool) -> None:
    """Print what was made: a line each, or one line of JSON."""
    if as_json:
        click.echo(json.dumps(result))
    else:
        for name, value in result.items():
            click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
