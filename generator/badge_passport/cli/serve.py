"""`passport serve`: the site on this machine, built again when a file changes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from badge_passport.cli.building import build_site
from badge_passport.cli.remembered import Remembered
from badge_passport.cli.shared import good, site_option, traceback_if_wanted
from badge_passport.source import collecting


@click.command("serve")
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
def serve_command(root: Path, host: str, port: int) -> None:
    """Serve the site on this machine; rebuild and reload when a file changes."""
    from badge_passport.desk.serve import serve
    from badge_passport.registry.known import Known

    if not (root / "site.yml").is_file():  # another folder is meant; one with errors is served all the same
        good(root, "pretty")
    with tempfile.TemporaryDirectory(prefix="passport-serve-") as folder, collecting.frozen():
        public = Path(folder) / "public"

        known = Known()

        def rebuild() -> bool:
            try:
                memory = Remembered(root, Path(folder) / "cache", public, None, preview=None, known=known)
                return build_site(root, public, "pretty", preview=None, memory=memory)
            except Exception as error:  # noqa: BLE001 (a fault must not end the server)
                click.echo(f"error: {type(error).__name__}: {error}", err=True)
                traceback_if_wanted()
                return False

        if not rebuild():
            public.mkdir(exist_ok=True)
        try:
            server = serve(root, public, host, port, rebuild, collecting.collect)
        except OSError as error:
            click.echo(f"error: cannot listen on {host}:{port} ({error.strerror}); try --port 0", err=True)
            sys.exit(2)
        click.echo(f"serving on http://{host}:{server.server_port}/ (Ctrl+C ends it)")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.shutdown()
