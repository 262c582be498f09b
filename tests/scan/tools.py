"""Debian's wapiti and sqlmap, each told exactly what to look at, and what they say in a form that can be judged.

Both are given addresses on loopback only; for anything else they find a proxy that is not there.
"""

import json
import os
import re
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlencode

from wapitiCore.main.wapiti import Wapiti
from wapitiCore.net.web import Request as WapitiRequest

# What wapiti calls its levels.
LEVELS = {1: "low", 2: "medium", 3: "high", 4: "critical"}


@dataclass(frozen=True)
class Finding:
    """What a tool says is wrong."""

    tool: str
    what: str
    level: str
    where: str
    says: str

    def __str__(self):
        return f"{self.tool}: {self.level}: {self.what}: {self.where}: {' '.join(self.says.split())}"


class Failed(Exception):
    """A tool did not do what it was asked to, so that its silence means nothing."""


def last(said):
    """The end of what a tool said, to see why it failed."""
    return "\n".join([line for line in said.splitlines() if line.strip()][-5:])


class Tools:
    """Runs the tools in `folder`, each as one of `children` while it runs."""

    def __init__(self, folder, children):
        self.folder, self.children = folder, children
        self.endpoint = Endpoint()
        self.one_at_a_time = Lock()
        nowhere = "http://127.0.0.1:9"
        self.environment = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder),
            "http_proxy": nowhere, "https_proxy": nowhere, "no_proxy": "127.0.0.1",
        }

    def run(self, name, command):
        """What it prints, when it has ended."""
        log = self.folder / f"{name}.log"
        with log.open("w") as out:
            child = self.children.start(
                command, cwd=self.folder, env=self.environment, stdout=out, stderr=subprocess.STDOUT
            )
            child.wait()
            self.children.gone(child)
        return log.read_text(errors="replace")

    def wapiti(self, name, site, cookie, requests, modules, seconds):
        """Attacks these pages and forms with these modules, each for so many seconds at the most: what it found, and how
        many of those that have parameters it attacked."""
        root = f"{site.origin}/"
        session, config, report = (self.folder / f"{name}.{what}" for what in ("session", "config", "json"))
        config.mkdir()
        # Loading the module wapp, which is not used, fetches this from the web where it is not there.
        (config / "apps.json").write_text("{}")
        # What it is to attack goes into its session as if it had crawled: its own crawling sends every form, signs out,
        # and follows hundreds of links of the same kind; what would leave some out (-x) fails on Python 3.11.
        with self.one_at_a_time:
            # It keeps the folders where all its instances find them.
            persister = Wapiti(root, session_dir=str(session), config_dir=str(config)).persister
        persister.set_root_url(root)
        for request in requests:
            known = WapitiRequest(
                site.origin + request.path, method=request.method,
                get_params=[list(pair) for pair in request.query],
                post_params=[list(pair) for pair in request.form],
            )
            known.status = 200
            known.set_headers({"content-type": "text/html"})
            persister.add_request(known)
        persister.close()
        jar = {"value": cookie or "", "expires": None, "secure": False, "port": None, "version": 0}
        cookies = self.folder / f"{name}.cookies"
        cookies.write_text(json.dumps({"127.0.0.1": {"/": {"session": jar}} if cookie else {}}))
        said = self.run(name, [
            "/usr/bin/wapiti", "-u", root, "--skip-crawl", "--store-session", session, "--store-config", config,
            "-c", cookies, "-H", f"Origin: {site.origin}", "-m", ",".join(modules), "--max-attack-time", str(seconds),
            "-t", "30", "--endpoint", self.endpoint.origin, "--no-bugreport", "-f", "json", "-o", report,
        ])
        if not report.exists() or "Traceback" in said or "Error" in said or "[!]" in said or "Max attack time" in said:
            raise Failed(f"wapiti, {name}:\n{last(said)}")
        with closing(sqlite3.connect(persister.output_file)) as database:
            attacked = database.execute("SELECT COUNT(DISTINCT path_id) FROM attack_log").fetchone()[0]
        found = json.loads(report.read_text())
        return [
            Finding("wapiti", what, LEVELS[one["level"]], f"{one['method']} {one['path']} {one['parameter']}", one["info"])
            for group in ("vulnerabilities", "anomalies", "additionals")
            for what, ones in found[group].items()
            for one in ones
        ], attacked

    def sqlmap(self, name, site, cookie, request, level):
        """Tries every parameter of one request: what it found, and how many parameters it tried. A `*` in the path or the
        cookie is where to try, instead of the parameters."""
        file = self.folder / f"{name}.txt"
        file.write_text("\r\n".join([
            f"{request.method} {request.target} HTTP/1.1", f"Host: {site.host}", f"Origin: {site.origin}",
            *([f"Cookie: session={cookie}"] if cookie else []),
            *(["Content-Type: application/x-www-form-urlencoded"] if request.method == "POST" else []),
            "", urlencode(request.form), "",
        ]))
        # What is called a token it leaves out unless it is named; and where a new address (slug) takes the page away, nothing
        # else can be tried after it.
        named = [name for name in ("form_token", "slug") if name in request.parameters]
        ways = [["--param-exclude", f"^({'|'.join(['session', *named])})$"]]
        ways += [["-p", name] for name in named]
        tried = set()
        for way in ways:
            said = self.run(name, [
                "/usr/bin/sqlmap", "-r", file, "--batch", "--ignore-stdin", "--disable-coloring", "--drop-set-cookie",
                "--dbms", "sqlite", "--technique", "BEU", "--level", str(level), "--risk", "1",
                "--ignore-redirects", "--ignore-code", "*", "--skip-waf",
                "--timeout", "60", "--flush-session", "--output-dir", self.folder / f"{name}.output", *way,
            ])
            if point := re.search(r"identified the following injection point.*?---\n(.*?)---", said, re.S):
                found = Finding("sqlmap", "SQL injection", "critical", f"{request.method} {request.path}", point[1])
                return [found], len(tried) + 1
            if re.search(r"^5\d\d \(.*times", said, re.M):
                raise Failed(f"sqlmap, {request.kind}: the site broke: {last(said)}")
            if "all tested parameters do not appear to be injectable" not in said:
                raise Failed(f"sqlmap, {request.kind}: {last(said)}")
            tried |= set(re.findall(r"parameter '(.+)' does not seem to be injectable", said))
        if missing := {"#1*"} - tried if cookie and "*" in request.path + cookie else request.parameters - tried:
            raise Failed(f"sqlmap, {request.kind}: {', '.join(sorted(missing))} not tried: {last(said)}")
        return [], len(tried)


class Endpoint:
    """Where wapiti tells the site to call, to see whether it does. Nobody but wapiti itself may ask it for anything."""

    def __init__(self):
        self.calls = calls = []

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                if not self.path.startswith("/get_ssrf.php?"):
                    calls.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b"{}")

            do_POST = do_HEAD = do_PUT = do_GET

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        Thread(target=server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{server.server_port}/"

    @property
    def findings(self):
        return [Finding("wapiti", "request forgery", "critical", call, "the site called it") for call in self.calls]
