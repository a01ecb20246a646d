"""What goes back and forth: a request, a response, and the translation between them and core."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

C = TypeVar("C", covariant=True)
R = TypeVar("R", contravariant=True)
Headers = tuple[tuple[str, str], ...]


class Request(NamedTuple):
    """A request as a translation sees it: path, query and header values as text, and the body."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Response(NamedTuple):
    """A response: status, headers, and the bytes of its body."""

    status: int
    body: bytes = b""
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class StreamedResponse:
    """A response whose body comes in parts."""

    status: int
    chunks: AsyncIterator[bytes]
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Translation(Generic[C, R]):
    """Two pure functions: a request into a command of core's, core's result into a response."""

    read: Callable[[Request], C]
    write: Callable[[R], Response]


def no_command(_request: Request) -> None:
    """Requests whose path says all there is to say."""
