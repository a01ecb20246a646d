"""Commands about the people who work at the lender."""

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
    from deploy.ops import users

    print_result(users.create(connected(), email, name, password, role, locale), as_json)
