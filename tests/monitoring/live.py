"""A running service with logins, watched by a Prometheus of Debian's package."""

import http.client
import json
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import draw

sys.path.append(str(Path(__file__).resolve().parents[1] / "scan"))
from product import PATIENCE, TENANT, Service, free_port, running  # noqa: E402

HOST = "localhost"
SECONDS = 90  # of logins
RATE = "15s"  # over which a panel's rates are taken, at a scrape a second


@contextmanager
def watched(folder):
    """A service that was logged in to for a while: where /metrics is, and where the Prometheus that scraped it."""
    service, ops, prometheus = Service(folder, HOST, "127.0.0.1"), free_port("127.0.0.1"), free_port("127.0.0.1")
    with service.configuration.open("a", encoding="utf-8") as configuration:
        configuration.write(f'[ops]\nlisten = ["127.0.0.1:{ops}"]\n[limits]\nstarts_per_subject = 0\n')
        configuration.write('[methods.document]\nenabled = true\npolicy = "https://acme.example/policy"\n')
    (folder / "prometheus.yml").write_text(
        json.dumps({
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [{"job_name": "idv", "static_configs": [{"targets": [f"127.0.0.1:{ops}"]}]}],
        }),
        encoding="utf-8",
    )
    words = ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/series"]
    words += [f"--web.listen-address=127.0.0.1:{prometheus}"]
    with running(service.command("serve"), "stderr", lambda line: '"ready"' in line):
        with running(words, "stderr", lambda line: "ready to receive web requests" in line):
            subprocess.run(service.command("backup", str(folder / "copy")), check=True, capture_output=True, timeout=PATIENCE)
            logins(service)
            yield f"http://127.0.0.1:{ops}/metrics", f"http://127.0.0.1:{prometheus}"


def logins(service):
    """People who log in, some of whom mistype, leave, or come with what is no token."""
    control = service.configuration.parent / "control.sock"
    context = ssl.create_default_context(cafile=service.authority)
    ends_at = time.monotonic() + SECONDS
    number = 0
    while time.monotonic() < ends_at:
        number += 1
        whom = {"tenant": TENANT, "subject": f"auth0|{number}"}
        code = ask(control, {"operation": "desk_issue", **whom, "by": "desk"})["code"]
        start = ask(control, {"operation": "link", **whom})["url"].partition(f":{service.port}")[2]
        browser = Browser(service, context)
        session = browser.go("GET", start).getheader("location")
        browser.go("GET", session)
        if number % 3 == 0:
            browser.go("POST", f"{session}/desk", "code=WWWW-WWWW-WWWW")
        if number % 5 == 0:
            browser.go("POST", f"{session}/cancel", "")
        else:
            browser.go("POST", f"{session}/desk", f"code={code}")
        if number % 7 == 0:
            browser.go("GET", "/id-verification?token=a.b.c&state=s")
        browser.go("GET", "/health")
        browser.connection.close()


class Browser:
    """A connection, and the cookies of who uses it."""

    def __init__(self, service, context):
        self.connection = http.client.HTTPSConnection(HOST, service.port, context=context, timeout=PATIENCE)
        self.cookies = {}

    def go(self, method, path, form=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        self.connection.request(method, path, form, headers)
        answer = self.connection.getresponse()
        answer.read()
        for cookie in answer.headers.get_all("set-cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def ask(control, request):
    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(PATIENCE)
        stream.connect(str(control))
        stream.sendall(json.dumps(request).encode() + b"\n")
        return json.loads(stream.makefile().readline())


def scrape(metrics):
    with urllib.request.urlopen(metrics, timeout=PATIENCE) as answer:
        return answer.read().decode()


def series(prometheus, found):
    """What each of the dashboard's expressions `found` had since the logins began."""
    end = time.time()
    asked = {key: re.sub(r"\[1m\]", f"[{RATE}]", expression) for key, expression in found.items()}
    return {key: draw.ask(prometheus, expression, end - SECONDS, end, "1s") for key, expression in asked.items()}
