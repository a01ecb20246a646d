"""Breaks of lists: their order, what is in them, where the next page goes on."""

from tests.attack.breaks import Break, Edit

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
        'application.c.external_reference == param("external_reference", Text),\n)',
        'func.lower(application.c.external_reference) == func.lower(param("external_reference", Text)),\n)',
    ),
)
