"""PostgreSQL as a child process: one folder, one server, loopback only, passwords always."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import IO, Self

from core.errors import Conflict, Unavailable
from deploy.ops.account import ServerAccount
from deploy.ops.binaries import locate
from deploy.ops.lifeline import lifeline
from deploy.ops.logs import LogFile

SUPERUSER = "postgres"
ROLE = DATABASE = "beleg"
MAY_MAKE_ROLES = (
    f"ALTER ROLE {ROLE} CREATEROLE",
    f"GRANT pg_read_all_data TO {ROLE} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
)
"""So that a release can make the role that its shadows read with; it reads no more for it."""
RUNTIME = "beleg_app"
"""The role that the product runs as; what `ROLE` owns it works with, and cannot alter."""
ROLES_ALLOWED = "roles.allowed"
RUNTIME_MADE = "runtime.made"
"""Beside a cluster in which that was said: older ones are told at their next start."""
LOCK_SECONDS = 3.0
START_SECONDS = 60.0
STOP_SECONDS = 30.0
STATUS_LINE = 8
CLOSED = -1


class Embedded:
    """A PostgreSQL server that lives in a folder and ends with the process that started it."""

    name = "postgresql"

    def __init__(
        self,
        folder: Path,
        options: Mapping[str, str] | None = None,
        log: LogFile | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.cluster = self.folder / "cluster"
        self.log = log or LogFile(self.folder / "postgresql.log")
        self.port = 0
        self._folder_fd = CLOSED
        self._options = options or {}
        self._account = ServerAccount.fit()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address of the database for the role that owns it."""
        return self.address(ROLE, DATABASE)

    @property
    def runtime_url(self) -> str:
        """The address of the database for the role that the product runs as."""
        return self.address(RUNTIME, DATABASE)

    def address(self, role: str, database: str) -> str:
        """The address of a database for a role, with its password."""
        return f"postgresql://{role}:{self._password(role)}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Run the server and return once it takes connections; makes the cluster if there is none.

        Started anew, it keeps its port, so that its address stays what it was.

        Raises Conflict where another server holds the folder, Unavailable where it will not start.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711 if self._account.borrowed else 0o700)
        self._folder_fd = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._lock()
            self._programs = locate(self._account)
            self.log.begin().close()
            if not self.cluster.exists():
                self._create()
            elif not self._is_standby():
                self._bring_up_to_date()
            self._serve()
        except BaseException:
            self._close_folder()
            raise

    def _bring_up_to_date(self) -> None:
        """Tell a cluster of an older build what is said to new ones at once."""
        if not (self.folder / ROLES_ALLOWED).exists():
            self._say(self.cluster, MAY_MAKE_ROLES)
            (self.folder / ROLES_ALLOWED).touch()
        if not (self.folder / RUNTIME_MADE).exists():
            self._make_secret(RUNTIME)
            self._say(self.cluster, self._runtime_role())
            (self.folder / RUNTIME_MADE).touch()

    def _is_standby(self) -> bool:
        return (self.cluster / "standby.signal").exists()

    def ended(self) -> int | None:
        """The server's exit code; None while it runs."""
        return self.process.poll()

    def stop(self) -> None:
        """End the server, cleanly if it can; its clients are cut off, what they committed stays."""
        for end in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self.process.send_signal(end)
            try:
                self.process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self._close_folder()

    def _close_folder(self) -> None:
        if self._folder_fd != CLOSED:
            os.close(self._folder_fd)
            self._folder_fd = CLOSED

    def _lock(self) -> None:
        """Hold the folder; the server and its backends inherit the lock, so it lasts as they do."""
        deadline = time.monotonic() + LOCK_SECONDS  # a killed parent's server is just ending
        while True:
            try:
                return fcntl.flock(self._folder_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Conflict(self._held()) from None
                time.sleep(0.05)

    def _held(self) -> str:
        pid = next(iter(self._status()), "unknown")
        return f"{self.folder} is in use by a running PostgreSQL (process {pid}). Stop that first."

    def _create(self) -> None:
        """Make the cluster, role and database beside their place, then move them there whole."""
        fresh = self.folder / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._account.own(fresh)
        for role in (SUPERUSER, ROLE, RUNTIME):
            self._make_secret(role)
        self._run(
            *("initdb", "-D", self._server_path(fresh), "-U", SUPERUSER, "-A", "scram-sha-256"),
            *("--pwfile", self._server_path(self._secret(SUPERUSER)), "-E", "UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        )
        statements = (
            f"CREATE ROLE {ROLE} LOGIN PASSWORD '{self._password(ROLE)}'",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
            *MAY_MAKE_ROLES,
            *self._runtime_role(),
        )
        self._say(fresh, statements)
        fresh.rename(self.cluster)
        (self.folder / ROLES_ALLOWED).touch()
        (self.folder / RUNTIME_MADE).touch()

    def _runtime_role(self) -> tuple[str, ...]:
        """What makes the role, also where it was made and that was not noted any more."""
        return (
            f"CREATE ROLE {RUNTIME} LOGIN",
            f"ALTER ROLE {RUNTIME} PASSWORD '{self._password(RUNTIME)}'",
            f"GRANT {RUNTIME} TO {ROLE}",  # so that who migrates sees what its sessions do
        )

    def _say(self, cluster: Path, statements: tuple[str, ...]) -> None:
        """The single-user mode takes one statement a line and needs no server to be up."""
        place = self._server_path(cluster)
        self._run("postgres", "--single", "-D", place, SUPERUSER, lines=statements)

    def _make_secret(self, role: str) -> None:
        self._secret(role).unlink(missing_ok=True)
        self._secret(role).touch(mode=0o600)
        self._secret(role).write_text(token_urlsafe(24))
        self._account.own(self._secret(role))

    def _serve(self) -> None:
        # The lock proves that no process of this cluster is alive. Left behind, the file could
        # name a stranger's process by now and PostgreSQL would refuse to start.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        self.port = self.port or _free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",  # a socket's path may not exceed 107 bytes
            **self._options,
        }
        switches = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self.log.append() as log:
            self.process = self._spawn(
                (
                    "postgres",
                    "-D",
                    self._server_path(self.cluster),
                    "-p",
                    str(self.port),
                    *switches,
                ),
                log,
            )
        try:
            self._await_ready()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            status = self._status()
            ours = status[:1] == [str(self.process.pid)]
            if ours and [word.strip() for word in status[STATUS_LINE - 1 :]] == ["ready"]:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise Unavailable(f"PostgreSQL did not start. {self._last_words()}")

    def _status(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _last_words(self) -> str:
        return "\n".join([f"The end of {self.log.path}:", *self.log.last(10)])

    def _run(self, *words: str, lines: tuple[str, ...] = ()) -> None:
        """Run one of PostgreSQL's programs to its end; raises Unavailable with what it said."""
        with self.log.append() as log:
            process = self._spawn(words, log, stdin=subprocess.PIPE)
            process.communicate("".join(f"{line};\n" for line in lines).encode())
        if process.returncode:
            raise Unavailable(f"{words[0]} failed. {self._last_words()}")

    def _spawn(
        self, words: tuple[str, ...], log: IO[bytes], stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own programs, no shell
            (self._programs / words[0], *words[1:]),
            stdin=stdin,
            stdout=log,
            stderr=log,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            pass_fds=(self._folder_fd,),
            process_group=0,  # Ctrl-C is for the parent, which then stops its children in order
            preexec_fn=lifeline(signal.SIGQUIT),
            **self._account.identity(),
        )

    def _server_path(self, path: Path) -> str:
        """A path inside the folder as the server is told it.

        The account may be barred from a folder above ours (root's home, a temporary folder), so a
        borrowed one enters through the descriptor that it inherits.
        """
        if self._account.borrowed and sys.platform == "linux":
            return f"/proc/self/fd/{self._folder_fd}/{path.relative_to(self.folder)}"
        return str(path)

    def _secret(self, role: str) -> Path:
        return self.folder / f"{role}.password"

    def _password(self, role: str) -> str:
        return self._secret(role).read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
