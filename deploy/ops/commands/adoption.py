"""The command that follows a restore."""

import json
from typing import TYPE_CHECKING

import click

from deploy.ops.commands.root import OWED, connected, main

if TYPE_CHECKING:
    from core.identity import Adoption


@main.command()
@click.option("--as-copy", is_flag=True, help="An instance of its own; its webhooks are off.")
@click.option(
    "--anyway", is_flag=True, help="Though nothing looks restored; with the store as it is."
)
@click.option("--check", is_flag=True, help="Change nothing; exit 3 where something is owed.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_context
def adopt(ctx: click.Context, as_copy: bool, anyway: bool, check: bool, as_json: bool) -> None:
    """Let a restored database go on where it was, under the instance that it is."""
    from deploy.ops.adopting import adopt, described

    adoption = adopt(connected(), as_copy=as_copy, anyway=anyway, check=check)
    if as_json:
        click.echo(json.dumps(described(adoption)))
    else:
        for line in _in_words(adoption, check=check):
            click.echo(line)
    if check and adoption.owed:
        ctx.exit(OWED)


def _in_words(adoption: "Adoption", *, check: bool) -> list[str]:
    if not adoption.named:
        return ["Nothing to adopt: the first part that starts names this instance."]
    if not adoption.owed:
        return [f"Nothing to adopt: this is the instance {adoption.instance}, as it was."]
    lines = ["Owed, and not done:" if check else "Adopted:"]
    if adoption.copy_of is not None and adoption.renews:
        named = "an instance of its own" if check else f"the instance {adoption.instance}"
        off = "all" if check else adoption.webhooks_disabled
        lines += [f"  {named}, a copy of {adoption.copy_of}", f"  webhooks switched off: {off}"]
    else:
        lines.append(f"  the instance {adoption.instance}")
    if adoption.renews:
        lines.append(f"  ids of transactions go on above {adoption.epoch}")
    if adoption.claims:
        lines.append("  the store of documents is marked as this instance's")
    return lines
