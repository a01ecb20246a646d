"""The product's images, built from the Dockerfile itself without a daemon: by buildah, out of apt.

The base is Debian as debootstrap makes it, in place of `debian:bookworm-slim`. What pip and npm are
told on this machine goes along.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests import apt

ROOT = Path(__file__).parent.parent
BASE = "debian:bookworm-slim"
CERTIFICATES = Path("/usr/local/share/ca-certificates")
ENTER = """
root=$1; blobs=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$blobs" "$root/var/lib/beleg/blobs"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
exec chroot --userspec=10001:10001 --groups= "$root" /usr/bin/env -i "$@"
"""
"""How an image is entered: read-only but for `/tmp` and its documents, as its own account."""


@dataclass(frozen=True)
class Images:
    """Where images are built and kept; deleted with its folder."""

    folder: Path

    def prepare(self) -> None:
        """Have what builds, and the base."""
        apt.provide(("buildah",), ("buildah", "fuse-overlayfs"))
        apt.provide(("debootstrap",), ("debootstrap",))
        base = self.folder / "base"
        run("debootstrap", "--variant=minbase", "bookworm", base)
        for left in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale"):
            shutil.rmtree(base / left)
        (base / "var/cache/apt/archives/partial").mkdir(parents=True)
        made = self._buildah("from", "scratch")
        archive = self.folder / "base.tar"
        run("tar", "-C", base, "-cf", archive, ".")
        self._buildah("add", "--quiet", made, str(archive), "/")
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        self._buildah("config", "--env", path, made)
        self._buildah("commit", "--quiet", made, BASE)
        archive.unlink()
        shutil.rmtree(base)

    def build(self, target: str) -> Path:
        """Build one of the images; the folder in which all that is in it can be seen."""
        words = (
            "--file",
            "deploy/Dockerfile",
            "--target",
            target,
            "--tag",
            f"beleg-{target}:tried",
        )
        ignored = ("--ignorefile", "deploy/Dockerfile.dockerignore")
        self._buildah("build", "--layers", "--pull-never", *ignored, *words, *self._told(), ".")
        made = self._buildah("from", "--pull-never", f"beleg-{target}:tried")
        return Path(self._buildah("mount", made))

    def config(self, target: str) -> Mapping[str, object]:
        """What an image says of how it is run."""
        said = json.loads(self._buildah("inspect", "--type", "image", f"beleg-{target}:tried"))
        found: Mapping[str, object] = said["Docker"]["config"]
        return found

    def remove(self) -> None:
        """Let go of all that was built."""
        self._buildah("rm", "--all")
        self._buildah("rmi", "--all", "--force")

    def _buildah(self, *words: str) -> str:
        where = ("--root", self.folder / "images", "--runroot", self.folder / "run")
        environ = {**os.environ, "BUILDAH_ISOLATION": "chroot"}
        return run("buildah", *where, *words, environ=environ).strip()

    def _told(self) -> list[str]:
        """What this machine's clients of registries are told, mounted for the steps alone."""
        npmrc = self.folder / "npmrc"
        cafile = subprocess.run(
            ("npm", "config", "get", "cafile"), capture_output=True, text=True, check=False
        ).stdout.strip()
        npmrc.write_text(f"cafile={cafile}\n" if cafile not in ("", "null") else "")
        found = {str(npmrc): "/root/.npmrc", str(CERTIFICATES): str(CERTIFICATES)}
        for each in (Path("/etc/pip.conf"), Path.home() / ".config/pip/pip.conf"):
            found[str(each)] = str(each)
        listed = run(sys.executable, "-m", "pip", "config", "list")
        for word in listed.replace("'", " ").split():
            path = Path(urlsplit(word).path if word.startswith("file://") else word)
            # An index lies beside the files that it names.
            path = path.parent if path.name == "simple" else path
            if path.is_absolute() and path.is_dir():
                found[str(path)] = str(path)
        return [
            word
            for source, target in found.items()
            if Path(source).exists()
            for word in ("--volume", f"{source}:{target}:ro")
        ]


@contextmanager
def running(
    root: Path, blobs: Path, log: Path, environ: Mapping[str, str], *words: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A command of an image, as nobody of weight, on a file system that cannot be written."""
    blobs.mkdir(exist_ok=True)
    os.chown(blobs, 10001, 10001)
    told = {"PATH": "/opt/beleg/bin:/usr/bin:/bin", "PYTHONUNBUFFERED": "1", **environ}
    given = [f"{name}={value}" for name, value in told.items()]
    command = ("unshare", "--mount", "--propagation", "private", "sh", "-ec", ENTER, "sh")
    with log.open("wb") as out:
        process = subprocess.Popen(
            (*command, root, blobs, *given, "setpriv", "--no-new-privs", *words),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)


def run(*words: str | Path, environ: Mapping[str, str] | None = None) -> str:
    """What a program prints; it has to succeed."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT, env=environ)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout
