"""Breaks of requests that are sent again, and of copies that a client keeps."""

from tests.attack.breaks import Break

RETRIES = (
    Break(
        "a replay no longer says that it is one",
        "a client that counts its retries by Idempotent-Replayed",
        "public_api/call.py",
        "headers = stored.headers + REPLAYED if stored.replayed else stored.headers",
        "headers = stored.headers",
    ),
    Break(
        "a request is the same only with the same Content-Type",
        "every retried upload: its boundary is another",
        "public_api/call.py",
        'text = f"{self.target.method} {path} {canonical(command)}"',
        "text = f\"{self.target.method} {path} {self.headers.get('content-type')}"
        ' {canonical(command)}"',
    ),
    Break(
        "what a request means is told by the names of today",
        "an upload retried across the release: refused",
        "public_api/fingerprint.py",
        '{DocumentKind: "Kind", Product: "Product"}',
        '{Product: "Product"}',
    ),
    Break(
        "entity tags are weak",
        "a client whose If-Match by the tag that it was given is stale: 412",
        "public_api/v2/applications.py",
        "    return f'\"{application.revision}\"'",
        "    return f'W/\"{application.revision}\"'",
    ),
    Break(
        "weak tags are none in If-None-Match",
        "whoever asks through a proxy that weakens tags: the whole body each time",
        "public_api/conditions.py",
        "(?:W/)?",
        "",
    ),
    Break(
        "a patch that changes nothing is a change",
        "a client that sends its form whenever it is left: other copies are stale",
        "core/applications/commands.py",
        "    if not fields:\n        return application\n",
        "",
    ),
)
