"""Breaks of what webhooks are told, when, and when they are told no more."""

from tests.attack.breaks import Break, Edit

TELLING = (
    Break(
        "the first retry follows after a minute",
        "a receiver that restarts in seconds and is a minute behind",
        "core/webhooks/model.py",
        "for seconds in (5, 300,",
        "for seconds in (60, 300,",
    ),
    Break(
        "a receiver that says 404 is disabled as one that says 410",
        "a receiver whose router was away for a minute",
        "core/webhooks/model.py",
        "return self.status == 410",
        "return self.status in (404, 410)",
    ),
    Break(
        "a webhook is disabled after the fourth failed attempt",
        "a receiver that was down for an hour and is told nothing more",
        "core/webhooks/commands.py",
        "    if delay is None and not await queue.succeeded",
        "    if (delay is None or due.attempts >= 3) and not await queue.succeeded",
    ),
    Break(
        "each attempt has an id of its own",
        "a receiver that drops what it has had, by webhook-id",
        "public_api/deliveries.py",
        "contract.sign(due.secrets, str(due.id), int(now), body)",
        'contract.sign(due.secrets, f"{due.id}-{due.attempts}", int(now), body)',
    ),
    Break(
        "the signature is of the body alone",
        "every receiver that verifies by a library of Standard Webhooks",
        "public_api/signatures.py",
        'signed = f"{id}.{timestamp}.".encode() + body',
        "signed = body",
    ),
    Break(
        "v1's callbacks are signed with the time in front",
        "every receiver that computes the HMAC of what it got",
        "public_api/signatures.py",
        "digest = hmac.digest(secrets[0], body, hashlib.sha256)",
        'digest = hmac.digest(secrets[0], f"{_timestamp}.".encode() + body, hashlib.sha256)',
    ),
    Break(
        "news overtakes what waits for its retry",
        "a receiver that is told approved before received",
        "core/webhooks/queue.py",
        "ORDER BY first.xid, first.id LIMIT 1))",
        "ORDER BY first.next_attempt_at, first.xid LIMIT 1))",
    ),
    Break(
        "an event's time is that of its telling",
        "a receiver that orders by timestamp, after a retry",
        "public_api/deliveries.py",
        "at=due.at, data=due.data",
        "at=datetime.fromtimestamp(now, UTC), data=due.data",
        (
            Edit(
                "public_api/deliveries.py",
                "from dataclasses import dataclass\n",
                "from dataclasses import dataclass\nfrom datetime import UTC, datetime\n",
            ),
        ),
    ),
    Break(
        "v1's callbacks tell of documents too",
        "a receiver that counts each call as a change of status",
        "public_api/v1/callbacks.py",
        "EventKind.DOCUMENT_READ: False",
        "EventKind.DOCUMENT_READ: True",
    ),
    Break(
        "a client may have ten webhooks",
        "a partner with one for each of its branches",
        "core/webhooks/model.py",
        "MOST_WEBHOOKS = 20",
        "MOST_WEBHOOKS = 10",
    ),
    Break(
        "a decision is told before the case is closed",
        "a receiver that asks for the case at decision.made, in the feed's order",
        "core/decisions/commands.py",
        "    await applications.move(tx, person.actor, application, CLOSES[outcome])\n    answers",
        "    answers",
        (
            Edit(
                "core/decisions/commands.py",
                '        {"outcome": outcome},\n    )\n    return decision',
                '        {"outcome": outcome},\n    )\n'
                "    await applications.move(tx, person.actor, application, CLOSES[outcome])\n"
                "    return decision",
            ),
        ),
    ),
)
