"""How the toy version tells a receiver: what happened, in a word, signed by its newest secret."""

import orjson

from public_api.schemas import shape
from public_api.signatures import of_body
from public_api.versions import Parameter, WebhookBody, WebhookContract, WebhookEvent
from tests.public_api.v3.applications import Application, write


def told(happened: WebhookEvent) -> bytes:
    """What a receiver gets."""
    application = happened.application
    return orjson.dumps({"word": happened.kind, "of": application and write(application)})


TELLING = WebhookContract(
    told,
    of_body,
    (WebhookBody("word", "Something happened", shape(Application)),),
    (Parameter("X-Signature", {"type": "string"}, "As of old."),),
)
