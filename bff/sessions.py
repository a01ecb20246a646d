"""Who is at the screen: signing in and out, and the cookie that says so."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import TypedDict

from bff.responses import Throttled, done, received, say
from bff.state import Call
from bff.views import session as views
from bff.views.values import Language
from core import users
from core.db import Tx
from core.errors import Unauthenticated
from core.settings import Settings
from core.users import Person

ATTEMPTS, SECONDS = 5, 60.0
"""How often one address may try to sign in before it has to wait."""

Page = Callable[[Call, Person], Awaitable[Response]]
Short = Annotated[str, StringConstraints(min_length=1, max_length=320)]


class SignIn(TypedDict):
    """What the sign-in page sends."""

    email: Short
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class Speak(TypedDict):
    """The language that a person has chosen."""

    locale: Language


SIGN_IN = TypeAdapter(SignIn)
SPEAK = TypeAdapter(Speak)


def cookie_name(settings: Settings) -> str:
    """The prefix makes the browser insist on https, this host and the whole path."""
    return "__Host-beleg" if settings.cookie_secure else "beleg"


def page(method: str, path: str, show: Page) -> Route:
    """A route that only a person who is signed in can reach."""

    async def endpoint(request: Request) -> Response:
        call: Call = request  # type: ignore[assignment]  # the lifespan's state is ours
        _name(call, path)
        await call.state["db"].require_revisions()
        return await show(call, await users.find_by_session(call.state["db"], _token(call)))

    return Route(path, endpoint, methods=[method])


async def sign_in(request: Request) -> Response:
    """Start a session; too many attempts at one address have to wait."""
    call: Call = request  # type: ignore[assignment]
    _name(call, PATH)
    settings, db = call.state["settings"], call.state["db"]
    await db.require_revisions()
    said: SignIn = await received(call, SIGN_IN)
    address = said["email"].casefold()
    if seconds := call.state["attempts"].wait(address):
        raise Throttled(seconds)
    lasts = timedelta(hours=settings.session_hours)
    who, token = await users.sign_in(db, said["email"], said["password"], lasts)
    call.state["attempts"].forgive(address)
    response = say(_session(who))
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def show(_call: Call, who: Person) -> Response:
    """Who is signed in."""
    return say(_session(who))


async def sign_out(call: Call, who: Person) -> Response:
    """End the session, here and on our side."""
    token = _token(call)

    async def work(tx: Tx) -> None:
        await users.sign_out(tx, who, token)

    await call.state["db"].write(work)
    settings = call.state["settings"]
    response = done()
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def speak(call: Call, who: Person) -> Response:
    """Remember the language for every browser that the person uses."""
    said: Speak = await received(call, SPEAK)

    async def work(tx: Tx) -> None:
        await users.set_locale(tx, who, said["locale"])

    await call.state["db"].write(work)
    return done()


def _token(call: Call) -> str:
    token = call.cookies.get(cookie_name(call.state["settings"]))
    if token is None:
        raise Unauthenticated("You are not signed in.")
    return token


def _session(who: Person) -> views.Session:
    return {
        "person": {
            "id": str(who.id),
            "name": who.name,
            "email": who.email,
            "role": who.role,
            "locale": "de" if who.locale == "de" else "en",
        }
    }


def _name(call: Call, path: str) -> None:
    """Tell the access log and the metrics which route this is."""
    call.scope["state"]["route"] = path.replace(":uuid", "")


PATH = "/bff/session"
ROUTES = (
    Route(PATH, sign_in, methods=["POST"]),
    page("GET", PATH, show),
    page("PATCH", PATH, speak),
    page("DELETE", PATH, sign_out),
)
