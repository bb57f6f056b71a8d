"""Machines of Debian with systemd as their first process: containers without a network, booted anew each time."""

import os
import re
import shutil
import signal
import subprocess
import time
import zlib
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "target/machines"
PACKAGES = "systemd,systemd-sysv,dbus,nginx-light,curl,procps,ca-certificates"
PATIENCE = 60  # seconds to boot, to carry out a script, to shut down

# What README.md has people do as root, they are already; the binary is built.
PRELUDE = 'sudo() { "$@"; }; cargo() { :; }; sudoedit() { :; }\n'


def image(suite):
    """The directory of a fresh Debian of that name, made where it is not there yet; none where it cannot be had."""
    # Of other packages it is another image.
    made = IMAGES / f"{suite}-{zlib.crc32(PACKAGES.encode()):08x}"
    if not made.exists():
        IMAGES.mkdir(parents=True, exist_ok=True)
        making = IMAGES / f"{suite}.making"
        shutil.rmtree(making, ignore_errors=True)
        words = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", suite, str(making)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode != 0:
            print(f"{suite} cannot be had: {done.stdout[-500:]}")
            return None
        making.rename(made)
    return made


class Machine:
    """A booted machine. The repository's clone is at /root/idv."""

    def __init__(self, leader):
        self.leader = leader
        self.systemd = int(re.match(r"systemd (\d+)", self.run("systemctl --version"))[1])

    def try_run(self, script, user="root", patience=PATIENCE):
        """Runs a script of bash as `user` for at most `patience` seconds; its exit code and all that it printed."""
        enter = ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"]
        shell = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"]
        # A container has no clock of its own: whoever enters with this capability sets that of the machine around it.
        shell += ["setpriv", "--bounding-set=-sys_time"]
        shell += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user != "root" else []
        script = f"set -euo pipefail; cd /root/idv 2>/dev/null || cd /\n{PRELUDE}{script}"
        done = subprocess.run(
            [*enter, *shell, "bash", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=patience,
            check=False,
        )
        return done.returncode, done.stdout

    def run(self, script, user="root", patience=PATIENCE):
        """What a script printed that must succeed."""
        code, said = self.try_run(script, user, patience)
        if code != 0:
            raise AssertionError(f"exit code {code}:\n{script}\n{said}\n{self.journal()}")
        return said

    def journal(self):
        """The last lines of the journal, to say what went wrong."""
        return self.try_run("journalctl --lines=60 --no-pager")[1]

    def state(self, *units):
        """The states of units."""
        return self.try_run(f"systemctl is-active {' '.join(units)}")[1].split()

    def until(self, what, is_so):
        """Waits until `is_so` holds, which must not take long."""
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > deadline:
                raise AssertionError(f"never: {what}\n{self.journal()}")
            time.sleep(0.05)


@contextmanager
def booted(directory, clone):
    """A machine with the system in `directory`, until the end of the block. Nothing that it writes outlives it."""
    words = ["setpriv", "--pdeathsig", "KILL", "systemd-nspawn", "--quiet", "--register=no", "--keep-unit"]
    words += ["--private-network", "--volatile=overlay", "--link-journal=no", f"--directory={directory}"]
    words += [f"--bind-ro={clone}:/root/idv", "--boot", "systemd.unit=multi-user.target"]
    console = open(IMAGES / f"{directory.name}.console", "w", encoding="utf-8")
    with console, subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=console, stderr=console) as container:
        try:
            yield Machine(first_process(container))
        finally:
            container.send_signal(signal.SIGTERM)
            try:
                container.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                container.kill()


def first_process(container):
    """The process id of the machine's systemd, once it has booted."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and container.poll() is None:
        for leader in output(["pgrep", "--parent", str(container.pid)]).split():
            enter = ["nsenter", f"--target={leader}", "--mount", "--pid", "--root"]
            if output([*enter, "systemctl", "is-system-running"]).strip() in ("running", "degraded"):
                return leader
        time.sleep(0.2)
    raise AssertionError(f"{container.args} did not boot")


def output(words):
    """What a command printed, if it did."""
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE).stdout


def clone_with(binary, folder):
    """A clone of the repository's units, as it is after the build, with a certificate for it."""
    release = folder / "target/x86_64-linux-gnu/release"
    release.mkdir(parents=True)
    subprocess.run(["objcopy", "--strip-debug", binary, release / "idv"], check=True)
    shutil.copytree(ROOT / "systemd", folder / "systemd")
    certify(folder)


def certify(folder):
    """Makes a certificate for idv.example.com and its console, as an authority's command leaves it in `folder`."""
    words = ["openssl", "req", "-x509", "-nodes", "-days", "30", "-newkey", "ec", "-pkeyopt"]
    words += ["ec_paramgen_curve:prime256v1", "-subj", "/CN=idv.example.com", "-addext"]
    words += ["subjectAltName=DNS:idv.example.com,DNS:review.idv.example.com", "-addext", "basicConstraints=critical,CA:FALSE"]
    words += ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run(words, check=True, capture_output=True)
    os.chmod(folder, 0o755)
