"""What both versions are asked about the same things: their ages, and their order.

Every answer here is about something that was told before, in the other version or before a change.
What it is must be the same, when it was made must be the same, and it must stand where it stood.
"""

from tests.contracts.exchange import Ask
from tests.contracts.requests import (
    JSON,
    NEW,
    OLD,
    STATEMENT,
    change,
    delivery,
    form,
    get,
    patch,
    post,
)

CALLED, TOLD = "https://hooks.partner.test/v1/ages", "https://hooks.partner.test/v2/ages"
X, Y, Z = "{{id:3}}", "{{id:4}}", "{{id:5}}"
A, B, C = "{{id:1}}", "{{id:2}}", "{{id:3}}"


def both(name: str, which: str, **how: tuple[str, ...]) -> tuple[Ask, Ask]:
    """An application as each version shows it, one right after the other."""
    return (
        get(f"{name}, over v1", f"/v1/applications/{which}", **how),
        get(f"{name}, over v2", f"/v2/applications/{which}"),
    )


def told(name: str) -> tuple[Ask, Ask]:
    """What both receivers are told of one thing that happened."""
    return delivery(f"{name}, over v1", CALLED), delivery(f"{name}, over v2", TOLD)


AGES = (
    post("a callback", "/v1/callbacks", {"url": CALLED, "secret": "of old"}),
    post("a webhook", "/v2/webhooks", {"url": TOLD}),
    post("an application", "/v1/applications", OLD),
    *told("it was received"),
    *both("as it was handed in", X),
    patch("it asks for more", X, {"amount": {"value": "300000.00"}, "purpose": "Mehr"}, '"1"'),
    *told("it was changed"),
    *both("changed", X),
    form("a document", f"/v2/applications/{X}/documents", STATEMENT),
    get("being read, over v2", f"/v2/applications/{X}/documents"),
    get("being read, over v1", f"/v1/applications/{X}/documents"),
    *told("reading has begun"),
    delivery("a document is queued", TOLD),
    *both("read", X, before=("read",)),
    *told("it was read"),
    delivery("which document was read", TOLD),
    get("what was read, over v2", f"/v2/applications/{X}/documents"),
    get("what was read, over v1", f"/v1/applications/{X}/documents"),
    get("the report", f"/v2/applications/{X}/report"),
    *both("approved", X, before=(f"approve {X}",)),
    *told("it was approved"),
    delivery("what was decided", TOLD),
    get("the decision", f"/v2/applications/{X}/decision"),
    get("the report again", f"/v2/applications/{X}/report"),
    get("the list, over v1", "/v1/applications"),
    get("the list, over v2", "/v2/applications"),
    get("all that happened", "/v2/events"),
    get("all that was told", "/v2/webhooks/{{id:2}}/deliveries"),
    change("another type", "/v2/webhooks/{{id:2}}", {"events": ["application.received"]}),
    get("the webhooks", "/v2/webhooks"),
    get("the callbacks", "/v1/callbacks"),
)
LISTS = (
    ("/v1/applications", "all, over v1"),
    ("/v1/applications?page=1&per_page=2", "the first page, over v1"),
    ("/v1/applications?page=2&per_page=2", "the second page, over v1"),
    ("/v2/applications", "all, over v2"),
)


def lists(when: str) -> tuple[Ask, ...]:
    """Every list of applications."""
    return tuple(get(f"{name}, {when}", path) for path, name in LISTS)


ORDER = (
    post("the oldest", "/v1/applications", {**OLD, "reference": "one"}),
    post("the next", "/v2/applications", {**NEW, "external_reference": "two"}),
    post("the newest", "/v1/applications", {**OLD, "reference": "one"}),
    *lists("as they came"),
    patch("the oldest changes", A, {"purpose": "Anders"}, "*"),
    *lists("the oldest changed"),
    form("the next gets a document", f"/v2/applications/{B}/documents", STATEMENT),
    *lists("while the next is read"),
    get("its first document, over v1", f"/v1/applications/{B}/documents", before=("read",)),
    form("and another", f"/v1/applications/{B}/documents", "kein Auszug"),
    get("its documents, over v1", f"/v1/applications/{B}/documents", before=("read",)),
    get("its documents, over v2", f"/v2/applications/{B}/documents"),
    *lists("the next was read"),
    Ask("the newest is withdrawn", f"DELETE /v1/applications/{C}", before=(f"decline {B}",)),
    *lists("two were ended"),
    get("those of a reference", "/v2/applications?external_reference=one"),
    get("the one that was declined", "/v2/applications?status=declined"),
    get("the one that was withdrawn", "/v2/applications?status=withdrawn"),
    get("the first page, over v2", "/v2/applications?limit=2"),
    get("the second page, over v2", "/v2/applications?limit=2&after={{cursor:1}}"),
    get("all that happened", "/v2/events?limit=100"),
)
HOOK = "https://hooks.partner.test/order"
HOOKS = (
    post("the oldest callback", "/v1/callbacks", {"url": f"{HOOK}/1", "secret": "s"}),
    post("the next callback", "/v1/callbacks", {"url": f"{HOOK}/2", "secret": "s"}),
    post("the newest callback", "/v1/callbacks", {"url": f"{HOOK}/3", "secret": "s"}),
    post("the oldest webhook", "/v2/webhooks", {"url": f"{HOOK}/4"}),
    post("the next webhook", "/v2/webhooks", {"url": f"{HOOK}/5"}),
    post("the newest webhook", "/v2/webhooks", {"url": f"{HOOK}/6"}),
    change("the oldest pauses", f"/v2/webhooks/{Y}", {"enabled": False}),
    Ask("the next gets a secret", f"POST /v2/webhooks/{Z}/rotate-secret", headers=JSON),
    get("the webhooks", "/v2/webhooks"),
    get("the callbacks", "/v1/callbacks"),
    Ask("the next callback goes", f"DELETE /v1/callbacks/{B}"),
    get("those that are left", "/v1/callbacks"),
    change("on again", f"/v2/webhooks/{Y}", {"enabled": True, "url": f"{HOOK}/7"}),
    get("the webhooks again", "/v2/webhooks"),
    Ask("a test", f"POST /v2/webhooks/{Z}/test"),
    delivery("the test", f"{HOOK}/5"),
    Ask("another test", f"POST /v2/webhooks/{Z}/test"),
    delivery("the other test", f"{HOOK}/5"),
    Ask("the first again", f"POST /v2/webhooks/{Z}/deliveries/{{{{id:7}}}}/redeliver"),
    delivery("the first test again", f"{HOOK}/5"),
    get("what was told, newest first", f"/v2/webhooks/{Z}/deliveries"),
)
