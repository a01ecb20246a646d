"""Commands about the lender's people, and about who did what."""

import click

from deploy.ops.commands.root import connected, main, print_result


@main.group()
def user() -> None:
    """People who work at the lender."""


@user.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--role", type=click.Choice(["viewer", "underwriter"]), default="underwriter")
@click.option("--locale", type=click.Choice(["en", "de"]), default="en")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def create_user(
    email: str, name: str, password: str, role: str, locale: str, as_json: bool
) -> None:
    """Take in a person; the password is asked for unless it is given."""
    from deploy.ops.people import create_user

    print_result(create_user(connected(), email, name, password, role, locale), as_json)


@main.group()
def audit() -> None:
    """The log of who did what."""


@audit.command("verify")
def verify_audit() -> None:
    """Check the whole chain; exit 1 where it does not hold."""
    from deploy.ops.people import verify_audit

    verdict = verify_audit(connected())
    click.echo(f"sealed: {verdict.sealed}, not yet sealed: {verdict.unsealed}")
    if verdict.broken_at is not None:
        raise click.ClickException(f"the chain is broken at seal {verdict.broken_at}")
