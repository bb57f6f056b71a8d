"""Backups on a booted machine: the timer, under load, and a machine that begins with nothing but one of them."""

import re
import subprocess

from basics import HEALTH, README, SUBJECT, equal, log_in

NIGHTLY = "/var/backups/idv"
STORE = "/var/lib/private/idv"
KNOWN = f"idv subject show --tenant acme.eu.auth0.com --subject '{SUBJECT}' --json"


def attend(machine, folder):
    """Does everything on a machine where the README's steps were done and a person was verified."""
    the_timer_makes_one_by_the_readme(machine)
    one_made_under_load_brings_everything_back(machine)
    an_encrypted_one_is_opened_elsewhere_and_brings_everything_back(machine, folder)


def the_timer_makes_one_by_the_readme(machine):
    """By the README's command, and at once: nobody waits for the night."""
    machine.run(re.search(r"`(sudo systemctl enable --now idv-backup[^`]*)`", README)[1])
    equal(machine.state("idv-backup.timer"), ["active"], "the timer")
    equal("idv-backup.timer" in machine.run("systemctl list-timers --no-pager"), True, "the timer among the others")
    soon = "[Timer]\nOnCalendar=\nOnActiveSec=1s\nRandomizedDelaySec=0\nAccuracySec=1ms\n"
    directory = "/etc/systemd/system/idv-backup.timer.d"
    machine.run(f"mkdir -p {directory}; cat > {directory}/soon.conf <<'END'\n{soon}END")
    machine.run("systemctl daemon-reload; systemctl restart idv-backup.timer")
    machine.until("the timer has had a backup made", lambda: len(nightly(machine)) == 1)
    machine.until("it is done", lambda: machine.state("idv-backup.service") == ["inactive"])
    result = machine.run("systemctl show -P Result idv-backup; systemctl show -P ExecMainStatus idv-backup").split()
    equal(result, ["success", "0"], f"the backup of the timer\n{machine.journal()}")
    equal(machine.run(f"stat -c '%a %U' {NIGHTLY} {NIGHTLY}/*").split(), ["700", "root"] * 2, "who sees backups")
    equal("a backup is whole" in machine.run("journalctl --no-pager -u idv"), True, "the service was told")
    machine.run(f"rm -r {directory}; systemctl daemon-reload; systemctl restart idv-backup.timer")
    exposure = machine.run("systemd-analyze security --no-pager idv-backup.service | tail -n 1")
    print(f"  {exposure.strip()}", flush=True)


def one_made_under_load_brings_everything_back(machine):
    known = machine.run(KNOWN)
    issue(machine)
    load = f"{{ while [ ! -e /tmp/over ]; do {HEALTH}; idv link --tenant acme.eu.auth0.com --subject 'auth0|load'; done; }}"
    machine.run(f"{load} >/dev/null & {load} >/dev/null & sleep 0.3; systemctl start idv-backup; touch /tmp/over; wait; rm /tmp/over")
    last = nightly(machine)[-1]
    begin_with_nothing(machine)
    said = machine.run(f"idv restore --check {NIGHTLY}/{last}; idv restore {NIGHTLY}/{last}")
    equal("would be restored" in said and "are restored" in said, True, said)
    is_back(machine, known)


def an_encrypted_one_is_opened_elsewhere_and_brings_everything_back(machine, folder):
    key = folder / "key.txt"
    key.unlink(missing_ok=True)
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    recipient = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True, text=True).stdout.strip()
    key.chmod(0o600)
    machine.run("cp /etc/idv/idv.toml /tmp/plain.toml")
    machine.run(f"printf '\\n[backup]\\nrecipients = [\"{recipient}\"]\\n' >> /etc/idv/idv.toml; idv check")
    known = machine.run(KNOWN)
    issue(machine)
    machine.run("sleep 1; systemctl start idv-backup")
    last = nightly(machine)[-1]
    equal(last.endswith("Z.tar.gz.age"), True, last)
    # The machine that holds the key is another: the one around this.
    encrypted = f"/proc/{machine.leader}/root{NIGHTLY}/{last}"
    opened = subprocess.run(["age", "-d", "-i", key, encrypted], check=True, capture_output=True).stdout
    (folder / "opened").write_bytes(opened)
    begin_with_nothing(machine)
    machine.run("idv restore --check - < /root/idv/opened; idv restore - < /root/idv/opened")
    is_back(machine, known)
    machine.run("cp /tmp/plain.toml /etc/idv/idv.toml")


def nightly(machine):
    """The names of the backups, the oldest first."""
    return machine.try_run(f"ls {NIGHTLY} 2>/dev/null | grep -v unfinished")[1].split()


def issue(machine):
    return machine.run(f"idv desk issue --tenant acme.eu.auth0.com --subject '{SUBJECT}'").splitlines()[0]


def begin_with_nothing(machine):
    machine.run(f"systemctl stop idv.socket idv.service; rm -rf {STORE} /var/lib/idv")


def is_back(machine, known):
    """Everything known is known, the last check counts, the code that waited is dead, and people log in."""
    machine.run("systemctl start idv.socket idv.service")
    equal(machine.run(HEALTH), "200", "/health after the restore")
    equal(machine.run(KNOWN), known, "what is known of a person")
    equal(machine.run("idv desk list --tenant acme.eu.auth0.com --json").strip(), "[]", "codes of before")
    # No request token of this second or before counts.
    machine.run("sleep 1.1")
    log_in(machine, issue(machine))
