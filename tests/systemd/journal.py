"""What the journal makes of the log, and logins while the journal stands still."""

import json
import time

from basics import CURL, DOWN, HEALTH, SUBJECT, UNITS, UP, equal, log_in, refused

STANDSTILL = 60  # seconds
LOGIN = 10  # seconds that a login may take, of several commands and requests
PAUSE = 2.5  # seconds, for one person may begin thirty logins in a minute
TENANT = "acme.eu.auth0.com"


def attend(machine):
    each_line_has_its_priority(machine)
    a_journal_that_stands_still_stalls_no_login(machine)


def each_line_has_its_priority(machine):
    begun_at = now(machine)
    status = machine.run(
        f"{CURL} --output /dev/null --write-out '%{{http_code}}' 'https://idv.example.com/id-verification?token=a.b.c&state=s'"
    )
    equal(status, "400", "a start with a token that is none")
    log_in(machine, code(machine))
    machine.run("cp /etc/idv/idv.toml /tmp/right; sed -i 's/^public_url.*/public_url = 7/' /etc/idv/idv.toml")
    refused(machine, "systemctl restart idv")
    machine.until("the service has failed", lambda: machine.state(*UNITS) == DOWN)
    machine.run("cp /tmp/right /etc/idv/idv.toml; systemctl start idv")
    equal(machine.state(*UNITS), UP, "the units once it is mended")
    seen = {(entry["PRIORITY"], body["level"], body["message"]) for entry, body in entries(machine, begun_at)}
    for expected in [
        ("3", "ERROR", "the configuration is not fit to start with"),
        ("4", "WARN", "refused"),
        ("6", "INFO", "session concluded"),
        ("6", "INFO", "ready"),
    ]:
        equal(expected in seen, True, f"{expected} in {seen}")
    levels = {(priority, level) for priority, level, _ in seen}
    equal(levels, {("3", "ERROR"), ("4", "WARN"), ("6", "INFO")}, "priorities and levels")
    loud = machine.run("journalctl --no-pager -u idv -p warning --output=cat")
    # systemd's own word of the failure is among them, and is no JSON.
    told = {json.loads(line)["level"] for line in loud.splitlines() if line.startswith("{")}
    equal(told, {"ERROR", "WARN"}, "what journalctl -p warning shows")


def a_journal_that_stands_still_stalls_no_login(machine):
    begun_at = now(machine)
    machine.run("kill -STOP $(systemctl show -P MainPID systemd-journald)")
    ends_at, logins, slowest = time.monotonic() + STANDSTILL, 0, 0
    try:
        while (begun := time.monotonic()) < ends_at:
            log_in(machine, code(machine))
            logins += 1
            slowest = max(slowest, time.monotonic() - begun)
            time.sleep(PAUSE)
        equal(machine.run(HEALTH), "200", "/health while the journal stands still")
    finally:
        machine.run("kill -CONT $(systemctl show -P MainPID systemd-journald)")
    equal(slowest < LOGIN, True, f"a login took {slowest:.1f} s while the journal stood still")
    equal(logins > 5, True, f"{logins} logins while the journal stood still")
    told = [body["message"] for _, body in entries(machine, begun_at)]
    equal(told.count("session concluded"), logins, "ends of sessions that the journal has afterwards")


def code(machine):
    return machine.run(f"idv desk issue --tenant {TENANT} --subject '{SUBJECT}'").splitlines()[0]


def now(machine):
    """The time as the journal counts it, in microseconds."""
    return int(machine.run("date +%s%6N"))


def entries(machine, begun_at):
    """What the service itself has logged since then: the journal's fields, and the line."""
    # Not from a cursor on: journalctl 252 loses the first entry behind one that its filters leave out.
    told = machine.run("journalctl --sync; journalctl --no-pager -u idv --output=json")
    found = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    # Beside it stands what systemd says of the unit.
    ours = [entry for entry in found if entry["SYSLOG_IDENTIFIER"] == "idv" and int(entry["__REALTIME_TIMESTAMP"]) >= begun_at]
    return [(entry, json.loads(entry["MESSAGE"])) for entry in ours]
