"""Every way in which core says no; each face has one table that turns these into responses."""

from dataclasses import dataclass

from core.bilingual import Bilingual


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with what was sent: where (a JSON pointer) and what to do about it.

    `rule` is the detail without the field's name, where a version may call the field otherwise.
    """

    pointer: str
    detail: str
    rule: str = ""

    @classmethod
    def of_field(cls, pointer: str, rule: str, name: str = "") -> "Complaint":
        """A complaint about a field of core's, which goes by the last part of its pointer."""
        return cls(pointer, f"{name or pointer.rpartition('/')[2]}: {rule}", rule)


class Refused(Exception):
    """The request cannot be done; `code` names why for machines, `detail` for people."""

    code = "refused"

    def __init__(self, detail: str, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class NotFound(Refused):
    """No such thing, or none that this caller may know of."""

    code = "not_found"

    def __init__(self, what: str = "resource") -> None:
        super().__init__(f"There is no such {what}.")


class Unauthenticated(Refused):
    """The caller did not say who it is, or said it wrongly."""

    code = "unauthenticated"


class Forbidden(Refused):
    """The caller is known and may not do this."""

    code = "forbidden"


class Conflict(Refused):
    """The thing is in a state that does not allow this."""

    code = "conflict"


class InProgress(Conflict):
    """Another request works on the same thing, and goes on longer than can be waited for."""

    code = "in_progress"

    def __init__(self) -> None:
        super().__init__("Another request is still working on this; try again.")


class Stale(Refused):
    """The caller's copy of the thing is out of date."""

    code = "stale"


class TooLarge(Refused):
    """More bytes were sent than are taken."""

    code = "too_large"


class Invalid(Refused):
    """What was sent breaks a rule; `complaints` name each place."""

    code = "invalid"

    def __init__(self, *complaints: Complaint, code: str | None = None) -> None:
        super().__init__("; ".join(each.detail for each in complaints), code)
        self.complaints = complaints


class Unavailable(Refused):
    """Not now: something this build stands on is missing."""

    code = "unavailable"


class Throttled(Unavailable):
    """Too many attempts; `seconds` until the next is allowed."""

    code = "throttled"

    def __init__(self, seconds: float) -> None:
        super().__init__("Too many attempts; try again later.")
        self.seconds = seconds


class Unreadable(Refused):
    """A file cannot be read; `reason` is the true one, fit for whoever sent it."""

    code = "unreadable"

    def __init__(self, reason: Bilingual, code: str | None = None) -> None:
        super().__init__(reason.en, code)
        self.reason = reason
