"""`GET /client-compatibility`: may this build of an app go on? Unversioned, without a key."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.apps import Compatibility
from core.deadline import Deadline
from core.errors import Refused
from public_api.call import Dependencies
from public_api.versions import Version

STATUS: dict[Compatibility, str] = {
    Compatibility.OK: "ok",
    Compatibility.UPDATE_RECOMMENDED: "update_recommended",
    Compatibility.UPDATE_REQUIRED: "update_required",
}
CACHEABLE = {"Cache-Control": "public, max-age=300"}
MESSAGES = {
    Compatibility.OK: ("", ""),
    Compatibility.UPDATE_RECOMMENDED: (
        "A newer version is available.",
        "Eine neuere Version ist verfügbar.",
    ),
    Compatibility.UPDATE_REQUIRED: (
        "Please update the app to go on.",
        "Bitte aktualisieren Sie die App, um fortzufahren.",
    ),
}


def route(oldest: Version) -> Route:
    """The route, telling the sunset of the oldest version that apps may still be built on."""
    sunset = oldest.sunset.date().isoformat() if oldest.sunset else None

    async def tell(request: Request) -> Response:
        request.scope["state"]["route"] = "/client-compatibility"
        dependencies: Dependencies = request.scope["state"]["dependencies"]
        try:
            async with Deadline(dependencies.settings.request_seconds):
                await dependencies.db.require_revisions()
                await dependencies.lifecycle.refresh()
        except Refused:
            pass  # an app must not be locked out because we are away: what is known counts
        platform = request.query_params.get("platform", "")
        fleet = dependencies.lifecycle.supported_builds
        status = fleet.judge(platform, request.query_params.get("version", ""))
        floor = fleet.floors.get(platform)
        english, german = MESSAGES[status]
        if floor and status is not Compatibility.OK:
            english, german = floor.message_en or english, floor.message_de or german
        return JSONResponse(
            {
                "status": STATUS[status],
                "minimum": floor.minimum if floor else None,
                "latest": floor.latest if floor else None,
                "message": {"en": english, "de": german},
                "api_sunset": sunset,
            },
            headers=CACHEABLE,
        )

    return Route("/client-compatibility", tell, methods=["GET"])
