"""No file, whatever it is, harms the worker or the next document; its sender is told why."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.statements import Limits, Sandbox
from tests.builders import House, Partner, company, statements

IBAN = b"<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>"
DOCUMENT = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
LAUGHS = (
    b'<!DOCTYPE Document [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)


@dataclass(frozen=True)
class Trap:
    """A file that means harm: what it is, its bytes, and the code of the reason it gets."""

    name: str
    content: Callable[[], bytes]
    code: str


TRAPS = (
    Trap("billion laughs", lambda: LAUGHS + b"<Document>&l11;</Document>", "unreadable"),
    Trap(
        "entity bomb",
        lambda: b'<!DOCTYPE D [<!ENTITY a "%s">]><D>%s</D>' % (b"a" * 100_000, b"&a;" * 50_000),
        "unreadable",
    ),
    Trap(
        "external entity",
        lambda: b'<!DOCTYPE D [<!ENTITY a SYSTEM "file:///etc/passwd">]><D>&a;</D>',
        "unreadable",
    ),
    Trap("deep nesting", lambda: DOCUMENT + b"<Stmt>" + b"<a>" * 200_000, "unreadable"),
    Trap("truncated CAMT", lambda: statements(company(1, months=1))[0][:20_000], "unreadable"),
    Trap("NUL bytes", lambda: bytes(100_000), "format_unknown"),
    Trap("control characters", lambda: bytes(range(1, 32)) * 1_000, "format_unknown"),
    Trap("control characters in CAMT", lambda: DOCUMENT + b"<Stmt>\x01\x02" + IBAN, "unreadable"),
)
MISDEEDS = (
    Trap("segfault", lambda: b"segfault", "reader_crashed"),
    Trap("endless loop", lambda: b"loop", "too_slow"),
    Trap("memory eater", lambda: b"eat", "too_much_memory"),
)
FINE = statements(company(2, months=1))


async def survive(house: House, partner: Partner, trap: Trap, number: int) -> None:
    """Hand in the trap and then an honest statement; print what became of them."""
    application_id = await partner.submit(external_reference=f"{trap.name} {number}")
    document = await partner.upload(application_id, trap.content(), trap.name)
    before, started = _own_bytes(), time.perf_counter()
    await house.work()
    seconds, grown = time.perf_counter() - started, _own_bytes() - before
    honest = await partner.upload(application_id, FINE[number % len(FINE)], "honest.xml")
    await house.work()
    place = f"/v2/applications/{application_id}/documents"
    seen = await partner.get(f"{place}/{document}")
    after = await partner.get(f"{place}/{honest}")
    print(
        f"\n{trap.name}: {seen['findings'][0]['code']}: {seen['findings'][0]['detail']}"
        f"\n    worker: {seconds:.2f} s, {_own_bytes() >> 20} MiB ({grown >> 20:+} MiB);"
        f" the next document: {after['status']}"
    )
    assert (seen["status"], seen["findings"][0]["code"]) == ("unreadable", trap.code)
    assert after["status"] == "read"
    assert seconds < 10
    assert grown < 64 * 1024 * 1024


def _own_bytes() -> int:
    """The most memory that this process, which is the worker here, has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def test_hostile_files_are_refused_for_a_reason_and_the_next_one_is_read(
    house: House,
) -> None:
    partner = await house.partner()
    for number, trap in enumerate(TRAPS):
        await survive(house, partner, trap, number)


async def test_a_reader_that_crashes_hangs_or_swells_fails_its_document_and_no_other(
    house: House,
) -> None:
    partner = await house.partner()
    limits = Limits(memory_bytes=400 * 1024 * 1024, seconds=2)
    with Sandbox(limits, "tests.core.statements.misbehaving") as sandbox:
        house.sandbox = sandbox
        for number, trap in enumerate(MISDEEDS):
            await survive(house, partner, trap, number)
