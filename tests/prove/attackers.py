"""What a stranger, or a partner who is no friend, does to a product: each until it is stopped.

`python -m tests.prove.attackers NAME`, with where to as JSON on standard input. It has a process of
its own, behind all others, as an attacker has a machine of their own.
"""

import asyncio
import itertools
import json
import os
import random
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from deploy.release.rehearsal.partners import application

MIB = 1024 * 1024
UPLOADS, STRANGERS, HALF_OPEN, SLOW, RECEIVERS = 24, 40, 2000, 200, 20
BOUNDARY = "b" * 30
Where = dict[str, Any]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _connect(where: Where, face: str = "api") -> Streams:
    url = urlsplit(where[face])
    return await asyncio.open_connection(url.hostname, url.port)


async def _pour(where: Where, head: bytes, block: bytes) -> None:
    """Send a block again and again, on a new connection whenever the other end hangs up."""
    while True:
        with suppress(OSError):
            reader, writer = await _connect(where)
            writer.write(head)
            while not reader.at_eof() and not writer.is_closing():
                writer.write(block)
                await writer.drain()
                await asyncio.sleep(0)
            writer.close()
        await asyncio.sleep(0.01)


async def headers(where: Where) -> None:
    """One connection that never comes to the end of its headers."""
    await _pour(where, b"GET / HTTP/1.1\r\nHost: x\r\n", b"a: " + b"b" * 60_000 + b"\r\n")


async def sent_ahead(where: Where) -> None:
    """Requests on one connection, none of whose answers is awaited."""
    await _pour(where, b"", b"GET /v2/applications HTTP/1.1\r\nHost: x\r\n\r\n" * 500)


async def half_open(where: Where) -> None:
    """Connections that have said half a request."""

    async def one() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await _connect(where)
                writer.write(b"GET /v2/applications HTTP/1.1\r\nHost")
                await reader.read()
                writer.close()
            await asyncio.sleep(1)

    await asyncio.gather(*(one() for _ in range(HALF_OPEN)))


async def slow_bodies(where: Where) -> None:
    """Bodies that come a byte a second."""
    head = "POST /v2/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n"

    async def one() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await _connect(where)
                writer.write(head.format(where["key"]).encode())
                while not reader.at_eof() and not writer.is_closing():
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(1)
            await asyncio.sleep(0.5)

    await asyncio.gather(*(one() for _ in range(SLOW)))


async def _form(where: Where, part: bytes) -> None:
    case = await _case(where)
    head = (
        f"POST /v2/applications/{case}/documents HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {where['key']}\r\nContent-Length: {300 * MIB}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    await asyncio.gather(*(_pour(where, head.encode(), part) for _ in range(4)))


async def ignored_field(where: Where) -> None:
    """300 MiB in a field of a form that nobody asked for."""
    await _form(
        where,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="x"\r\n\r\n'.encode() + bytes(MIB),
    )


async def tiny_parts(where: Where) -> None:
    """A form of endless parts with nothing in them."""
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n'.encode()
    await _form(where, part * 1000)


def _http(where: Where, face: str = "api") -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=200)
    return httpx.AsyncClient(
        base_url=where[face],
        headers={"authorization": f"Bearer {where['key']}", "x-beleg": "1"},
        timeout=120,
        trust_env=False,
        limits=limits,
    )


async def _case(where: Where) -> str:
    async with _http(where) as http:
        answer = await http.post("/v2/applications", json=application())
        return str(answer.raise_for_status().json()["id"])


async def _again(request: Callable[[], Awaitable[object]], at_once: int) -> None:
    """The same request, so many at a time."""

    async def one() -> None:
        while True:
            with suppress(httpx.HTTPError):
                await request()
            await asyncio.sleep(0)

    await asyncio.gather(*(one() for _ in range(at_once)))


async def _uploads(where: Where, content: Callable[[int], bytes], cases: int, at_once: int) -> None:
    numbers = itertools.count()
    places = [await _case(where) for _ in range(cases)]
    async with _http(where) as http:

        async def upload() -> None:
            number = next(numbers)
            file = {"file": ("a.bin", content(number), "application/octet-stream")}
            answer = await http.post(
                f"/v2/applications/{places[number % cases]}/documents", files=file
            )
            if answer.status_code >= 400:
                await asyncio.sleep(0.5)

        await _again(upload, at_once)


def bookings(number: int, rows: int) -> bytes:
    """A table of so many bookings."""
    first, chance = date(2024, 1, 1), random.Random(number)
    lines = ["Buchungstag;Valuta;Auftraggeber/Empfänger;Verwendungszweck;Betrag;Währung"]
    for row in range(rows):
        day = (first + timedelta(days=row * 700 // rows)).strftime("%d.%m.%Y")
        amount = f"{chance.randrange(-90_000, 99_000)},{chance.randrange(100):02}"
        lines.append(f"{day};{day};Firma {row % 97};Rechnung {number}-{row};{amount};EUR")
    return "\n".join(lines).encode()


def costly_pdf(number: int) -> bytes:
    """A few kilobytes that draw the same long text over and over, form within form."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /A 5 0 R >> /Font << /F 9 0 R >> >> >>",
        _stream(b"/A Do " * 12 + f"% {number}".encode()),
    ]
    for level in range(5, 9):
        inner = b"<< /XObject << /A %d 0 R >> /Font << /F 9 0 R >> >>" % (level + 1)
        drawn = (
            b"/A Do " * 12 if level < 8 else b"BT /F 9 Tf 40 700 Td (01.01.2025 1,00) Tj ET " * 9
        )
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources "
        objects.append(
            _stream(drawn, form + (inner if level < 8 else b"<< /Font << /F 9 0 R >> >>"))
        )
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    out, places = b"%PDF-1.4\n", []
    for at, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % at + each + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + b"startxref\n%d\n%%%%EOF\n" % table


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (more, len(content), content)


async def costly_pdfs(where: Where) -> None:
    """Small PDFs that take long to lay out."""
    await _uploads(where, costly_pdf, cases=4, at_once=8)


async def large_tables(where: Where) -> None:
    """Eight tables of thirty thousand bookings at a time."""
    await _uploads(where, lambda number: bookings(number, 30_000), cases=8, at_once=8)


async def one_case(where: Where) -> None:
    """Uploads to one and the same case, while it is read."""
    await _uploads(where, lambda number: bookings(number, 300), cases=1, at_once=UPLOADS)


async def strangers(where: Where) -> None:
    """Sign-ins of people whom nobody knows."""
    async with _http(where, "web") as http:
        numbers = itertools.count()

        async def sign_in() -> None:
            email = f"{next(numbers)}@nobody.test"
            await http.post("/bff/session", json={"email": email, "password": "p" * 30})

        await _again(sign_in, STRANGERS)


async def wrong_keys(where: Where) -> None:
    """Keys and secrets that are none."""
    async with _http(where) as http:

        async def ask() -> None:
            await http.get(
                "/v2/applications",
                headers={"authorization": f"Bearer {random.random()}"},
            )
            form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
            await http.post("/oauth/token", data=form)

        await _again(ask, 20)


async def silent_receivers(where: Where) -> None:
    """Receivers of webhooks that take what comes, and never answer."""

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            pass

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, _http(where) as http:
        for number in range(RECEIVERS):
            await http.post("/v2/webhooks", json={"url": f"http://127.0.0.1:{port}/{number}"})
        while True:
            await http.post("/v2/applications", json=application())
            await asyncio.sleep(0.2)


async def long_lists(where: Where) -> None:
    """All statements, transactions and reports of a large case, again and again."""
    case = await _case(where)
    async with _http(where) as http:
        for number in range(8):
            file = {"file": ("a.csv", bookings(number, 5000), "text/csv")}
            await http.post(f"/v2/applications/{case}/documents", files=file)
        places = itertools.cycle(("statements", "report", "answers", "transactions", "documents"))

        async def ask() -> None:
            await http.get(f"/v2/applications/{case}/{next(places)}")

        await _again(ask, 16)


ATTACKS = {
    each.__name__: each
    for each in (
        *(headers, sent_ahead, half_open, slow_bodies, ignored_field, tiny_parts, costly_pdfs),
        *(large_tables, one_case, strangers, wrong_keys, silent_receivers, long_lists),
    )
}

if __name__ == "__main__":
    os.nice(19)
    asyncio.run(ATTACKS[sys.argv[1]](json.load(sys.stdin)))
