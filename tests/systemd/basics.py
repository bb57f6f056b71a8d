"""What the tests of booted machines share: the README's steps, visits by curl, and what is expected."""

import base64
import json
import re

from machine import PATIENCE, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
WITH_SYSTEMD = (ROOT / "systemd/README.md").read_text(encoding="utf-8")

UNITS = ("idv.service", "idv.socket", "idv-failed.target")
UP, DOWN = ["active", "active", "inactive"], ["failed", "inactive", "active"]
CURL = "curl --silent --max-time 20 --cacert fullchain.pem --resolve idv.example.com:443:127.0.0.1"
HEALTH = f"{CURL} --output /dev/null --write-out '%{{http_code}}' https://idv.example.com/health"
SUBJECT = "auth0|65f0c0ffee"
# What 247 cannot do and 249 can (Ubuntu's 249.11): leave the service's umask out of the directories above a bind mount,
# and let READY=1 out of RootDirectory=.
BEFORE_249 = "[Service]\nUMask=0022\nBindReadOnlyPaths=/run/systemd/notify\n"


def section(title):
    """The section of that title in README.md, else in systemd/README.md."""
    heading = rf"^##+ {re.escape(title)}$(.*?)^##+ "
    return re.search(heading, README + WITH_SYSTEMD, re.MULTILINE | re.DOTALL)[1]


def blocks(text, language):
    """The blocks of code in `text`, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indentation}", "", block, flags=re.MULTILINE) for indentation, block in found]


def log_in(machine, code, others="other=cookie"):
    """Logs in with a code, in a browser that has other cookies too, to a result that says so."""
    start = machine.run(f"idv link --tenant acme.eu.auth0.com --subject '{SUBJECT}'").strip()
    ask = f"{CURL} --http1.1 --include --header 'Cookie: {others}"
    answer = machine.run(f"{ask}' '{start}'")
    session = f"https://idv.example.com{header(answer, 'location')}"
    # Of several, the one that is not taken away.
    cookie = re.search(r"^set-cookie: ([^;]+)(?!.*max-age=0)", answer, re.MULTILINE | re.IGNORECASE)[1]
    ask = f"{ask}; {cookie}' --fail"
    machine.run(f"{ask} '{session}'")
    answer = machine.run(f"{ask} --data code={code} '{session}/desk'")
    equal(is_success(header(answer, "location"), start), True, answer)


def is_success(back, start):
    """Whether the address `back` has a result for Auth0 that whoever began at the address `start` is verified."""
    claims = re.search(r"[?&]token=[^.]+\.([^.]+)\.", back)
    state = re.search(r"[?&]state=([^&]+)", back)
    if claims is None or state is None or not back.startswith("https://acme.eu.auth0.com/continue?"):
        return False
    status = json.loads(base64.urlsafe_b64decode(claims[1] + "=="))["status"]
    return (status, state[1]) == ("success", start.rpartition("state=")[2])


def header(answer, name):
    """A header of an answer, which must be there."""
    found = re.search(rf"^{name}: ([^\r\n]*)", answer, re.MULTILINE | re.IGNORECASE)
    equal(found is not None, True, f"{name} in {answer}")
    return found[1]


def visit_during(machine, script, visitors=1, patience=PATIENCE, visit=HEALTH):
    """New connections one after another by each visitor while `script` runs: of each curl's exit code and the status of the answer."""
    said = machine.run(
        f"{{ {script}; sleep 1; touch /tmp/over; }} & for visitor in $(seq {visitors}); do while [ ! -e /tmp/over ]; do "
        f"code=0; status=$({visit}) || code=$?; echo \"$code $status\"; done & done; wait; rm /tmp/over",
        patience=patience,
    )
    visits = [line for line in said.splitlines() if re.fullmatch(r"\d+ \d{3}", line)]
    equal(len(visits) > 10, True, f"enough visits: {said}")
    return visits


def drop_in(machine, text, name, unit="idv"):
    directory = f"/etc/systemd/system/{unit}.service.d"
    machine.run(f"mkdir -p {directory}; cat > {directory}/{name}.conf <<'END'\n{text}END")


def end_of_journal(machine):
    told = machine.run("journalctl --sync; journalctl --no-pager --lines=1 --show-cursor")
    return re.search(r"^-- cursor: (.*)$", told, re.MULTILINE)[1]


def refused(machine, script, user="root"):
    code, printed = machine.try_run(script, user)
    equal(code != 0, True, f"{script} by {user} is refused: {printed}")


def equal(found, expected, what):
    if found != expected:
        raise AssertionError(f"{what}: {found}, not {expected}")
