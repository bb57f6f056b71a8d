"""Where the scanners come from: packages of Debian, and of PyPI in an environment each, for they disagree."""

import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / "target/scan"


def install_from_debian(*needs):
    """Installs packages whose commands are missing, each need being `command:package`."""
    subprocess.run([ROOT / "tests/install", *needs], check=True)


def install_from_pypi(scanner, requirement):
    """Installs `requirement`, of one version, in an environment for it alone; the path of the command `scanner`."""
    if not importlib.util.find_spec("ensurepip"):
        install_from_debian("no-command-of-its-own:python3-venv")
    environment = ENVIRONMENTS / scanner
    if not (environment / "bin/pip").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    pip = [environment / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, requirement], check=True)
    return environment / "bin" / scanner


def run(command, limit, accept=(0,)):
    """Runs a scanner for at most `limit` seconds, and returns what it printed."""
    done = subprocess.run(command, timeout=limit, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode not in accept:
        sys.exit(f"{command[0]} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout
