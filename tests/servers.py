"""The real nginx and Caddy on a free port of this machine, for the tests and the benchmark.

They run with what is committed in deploy/, but for the lines under "Yours to set".
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.bootstrap import SetupError, find_program
from scripts.publish.configs import ServerSettings, caddy_config, nginx_config
from tests.machine import nginx_module

HOST = "127.0.0.1"
_TRIES = 5
_NGINX = """\
load_module {module};
daemon off;
pid {folder}/nginx.pid;
error_log stderr notice;
worker_processes {workers};
worker_rlimit_nofile 4096;
{user}
events {{ worker_connections 1024; }}
http {{
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
_CADDY = """\
{
	admin off
	default_bind 127.0.0.1
	auto_https disable_redirects
	local_certs
	skip_install_trust
}
"""


class Server:
    """A running server: its address, its folder for all it writes, what it has said so far."""

    def __init__(self, process: subprocess.Popen[str], address: str, folder: Path) -> None:
        self.process = process
        self.address = address
        self.folder = folder
        self.said: list[str] = []

    def wait_for(self, words: str) -> bool:
        """Read what it says up to a line with these words; False when it ends before."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if words in line:
                threading.Thread(target=self._read_on, daemon=True).start()
                return True
        return False

    def _read_on(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(self.process.stderr)


@contextmanager
def running_nginx(root: Path, path: str = "/", workers: int = 1, tls: str = "") -> Iterator[Server]:
    """Run nginx on a folder, such as `FOLDER/current`; give the server and end it after.

    Args:
        root: the folder that holds the site, or holds the sub-path that leads to it.
        path: the path of the site in the address, with a slash at both ends.
        workers: nginx's worker processes.
        tls: what follows the port in `listen`, up to the certificate's directives.

    Raises:
        SetupError: nginx is missing or does not start.
    """
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read the folder
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        main = _NGINX.format(module=nginx_module(), folder=folder, user=user, workers=workers)
        (folder / "nginx.conf").write_text(main, encoding="utf-8")
        program = [str(find_program("nginx")), "-p", name, "-e", "stderr"]

        def command(port: int) -> list[str]:
            settings = ServerSettings(str(root), "localhost", path, f"listen {HOST}:{port}{tls};")
            (folder / "site.conf").write_text(nginx_config(settings), encoding="utf-8")
            return [*program, "-c", f"{folder}/nginx.conf"]

        with _running(command, folder, "start worker process ") as server:
            yield server


@contextmanager
def running_caddy(root: Path, path: str = "/", scheme: str = "http") -> Iterator[Server]:
    """Run Caddy on a folder; see `running_nginx`.

    Args:
        root: as there.
        path: as there.
        scheme: `http`, or `https` with a certificate that Caddy makes itself.
    """
    with tempfile.TemporaryDirectory(prefix="caddy-") as name:
        folder = Path(name)

        def command(port: int) -> list[str]:
            host = "" if scheme == "http" else "localhost"  # a certificate wants a name
            settings = ServerSettings(str(root), f"{scheme}://{host}:{port}", path)
            config = folder / "Caddyfile"
            config.write_text(_CADDY + caddy_config(settings), encoding="utf-8")
            return [str(find_program("caddy")), "run", "--adapter=caddyfile", f"--config={config}"]

        ready = "serving initial" if scheme == "http" else "certificate obtained successfully"
        with _running(command, folder, ready) as server:
            yield server


@contextmanager
def _running(command: Callable[[int], list[str]], folder: Path, ready: str) -> Iterator[Server]:
    """Start a server on a free port, another one where somebody else was faster; end it after."""
    said = ""
    for _ in range(_TRIES):
        port = _free_port()
        server = _started(command(port), folder, f"http://{HOST}:{port}/")
        try:
            if server.wait_for(ready):
                yield server
                return
        finally:
            server.process.terminate()
            server.process.wait()
        said = "".join(server.said)
        if "in use" not in said:
            break
    last = said.strip().splitlines()[-1:] or ["it did not say why"]
    raise SetupError(f"{Path(command(port)[0]).name} does not start: {last[0]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _started(command: list[str], folder: Path, address: str) -> Server:
    home = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | home,
    )
    return Server(process, address, folder)
