"""A WordPress of our own: database, PHP and web server as child processes in a temporary folder."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.wordpress.packages import WORDPRESS, program
from tests.wordpress.spec import Site, as_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
START_SECONDS = 30
STOP_SECONDS = 10
FILL_SECONDS = 180
ROOT = os.geteuid() == 0
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""Nothing is left running even where the tests are killed."""

CONFIG = """<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{folder}/db.sock' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'WP_HOME', '{url}' );
define( 'WP_SITEURL', '{url}' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
define( 'WP_DISABLE_FATAL_ERROR_HANDLER', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {{
\tdefine( 'ABSPATH', __DIR__ . '/' );
}}
require_once ABSPATH . 'wp-settings.php';
"""
NGINX = """{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    log_format hits '$status $request_uri';
    access_log {folder}/access.log hits;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    fastcgi_cache_path {folder}/cache keys_zone=pages:1m;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/site;
        index index.php;
        location / {{ try_files $uri $uri/ /index.php?$args; }}
        location ~ \\.php$ {{
            try_files $uri =404;
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
            fastcgi_param SCRIPT_NAME $fastcgi_script_name;
            fastcgi_param DOCUMENT_ROOT $document_root;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param REQUEST_URI $request_uri;
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length;
            fastcgi_param SERVER_PROTOCOL $server_protocol;
            fastcgi_param SERVER_NAME 127.0.0.1;
            fastcgi_param SERVER_PORT {port};
            fastcgi_param REMOTE_ADDR $remote_addr;
            fastcgi_param HTTP_HOST 127.0.0.1:{port};
            fastcgi_pass unix:{folder}/php.sock;
            fastcgi_cache pages;
            fastcgi_cache_key $request_uri;
            fastcgi_cache_valid 200 301 1h;
        }}
    }}
}}
"""
FPM = """[global]
error_log = {folder}/php.log
daemonize = no
[www]
{user}
listen = {folder}/php.sock
pm = static
pm.max_children = 3
"""


class NotRunningError(Exception):
    """A server did not come up, or a script failed; the message ends in its own words."""


@dataclass(frozen=True)
class WordPress:
    """A running site; ``site`` is what it was filled with."""

    url: str
    site: Site
    folder: Path

    def switch_theme(self, theme: str, single: str | None = None) -> None:
        """``single``: the block template by which an editor replaced the theme's own.

        Pages are kept by the web server from one switch to the next.
        """
        arguments = [str(self.folder / "site"), theme]
        if single is not None:
            template = self.folder / f"{theme}-single.html"
            template.write_text(single)
            arguments.append(str(template))
        _php("theme.php", *arguments)
        for kept in (self.folder / "cache").iterdir():
            kept.unlink()

    @property
    def hits(self) -> list[tuple[int, str]]:
        """Status and path with query of every request so far, in order."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [(int(status), path) for status, path in (line.split(" ", 1) for line in lines)]


@contextmanager
def run_wordpress(
    site: Site, source: Path = WORDPRESS, plugins: Path | None = None
) -> Iterator[WordPress]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newscrawl-wp-")))
        folder.chmod(0o755)
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        shutil.copytree(source, folder / "site", ignore_dangling_symlinks=True)
        if plugins is not None:
            must_use = folder / "site" / "wp-content" / "mu-plugins"
            must_use.mkdir()
            shutil.copy(plugins, must_use)
        (folder / "site" / "wp-config.php").write_text(CONFIG.format(folder=folder, url=url))
        stack.enter_context(_database(folder))
        (folder / "spec.json").write_text(json.dumps(as_json(site)))
        _php("fill.php", str(folder / "site"), str(folder / "spec.json"), url)
        stack.enter_context(_fpm(folder))
        stack.enter_context(_nginx(folder, port))
        yield WordPress(url, site, folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database(folder: Path) -> ExitStack:
    data, start = folder / "db", folder / "db.sql"
    start.write_text("CREATE DATABASE wordpress CHARACTER SET utf8mb4;\n")
    user = ["--user=root"] if ROOT else []
    install = [_program("mariadb-install-db"), "--no-defaults", f"--datadir={data}"]
    install += ["--skip-test-db", "--auth-root-authentication-method=normal", *user]
    _run(install)
    command = [_program("mariadbd"), "--no-defaults", f"--datadir={data}", "--skip-networking"]
    command += [f"--socket={folder}/db.sock", f"--pid-file={folder}/db.pid", *user]
    command += [f"--init-file={start}", "--innodb-flush-log-at-trx-commit=0"]
    return _serve(command, folder / "db.log", str(folder / "db.sock"))


def _fpm(folder: Path) -> ExitStack:
    config = folder / "php.conf"
    config.write_text(FPM.format(folder=folder, user="user = root" if ROOT else ""))
    command = [_program("php-fpm[0-9]*", "php-fpm"), "--nodaemonize", f"--fpm-config={config}"]
    if ROOT:
        command.append("--allow-to-run-as-root")
    return _serve(command, folder / "php.out", str(folder / "php.sock"))


def _nginx(folder: Path, port: int) -> ExitStack:
    config = folder / "nginx.conf"
    user = "user root;" if ROOT else ""
    config.write_text(NGINX.format(folder=folder, port=port, user=user))
    command = [_program("nginx"), "-e", f"{folder}/nginx.log", "-c", str(config)]
    return _serve(command, folder / "nginx.out", ("127.0.0.1", port))


def _program(*patterns: str) -> str:
    if (found := program(*patterns)) is None:
        raise NotRunningError(f"{patterns[0]} is not installed")
    return found


def _php(script: str, *arguments: str) -> None:
    _run([_program("php"), "-d", "memory_limit=512M", str(HERE / script), *arguments])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=FILL_SECONDS
    )
    if done.returncode or "PHP Warning" in done.stdout + done.stderr:
        said = (done.stdout + done.stderr).strip()
        raise NotRunningError(f"{' '.join(command[:4])}: {said[-2000:]}")


def _serve(command: Sequence[str], log: Path, address: str | tuple[str, int]) -> ExitStack:
    """Start a server and wait until it answers at ``address``; closing the stack ends it."""
    with ExitStack() as stack:
        output = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            [*ENDS_WITH_US, *command], stdout=output, stderr=subprocess.STDOUT
        )
        stack.callback(_stop, process)
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        deadline = time.monotonic() + START_SECONDS
        while not _answers(family, address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotRunningError(f"{command[0]}: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        return stack.pop_all()


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as probe:
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
