"""What leaves in one turn of the loop leaves together, whole and in order."""

import asyncio
from typing import Any, cast

import pytest

from deploy.ops.gathering import AT_ONCE, GatheringTransport

pytestmark = pytest.mark.unit


class Socket:
    """Remembers each write, and that it was closed."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        """One system call."""
        assert not self.closed
        self.written.append(data)

    def close(self) -> None:
        """The last one."""
        self.closed = True


@pytest.fixture
async def socket() -> Socket:
    return Socket()


def over(socket: Socket) -> GatheringTransport:
    """A gathering transport over this socket."""
    return GatheringTransport(cast(Any, socket), asyncio.get_running_loop())


async def test_head_and_body_leave_together_and_the_next_response_apart(socket: Socket) -> None:
    transport = over(socket)
    for body in (b"first", b"second"):
        transport.write(b"head ")
        transport.write(body)
        await asyncio.sleep(0)
    assert socket.written == [b"head first", b"head second"]


async def test_much_does_not_wait(socket: Socket) -> None:
    transport = over(socket)
    transport.write(b"head")
    transport.write(b"x" * AT_ONCE)
    assert b"".join(socket.written) == b"head" + b"x" * AT_ONCE
    await asyncio.sleep(0)
    assert len(socket.written) == 1


async def test_nothing_is_lost_when_the_connection_is_closed(socket: Socket) -> None:
    transport = over(socket)
    transport.write(b"last words")
    transport.close()
    assert socket.closed
    assert socket.written == [b"last words"]
    await asyncio.sleep(0)
    assert socket.written == [b"last words"]
