"""Commands about the people who work at the lender."""

import json

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


EMAIL = click.argument("email")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")


@user.command("list")
@JSON
def list_users(as_json: bool) -> None:
    """List everybody who works or worked at the lender."""
    from deploy.ops import users

    found = users.everybody(connected())
    if as_json:
        click.echo(json.dumps(found))
        return
    for each in found:
        state = ", disabled" if each["disabled"] else ""
        click.echo(f"{each['email']} ({each['name']}): {each['role']}{state}")


@user.command("disable")
@EMAIL
@JSON
def disable_user(email: str, as_json: bool) -> None:
    """Let a person sign in no more; their sessions end at once."""
    from deploy.ops import users

    print_result(users.disable(connected(), email), as_json)


@user.command("enable")
@EMAIL
@JSON
def enable_user(email: str, as_json: bool) -> None:
    """Let a person sign in again, with the password that they had."""
    from deploy.ops import users

    print_result(users.enable(connected(), email), as_json)


@user.command("reset")
@EMAIL
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@JSON
def reset_password(email: str, password: str, as_json: bool) -> None:
    """Give a person another password; their sessions end at once."""
    from deploy.ops import users

    print_result(users.reset(connected(), email, password), as_json)


@user.command("role")
@EMAIL
@click.argument("role", type=click.Choice(["viewer", "underwriter"]))
@JSON
def set_role(email: str, role: str, as_json: bool) -> None:
    """Give a person another role, which holds from their next click."""
    from deploy.ops import users

    print_result(users.set_role(connected(), email, role), as_json)
