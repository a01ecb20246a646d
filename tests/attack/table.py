"""Every break, in the order in which they are tried."""

from tests.attack.answers import ANSWERS
from tests.attack.bounds import BOUNDS
from tests.attack.breaks import Break
from tests.attack.lists import LISTS
from tests.attack.named import NAMED
from tests.attack.requests import REQUESTS
from tests.attack.retries import RETRIES
from tests.attack.revisions import REVISIONS
from tests.attack.telling import TELLING
from tests.attack.values import VALUES

BREAKS: tuple[Break, ...] = (
    *NAMED,
    *VALUES,
    *BOUNDS,
    *LISTS,
    *TELLING,
    *ANSWERS,
    *REQUESTS,
    *RETRIES,
    *REVISIONS,
)
