"""How long an operation takes over v1, beside the same over v2, on one server.

Each side has one connection; they call in turn, so that a slower moment is one of both. What only
waits, as a pause does, uses no CPU and stands in no other case of the bench.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from deploy.demo import camt053, make_company
from public_api.v2.operations.applications import SUBMIT_EXAMPLE
from tests.bench.ground import Ground
from tests.bench.rounds import Estimate, estimate

OPEN = 2  # of the ground's three statuses, the first two
URL = "https://hooks.partner.example/beleg"
PATIENCE_SECONDS = 60.0
FEWEST = 7
"""How often an operation is timed at the least, however long it takes."""
LONGEST_SECONDS = 4.0
WARM_ROUNDS = 5
_numbers = count()


@dataclass(frozen=True, slots=True)
class Speech:
    """How a version says what both have: what is sent, where, and how it is answered."""

    version: str
    application: dict[str, Any]
    page: str
    withdrawal: str
    handed_in: int
    document_id: str
    result: str
    hooks: str
    hook: dict[str, Any]


V1 = Speech(
    version="v1",
    application={
        "company_name": "Muster Werkzeugbau GmbH",
        "company_number": "HRB 12345",
        "type": "LOAN",
        "amount_eur": 250000,
        "duration": 60,
        "reference": "A-2026-0815",
    },
    page="?per_page=20",
    withdrawal="",
    handed_in=201,
    document_id="document_id",
    result="result",
    hooks="callbacks",
    hook={"url": URL, "secret": "a long random text"},
)
V2 = Speech(
    version="v2",
    application=SUBMIT_EXAMPLE,
    page="?limit=20",
    withdrawal="?reason=test",
    handed_in=202,
    document_id="id",
    result="report",
    hooks="webhooks",
    hook={"url": URL},
)


@dataclass(slots=True)
class Client:
    """A partner that calls one version over one connection, and what it may ask for."""

    speech: Speech
    connection: HTTPConnection
    key: str
    applications: Iterator[UUID]
    case: str
    document: str
    open_case: str
    seconds: float = 0.0
    """How long the last call took."""

    def call(self, method: str, path: str, status: int, body: Any = None) -> Any:
        """Call, and time it; what was answered."""
        headers = {"Authorization": f"Bearer {self.key}", "User-Agent": "bench/1"}
        if isinstance(body, bytes):
            headers["Content-Type"] = "multipart/form-data; boundary=bench"
        elif body is not None:
            headers["Content-Type"], body = "application/json", json.dumps(body)
        started = time.perf_counter()
        self.connection.request(method, f"/{self.speech.version}/{path}", body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        self.seconds = time.perf_counter() - started
        if answer.status != status:
            raise SystemExit(f"{method} /{self.speech.version}/{path}: {text.decode()}")
        return json.loads(text) if text else None

    def get(self, path: str) -> None:
        """Ask for what is there."""
        self.call("GET", path, 200)

    def withdraw(self) -> None:
        """Withdraw an application that is open."""
        path = f"applications/{next(self.applications)}{self.speech.withdrawal}"
        self.call("DELETE", path, 204)

    def unsubscribe(self) -> None:
        """Have an address called, and then, which is timed, no more."""
        made = self.call("POST", self.speech.hooks, 201, self.speech.hook)
        self.call("DELETE", f"{self.speech.hooks}/{made['id']}", 204)

    def subscribe(self) -> None:
        """Have an address called, which is timed, and no more."""
        made = self.call("POST", self.speech.hooks, 201, self.speech.hook)
        seconds = self.seconds
        self.call("DELETE", f"{self.speech.hooks}/{made['id']}", 204)
        self.seconds = seconds

    def hand_in(self) -> None:
        """Hand in a document that was not there before."""
        content = f"<bench number='{next(_numbers)}'/>"
        body = (
            '--bench\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n\r\n'
            f"{content}\r\n--bench--\r\n"
        )
        path = f"applications/{self.open_case}/documents"
        self.call("POST", path, self.speech.handed_in, body.encode())


DO: dict[str, Callable[[Client], object]] = {
    "create": lambda it: it.call("POST", "applications", 201, it.speech.application),
    "get": lambda it: it.get(f"applications/{it.case}"),
    "list 20": lambda it: it.get(f"applications{it.speech.page}"),
    "withdraw": Client.withdraw,
    "hand in a document": Client.hand_in,
    "list documents": lambda it: it.get(f"applications/{it.case}/documents"),
    "show a document": lambda it: it.get(f"applications/{it.case}/documents/{it.document}"),
    "result, report": lambda it: it.get(f"applications/{it.case}/{it.speech.result}"),
    "subscribe": Client.subscribe,
    "list webhooks": lambda it: it.get(it.speech.hooks),
    "unsubscribe": Client.unsubscribe,
}
"""What both versions can do; the last call of each is what is timed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How long an operation took over each version, in pairs of calls that followed each other."""

    old: Sequence[float]
    new: Sequence[float]

    @property
    def ratio(self) -> Estimate:
        """How many times as long v1 takes as v2."""
        return estimate([old / new for old, new in zip(self.old, self.new, strict=True)])


def compare(old: Client, new: Client, rounds: int) -> dict[str, Compared]:
    """Let both do everything, each first in every second round."""
    return {name: _side_by_side(do, old, new, rounds) for name, do in DO.items()}


def _side_by_side(
    do: Callable[[Client], object], old: Client, new: Client, rounds: int
) -> Compared:
    taken: dict[str, list[float]] = {"v1": [], "v2": []}
    until = time.perf_counter() + LONGEST_SECONDS
    for number in range(-WARM_ROUNDS, rounds):
        for client in (old, new) if number % 2 else (new, old):
            do(client)
            if number >= 0:
                taken[client.speech.version].append(client.seconds)
        if number >= FEWEST and time.perf_counter() > until:
            break
    return Compared(taken["v1"], taken["v2"])


def clients(port: int, ground: Ground) -> tuple[Client, Client]:
    """A partner's two clients, once a made-up company's case of its has been read."""
    client_id, key = next(iter(ground.keys.items()))
    mine = [
        which
        for number, (which, owner) in enumerate(ground.owned)
        if owner == client_id and number % 3 < OPEN
    ]
    made = []
    case, document = _case(port, key)
    for speech, applications in ((V1, mine[::2]), (V2, mine[1::2])):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        client = Client(speech, connection, key, iter(applications), case, document, "")
        client.open_case = client.call("POST", "applications", 201, speech.application)["id"]
        made.append(client)
    return made[0], made[1]


def _case(port: int, key: str) -> tuple[str, str]:
    """A company's application with its statements, read and answered, and one of its documents."""
    company = make_company(1)
    http = httpx.Client(
        base_url=f"http://127.0.0.1:{port}/v2",
        headers={"Authorization": f"Bearer {key}", "User-Agent": "bench/1"},
    )
    with http:
        made = (
            http.post("/applications", json=company.application()).raise_for_status().json()["id"]
        )
        for account in company.accounts:
            content = camt053(company, account, company.first_month, company.last_month)
            files = {"file": ("statement.xml", content, "application/xml")}
            handed_in = (
                http.post(f"/applications/{made}/documents", files=files).raise_for_status().json()
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while http.get(f"/applications/{made}").json()["status"] in ("received", "reading"):
            if time.monotonic() > until:
                raise SystemExit("The made-up company's statements are still being read.")
            time.sleep(0.05)
    return made, handed_in["id"]
