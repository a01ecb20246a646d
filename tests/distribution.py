"""The distribution's own PostgreSQL, which is the oldest that we run on and has TLS.

The machine's own, else installed by apt; its programs are in no search path.
"""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.ops.account import ServerAccount
from deploy.ops.lifeline import lifeline
from deploy.ops.postgres import STATUS_LINE, SUPERUSER
from tests import apt, postgres
from tests.ports import free_ports

PROGRAMS = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))]
PASSWORD = "distribution"


@dataclass(frozen=True)
class Distribution:
    """A server with TLS, for as long as the block lasts."""

    port: int
    certificate: Path

    def url(self, host: str = "localhost", query: str = "") -> str:
        """The address of its database; `localhost` is the name in its certificate."""
        login = f"{SUPERUSER}:{PASSWORD}"
        return f"postgresql://{login}@{host}:{self.port}/{SUPERUSER}{query and f'?{query}'}"

    def verified(self, host: str = "localhost") -> str:
        """Its address, whose name and certificate are to be checked."""
        return self.url(host, f"sslmode=verify-full&sslrootcert={self.certificate}")


@contextmanager
def serving(certificate: bytes, key: bytes) -> Iterator[Distribution]:
    """The distribution's PostgreSQL with this certificate."""
    assert PROGRAMS, "make postgresql"
    programs, account, (port,) = Path(PROGRAMS[0]).parent, ServerAccount.fit(), free_ports(1)
    with postgres.folder() as folder:
        folder.chmod(0o711)
        for name, content in (
            ("cert.pem", certificate),
            ("key.pem", key),
            ("pw", PASSWORD.encode()),
        ):
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o644 if name == "cert.pem" else 0o600)
            account.own(folder / name)
        cluster = folder / "cluster"
        cluster.mkdir(mode=0o700)
        account.own(cluster)
        subprocess.run(
            (
                *(programs / "initdb", "-D", cluster, "-U", SUPERUSER, "-A", "scram-sha-256"),
                *("--pwfile", folder / "pw", "-E", "UTF8", "--locale=C", "-N"),
            ),
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            **account.identity(),
        )
        options = {
            "listen_addresses": "localhost",
            "unix_socket_directories": "",
            "fsync": "off",
            "ssl": "on",
            "ssl_cert_file": folder / "cert.pem",
            "ssl_key_file": folder / "key.pem",
        }
        words = [word for each in options.items() for word in ("-c", f"{each[0]}={each[1]}")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                (programs / "postgres", "-D", cluster, "-p", str(port), *words),
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=lifeline(signal.SIGQUIT),
                **account.identity(),
            )
        try:
            _await_ready(cluster, process)
            yield Distribution(port, folder / "cert.pem")
        finally:
            process.terminate()
            process.wait()


def _await_ready(cluster: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "the distribution's PostgreSQL did not start"
        assert time.monotonic() < deadline
        status = cluster / "postmaster.pid"
        lines = status.read_text().splitlines() if status.exists() else []
        if [line.strip() for line in lines[STATUS_LINE - 1 :]] == ["ready"]:
            return
        time.sleep(0.02)


if __name__ == "__main__":
    apt.provide(PROGRAMS or ("postgres",), ("postgresql",))
