"""The ways in which HTTP itself says no; core's own are in core.errors."""

from collections.abc import Iterable, Mapping

from core.errors import Conflict, Forbidden, Refused, Unavailable

RETRY_SECONDS = 5
"""How long a caller is told to wait where something is missing for now."""


class Malformed(Refused):
    """The body is not what its media type says."""

    code = "malformed"


class NoSuchMethod(Refused):
    """The path is there, but not for this method."""

    code = "method_not_allowed"

    def __init__(self, methods: Iterable[str]) -> None:
        allowed = sorted(methods)
        super().__init__(f"This resource takes {', '.join(allowed)}.")
        self.allowed = ", ".join(sorted({*allowed, "HEAD"}) if "GET" in allowed else allowed)


class WrongMediaType(Refused):
    """The body is of a media type that is not taken here; `accepted` are those that are."""

    code = "unsupported_media_type"

    def __init__(self, *accepted: str) -> None:
        super().__init__(f"Send {' or '.join(accepted)} as the Content-Type.")
        self.accepted = accepted


class NotAcceptable(Refused):
    """Nothing of what the caller would take is offered here."""

    code = "not_acceptable"

    def __init__(self, *offered: str) -> None:
        super().__init__(f"This resource is offered as {' or '.join(offered)}.")


class NoPrecondition(Refused):
    """The caller did not say which state of the thing it means to change."""

    code = "precondition_required"

    def __init__(self) -> None:
        super().__init__("Send the ETag of the copy that you have as If-Match.")


class NoSuchRange(Refused):
    """The range asked for is not in the content."""

    code = "range_not_satisfiable"

    def __init__(self, size: int) -> None:
        super().__init__(f"The content has {size} bytes.")
        self.size = size


class OurFault(Refused):
    """Something broke on our side; the request id leads a supporter to what."""

    code = "internal_error"

    def __init__(self, request_id: str) -> None:
        super().__init__(f"This is an error of ours; name request {request_id} to support.")
        self.request_id = request_id


class TooManyCalls(Refused):
    """The caller has used up a window; `seconds` until the next."""

    code = "too_many_calls"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many calls; come back in {seconds} seconds.")
        self.seconds = seconds


class VersionGone(Refused):
    """The version is not served any more, or not for some `seconds` of a brownout."""

    code = "version_gone"

    def __init__(self, detail: str, code: str | None = None, seconds: int | None = None) -> None:
        super().__init__(detail, code)
        self.seconds = seconds

    @classmethod
    def for_good(cls, version: str) -> "VersionGone":
        """After its sunset or retirement."""
        return cls(f"Version {version} is no longer served; move to a newer one.")

    @classmethod
    def in_brownout(cls, version: str, seconds: int) -> "VersionGone":
        """For an announced while."""
        return cls(
            f"Version {version} is in an announced brownout; it will be gone for good after its"
            " sunset.",
            code="version_brownout",
            seconds=seconds,
        )


class UpgradeRequired(Refused):
    """This build of the app may not call any more."""

    code = "upgrade_required"


NARROWER: Mapping[str, type[Refused]] = {
    "address_refused": Forbidden,
    "application_closed": Conflict,
    "in_progress": Conflict,
    "not_migrated": Unavailable,
    "scope_missing": Forbidden,
    "too_many_documents": Conflict,
    "too_many_secrets": Conflict,
    "too_many_webhooks": Conflict,
    "version_brownout": VersionGone,
    "webhook_disabled": Conflict,
}
"""The codes that name a condition more narrowly than its kind does; a test finds all there are."""
