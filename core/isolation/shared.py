"""The parsers of another process of ours, by the same connection as that one has to them."""

import socket

from core.isolation.limits import Limits
from core.isolation.pool import ParserFailed, ParserPool


class SharedParserPool(ParserPool):
    """Where another process has files read; it starts no parsers, and ends none."""

    def __init__(self, limits: Limits, connection: int) -> None:
        super().__init__(limits)
        self._shared = socket.socket(fileno=connection)

    def _request(self, request: bytes, file: int, answer: int) -> None:
        try:
            socket.send_fds(self._shared, [request], [file, answer])
        except OSError:
            raise ParserFailed from None
