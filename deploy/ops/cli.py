"""The command line, `beleg`: one command a thing that an operator does."""

import click

from core import settings


@click.group(context_settings={"show_default": True, "help_option_names": ["-h", "--help"]})
@click.version_option(package_name="beleg")
def main() -> None:
    """Beleg reads the paperwork of a credit application and shows what every answer rests on."""


@main.command("settings")
def list_settings() -> None:
    """List every setting: its environment variable, default and meaning."""
    for variable, default, meaning in settings.described():
        click.echo(f"{variable}={default}\n    {meaning}")


@main.command()
def migrate() -> None:
    """Apply the revisions that this build requires; does nothing where they are applied."""


if __name__ == "__main__":
    main()
