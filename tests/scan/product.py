"""The running product: `idv serve` with a certificate of an authority made for it, and `idv trial`."""

import json
import os
import re
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

TENANT = "tenant.test"  # it exists nowhere: a scanner that follows the way back gets no further
PATIENCE = 30  # seconds to start, to answer a command, to stop

# idv takes variables that begin with IDV_ for its configuration; the tests' own is none of it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("IDV_")}


def binary():
    """The idv to scan."""
    return os.environ["IDV_BIN"]


class Service:
    """`idv serve` at https://`host`:`port`, listening on `address`; `authority` is the file that vouches for it."""

    def __init__(self, folder, host, address):
        self.host, self.address, self.port = host, address, free_port(address)
        self.authority = make_certificates(folder, host)
        self.configuration = write_configuration(folder, f"https://{host}:{self.port}", f"{address}:{self.port}")

    def command(self, *words):
        """The words of a command for this service."""
        return [binary(), "--config", str(self.configuration), *words]

    def link(self, subject):
        """A start URL for `subject`, as `idv link` prints it."""
        words = self.command("link", "--tenant", TENANT, "--subject", subject)
        printed = subprocess.run(words, env=ENVIRONMENT, check=True, capture_output=True, text=True, timeout=PATIENCE)
        return printed.stdout.strip()


@contextmanager
def service(host, address):
    """A service in a directory of its own, until the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        made = Service(Path(folder), host, address)
        with running(made.command("serve"), "stderr", lambda line: '"ready"' in line):
            yield made


@contextmanager
def trial():
    """A trial by HTTPS, until the end of the block; its address."""
    address = re.compile(r"Open (https://localhost:\d+)")
    with running([binary(), "trial", "--port", "0", "--tls"], "stdout", address.match) as found:
        yield found[1]


@contextmanager
def plain_trial():
    """A trial without HTTPS, until the end of the block; its address."""
    address = re.compile(r"Open (http://\S+?:\d+)")
    with running([binary(), "trial", "--port", "0"], "stdout", address.match) as found:
        yield found[1]


@contextmanager
def running(words, stream, is_ready):
    """A process that runs until the end of the block, entered with what `is_ready` made of a line of `stream`."""
    process = subprocess.Popen(words, env=ENVIRONMENT, text=True, stdin=subprocess.DEVNULL, **{stream: subprocess.PIPE})
    try:
        lines = getattr(process, stream)
        found = next((found for line in lines if (found := is_ready(line))), None)
        if not found:
            raise RuntimeError(f"{words} ended before it was ready")
        # Whatever it still says is read, so that it never waits for a reader.
        Thread(target=lines.read, daemon=True).start()
        yield found
        process.terminate()
        process.wait(PATIENCE)
        if process.returncode != 0:
            raise RuntimeError(f"{words} ended with {process.returncode}")
    finally:
        process.kill()
        process.wait()


def free_port(address):
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def make_certificates(folder, host):
    """Makes an authority and a certificate (ECDSA, P-256, 90 days) for `host`; the file of the authority's."""
    (folder / "openssl.cnf").write_text("[req]\ndistinguished_name = name\n[name]\n")
    new = ["openssl", "req", "-x509", "-config", folder / "openssl.cnf", "-nodes", "-days", "90"]
    new += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    ends = {"basicConstraints": "critical,CA:TRUE", "keyUsage": "critical,keyCertSign,cRLSign"}
    openssl(new, "/CN=idv test authority", ends, folder / "authority.key", folder / "authority.pem")
    by = ["-CA", folder / "authority.pem", "-CAkey", folder / "authority.key"]
    ends = {"basicConstraints": "critical,CA:FALSE", "keyUsage": "critical,digitalSignature"}
    kind = "IP" if re.fullmatch(r"[\d.]+", host) else "DNS"
    ends |= {"extendedKeyUsage": "serverAuth", "subjectAltName": f"{kind}:{host}"}
    openssl([*new, *by], f"/CN={host}", ends, folder / "key.pem", folder / "certificate.pem")
    return folder / "authority.pem"


def openssl(words, name, extensions, key, certificate):
    """Makes one certificate and its key."""
    extensions = [word for field, value in extensions.items() for word in ("-addext", f"{field}={value}")]
    words = [*words, "-subj", name, *extensions, "-keyout", key, "-out", certificate]
    subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE)


def write_configuration(folder, public_url, listen):
    """Writes idv.toml and the secret that it names; the file of the former."""
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text("a secret of the test: thirty-two bytes or more")

    def in_folder(name):
        return json.dumps(str(folder / name))  # a JSON string is a TOML string

    configuration = folder / "idv.toml"
    configuration.write_text(f"""\
public_url = "{public_url}"
[server]
listen = ["{listen}"]
[server.tls]
certificate = {in_folder("certificate.pem")}
private_key = {in_folder("key.pem")}
[store]
path = {in_folder("idv.redb")}
[control]
socket = {in_folder("control.sock")}
[[tenants]]
domain = "{TENANT}"
token_secrets = [{{ file = {in_folder("secret")} }}]
""")
    return configuration
