"""The document method and the operators' console on a booted machine: photos taken in, kept over a kill, and shredded."""

import re
import sys
import urllib.request

from basics import CURL, SUBJECT, UNITS, UP
from basics import blocks, equal, header, refused, section
from machine import ROOT

sys.path.append(str(ROOT / "tests/scan"))
from product import PATIENCE, plain_trial  # noqa: E402

PHOTOS = {"front": "passport", "selfie": "selfie"}
DOCUMENT = """
[methods.document]
enabled = true
policy = "https://acme.example/identity-policy"
selfie = "plain"
"""
HOST = "review.idv.example.com"
CONSOLE = f"{CURL} --connect-to {HOST}:8444:127.0.0.1:8444"
LINK = rf"https://{HOST}:8444/link/\S+"
PAIRS = """
install -d /etc/idv/pairs
install -m 644 front.jpg /etc/idv/pairs/1-same-document.jpg
install -m 644 selfie.jpg /etc/idv/pairs/1-same-selfie.jpg
"""
STORED = "find /var/lib/private/idv/evidence/objects -type f | wc -l"


def lay_out(folder):
    """Draws the photos that somebody sends."""
    with plain_trial() as trial:
        for slot, show in PHOTOS.items():
            with urllib.request.urlopen(f"{trial}/specimen?person=0&show={show}&paper=", timeout=PATIENCE) as answer:
                (folder / f"{slot}.jpg").write_bytes(answer.read())


def attend(machine):
    """Does everything on one machine, and leaves it as it was."""
    machine.run("cp /etc/idv/idv.toml /tmp/before-photos")
    operator = the_console_is_open_by_the_readme(machine)
    whoever_is_new_learns_from_what_the_unit_sees(machine)
    ask, document = somebody_sends_photos(machine)
    equal(machine.run(f"{CONSOLE} {operator} --fail https://{HOST}:8444/me").count("<h1"), 1, "the console's page")
    photos_are_whole_after_a_kill_and_in_no_backup(machine)
    whoever_withdraws_leaves_no_photo(machine, ask, document)
    the_console_comes_and_goes_with_the_logins(machine)
    machine.run("systemctl disable --now idv-review.socket; cp /tmp/before-photos /etc/idv/idv.toml; systemctl restart idv")
    machine.run("rm -r /etc/idv/pairs")
    equal(machine.state(*UNITS), UP, "the units without a console")


def the_console_is_open_by_the_readme(machine):
    text = section("The operators' console")
    (review,), (commands,) = blocks(text, "toml"), blocks(text, "sh")
    machine.run(PAIRS)
    machine.run(f"cat >> /etc/idv/idv.toml <<'END'\n{DOCUMENT}{review}pairs = \"/etc/idv/pairs\"\nEND")
    refused(machine, "idv check")
    link = re.search(LINK, machine.run(commands))[0]
    machine.run("idv check")
    equal("<form" in machine.run(f"{CONSOLE} --fail {link}"), True, "the page of the link")
    entered = sign_in(machine, link)
    cookie = header(entered, "set-cookie").partition(";")[0]
    refused(machine, f"{CONSOLE} --fail {link}")
    return f"--header 'Cookie: {cookie}'"


def sign_in(machine, link):
    return machine.run(f"{CONSOLE} --header 'Sec-Fetch-Site: same-origin' --include --data '' {link}")


def whoever_is_new_learns_from_what_the_unit_sees(machine):
    link = re.search(LINK, machine.run("idv operator add Rita --role reviewer"))[0]
    equal(header(sign_in(machine, link), "location"), "/pairs", "where a reviewer begins")


def somebody_sends_photos(machine):
    jar = machine.run("mktemp").strip()
    ask = f"{CURL} --cookie {jar} --cookie-jar {jar}"
    start = machine.run(f"idv link --tenant acme.eu.auth0.com --subject '{SUBJECT}'").strip()
    session = header(machine.run(f"{ask} --include '{start}'"), "location")
    document = f"https://idv.example.com{session}/document"
    notice = field(machine.run(f"{ask} --fail {document}/begin"), "notice")
    machine.run(f"{ask} --fail --data 'consent=yes&kind=passport&notice={notice}' {document}/begin")
    for slot in PHOTOS:
        machine.run(f"{ask} --fail --form 'photo=@{slot}.jpg;type=image/jpeg' {document}/{slot}")
        check = machine.run(f"{ask} --fail {document}/{slot}/check")
        machine.run(f"{ask} --fail --data object={field(check, 'object')} {document}/{slot}/keep")
    sent = machine.run(f"{ask} --include --data '' {document}/send")
    equal(header(sent, "location"), document.removeprefix("https://idv.example.com"), "where it leads to have sent photos")
    return ask, document


def field(page, name):
    """The value of a hidden field of a form."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def photos_are_whole_after_a_kill_and_in_no_backup(machine):
    machine.run("kill -9 $(systemctl show -P MainPID idv)")
    machine.until("the service is up", lambda: machine.try_run("idv health")[0] == 0)
    machine.run("idv evidence check")
    equal(machine.run(STORED).split(), ["2"], "photos on disk")
    listed = machine.run("idv backup /tmp/photos.tar.gz >/dev/null; tar -tzf /tmp/photos.tar.gz")
    equal("evidence" in listed, False, f"what a backup holds: {listed}")


def whoever_withdraws_leaves_no_photo(machine, ask, document):
    machine.run(f"{ask} --fail --data '' {document}/withdraw; idv evidence rotate")
    equal(machine.run(STORED).split(), ["0"], "photos on disk")
    machine.run("idv evidence check")


def the_console_comes_and_goes_with_the_logins(machine):
    visit = f"{CONSOLE} --output /dev/null https://{HOST}:8444/"
    machine.run("systemctl stop idv.socket idv.service")
    refused(machine, visit)
    equal(machine.state("idv.service", "idv-review.socket"), ["inactive"] * 2, "a visit starts nothing")
    machine.run("systemctl start idv.service")
    machine.run(visit)
