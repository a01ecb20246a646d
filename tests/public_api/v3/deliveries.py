"""How the toy version tells a receiver: what happened, in a word, signed by its newest secret."""

import orjson

from public_api.schemas import shape
from public_api.signatures import of_body
from public_api.versions import Parameter, WebhookBody, WebhookContract, WebhookEvent
from tests.public_api.v3.applications import Application, write


def write_event(happened: WebhookEvent) -> bytes:
    """What a receiver gets."""
    application = happened.application
    return orjson.dumps({"word": happened.kind, "of": application and write(application)})


TELLING = WebhookContract(
    write=write_event,
    sign=of_body,
    bodies=(WebhookBody(name="word", summary="Something happened", schema=shape(Application)),),
    headers=(Parameter(name="X-Signature", schema={"type": "string"}, description="As of old."),),
)
