"""Breaks of how an answer is said: statuses, headers, codes."""

from tests.attack.breaks import Break, Edit

ANSWERS = (
    Break(
        "the code of a refused network is renamed",
        "a client that tells its operator to use the VPN at address_refused",
        "core/clients/model.py",
        'code="address_refused"',
        'code="network_refused"',
    ),
    Break(
        "an app's compatibility may not be kept",
        "an app that starts without a network and asks its cache",
        "public_api/compatibility.py",
        '"public, max-age=300"',
        '"no-store"',
    ),
    Break(
        "a stranger's case is refused instead of not found",
        "a partner whose ids can be told from unknown ones by whoever tries",
        "core/applications/model.py",
        '        raise NotFound("application")\n',
        '        raise Forbidden("This application is not yours.")\n',
        (
            Edit(
                "core/applications/model.py",
                "from core.errors import Complaint, Conflict, Invalid, NotFound",
                "from core.errors import Complaint, Conflict, Forbidden, Invalid",
            ),
        ),
    ),
    Break(
        "Location is a whole URL",
        "a client behind a gateway that appends it to its own base",
        "public_api/v2/applications.py",
        '("Location", href(APPLICATION, id=application.id))',
        '("Location", "http://api.beleg.example" + href(APPLICATION, id=application.id))',
    ),
    Break(
        "an unknown path of v1 no longer says that v1 ends",
        "who watches for Deprecation on all answers",
        "public_api/app.py",
        "not_found(version, version.headers()) for version",
        "not_found(version, ()) for version",
    ),
    Break(
        "pages may not read when to come back",
        "a partner's web page that waits for Retry-After",
        "public_api/cors.py",
        '    "Retry-After",\n',
        "",
    ),
    Break(
        "HEAD is not taken",
        "a client that looks whether a document is there",
        "public_api/resource.py",
        'scope, receive, "GET" if method == "HEAD" else method',
        "scope, receive, method",
    ),
    Break(
        "the last bytes of a document begin a byte too early",
        "a client that reads the end of a PDF by a range",
        "public_api/endpoints/documents.py",
        "max(0, size - int(last)), size",
        "max(0, size - int(last) - 1), size",
    ),
    Break(
        "a range is given whatever If-Range says",
        "a download that goes on with the bytes of another file",
        "public_api/endpoints/documents.py",
        '    if call.headers.get("if-range", tag) == tag:\n        span',
        "    if tag:\n        span",
    ),
    Break(
        "answers may be kept for a minute",
        "an app that shows a status as it was",
        "public_api/resource.py",
        "headers = encode(response.headers) + version_headers\n",
        "headers = encode(response.headers) + version_headers\n"
        '    headers.append((b"cache-control", b"private, max-age=60"))\n',
    ),
    Break(
        "only the first rule that is broken is named",
        "a form that marks each field that is wrong",
        "core/applications/model.py",
        "raise Invalid(*complaints)",
        "raise Invalid(complaints[0])",
    ),
    Break(
        "the report is printed in German unless asked otherwise",
        "an English client that never sent Accept-Language",
        "public_api/v2/reports.py",
        "return Language.ENGLISH if chosen is None",
        "return Language.GERMAN if chosen is None",
    ),
    Break(
        "a token of no scope named may only read",
        "a client that asks for a token without saying for what",
        "core/tokens.py",
        "wanted = caller.scopes if scopes is None else",
        'wanted = caller.scopes & {"applications:read"} if scopes is None else',
    ),
    Break(
        "a token ends a minute early, for clocks that differ",
        "a client that uses it until expires_in has passed: 401",
        "core/tokens.py",
        "expires_at=now + lifetime,",
        "expires_at=now + lifetime - timedelta(minutes=1),",
    ),
    Break(
        "an upload leaves the status as it is until it is read",
        "a client that looks right after its upload and sees the status from before",
        "core/documents/commands.py",
        "    application = await applications.move(\n"
        "        tx, actor, application, applications.ApplicationStatus.READING\n    )\n",
        "",
    ),
)
