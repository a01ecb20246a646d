"""Everybody who uses the product during a rehearsal, at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.release.rehearsal.browser import Browser, located, open_browser
from deploy.release.rehearsal.golden import GoldenStories
from deploy.release.rehearsal.partners import Partners, made_up_files
from deploy.release.rehearsal.people import People
from deploy.release.rehearsal.results import Results
from deploy.release.rehearsal.stand import Stand

REQUESTS_EACH = 1.5
"""How many requests what a partner does comes to, on average."""
STORY_SECONDS = 2.0
STRANGERS = 0.5
"""How many visits open the web app over HTTP, where no browser does; one that does runs it, too."""


@dataclass
class Traffic:
    """Partners, people, a browser, and the golden stories."""

    results: Results
    partners: Partners
    people: People
    golden: GoldenStories
    browser: Browser | None

    @property
    def visits(self) -> int | None:
        """How often a browser has opened the web app; None where there is none."""
        return self.browser.visits if self.browser else None

    async def settled(self) -> None:
        """Wait until nobody waits for an answer."""
        await self.partners.settled()
        await self.people.settled()


@asynccontextmanager
async def flowing(stand: Stand, results: Results, tree: Path) -> AsyncIterator[Traffic]:
    """Traffic for as long as the block lasts; at its end, all that was asked is answered."""
    plan = stand.plan
    partners = Partners(
        stand.keys,
        lambda: (stand.edge.api,),
        results,
        every_seconds=REQUESTS_EACH / plan.rate,
        files=await asyncio.to_thread(made_up_files),
    )
    program = located() if plan.browser else None
    people = People(
        *(stand.emails, stand.password, stand.edge.web, results, 1 / plan.visits),
        strangers=0.0 if program else STRANGERS,
    )
    golden = GoldenStories(tree, stand.enrolment.in_story, results)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(partners.close)
        stack.push_async_callback(people.close)
        browser = None
        if program is not None:
            folder = plan.data / "browser"
            browser = await stack.enter_async_context(open_browser(program, folder))
        await people.sign_in()
        traffic = Traffic(results, partners, people, golden, browser)
        works = [partners.run(), people.run(), _stories(golden, stand.edge.api)]
        if browser:
            works.append(browser.run(stand.edge.web, plan.browser_every, results))
        running = [asyncio.create_task(each) for each in works]
        try:
            yield traffic
        finally:
            for each in running:
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each
            await traffic.settled()


async def _stories(golden: GoldenStories, place: str) -> None:
    while True:
        await golden.tell(place)
        await asyncio.sleep(STORY_SECONDS)
