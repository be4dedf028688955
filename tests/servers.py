"""Real servers on this machine: nginx for a built site, and git over smart HTTP behind it."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mailserver import Certificate

SITE = """
    server {{
        listen 127.0.0.1:{port}{tls};
        root {root};
        index index.html;
        error_page 404 /404.html;
        absolute_redirect off;
        add_header Access-Control-Allow-Origin * always;
        location / {{ try_files $uri $uri/ =404; }}
        location ~ \\.svg$ {{
            add_header Access-Control-Allow-Origin * always;
            add_header Content-Security-Policy "default-src 'none'; style-src 'unsafe-inline'" always;
        }}
        {more}
    }}
"""
GIT = """
        location ~ ^/git(/.*)$ {{
            client_max_body_size 0;
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME {backend};
            fastcgi_param GIT_PROJECT_ROOT {repositories};
            fastcgi_param GIT_HTTP_EXPORT_ALL "1";
            fastcgi_param PATH_INFO $1;
            fastcgi_param REMOTE_USER promoter;
            fastcgi_read_timeout 600;
            fastcgi_pass unix:{socket};
        }}
"""
CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
user root;
events {{ worker_connections 128; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


def needs(*programs: str) -> None:
    """Skip where a program is missing; where everything must run, fail."""
    missing = [p for p in programs if shutil.which(p) is None and not Path(p).exists()]
    if missing:
        why = f"{', '.join(missing)} is not installed: make servers"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def nginx(
    folder: Path,
    root: Path,
    repositories: Path | None = None,
    *,
    environment: dict[str, str] | None = None,
    certificate: Certificate | None = None,
    port: int = 0,
    written: str = "",
) -> Iterator[str]:
    """The address of an nginx that serves ``root``, and the repositories below ``/git/`` (smart HTTP).

    With a ``certificate`` it speaks TLS. What is ``written`` in docs/hosting.md stands in place of our own.
    """
    needs("nginx")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(port), ExitStack() as servers:
        yield _nginx(servers, folder, root, repositories, environment, certificate, port, written)


@contextmanager
def _alone(port: int) -> Iterator[None]:
    """One test after the other, where a port is not free to be chosen."""
    with Path(tempfile.gettempdir(), f"passport-tests-{port}.lock").open("w") as lock:
        if port:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _running(command: list[str], environment: dict[str, str] | None = None) -> Iterator[None]:
    """A server with all processes that it starts: fcgiwrap would leave its own behind."""
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def _nginx(
    servers: ExitStack,
    folder: Path,
    root: Path,
    repositories: Path | None,
    environment: dict[str, str] | None,
    certificate: Certificate | None,
    port: int,
    written: str,
) -> str:
    port, more, tls = port or free_port(), "", ""
    if certificate is not None:
        keys = f"ssl_certificate {certificate.chain}; ssl_certificate_key {certificate.key}"
        tls = f" ssl;\n        {keys}"
    if repositories is not None:
        backend = (
            Path(subprocess.check_output(["git", "--exec-path"], text=True).strip()) / "git-http-backend"
        )
        needs("fcgiwrap", str(backend))
        door = folder / "fcgi.sock"
        more = GIT.format(backend=backend, repositories=repositories, socket=door)
        servers.enter_context(_running(["fcgiwrap", "-f", "-c", "2", "-s", f"unix:{door}"], environment))
        wait(lambda: listens(door))
    config = folder / "nginx.conf"
    site = SITE.format(port=port, root=root, more=more, tls=tls)
    if written:
        site = written.replace("443 ssl", f"127.0.0.1:{port}").replace("/srv/badges/public", str(root))
    text = CONFIG.format(folder=folder, servers=site)
    config.write_text(text if os.geteuid() == 0 else text.replace("user root;\n", ""), encoding="utf-8")
    servers.enter_context(
        _running(["nginx", "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")])
    )
    wait(lambda: listens(port))
    return f"http{'s' if certificate else ''}://127.0.0.1:{port}/"


def listens(door: int | Path) -> bool:
    """Whether somebody listens on a port of this machine, or at a socket."""
    unix = isinstance(door, Path)
    with socket.socket(socket.AF_UNIX if unix else socket.AF_INET) as probe:
        return probe.connect_ex(str(door) if unix else ("127.0.0.1", door)) == 0


def wait(so: Callable[[], bool], otherwise: str = "the server does not start", seconds: float = 10.0) -> None:
    """Until it is so; after some seconds that is a failure."""
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.02)
