"""Names below .localhost, and those in LOOPBACK_HOSTS, are this machine for programs that tests start.

Python runs this at its start where the folder is on PYTHONPATH. The rule about .localhost is RFC 6761, 6.3,
which the resolver of the C library does not know everywhere.
"""

from __future__ import annotations

import os
import socket
from typing import Any

_ask = socket.getaddrinfo
_hosts = os.environ.get("LOOPBACK_HOSTS", "").split()


def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    """`socket.getaddrinfo`, and 127.0.0.1 for the names of tests."""
    loopback = isinstance(host, str) and (host.endswith(".localhost") or host in _hosts)
    return _ask("127.0.0.1" if loopback else host, *arguments, **options)


socket.getaddrinfo = getaddrinfo
