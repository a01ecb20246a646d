"""How fast MT940, OFX and CSV are read, with their byte ranges, against public parsers.

    python -m tests.bench.formats [--rounds R]

All read the same files in turn, in one process; processor time counts.
"""

import argparse
import csv
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import bankstatementparser
import mt940 as public_mt940

from core.formats import mt940, ofx
from core.formats.csv import read as read_csv
from deploy.demo import LAYOUTS, make_company
from deploy.demo import mt940 as render_mt940
from deploy.demo import ofx as render_ofx

TIMES = 20  # how often a company's two years of bookings stand in a file
Side = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Race:
    """A format: its file, who reads it, and how many times as fast as each other we must be."""

    name: str
    content: bytes
    bookings: int
    ours: Side
    others: dict[str, tuple[Side, float]]


def races() -> Iterator[Race]:
    """Each format with a file of some 20,000 bookings."""
    company = make_company(1)
    account = company.accounts[0]
    months = company.first_month, company.last_month
    booked = [b for b in company.ledger.of(account) if not b.pending]
    count = len(booked) * TIMES
    yield Race(
        "MT940",
        render_mt940(company, account, *months) * TIMES,
        count,
        _ours(mt940.read),
        {"bankstatementparser": (_bankstatementparser("Mt940Parser"), 2), "mt-940": (_mt_940, 2)},
    )
    yield Race(
        "OFX",
        _repeated(render_ofx(company, account, *months), b"<STMTTRN>", b"</BANKTRANLIST>"),
        count,
        _ours(ofx.read),
        {"bankstatementparser": (_bankstatementparser("OfxParser"), 2)},
    )
    table = LAYOUTS["Sparkasse"](company, account, *months)
    yield Race(
        "CSV",
        _repeated(table, b'"' + account.iban.encode(), b""),
        (table.count(b"\r\n") - 1) * TIMES,
        _ours(read_csv),
        {
            "the csv module": (_csv, 0.5),  # the fastest of all, and what speed is held to
            "bankstatementparser": (_bankstatementparser("CsvStatementParser"), 1),
        },
    )


def _repeated(content: bytes, begin: bytes, end: bytes) -> bytes:
    """The file with its bookings, from the first mark to the last, many times over."""
    content = content.decode("cp1252").encode()  # which is all that some of them take
    start = content.index(begin)
    stop = content.rindex(end) if end else len(content)
    return content[:start] + content[start:stop] * TIMES + content[stop:]


def _ours(read: Callable[..., Iterator[object]]) -> Side:
    def side(path: Path) -> None:
        with path.open("rb") as source:
            for _ in read(source):
                pass

    return side


def _mt_940(path: Path) -> None:
    """The mt-940 package."""
    for _ in public_mt940.parse(str(path), encoding="utf-8"):
        pass


def _bankstatementparser(name: str) -> Side:
    """The bankstatementparser package, by the name of one of its parsers.

    It reads less, and no byte range: of MT940 the date, the amount and `:86:` as it stands; of OFX
    one text, nothing of the other side's account; of CSV the day as it stands, text and amount.
    """

    def side(path: Path) -> None:
        getattr(bankstatementparser, name)(path).parse()

    return side


def _csv(path: Path) -> None:
    """The standard library's reader, which takes rows apart and understands nothing."""
    with path.open(newline="", encoding="utf-8") as source:
        for _ in csv.DictReader(source, delimiter=";"):
            pass


def compare(race: Race, rounds: int) -> dict[str, float]:
    """How many times as fast as each other side we are, the median of interleaved rounds."""
    gc.set_threshold(50_000, 50, 50)  # for all of them, as it is where files are read
    sides = {"ours": race.ours, **{name: side for name, (side, _) in race.others.items()}}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"statement.{race.name.lower()}"  # one of them goes by names
        path.write_bytes(race.content)
        for _ in range(rounds):
            for name, side in sides.items():
                seconds[name].append(_timed(side, path))
    speeds = {name: race.bookings / median(taken) for name, taken in seconds.items()}
    shown = ", ".join(f"{name} {speed:,.0f}/s" for name, speed in speeds.items())
    print(f"{race.name}, {race.bookings:,} bookings: {shown}", flush=True)
    # The machine's own pace changes from round to round: it is within one that they are compared.
    pairs = {name: zip(seconds[name], seconds["ours"], strict=True) for name in race.others}
    return {name: median(other / ours for other, ours in each) for name, each in pairs.items()}


def _timed(side: Side, path: Path) -> float:
    gc.collect()
    start = time.process_time()
    side(path)
    return time.process_time() - start


def main() -> None:
    """Compare all and print by how much we are faster."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    rounds: int = arguments.parse_args().rounds
    for race in races():
        for name, times in compare(race, rounds).items():
            print(f"  {times:.2f} × {name}, at least {race.others[name][1]:g} ×")


if __name__ == "__main__":
    main()
