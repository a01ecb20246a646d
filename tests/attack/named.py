"""The breaks that were tried first from outside, when six of ten passed everything."""

from tests.attack.breaks import Break, Edit

NAMED = (
    Break(
        "v1's created is the time of the last change",
        "a partner that sorts and reconciles by `created`",
        "public_api/v1/applications.py",
        "moment(application.created_at)",
        "moment(application.updated_at)",
    ),
    Break(
        "v1's list is in the order of the last change",
        "a partner that reads pages until it meets what it knows",
        "core/applications/store.py",
        ".where(_MINE)\n    .order_by(application.c.id.desc())",
        ".where(_MINE)\n    .order_by(application.c.updated_at.desc(), application.c.id.desc())",
    ),
    Break(
        "v1 takes texts of at most 100 characters",
        "whoever hands in a long company name: 400",
        "public_api/v1/wire.py",
        "len(value) > 200 or",
        "len(value) > 100 or",
    ),
    Break(
        "v1's flag returned_debits counts the customers' debits",
        "a partner that declines by the flag",
        "public_api/v1/results.py",
        '"returned_debits": FlagRule("own_payments_bounced")',
        '"returned_debits": FlagRule("customer_debits_bounced")',
    ),
    Break(
        "an attempt at a webhook ends after 2 s",
        "a receiver that takes 5 s to answer and is told again and again",
        "public_api/deliveries.py",
        "SECONDS = 10.0",
        "SECONDS = 2.0",
    ),
    Break(
        "Idempotency-Keys are swept after an hour",
        "a client that retries after its night's downtime: two applications",
        "core/idempotency.py",
        "_SWEEP, since=datetime.now(UTC) - RETENTION",
        "_SWEEP, since=datetime.now(UTC) - timedelta(hours=1)",
    ),
    Break(
        "v1 is 0.4 s slower",
        "an app whose every screen makes five calls in a row",
        "public_api/resource.py",
        '        scope["state"]["route"] = self._template\n        method',
        '        scope["state"]["route"] = self._template\n'
        "        if self._version.deprecated:\n"
        "            await asyncio.sleep(0.4)\n        method",
        (
            Edit(
                "public_api/resource.py",
                "import structlog\n",
                "import asyncio\n\nimport structlog\n",
            ),
        ),
        exception="how long an answer takes is no test's matter, but the bench's",
        measured=True,
    ),
    Break(
        "names are brought to Unicode's composed form",
        "a partner that compares the name with what it sent, byte by byte",
        "core/applications/commands.py",
        "    check(terms)\n",
        '    name = unicodedata.normalize("NFC", terms.applicant.legal_name)\n'
        "    terms = terms._replace(applicant=terms.applicant._replace(legal_name=name))\n"
        "    check(terms)\n",
        (
            Edit(
                "core/applications/commands.py",
                "from datetime import UTC, datetime\n",
                "import unicodedata\nfrom datetime import UTC, datetime\n",
            ),
        ),
    ),
    Break(
        "means are rounded down instead of half-even",
        "whoever keeps a report and reads it again: a cent less",
        "core/money.py",
        "to_integral_value(ROUND_HALF_EVEN)",
        'to_integral_value("ROUND_DOWN")',
    ),
    Break(
        "only request ids of tracing systems are taken over",
        "a partner's support, who search for the id that they sent",
        "core/access_log.py",
        'rb"[A-Za-z0-9._:-]{%d,%d}\\Z" % (SHORTEST, LONGEST)',
        'rb"[0-9a-f]{32}\\Z"',
    ),
    Break(
        "the code of too many webhooks is renamed",
        "a client that tidies up when it reads too_many_webhooks",
        "core/webhooks/commands.py",
        'code="too_many_webhooks"',
        'code="webhook_limit_reached"',
    ),
    Break(
        "deliveries are given up after two days",
        "a receiver that was down over a long weekend",
        "core/webhooks/model.py",
        "50_400, 72_000, 86_400)",
        "50_400, 72_000)",
    ),
    Break(
        "v1's list leaves out what was withdrawn",
        "a partner that counts what it handed in by `total`",
        "core/applications/store.py",
        ".where(_MINE)\n    .order_by(application.c.id.desc())",
        '.where(_MINE, application.c.status != "withdrawn")\n'
        "    .order_by(application.c.id.desc())",
        (
            Edit(
                "core/applications/store.py",
                ".select_from(application).where(_MINE)\n",
                '.select_from(application).where(_MINE, application.c.status != "withdrawn")\n',
            ),
        ),
    ),
)
