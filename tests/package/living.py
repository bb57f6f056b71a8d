"""The life of a package on a booted machine: installed, used, upgraded, removed, purged."""

import re
import time

from basics import HEALTH, SUBJECT, UNITS, UP
from basics import blocks, equal, log_in, section, visit_during
from building import DEB, UNITS as PACKAGED

STEPS = section("From nothing to a protected test application")
INSTALL = f"apt install ./target/package/{DEB}"
# What the README says that removal and a purge leave.
KEPT = {"/etc/idv", "/var/lib/idv", "/var/lib/private/idv"}
OURS = "find / /run -xdev -name '*idv*' -not -path '/root/*' -not -path '/tmp/*' -not -path '/proc/*' | sort -u"
MAIN = "systemctl show -P MainPID idv"


def attend(machine):
    """Does everything on one machine; within how many seconds it served a first login, and after how many a hung service."""
    print(f"systemd {machine.systemd}", flush=True)
    first = the_steps_of_the_readme_end_in_a_login(machine)
    removal_keeps_what_the_text_says_and_a_purge_nothing(machine)
    an_upgrade_refuses_nobody(machine)
    an_upgrade_that_would_not_start_leaves_the_service_as_it_is(machine)
    units_in_the_place_of_the_packages_are_told(machine)
    restarts_and_crashes_refuse_nobody(machine)
    the_root_directory_is_made_again_and_needs_no_right_to_execute(machine)
    hung = a_hung_service_is_brought_back(machine)
    removal_keeps_what_the_text_says_and_a_purge_nothing(machine)
    return first, hung


def the_steps_of_the_readme_end_in_a_login(machine):
    equal(machine.run(OURS), "", "what there is of idv before")
    build, layout, start = blocks(STEPS, "sh")[:3]
    begun = time.monotonic()
    machine.run(build.partition("\n")[2])
    nothing_has_started(machine)
    machine.run(layout)
    machine.run(start)
    equal(machine.run(HEALTH), "200", "/health after step 3")
    issue = re.search(r"Issue that person a code: `([^`]+)`", STEPS)[1]
    log_in(machine, machine.run(issue.replace("auth0|…", SUBJECT)).splitlines()[0])
    took = time.monotonic() - begun
    machine.run("systemd-analyze security --no-pager --threshold=2 idv.service | tail -n 1")
    told = machine.try_run("idv doctor --offline")[1]
    equal("/lib/systemd/system/idv.service confines the service as shipped" in told, True, told)
    machine.run("man --version > /dev/null || true; zcat /usr/share/man/man1/idv.1.gz | grep -q doctor")
    return took


def nothing_has_started(machine):
    equal(set(machine.state(*PACKAGED)), {"inactive"}, "the states of the units after installation")
    enabled = machine.try_run(f"systemctl is-enabled {' '.join(PACKAGED)}")[1].split()
    equal(set(enabled) <= {"disabled", "static"}, True, f"which units are enabled after installation: {enabled}")
    equal(machine.try_run(HEALTH)[0], 7, "curl's exit code after installation")


def removal_keeps_what_the_text_says_and_a_purge_nothing(machine):
    machine.run("apt-get remove --yes idv")
    equal(set(machine.state(*UNITS)), {"inactive"}, "the units after removal")
    left = {path for path in machine.run(OURS).split() if not path.startswith("/var/lib/dpkg/")}
    equal({path for path in left if not any(path.startswith(f"{kept}/") for kept in KEPT)}, KEPT, "what removal leaves")
    machine.run("test -s /etc/idv/token-secret; test -s /var/lib/private/idv/idv.redb")
    machine.run("apt-get purge --yes idv")
    equal(machine.run(OURS), "", "what a purge leaves")
    equal(machine.run("getent group idv-desk | cut -d : -f 1"), "idv-desk\n", "the group after a purge")


def an_upgrade_refuses_nobody(machine):
    _, layout, start = blocks(STEPS, "sh")[:3]
    machine.run("apt install ./target/package/before.deb")
    # Whoever edits it owns it.
    machine.run(f"sed -i '1i # Ours.' /etc/idv/idv.toml; {layout}{start}")
    code = machine.run(f"idv desk issue --tenant acme.eu.auth0.com --subject '{SUBJECT}'").splitlines()[0]
    before = machine.run(MAIN)
    # The newer package brings another idv.toml; the answer that is offered is to keep one's own.
    visits = visit_during(machine, f"printf '\\n\\n' | {INSTALL} > /tmp/upgrade 2>&1", visitors=8, patience=180)
    equal(set(visits), {"0 200"}, "visits during an upgrade")
    equal(machine.run(MAIN) != before, True, "the new version has taken over")
    equal(machine.run("head -n 1 /etc/idv/idv.toml"), "# Ours.\n", "idv.toml after an upgrade")
    log_in(machine, code)
    print(f"{len(visits)} visits during an upgrade", flush=True)


def an_upgrade_that_would_not_start_leaves_the_service_as_it_is(machine):
    machine.run("cp /etc/idv/idv.toml /tmp/right; sed -i 's/^public_url.*/public_url = 7/' /etc/idv/idv.toml")
    before = machine.run(MAIN)
    told = machine.run(f"{INSTALL} --reinstall < /dev/null", patience=180)
    equal("public_url" in told and "the service goes on as it was" in told, True, told)
    equal((machine.run(MAIN), machine.run(HEALTH)), (before, "200"), "the service after an upgrade that would not start")
    machine.run("cp /tmp/right /etc/idv/idv.toml")


def units_in_the_place_of_the_packages_are_told(machine):
    machine.run("mkdir -p /usr/local/lib/systemd/system; cp /usr/lib/systemd/system/idv.service /etc/systemd/system/")
    machine.run("cp /usr/lib/systemd/system/idv.socket /usr/local/lib/systemd/system/; systemctl mask --quiet idv-egress.socket")
    places = ["/etc/systemd/system/idv.service", "/usr/local/lib/systemd/system/idv.socket"]
    told = machine.run(f"{INSTALL} --reinstall < /dev/null", patience=180)
    equal(re.findall(r"rm (\S+) &&", told), places, f"the units of which the package tells: {told}")
    told = machine.try_run("idv doctor --offline")[1]
    equal(re.findall(r"(\S+) is used in place of", told), places, f"the units of which the doctor tells: {told}")
    machine.run(f"rm {' '.join(places)}; systemctl unmask --quiet idv-egress.socket; systemctl daemon-reload")
    equal("is used in place of" in machine.try_run("idv doctor --offline")[1], False, "what the doctor tells then")


def restarts_and_crashes_refuse_nobody(machine):
    visits = visit_during(machine, "for i in $(seq 8); do sleep 0.3; systemctl restart idv; done", visitors=4, patience=120)
    equal(set(visits), {"0 200"}, "visits during restarts")
    up = "until systemctl --quiet is-active idv; do sleep 0.1; done"
    crash = f"for i in $(seq 8); do sleep 0.5; {up}; kill -9 $({MAIN}); done"
    visits = visit_during(machine, crash, patience=120)
    failed = [visit for visit in visits if visit != "0 200"]
    equal(len(failed) <= 8, True, f"failed visits during eight crashes: {failed}")
    print(f"{len(failed)} failed during eight crashes", flush=True)
    machine.until("the service is up", lambda: machine.state(*UNITS) == UP)


def the_root_directory_is_made_again_and_needs_no_right_to_execute(machine):
    # As the next boot finds /run, and as Debian's initial RAM disk mounts it.
    machine.run("systemctl stop idv.socket idv.service; rm -r /run/idv-root; mount -o remount,noexec,nosuid,nodev /run")
    machine.run("systemd-tmpfiles --create --remove --boot --exclude-prefix=/dev; systemctl start idv")
    equal(machine.run(HEALTH), "200", "/health with /run as after a boot")


def a_hung_service_is_brought_back(machine):
    before = machine.run(MAIN)
    begun = time.monotonic()
    machine.run(f"kill -STOP $({MAIN})")
    machine.until("the watchdog has ended it", lambda: machine.run(MAIN) not in (before, "0\n"))
    equal(machine.run(HEALTH), "200", "/health after the service hung")
    return time.monotonic() - begun
