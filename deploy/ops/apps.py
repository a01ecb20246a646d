"""How operators steer the mobile apps in the field: floors, and builds that must not call."""

from core import apps
from core.apps import Floor
from core.settings import Settings
from deploy.ops.instance import OPERATOR, run


def set_floor(settings: Settings, floor: Floor) -> None:
    """Set what a platform's builds need."""
    run(settings, lambda db: db.write(lambda tx: apps.set_floor(tx, OPERATOR, floor)))


def kill(settings: Settings, platform: str, build: str, *, revive: bool) -> None:
    """Refuse one build from now on, or let it call again."""
    change = apps.revive if revive else apps.kill
    run(settings, lambda db: db.write(lambda tx: change(tx, OPERATOR, platform, build)))
