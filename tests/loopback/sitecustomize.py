"""Names below .localhost are this machine (RFC 6761, 6.3), for programs that are started by tests.

Python runs this at its start where the folder is on PYTHONPATH. The resolver of the C library does not know
the rule everywhere.
"""

from __future__ import annotations

import socket
from typing import Any

_ask = socket.getaddrinfo


def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    """`socket.getaddrinfo`, and 127.0.0.1 for every name below .localhost."""
    loopback = isinstance(host, str) and host.endswith(".localhost")
    return _ask("127.0.0.1" if loopback else host, *arguments, **options)


socket.getaddrinfo = getaddrinfo
