"""A provider that verifies people, and the way out that leads to it, on booted machines."""

import re
import subprocess

import provider
from basics import BEFORE_249, CURL, HEALTH, SUBJECT, UNITS, UP
from basics import blocks, drop_in, end_of_journal, equal, is_success, log_in, section

WAY_OUT = "/run/idv-egress/proxy.sock"
WAY_OUT_UNITS = ("idv-egress.socket", "idv-egress.service")
LISTED = f"{provider.HOST}:{provider.PORT}"
# Tells by the numbers of their errors which sockets it may make, and whether it may connect to the way out.
PROBE = """
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(void) {
    int families[] = {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_UNIX};
    for (int i = 0; i < 6; i++) printf("%d ", socket(families[i], SOCK_STREAM, 0) < 0 ? errno : 0);
    struct sockaddr_un place = {AF_UNIX, "/run/idv-egress/proxy.sock"};
    int way_out = socket(AF_UNIX, SOCK_STREAM, 0);
    printf("%d\\n", connect(way_out, (struct sockaddr *)&place, sizeof place) < 0 ? errno : 0);
}
"""


def attend(machine, folder):
    """Does everything on one machine; `folder` is what is its clone of the repository, with the provider's files."""
    with provider.running(machine, folder):
        a_provider_without_a_way_out_leaves_the_desk(machine)
        the_way_out_is_a_process_of_its_own(machine)
        a_provider_verifies_a_person_through_the_way_out(machine)
        the_service_itself_has_no_network(machine, folder)
        the_way_out_comes_back(machine)
        the_way_out_follows_the_configuration(machine)
        the_authorities_of_the_machine_are_those_of_the_service(machine)
    machine.run("rm /etc/systemd/system/idv.service.d/eid.conf; cp /tmp/without-provider.toml /etc/idv/idv.toml")
    machine.run("systemctl daemon-reload; systemctl restart idv")


def a_provider_without_a_way_out_leaves_the_desk(machine):
    machine.run(f"echo '127.0.0.1 {provider.HOST}' >> /etc/hosts; cp /etc/idv/idv.toml /tmp/without-provider.toml")
    steps = section("A provider that verifies people")
    secret, end = blocks(steps, "sh")
    machine.run(f"{secret}printf '{provider.SECRET}\\n' > /etc/idv/eid-secret")
    toml, own = blocks(steps, "toml")
    toml = f"\n{toml}{own}".replace("https://id.example.com", provider.ISSUER)
    machine.run(f"cat >> /etc/idv/idv.toml <<'END'{toml}END")
    handed_over, authorities = blocks(steps, "ini")
    drop_in(machine, handed_over + authorities, "eid")
    machine.run(f"install -m 644 {provider.AUTHORITY} /etc/idv/authorities.pem; systemctl daemon-reload")
    told = machine.run(end.split("&&")[0])
    equal(f"nothing listens on {WAY_OUT}" in told and "The way out" in told, True, told)
    machine.run("systemctl restart idv")
    equal(machine.state(*UNITS), UP, "the units without a way out")
    told = machine.try_run("idv doctor")[1]
    equal(f"nothing listens on {WAY_OUT}" in told and "the way out is closed" in told, True, told)
    cursor = end_of_journal(machine)
    for _ in range(3):
        equal(click(machine).endswith("/oidc/eid?notice=unavailable"), True, "where a click leads without a way out")
    told = journal_after(machine, cursor)
    equal("metadata_unreachable" in told and "the way out is closed" in told, True, told)
    browser = Browser(machine)
    equal("cannot be reached at the moment" in browser.page(browser.session), True, "what the choice says")
    code = machine.run(f"idv desk issue --tenant acme.eu.auth0.com --subject '{SUBJECT}'").splitlines()[0]
    log_in(machine, code)


def the_way_out_is_a_process_of_its_own(machine):
    (commands,) = blocks(section("The way out"), "sh")
    if machine.systemd < 249:
        drop_in(machine, BEFORE_249, "before-249", "idv-egress")
    machine.run(commands)
    equal(machine.state(*WAY_OUT_UNITS), ["active", "inactive"], "the way out before anybody asks")
    equal(machine.run(HEALTH), "200", "/health beside the way out")
    for host in ("id.example", "127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "localhost"):
        equal(asked(machine, host, "ann"), "403 http_request_denied", f"{host} through the way out")
    equal(machine.state(*WAY_OUT_UNITS), ["active", "active"], "the way out once somebody has asked")
    equal(asked(machine, "id.example", "bob"), "", "what who is not of the group is told")
    machine.run("systemctl start idv-egress")
    inside = "/proc/$(systemctl show -P MainPID idv-egress)/root"
    machine.run(f"test -s {inside}/etc/resolv.conf")
    for path in ("/etc/idv", "/etc/passwd", "/var/lib/private/idv/idv.key", "/var/lib/idv/idv.key"):
        machine.run(f"test ! -e {inside}{path}")


def a_provider_verifies_a_person_through_the_way_out(machine):
    (_, end) = blocks(section("A provider that verifies people"), "sh")
    # The doctor, which knows no certificate of this test for public_url and no Auth0, has other findings.
    machine.run(end.rpartition("&&")[0])
    told = machine.try_run("idv doctor")[1]
    for line in ("eid: it is an issuer", "eid: it has a key for RS256", "eid: it knows idv as its client"):
        equal(line in told, True, f"{line} in {told}")
    verified(machine)
    if machine.systemd >= 249:
        for unit, threshold in (("idv", 2), ("idv-egress", 10)):
            machine.run(f"systemd-analyze security --no-pager --threshold={threshold} {unit}.service > /tmp/exposure")
            print(f"{unit}: {machine.run('tail -n 1 /tmp/exposure').strip()}", flush=True)


def the_service_itself_has_no_network(machine, folder):
    compiled = ["cc", "-static", "-x", "c", "-o", folder / "probe", "-"]
    subprocess.run(compiled, input=PROBE, text=True, check=True)
    drop_in(machine, "[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=/usr/bin/idv\n", "probe")
    machine.run("mv /usr/bin/idv /usr/bin/idv-away; cp probe /usr/bin/idv; systemctl daemon-reload")
    cursor = end_of_journal(machine)
    machine.run("systemctl restart idv")
    told = journal_after(machine, cursor, "idv").splitlines()
    equal("97 97 97 97 97 0 0" in told, True, f"what sockets the service makes: {told}")
    machine.run("mv /usr/bin/idv-away /usr/bin/idv; rm /etc/systemd/system/idv.service.d/probe.conf")
    machine.run("systemctl daemon-reload; systemctl restart idv")


def the_way_out_comes_back(machine):
    crash = "systemctl start idv-egress; systemctl kill --signal=KILL idv-egress"
    machine.run(crash)
    equal(asked(machine, "id.example", "ann"), "403 http_request_denied", "what is told after a crash")
    machine.run(crash)
    verified(machine)
    # The service has the directory, in which a new socket takes the place of the old one.
    for again in ("restart idv-egress.socket", "stop idv-egress.socket", "start idv-egress.socket"):
        machine.run(f"systemctl stop idv-egress.service; systemctl {again}")
        inside = machine.run(f"stat -c %i /proc/$(systemctl show -P MainPID idv)/root{WAY_OUT} || true")
        outside = machine.run(f"stat -c %i {WAY_OUT} || true")
        equal(inside.splitlines()[-1:] == outside.splitlines()[-1:] or "stop" in again, True, f"the socket after {again}")
    equal(asked(machine, "id.example", "ann"), "403 http_request_denied", "what is told by a new socket")
    verified(machine)
    equal(machine.run("systemctl show -P NRestarts idv"), "0\n", "restarts of the service meanwhile")
    # A configuration that is not fit is tried again until it is, and takes the socket along for nobody.
    machine.run("cp /etc/idv/idv.toml /tmp/right; sed -i 's/^public_url.*/public_url = 7/' /etc/idv/idv.toml")
    machine.run("systemctl stop idv-egress.service")
    equal(asked(machine, "id.example", "ann"), "", "what is told while the configuration is not fit")
    equal(machine.state("idv-egress.socket"), ["active"], "the socket while the configuration is not fit")
    machine.run("cp /tmp/right /etc/idv/idv.toml")
    told = lambda: asked(machine, "id.example", "ann")  # noqa: E731
    machine.until("the way out is back", lambda: told() == "403 http_request_denied")


def the_way_out_follows_the_configuration(machine):
    equal(asked(machine, LISTED, "ann"), "200", "the provider through the way out")
    equal(asked(machine, f"{provider.HOST}:443", "ann"), "403 http_request_denied", "another port of its host")
    machine.run("cp /etc/idv/idv.toml /tmp/right; sed -i 's/^private = .*/private = []/' /etc/idv/idv.toml")
    machine.run("systemctl reload idv")
    equal(asked(machine, LISTED, "ann"), "403 destination_ip_prohibited", "a host of this network that may not be")
    equal(click(machine).endswith("/oidc/eid?notice=unavailable"), True, "where a click leads then")
    machine.run("cp /tmp/right /etc/idv/idv.toml; systemctl reload idv")
    verified(machine)


def the_authorities_of_the_machine_are_those_of_the_service(machine):
    machine.run("cp /etc/idv/idv.toml /tmp/right; sed -i '/^authorities = /d' /etc/idv/idv.toml; systemctl restart idv")
    equal(click(machine).endswith("/oidc/eid?notice=unavailable"), True, "where a click leads without the authority")
    machine.run(f"cp {provider.AUTHORITY} /usr/local/share/ca-certificates/organisation.crt; update-ca-certificates")
    machine.run("systemctl restart idv")
    verified(machine)
    machine.run("rm /usr/local/share/ca-certificates/organisation.crt; update-ca-certificates --fresh")
    machine.run("cp /tmp/right /etc/idv/idv.toml; systemctl restart idv")


class Browser:
    """A browser in a session of its own, which has begun."""

    def __init__(self, machine):
        self.machine = machine
        jar = machine.run("mktemp").strip()
        self.curl = f"{CURL} --cookie {jar} --cookie-jar {jar} --resolve {LISTED}:127.0.0.1"
        self.start = machine.run(f"idv link --tenant acme.eu.auth0.com --subject '{SUBJECT}'").strip()
        self.session = self.leads(self.start)

    def page(self, address):
        return self.machine.run(f"{self.curl} --fail '{address}'")

    def leads(self, address, options=""):
        """Where an answer sends the browser."""
        ask = f"{self.curl} --output /dev/null --write-out '%{{http_code}} %{{redirect_url}}' {options} '{address}'"
        status, _, where = self.machine.run(ask).partition(" ")
        equal(status, "303", f"the answer of {address.partition('?')[0]}")
        return where


def click(machine, browser=None):
    """Where a browser is sent whose person sets out to the provider."""
    browser = browser or Browser(machine)
    return browser.leads(f"{browser.session}/oidc/eid", "--data continue=1")


def verified(machine):
    """A person goes to the provider and comes back, to a result that says so."""
    browser = Browser(machine)
    there = click(machine, browser)
    equal(there.startswith(f"{provider.ISSUER}/authorize?"), True, there)
    back = browser.leads(there, f"--cacert {provider.AUTHORITY}")
    equal(back.startswith("https://idv.example.com/oidc/eid/callback?"), True, back)
    equal(is_success(browser.leads(back), browser.start), True, "the result")


def journal_after(machine, cursor, unit=None):
    of_unit = f"--unit={unit}" if unit else ""
    return machine.run(f"journalctl --sync; journalctl {of_unit} --no-pager --output=cat --after-cursor='{cursor}'")


def asked(machine, place, user):
    """Status and cause that `user` is told who asks the way out for `place`; nothing if it does not answer."""
    ask = f"curl --silent --max-time 4 --include --unix-socket {WAY_OUT} --request CONNECT"
    place = place if re.search(r":\d+$", place) else f"{place}:443"
    answer = machine.try_run(f"{ask} --request-target '{place}' http://idv/", user)[1]
    found = re.search(r"^HTTP/1\.1 (\d+)(?:.*?error=(\w+))?", answer, re.DOTALL)
    return " ".join(part for part in found.groups() if part) if found else ""
