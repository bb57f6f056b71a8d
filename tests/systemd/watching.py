"""Whoever watches the service, on booted machines: by the README of the units."""

from basics import DOWN, UNITS, UP, blocks, equal, refused, section

ASK = "curl --silent --max-time 20"
CODE = f"{ASK} --output /dev/null --write-out '%{{http_code}}' http://127.0.0.1:9464"


def attend(machine):
    """Does everything on one machine, and leaves it unwatched."""
    (commands,) = blocks(section("What /readyz says"), "sh")
    told = machine.run(commands)
    equal(told.rstrip().endswith("readyz check passed") and "[+]store ok" in told, True, told)
    equal(machine.run(f"{CODE}/livez"), "200", "/livez, of a service that has no network")
    equal("\nidv_ready 1\n" in machine.run(f"{ASK} http://127.0.0.1:9464/metrics"), True, "/metrics")
    equal(machine.run("idv health").strip(), "ready", "idv health")
    nobody_else_is_asked_by_it(machine)
    the_socket_comes_and_goes_with_the_one_of_the_logins(machine)
    what_the_unit_cannot_listen_on_fails_for_good(machine)
    machine.run("systemctl disable --now idv-ops.socket")
    machine.run("systemctl restart idv")
    equal(machine.state(*UNITS), UP, "the units, unwatched again")


def nobody_else_is_asked_by_it(machine):
    """Nothing but these three is there, and the way of the logins has none of them."""
    equal(machine.run(f"{CODE}/health"), "404", "/health on the socket for who watches")
    own = machine.run("hostname -I || true").split()
    for address in own:
        code, _ = machine.try_run(f"{ASK} http://{address}:9464/livez")
        equal(code, 7, f"curl's exit code at {address}")


def the_socket_comes_and_goes_with_the_one_of_the_logins(machine):
    machine.run("systemctl restart idv.socket idv.service")
    machine.until("it answers after a restart of both", lambda: machine.try_run(f"{CODE}/readyz") == (0, "200"))
    machine.run("systemctl stop idv.socket idv.service")
    for _ in range(3):
        equal(machine.try_run(f"{ASK} http://127.0.0.1:9464/livez")[0], 7, "curl's exit code once both are stopped")
    equal(machine.state("idv.service", "idv-ops.socket"), ["inactive"] * 2, "a question starts nothing")
    machine.run("systemctl start idv.service")
    equal(machine.state("idv.service", "idv-ops.socket"), ["active"] * 2, "both, once the service is started")
    equal(machine.run(f"{CODE}/readyz"), "200", "/readyz after that")


def what_the_unit_cannot_listen_on_fails_for_good(machine):
    machine.run("systemctl disable --now idv-ops.socket; cp /etc/idv/idv.toml /tmp/right")
    machine.run("printf '\\n[ops]\\nlisten = [\"127.0.0.1:9464\"]\\n' >> /etc/idv/idv.toml")
    refused(machine, "systemctl restart idv")
    machine.until("the service has failed", lambda: machine.state(*UNITS) == DOWN)
    told = machine.try_run("systemctl status --no-pager idv")[1]
    equal("systemctl enable idv-ops.socket" in told, True, told)
    machine.run("cp /tmp/right /etc/idv/idv.toml; systemctl start idv")
