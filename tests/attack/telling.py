"""Breaks of what webhooks are told, when, and when they are told no more."""

from tests.attack.breaks import Break

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
)
