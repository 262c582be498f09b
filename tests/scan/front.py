"""Stands between a tool and the site, and keeps a form true.

A form says which version of a thing it changes, or which form it is; the site refuses the second of the same. A browser would
open the form anew each time, the tools send what they were given. So this opens it for them, unless that very field is what
they attack. Whatever else they send goes on as it is.
"""

import http.client
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

from demonstration import Site, forms

KEPT_TRUE = {"version", "form_token"}

# wapiti asks for Brotli, and cannot read it: it would see nothing.
NOT_PASSED_ON = {"host", "content-length", "accept-encoding"}


class Server(ThreadingHTTPServer):
    """A tool that hangs up in the middle is no fault of the site."""

    daemon_threads = True

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, address)


@contextmanager
def fronted(site, requests):
    """The same site at another address, for tools that send these requests and what they make of them."""
    given = {(r.path, *field) for r in requests for field in r.form if field[0] in KEPT_TRUE}

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def forward(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.command == "POST":
                body = self.kept_true(body)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON}
            if "Origin" in headers:
                headers["Origin"] = site.origin
            status, reason, answered, body = self.ask(self.command, self.path, body, headers)
            self.send_response_only(status, reason)
            for name, value in answered:
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_DELETE = do_PATCH = do_TRACE = do_ABC = forward

        def ask(self, method, target, body, headers):
            connection = http.client.HTTPConnection(site.host, timeout=60)
            try:
                connection.request(method, target, body or None, headers)
                answer = connection.getresponse()
                return answer.status, answer.reason, answer.getheaders(), answer.read()
            finally:
                connection.close()

        def kept_true(self, body):
            path = urlsplit(self.path).path
            sent = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
            if not any((path, name, value) in given for name, value in sent):
                return body
            _, _, _, page = self.ask("GET", path, None, {"Cookie": self.headers.get("Cookie", "")})
            now = {}
            for form, _ in forms(page.decode("utf-8", "replace"), path):
                if form.method == "POST" and form.path == path:
                    now |= {name: value for name, value in form.form if name in KEPT_TRUE}
            return urlencode([(n, now.get(n, v) if (path, n, v) in given else v) for n, v in sent]).encode()

        def log_message(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Front)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
