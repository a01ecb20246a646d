"""Who is at the screen: signing in and out, the cookie that says so, and what it opens."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import TypedDict

from bff.requests import json_body
from bff.responses import json_response, no_content
from bff.state import Call
from bff.views import session as views
from bff.views.values import Language
from core import users
from core.db import Tx
from core.deadline import Deadline
from core.errors import Throttled, Unauthenticated
from core.settings import Settings
from core.sources import source_of
from core.users import Permission, Person

PERSON_MARK = "beleg-person"
"""The cookie that says to an edge whose browser this is; nothing else goes by it, nor may."""

Handler = Callable[[Call, Person], Awaitable[Response]]


class Credentials(TypedDict):
    """What the sign-in page sends."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=320)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class LanguageChoice(TypedDict):
    """The language that a person has chosen."""

    locale: Language


CREDENTIALS = TypeAdapter(Credentials)
LANGUAGE_CHOICE = TypeAdapter(LanguageChoice)


def cookie_name(settings: Settings) -> str:
    """The prefix makes the browser insist on https, this host and the whole path."""
    return "__Host-beleg" if settings.cookie_secure else "beleg"


def page(method: str, path: str, handler: Handler, permission: Permission) -> Route:
    """A route for people who are signed in and have the permission, which is asked for first."""

    async def serve(call: Call) -> Response:
        _name_route(call, path)
        await call.state["db"].require_revisions()
        person = await users.find_by_session(call.state["db"], _token(call))
        person.require(permission)
        return await handler(call, person)

    return Route(path, in_time(serve), methods=[method])


def in_time(serve: Callable[[Call], Awaitable[Response]]) -> Callable[[Request], Any]:
    """What serves a call, for as long as a request may take."""

    async def endpoint(request: Request) -> Response:
        settings: Settings = request.state["settings"]
        async with Deadline(settings.request_seconds) as deadline:
            call = Request(request.scope, deadline.uncounted(request.receive))
            return await serve(call)  # type: ignore[arg-type]  # the lifespan's state is ours

    return endpoint


async def sign_in(call: Call) -> Response:
    """Start a session; whoever tries too often has to wait, and nobody else."""
    _name_route(call, PATH)
    settings, db = call.state["settings"], call.state["db"]
    await db.require_revisions()
    credentials = await json_body(call, CREDENTIALS)
    lifetime = timedelta(hours=settings.session_hours)
    email, password = credentials["email"], credentials["password"]
    source = source_of(call.client.host if call.client else None)
    try:
        person, token = await users.sign_in(db, email, password, lifetime, source)
    except (Throttled, Unauthenticated) as refusal:
        why = "throttled" if isinstance(refusal, Throttled) else "refused"
        await _note_failure(call, email, why)
        raise
    response = json_response(_session(person))
    _keep(response, cookie_name(settings), token, settings)
    _keep(response, PERSON_MARK, str(person.id), settings)
    return response


async def _note_failure(call: Call, email: str, why: str) -> None:
    """Have it on record that somebody did not get in, and as whom where there is such a person."""
    person_id = await users.find_id(call.state["db"], email)
    source = call.client.host if call.client else ""
    call.state["accesses"].sign_in_failed(person_id, source, why)


async def show(call: Call, person: Person) -> Response:
    """Who is signed in."""
    response = json_response(_session(person))
    if call.cookies.get(PERSON_MARK) != str(person.id):  # of a session that began without it
        _keep(response, PERSON_MARK, str(person.id), call.state["settings"])
    return response


async def sign_out(call: Call, person: Person) -> Response:
    """End the session, here and on our side."""
    token = _token(call)

    async def work(tx: Tx) -> None:
        await users.sign_out(tx, person, token)

    await call.state["db"].write(work)
    settings = call.state["settings"]
    response = no_content()
    for name in (cookie_name(settings), PERSON_MARK):
        response.delete_cookie(
            name, path="/", secure=settings.cookie_secure, httponly=True, samesite="lax"
        )
    return response


async def choose_language(call: Call, person: Person) -> Response:
    """Remember the language for every browser that the person uses."""
    chosen = await json_body(call, LANGUAGE_CHOICE)

    async def work(tx: Tx) -> None:
        await users.set_locale(tx, person, chosen["locale"])

    await call.state["db"].write(work)
    return no_content()


def _keep(response: Response, name: str, value: str, settings: Settings) -> None:
    """Have the browser keep a cookie for as long as a session lasts, out of scripts' reach."""
    response.set_cookie(
        name,
        value,
        max_age=int(timedelta(hours=settings.session_hours).total_seconds()),
        path="/",
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )


def _token(call: Call) -> str:
    token = call.cookies.get(cookie_name(call.state["settings"]))
    if token is None:
        raise Unauthenticated("You are not signed in.")
    return token


def _session(person: Person) -> views.Session:
    return {
        "person": {
            "id": str(person.id),
            "name": person.name,
            "email": person.email,
            "permissions": [each for each in Permission if person.may(each)],
            "locale": "de" if person.locale == "de" else "en",
        }
    }


def _name_route(call: Call, path: str) -> None:
    """Tell the access log and the metrics which route this is."""
    call.scope["state"]["route"] = path.replace(":uuid", "")


PATH = "/bff/session"
ROUTES = (
    Route(PATH, in_time(sign_in), methods=["POST"]),
    page("GET", PATH, show, Permission.MANAGE_OWN_SESSION),
    page("PATCH", PATH, choose_language, Permission.MANAGE_OWN_SESSION),
    page("DELETE", PATH, sign_out, Permission.MANAGE_OWN_SESSION),
)
