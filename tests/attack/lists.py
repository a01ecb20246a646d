"""Breaks of lists: their order, what is in them, where the next page goes on."""

from tests.attack.breaks import Break

LISTS = (
    Break(
        "documents are listed newest first",
        "a client that takes the last for the newest",
        "core/documents/store.py",
        ".where(_OF_APPLICATION).order_by(document.c.id)",
        ".where(_OF_APPLICATION).order_by(document.c.id.desc())",
    ),
    Break(
        "webhooks are listed newest first",
        "a client that keeps the first and removes the others",
        "core/webhooks/store.py",
        ".where(*_MINE).order_by(webhook.c.id)",
        ".where(*_MINE).order_by(webhook.c.id.desc())",
    ),
    Break(
        "references are found whatever their case",
        "a partner whose a-1 and A-1 are two customers",
        "core/applications/store.py",
        '    application.c.external_reference == param("external_reference", Text),\n)',
        "    func.lower(application.c.external_reference)"
        ' == func.lower(param("external_reference", Text)),\n)',
    ),
    Break(
        "a full last page promises another",
        "a client that shows a button for more: an empty page",
        "core/applications/store.py",
        "    more = len(rows) > limit\n",
        "    more = len(rows) >= limit\n",
    ),
    Break(
        "transactions go on after a day",
        "a client that reads page by page: bookings of one day are skipped",
        "core/statements/store.py",
        '*_FILTERS, tuple_(_T.booked_on, _T.id) > tuple_(param("day", Date), param("after", Uuid))',
        '*_FILTERS, _T.booked_on > param("day", Date), param("after", Uuid).is_not(None)',
    ),
    Break(
        "the last day of a list of transactions is not in it",
        "a client that asks for a month",
        "core/statements/store.py",
        '_T.booked_on <= param("until", Date)',
        '_T.booked_on < param("until", Date)',
    ),
    Break(
        "names are searched for as patterns",
        "a client that looks for 100%: everything with 100",
        "core/query.py",
        """return search.replace("\\\\", "\\\\\\\\").replace("%", "\\\\%").replace("_", "\\\\_")""",
        "return search",
    ),
    Break(
        "v2 lists 50 applications unless told how many",
        "a client that asks for the next page once it has counted to 20",
        "public_api/v2/applications.py",
        "        limit=limit(request),\n",
        '        limit=limit(request) if "limit" in request.query else 50,\n',
    ),
    Break(
        "the feed does not wait for transactions that still run",
        "a poller that never hears of an event whose transaction ended late",
        "core/events.py",
        'SETTLED = text("event.xid < settled_xid()")',
        'SETTLED = text("true")',
    ),
    Break(
        "ids of one millisecond are in no order",
        "a client that reads its newest applications first, made in a burst",
        "core/ids.py",
        "moment = (now // 1_000_000 << 12) | (now % 1_000_000 * 4096 // 1_000_000)\n"
        "    _last = moment if moment > _last else _last + 1",
        "_last = (now // 1_000_000 << 12) | (os.urandom(1)[0] << 4)",
    ),
)
