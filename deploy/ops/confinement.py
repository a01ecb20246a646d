"""Whether what reads strangers' files is kept from all else; production reads none otherwise."""

import structlog

from core.errors import Complaint, Invalid
from core.isolation.trial import Confinement, confinement
from core.settings import Environment, Settings, variable

ADVICE = "A Linux with Landlock (5.13) and seccomp keeps them from it"
NOT_STARTED = "no confined process can be started here"
log = structlog.get_logger()


def require_confinement(settings: Settings) -> Confinement:
    """How readers are confined here; raises Invalid where production may not read so."""
    found = confinement()
    allowed = settings.reading_unconfined.split()
    left = [each for each in found.open if each not in allowed]
    if settings.env is Environment.PRODUCTION and (left or found.user is None):
        name = variable("reading_unconfined")
        remedy = f'; or allow it by name: {name}="{" ".join(found.open)}"' if left else ""
        raise Invalid(Complaint(name, f"{name}: {described(found)}. {ADVICE}{remedy}."))
    if not found.is_whole:
        log.warning("confinement_open", open=found.open, user=found.user)
    return found


def described(found: Confinement) -> str:
    """What the readers are kept from, or what they are not, for an operator."""
    if found.user is None:
        return NOT_STARTED
    if found.open:
        return f"what reads strangers' files here is not kept from {', '.join(found.open)}"
    return "what reads strangers' files is kept from all else"
