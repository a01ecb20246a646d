"""Commands about the edge: the files that Envoy is mounted with, where others start it."""

from pathlib import Path

import click

from core.errors import Complaint, Invalid
from deploy.ops.commands.root import PORT, main

SLOTS = ("blue", "green", "baseline")


@main.group("edge")
def edge() -> None:
    """Look after the edge, which sends callers to builds."""


@edge.command("files")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seen-as", help="The folder as Envoy sees it, where that is another.")
@click.option("--api", multiple=True, help="SLOT=HOST:PORT, of an API; may be repeated.")
@click.option("--web", multiple=True, help="SLOT=HOST:PORT, of a web app; may be repeated.")
@click.option("--api-health", multiple=True, help="SLOT=HOST:PORT, in the order of --api.")
@click.option("--web-health", multiple=True, help="SLOT=HOST:PORT, in the order of --web.")
@click.option("--serving", type=click.Choice(SLOTS), default="blue", help="Who gets everybody.")
@click.option("--host", default="0.0.0.0", help="The address to listen on.")  # noqa: S104
@click.option("--api-port", type=PORT, default=8001)
@click.option("--web-port", type=PORT, default=8000)
@click.option("--admin-host", default="127.0.0.1", help="Who reaches it steers the edge.")
@click.option("--admin-port", type=PORT, default=9005)
@click.option("--certificate", help="The chain that is shown, as Envoy sees it, for https.")
@click.option("--certificate-key", help="Its key, as Envoy sees it.")
@click.option("--trusted-hops", type=click.IntRange(0), default=0, help="Proxies before the edge.")
def files(
    folder: Path,
    seen_as: str | None,
    api: tuple[str, ...],
    web: tuple[str, ...],
    api_health: tuple[str, ...],
    web_health: tuple[str, ...],
    serving: str,
    host: str,
    api_port: int,
    web_port: int,
    admin_host: str,
    admin_port: int,
    certificate: str | None,
    certificate_key: str | None,
    trusted_hops: int,
) -> None:
    """Write what Envoy starts with and the files that it watches, everybody sent to one slot.

    Run it before the first start; from then on `beleg release` writes who goes where. The parts
    behind it need BELEG_TRUSTED_HOPS, one more than --trusted-hops.
    """
    from deploy.release.edge import Certificate, EdgeSettings, initial, write
    from deploy.release.model import Addresses, Routing, Slot

    if (certificate is None) != (certificate_key is None):
        raise click.UsageError("--certificate and --certificate-key go together.")
    addresses = {}
    for slot in SLOTS:
        places = [_of(slot, each) for each in (api, web, (*api_health, *web_health))]
        if any(places):
            addresses[Slot(slot)] = Addresses(*places)
    settings = EdgeSettings(
        Path(seen_as) if seen_as else folder.resolve(),
        host=host,
        api_port=api_port,
        web_port=web_port,
        admin_host=admin_host,
        admin_port=admin_port,
        certificate=Certificate(Path(certificate), Path(certificate_key))
        if certificate and certificate_key
        else None,
        trusted_hops=trusted_hops,
    )
    found = initial(settings, Routing(Slot(serving)), addresses)
    write(folder, found)
    for name in found:
        click.echo(folder / name)


def _of(slot: str, said: tuple[str, ...]) -> tuple[str, ...]:
    """The places of a slot; raises Invalid where one is not written so."""
    found = []
    for each in said:
        named, equals, place = each.partition("=")
        host, colon, port = place.rpartition(":")
        if not (equals and colon and host and port.isdecimal() and named in SLOTS):
            expected = f"expected SLOT=HOST:PORT with a slot of {', '.join(SLOTS)}"
            raise Invalid(Complaint(each, f"{each!r}: {expected}."))
        if named == slot:
            found.append(place)
    return tuple(found)
