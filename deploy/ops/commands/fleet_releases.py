"""Commands that release a build on all instances, in waves."""

import json
import sys

import click

from deploy.ops.commands.fleet import Choice, choosing, fleet, run, to_the_end
from deploy.ops.commands.root import OWED


@fleet.group("release")
def fleet_release() -> None:
    """A build released on all instances: the canary to its end first, then wave by wave."""


@fleet_release.command("start")
@click.option("--b", required=True, help="The new build, as each instance's platform finds it.")
@click.option("--a", help="The build that serves; by default what each's last release brought.")
@choosing
def fleet_release_start(choice: Choice, b: str, a: str | None) -> None:
    """Release B on each, by its own release.toml: a wave begins once the one before is done.

    Halts where more of a wave have gone back than the file allows. Run again it goes on: what is
    released is skipped, what is open or went back is gone on with.
    """
    from deploy.ops.fleet.runs import release_start
    from deploy.release.sources import from_anywhere

    run("release start", choice, release_start(from_anywhere(b), a and from_anywhere(a)))


@fleet_release.command("back")
@click.option("--reason", default="an operator said so", help="Why, for whoever reads on.")
@choosing
def fleet_release_back(choice: Choice, reason: str) -> None:
    """Send everybody to A, wherever a release is open: on all at once, whoever fails."""
    from deploy.ops.fleet.runs import release_back

    run("release back", choice, release_back(reason))


@fleet_release.command("status")
@choosing
@click.option("--check", is_flag=True, help=f"End with {OWED} while one is open.")
def fleet_release_status(choice: Choice, check: bool) -> None:
    """Show how each instance's last release stands, and what its gate says."""
    from deploy.ops.fleet.releases import release_lines, releases_json
    from deploy.ops.fleet.standing import standing

    seen, _, _ = to_the_end(standing(choice.fleet(), choice.only, choice.journal))
    if choice.as_json:
        click.echo(json.dumps(releases_json(seen)))
    else:
        click.echo("\n".join(release_lines(seen)))
    if any(each.failure for each in seen.values()):
        sys.exit(1)
    if check and any(each.release and each.release.open for each in seen.values()):
        sys.exit(OWED)
