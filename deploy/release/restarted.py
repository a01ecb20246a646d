"""All was started anew, by whoever starts a whole instance: what a release made stands no more."""

from pathlib import Path

from core.settings import Settings
from deploy.release import session, store


async def unmade(url: str, serving: str, file: Path) -> str | None:
    """What an operator must know, where everybody is on `serving` by now; None if nothing.

    An open release has its world to be made again, by the driver that there is or the next one.
    """
    async with session.records(Settings(database_url=url)) as db:
        found = await store.last(db)
        if found is None:
            return None
        now = found.release
        if now.ended_at is None:
            await db.write(store.unmake)
            return (
                f"A release is open, {now.where}: everybody is on {serving} until"
                f" `beleg release advance --file {file}` goes on with it."
            )
        done = await store.last_done(db)
        if done is None or done.b == serving:
            return None
        return (
            f"The last release brought {done.b}, and everybody is on {serving}: to serve what was"
            f" released, start `beleg up` of {done.b}."
        )
