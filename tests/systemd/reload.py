"""Reloads by systemd: what is taken, what is refused and how that is seen, among people who come meanwhile."""

import random
import re

from basics import SUBJECT, UNITS, UP, drop_in, end_of_journal, equal, refused, section, visit_during

TLS = "/etc/idv/tls"
CURL = "curl --silent --max-time 20 --cacert /tmp/tls/authority.pem --resolve idv.example.com:443:127.0.0.1"
HEALTH = f"{CURL} --output /dev/null --write-out '%{{http_code}}' https://idv.example.com/health"
# What is written, and what is told where that is refused.
KINDS = {
    "good": ("cp /tmp/tls/$n.pem /etc/idv/tls/fullchain.pem; cp /tmp/tls/$n.key /etc/idv/tls/privkey.pem", None),
    "garbage": (f"echo garbage > {TLS}/fullchain.pem", "holds no certificate in PEM"),
    "mismatched": (f"cp /tmp/tls/$n.key {TLS}/privkey.pem", "do not fit"),
    "expired": (f"cp /tmp/tls/expired.pem {TLS}/fullchain.pem; cp /tmp/tls/expired.key {TLS}/privkey.pem", "has expired"),
    "wrong_host": (f"cp /tmp/tls/other.pem {TLS}/fullchain.pem; cp /tmp/tls/other.key {TLS}/privkey.pem", "does not cover"),
    "half_written": (f"head -c 300 /tmp/tls/$n.pem > {TLS}/fullchain.pem", "is cut off"),
    "unknown_key": ("echo '[brand]' >> /etc/idv/idv.toml", "is not a known key"),
    "unreadable": ("rm /etc/idv/token-secret", "there is no such file"),
}
# An authority and what it issues: a certificate for each reload, one that has expired, one of another host.
AUTHORITY = """
mkdir -p /tmp/tls; cd /tmp/tls
openssl req -x509 -nodes -days 30 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=authority \\
    -keyout authority.key -out authority.pem 2>/dev/null
issue() {
    openssl req -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=$2 -keyout $1.key -out $1.csr 2>/dev/null
    printf 'subjectAltName=DNS:%s\\nbasicConstraints=critical,CA:FALSE\\n' $2 > $1.ext
    openssl x509 -req -in $1.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days $3 -extfile $1.ext -out $1.pem \\
        2>/dev/null
}
for n in $(seq 0 22); do issue $n idv.example.com 30; done
issue other other.example.com 30
issue expired idv.example.com -1 || issue expired idv.example.com 0
"""
FINGERPRINT = (
    "openssl s_client -connect 127.0.0.1:443 -servername idv.example.com </dev/null 2>/dev/null "
    "| openssl x509 -noout -fingerprint -sha256"
)


def attend(machine):
    """Does everything on one machine, and leaves it as it was."""
    machine.run(f"cp -a /etc/idv /tmp/idv-before; {AUTHORITY}")
    equal(reload(machine, "n=0; " + KINDS["good"][0]), 0, "the exit code of a reload to another certificate")
    twenty_reloads_in_any_order_fail_no_visit(machine)
    sessions_from_before_are_resumed(machine)
    a_member_of_the_group_reloads_nothing(machine)
    a_secret_is_replaced_without_a_restart(machine)
    what_only_systemd_can_read_stays_and_is_told(machine)
    files_that_are_watched_are_taken(machine)
    machine.run("rm -rf /etc/idv; cp -a /tmp/idv-before /etc/idv; systemctl reload idv")
    equal(machine.run("systemctl show -P NRestarts idv"), "0\n", "restarts meanwhile")


def reload(machine, write):
    """The exit code of `systemctl reload` once that is written."""
    return machine.try_run(f"{write}; systemctl reload idv")[0]


def served(machine):
    return machine.run(FINGERPRINT)


def twenty_reloads_in_any_order_fail_no_visit(machine):
    order = [list(KINDS)[number % len(KINDS)] for number in range(20)]
    random.Random(18).shuffle(order)
    cursor, started = end_of_journal(machine), machine.run("systemctl show -P MainPID idv")
    steps = []
    for number, kind in enumerate(order, 1):
        keep = "" if kind == "good" else "rm -rf /etc/idv; cp -a /tmp/idv-good /etc/idv"
        steps.append(
            f"rm -rf /tmp/idv-good; cp -a /etc/idv /tmp/idv-good; n={number}; {KINDS[kind][0]}; code=0; "
            f"systemctl reload idv 2>/dev/null || code=$?; {keep or ':'}; echo \"{kind} $code $({FINGERPRINT})\" >> /tmp/reloads"
        )
    visits = visit_during(machine, "rm -f /tmp/reloads; " + "; ".join(steps), visitors=2, patience=240, visit=HEALTH)
    equal(set(visits), {"0 200"}, "visits during reloads")
    last = fingerprint_of(machine, 0)
    for number, (kind, line) in enumerate(zip(order, machine.run("cat /tmp/reloads").splitlines()), 1):
        last = fingerprint_of(machine, number) if kind == "good" else last
        equal(line, f"{kind} {0 if kind == 'good' else 1} {last}", f"reload {number}")
    told = machine.run(f"journalctl --sync; journalctl --unit=idv --no-pager --output=cat --after-cursor='{cursor}'")
    for kind, (_, cause) in KINDS.items():
        equal(cause is None or cause in told, True, f"the cause of {kind} in {told}")
    for secret in ("PRIVATE KEY", machine.run("cat /etc/idv/token-secret").strip()):
        equal(secret in told, False, "a secret in the journal")
    equal(machine.run("systemctl show -P MainPID idv"), started, "the process after reloads")
    equal(machine.state(*UNITS), UP, "the units after reloads")
    # A start finds what the last reload took.
    machine.run("systemctl restart idv")
    equal(served(machine).strip(), last, "what is served after a restart")
    print(f"reloads: {len(visits)} visits, {order.count('good')} of 20 taken", flush=True)


def fingerprint_of(machine, number):
    return machine.run(f"openssl x509 -noout -fingerprint -sha256 -in /tmp/tls/{number}.pem").strip()


def sessions_from_before_are_resumed(machine):
    for version in ("tls1_2", "tls1_3"):
        ask = "printf 'GET /health HTTP/1.0\\r\\nHost: idv.example.com\\r\\n\\r\\n' | timeout 10 openssl s_client -ign_eof"
        ask += f" -connect 127.0.0.1:443 -servername idv.example.com -{version}"
        machine.run(f"{ask} -sess_out /tmp/session >/dev/null 2>&1")
        equal(reload(machine, f"n={21 if version == 'tls1_2' else 22}; {KINDS['good'][0]}"), 0, "a reload")
        told = machine.run(f"{ask} -sess_in /tmp/session 2>/dev/null")
        equal("Reused, TLS" in told, True, f"{version} after a reload: {told}")


def a_member_of_the_group_reloads_nothing(machine):
    refused(machine, "idv reload", "ann")
    equal("only root may reload" in machine.try_run("idv reload", "ann")[1], True, "what a member is told")
    equal(machine.run("idv reload 2>/dev/null"), "Nothing changed.\n", "what root is told")


def a_secret_is_replaced_without_a_restart(machine):
    steps = machine.run("idv secret rotate")
    equal("systemctl reload idv" in steps and "restart" not in steps, True, steps)
    generate, line = re.search(r"Run: (sudo idv secret generate .*)", steps)[1], re.search(r"LoadCredential=\S+", steps)[0]
    both, alone = re.findall(r"write (token_secrets = \[.*?\])", steps)[:2]
    configuration = machine.run("cat /etc/idv/idv.toml")
    written = re.search(r"^token_secrets = .*$", configuration, re.MULTILINE)[0]
    write = "sed -i 's|^token_secrets = .*|{}|' /etc/idv/idv.toml"
    old = machine.run("cat /etc/idv/token-secret")

    before = begun(machine)
    machine.run(generate)
    drop_in(machine, f"[Service]\n{line}\n", "rotation")
    machine.run("systemctl daemon-reload")
    equal(reload(machine, write.format(both)), 0, "the exit code of the first reload")
    ends(machine, before)
    between = begun(machine)

    machine.run(re.search(r"(sudo cp /etc/idv/token-secret\.2 \S+)", steps)[1].removeprefix("sudo "))
    machine.run("rm /etc/systemd/system/idv.service.d/rotation.conf; systemctl daemon-reload")
    equal(reload(machine, write.format(alone if alone != both else written)), 0, "the exit code of the second reload")
    ends(machine, between)
    ends(machine, begun(machine))
    machine.run("rm /etc/idv/token-secret.2")
    equal(machine.run("idv secret show") != old, True, "the secret after the rotation")
    equal("others than there are now" in machine.try_run("idv doctor --offline")[1], False, "what the doctor says")


def begun(machine):
    """A login that has begun, in a browser of its own."""
    jar = machine.run("mktemp").strip()
    start = machine.run(f"idv link --tenant acme.eu.auth0.com --subject '{SUBJECT}'").strip()
    curl = f"{CURL} --cookie {jar} --cookie-jar {jar} --output /dev/null --write-out '%{{http_code}} %{{redirect_url}}'"
    status, session = machine.run(f"{curl} '{start}'").split()
    equal(status, "303", "a start")
    return curl, session


def ends(machine, login):
    curl, session = login
    status, back = machine.run(f"{curl} --data '' '{session}/cancel'").split()
    equal((status, back.startswith("https://acme.eu.auth0.com/continue?")), ("303", True), "the end of a login")


def what_only_systemd_can_read_stays_and_is_told(machine):
    logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>"
    drop_in(machine, f"[Service]\nSetCredential=logo:{logo}\n", "logo")
    machine.run("printf '[branding]\\nname = \"Acme\"\\nlogo = { credential = \"logo\" }\\n' >> /etc/idv/idv.toml")
    machine.run("systemctl daemon-reload; systemctl restart idv")
    machine.run("sed -i 's/\"Acme\"/\"Acme Inc\"/' /etc/idv/idv.toml")
    told = machine.run("idv reload")
    equal("Reloaded: branding.name" in told and "credential logo" in told, True, told)
    machine.run("sed -i 's/\"Acme Inc\"/\"Acme\"/' /etc/idv/idv.toml; systemctl reload idv")
    machine.run("sed -i '/^.branding.$/,$d' /etc/idv/idv.toml; rm /etc/systemd/system/idv.service.d/logo.conf")
    machine.run("systemctl daemon-reload; systemctl restart idv")


def files_that_are_watched_are_taken(machine):
    machine.run(re.search(r"`(sudo [^`]*idv-reload[^`]*)`", section("A certificate by certbot"))[1])
    # The key first: whoever looks between the two sees a pair that does not fit.
    for number, pause in ((3, 0), (4, 0.5), (5, 5)):
        machine.run(f"cp /tmp/tls/{number}.key {TLS}/privkey.pem; sleep {pause}; cp /tmp/tls/{number}.pem {TLS}/fullchain.pem")
        machine.until("the pair is taken", lambda number=number: served(machine).strip() == fingerprint_of(machine, number))
    # A link in the place of the file, as certbot has it.
    machine.run(f"ln -s /tmp/tls/6.pem {TLS}/new; cp /tmp/tls/6.key {TLS}/privkey.pem; mv {TLS}/new {TLS}/fullchain.pem")
    machine.until("the link is taken", lambda: served(machine).strip() == fingerprint_of(machine, 6))
    machine.run("systemctl disable --now idv-reload.path")
    machine.try_run("systemctl reset-failed idv-reload.service")
