"""Real servers on this machine: nginx for a built site, and git over smart HTTP behind it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        location / {{ try_files $uri $uri/ =404; }}
        location ~ \\.(json|png)$ {{ add_header Access-Control-Allow-Origin * always; }}
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
) -> Iterator[str]:
    """The address of an nginx that serves ``root``, and the repositories below ``/git/`` (smart HTTP).

    With a ``certificate`` it speaks TLS.
    """
    needs("nginx")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(port):
        yield from _nginx(folder, root, repositories, environment, certificate, port)


@contextmanager
def _alone(port: int) -> Iterator[None]:
    """One test after the other, where a port is not free to be chosen."""
    with Path(tempfile.gettempdir(), f"passport-tests-{port}.lock").open("w") as lock:
        if port:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _nginx(
    folder: Path,
    root: Path,
    repositories: Path | None,
    environment: dict[str, str] | None,
    certificate: Certificate | None,
    port: int,
) -> Iterator[str]:
    port, more, tls, processes = port or free_port(), "", "", []
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
        command = ["fcgiwrap", "-f", "-c", "2", "-s", f"unix:{door}"]
        processes.append(subprocess.Popen(command, env={**os.environ, **(environment or {})}))
        _wait(door.exists)
    config = folder / "nginx.conf"
    servers = SITE.format(port=port, root=root, more=more, tls=tls)
    text = CONFIG.format(folder=folder, servers=servers)
    config.write_text(text if os.geteuid() == 0 else text.replace("user root;\n", ""), encoding="utf-8")
    processes.append(
        subprocess.Popen(["nginx", "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")])
    )
    try:
        _wait(lambda: _listens(port))
        yield f"http{'s' if certificate else ''}://127.0.0.1:{port}/"
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(ready: object, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not ready():  # type: ignore[operator]
        assert time.monotonic() < until, "the server does not start"
        time.sleep(0.02)
