"""Pages that can be shared, and servers for them."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from typing import Any

from badge_passport.registry.entities import Award
from badge_passport.registry.privacy import is_public
from demo import Demo


def serve(handler: Any) -> tuple[ThreadingHTTPServer, str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}/"


def award_of(demo: Demo, wanted: Any = is_public) -> Award:
    return next(a for a in demo.registry.awards.values() if a.in_force and wanted(a))


def shared_pages(demo: Demo) -> dict[str, str]:
    return {
        "badge": "badges/dialogue-harbour/connect-participant/",
        "award": f"awards/{award_of(demo).id}/",
        "award-pending": f"awards/{award_of(demo, lambda a: a.acceptance == 'pending').id}/",
        "passport": "passports/amira-k/",
    }
