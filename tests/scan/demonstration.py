"""The demonstration as a scanner sees it: started on copies of one database, and its pages and forms as requests.

It knows HTTP and HTML, and nothing of wapiti and sqlmap. It speaks with loopback addresses only.
"""

import http.client
import re
import shutil
import subprocess
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from threading import Lock
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

# Lists are filtered and sorted by their address: so many of each kind are looked at, as they differ in little.
OF_A_KIND = 3

# What is typed where nothing is: by the field's type, by its name, and else something that will do for a text and for a
# date. A form that is refused before it is looked at closely hides what is behind it.
TYPED = {"email": "scan@example.org", "password": "three short words", "number": "1", "date": "2018-01-31"}
NAMED = {
    "evidence_figures": "delegates: 78", "resource_amount": "1,200", "slug": "scanned", "now": "Other words",
    "not_started": "Later", "on_track": "Well", "at_risk": "Maybe", "off_track": "Badly", "complete": "Done", "closed": "Over",
    **dict.fromkeys(["agreed_on", "on", "received_on", "sent_on", "response_on"], "1 December 2017"),
}
TYPED_ELSE = "19 February 2018"


def typed(name, kind="text"):
    return NAMED.get(name) or TYPED.get(kind, TYPED_ELSE)


@dataclass(frozen=True)
class Request:
    """Something to ask of the site. `query` and `form` are pairs of a name and a value."""

    method: str
    path: str
    query: tuple = ()
    form: tuple = ()

    @property
    def kind(self):
        """The same for every plan, action and person: ids are left out, and values."""
        names = sorted({name for name, _ in self.query + self.form})
        return f"{self.method} {re.sub(r'/[0-9]+(?=/|$)', '/{id}', self.path)} {' '.join(names)}".rstrip()

    @property
    def parameters(self):
        """Names, each once."""
        return {name for name, _ in self.query + self.form}

    @property
    def target(self):
        """The path with its query, as the first line of a request has it."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


class Children:
    """The programs that run for a scan, so that none is left when it ends, however it ends."""

    def __init__(self):
        self.running, self.closed, self.lock = set(), False, Lock()

    def start(self, command, **how):
        with self.lock:
            if self.closed:
                raise SystemExit("the scan has ended")
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **how)
            self.running.add(child)
            return child

    def gone(self, child):
        with self.lock:
            self.running.discard(child)

    def end(self):
        """Ends them all; nothing can be started any more."""
        with self.lock:
            self.closed = True
            for child in self.running:
                child.kill()
            for child in self.running:
                child.wait()


class Site:
    """A demonstration that runs: `origin` is where."""

    def __init__(self, origin):
        self.origin = origin
        self.host = urlsplit(origin).netloc

    def ask(self, request, cookie=None):
        """Sends it and follows nothing: status, headers, body."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Origin": self.origin}
        if cookie:
            headers["Cookie"] = f"session={cookie}"
        body = None
        if request.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(request.form)
        try:
            connection.request(request.method, request.target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def sign_in(self, name):
        """The cookie of a person of the seed."""
        _, _, page = self.ask(Request("GET", "/demonstration"))
        for form, button in forms(page, "/demonstration"):
            if button == f"Sign in as {name}":
                status, headers, _ = self.ask(form)
                return re.search(r"session=([^;]+)", headers["Set-Cookie"])[1], dict(form.form)["person"]
        raise SystemExit(f"the demonstration has no {name}")

    def is_signed_in(self, cookie):
        status, _, _ = self.ask(Request("GET", "/my-actions"), cookie)
        return status in (200, 403)

    def crawl(self, cookie, start="/"):
        """Follows links from `start`: the pages that answered, and the forms on them, as requests."""
        pages, posts, asked, kinds = [], {}, set(), defaultdict(int)
        todo = [Request("GET", path) for path in (start, "/sign-in", "/demonstration")]
        while todo:
            request = todo.pop(0)
            if request in asked or request.path.startswith("/assets/") or kinds[request.kind] >= OF_A_KIND:
                continue
            asked.add(request)
            kinds[request.kind] += 1
            status, headers, body = self.ask(request, cookie)
            if location := headers["Location"]:
                todo.append(get(urljoin(request.path, location)))
            if status != 200:
                continue
            pages.append(request)
            # A mail is shown in a frame, and its links are not the site's to follow.
            if headers.get_content_type() != "text/html" or request.path.startswith("/demonstration/mail/"):
                continue
            todo += [get(path) for path in links(body, request.path)]
            for form, _ in forms(body, request.path):
                if form.method == "GET":
                    todo.append(form)
                else:
                    posts.setdefault(form, form)
        return pages, list(posts)


def get(path):
    """A link as a request."""
    parts = urlsplit(path)
    return Request("GET", parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)))


@contextmanager
def running(program, database, children):
    """The program on this database, on a free port, until the block is left. It is one of `children` meanwhile."""
    log = database.with_suffix(".log")
    with log.open("w") as stderr:
        child = children.start(
            [program, "--port", "0", "--database", f"sqlite://{database}"],
            cwd=database.parent, stdout=subprocess.DEVNULL, stderr=stderr,
        )
    try:
        end = time.monotonic() + 60
        while not (found := re.search(r"demonstration is at (http://127\.0\.0\.1:\d+)", log.read_text())):
            if child.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"the demonstration did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield Site(found[1])
    finally:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        children.gone(child)


@contextmanager
def copy_running(program, database, name, children):
    """The program on a copy of a database at rest, which is deleted afterwards."""
    folder = database.parent / name
    folder.mkdir()
    try:
        # What is not yet in the file itself is in the one beside it.
        for file in (database, database.with_name(f"{database.name}-wal")):
            if file.exists():
                shutil.copy(file, folder)
        with running(program, folder / database.name, children) as site:
            yield site
    finally:
        shutil.rmtree(folder)


# --- HTML ------------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Links, and forms with what a browser would send; where nothing is filled in, something is."""

    def __init__(self, page, at):
        super().__init__()
        self.at, self.links, self.forms = at, [], []
        self.form = self.select = self.textarea = self.button = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        a = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in a:
            self.links.append(urljoin(self.at, a["href"]))
        elif tag == "iframe" and "src" in a:
            self.links.append(urljoin(self.at, a["src"]))
        elif tag == "form":
            self.form = {"method": a.get("method", "get").upper(), "to": urljoin(self.at, a.get("action") or self.at)}
            self.form |= {"fields": {}, "button": ""}
        elif self.form is None:
            return
        elif tag == "input" and a.get("name"):
            self.input(a)
        elif tag == "textarea" and a.get("name"):
            self.textarea = (a["name"], [])
        elif tag == "select" and a.get("name"):
            self.select = a["name"]
            self.form["fields"].setdefault(self.select, "")
        elif tag == "option" and self.select:
            # The second of several is left empty: each has to be another.
            empty = not self.form["fields"][self.select] and not re.search(r"_[2-9]$", self.select)
            if "selected" in a or empty:
                self.form["fields"][self.select] = a.get("value", "")
        elif tag == "button":
            self.button = []
            if a.get("name"):
                self.form["fields"].setdefault(a["name"], a.get("value", ""))

    def input(self, a):
        fields, name, kind = self.form["fields"], a["name"], a.get("type", "text")
        value = a.get("value", "")
        if kind in ("radio", "checkbox"):
            if "checked" in a or name not in fields:
                fields[name] = value or "on"
        elif kind == "hidden":
            fields[name] = value
        else:
            fields[name] = value or typed(name, kind)

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            name, text = self.textarea
            self.form["fields"][name] = NAMED.get(name) or "".join(text).strip() or typed(name)
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "button" and self.button is not None:
            self.form["button"] = " ".join("".join(self.button).split())
            self.button = None
        elif tag == "form" and self.form:
            self.forms.append(self.form)
            self.form = None

    def handle_data(self, text):
        for into in (self.textarea and self.textarea[1], self.button):
            if into is not None:
                into.append(text)


def links(page, at):
    """Paths on this site that the page at `at` links to."""
    found = (urlsplit(link) for link in Reader(page, at).links)
    return [f"{to.path}?{to.query}" if to.query else to.path for to in found if not to.netloc and not to.scheme]


def forms(page, at):
    """The page's forms, each as a request and what its last button says."""
    for form in Reader(page, at).forms:
        to = get(form["to"])
        fields = tuple(form["fields"].items())
        if form["method"] == "GET":
            yield Request("GET", to.path, fields), form["button"]
        else:
            yield Request("POST", to.path, to.query, fields), form["button"]
