"""The packages as they are built: the same bytes anywhere, what they hold, and what their tools say of them."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from basics import equal
from machine import ROOT

VERSION = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.MULTILINE)[1]
DEB, RPM = f"idv_{VERSION}-1_amd64.deb", f"idv-{VERSION}-1.x86_64.rpm"
MADE = (DEB, RPM, "idv.cdx.json")
BUILD = "systemd/package/build"
UNITS = sorted(path.name for kind in ("service", "socket", "target", "path", "timer") for path in ROOT.glob(f"systemd/*.{kind}"))
# What both packages hold, manual pages apart.
FILES = {
    "/usr/bin/idv",
    *(f"/usr/lib/systemd/system/{unit}" for unit in UNITS),
    "/usr/lib/sysusers.d/idv.conf",
    "/usr/lib/tmpfiles.d/idv.conf",
    "/etc/idv/idv.toml",
    "/usr/share/bash-completion/completions/idv",
    "/usr/share/fish/vendor_completions.d/idv.fish",
    "/usr/share/doc/idv/README.md",
    "/usr/share/doc/idv/idv.toml",
    "/usr/share/doc/idv/systemd/README.md",
    *(f"/usr/share/doc/idv/systemd/behind-a-proxy/{path.name}" for path in ROOT.glob("systemd/behind-a-proxy/*")),
    "/usr/share/doc/idv/tests/audit/verify.py",
    "/usr/share/doc/idv/copyright",
}
DEBIAN = {
    "/usr/share/zsh/vendor-completions/_idv",
    "/usr/share/doc/idv/changelog.Debian.gz",
    "/usr/share/lintian/overrides/idv",
}
OTHERS = {"/usr/share/zsh/site-functions/_idv"}
PAGE = re.compile(r"/usr/share/man/man1/idv[a-z-]*\.1\.gz")


def built_twice(folder):
    """Builds the packages in two places; the directory of one, which are those of the other."""
    places = [folder / "here", folder / "a/longer/way/there"]
    for place in places:
        lay_out(place)
    for place in places:
        subprocess.run([place / BUILD], check=True)
    first, second = ({name: digest(place / "target/package" / name) for name in MADE} for place in places)
    equal(first, second, "the digests of what is built in two places")
    return places[0] / "target/package"


def lay_out(place):
    """A copy of the tree. The tools are shared, and nothing that they build."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    (place / "target").mkdir()
    (ROOT / "target/tools").mkdir(parents=True, exist_ok=True)
    (place / "target/tools").symlink_to(ROOT / "target/tools")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def the_deb_holds_what_it_should(made):
    listed = output(["dpkg-deb", "--contents", made / DEB]).splitlines()
    files = {line.split()[5].removeprefix("."): line for line in listed if not line.startswith("d")}
    holds(set(files), FILES | DEBIAN)
    modes = {path: line[1:10] for path, line in files.items()}
    equal(modes.pop("/usr/bin/idv"), "rwxr-xr-x", "the mode of the binary")
    equal(set(modes.values()), {"rw-r--r--"}, "the modes of all else")
    equal({line.split()[1] for line in listed}, {"0/0"}, "whose files are")
    equal(output(["dpkg-deb", "--info", made / DEB, "conffiles"]), "/etc/idv/idv.toml\n", "the configuration files")


def the_rpm_holds_what_it_should(made):
    holds(set(output(["rpm", "-qlp", made / RPM]).split()), FILES | OTHERS)
    equal(output(["rpm", "-qcp", made / RPM]), "/etc/idv/idv.toml\n", "the configuration files")
    scripts = output(["rpm", "-qp", "--scripts", made / RPM])
    for kind, name in (("postinstall", "postinst"), ("preuninstall", "prerm"), ("postuninstall", "postrm")):
        text = (ROOT / "systemd/package" / name).read_text(encoding="utf-8").strip()
        equal(f"{kind} scriptlet (using /bin/sh):\n{text}" in scripts, True, f"{name} in {scripts}")
    needs = set(output(["rpm", "-qp", "--requires", made / RPM]).splitlines())
    needs -= set(output(["rpm", "-qp", "--provides", made / RPM]).splitlines())
    equal({need for need in needs if not need.startswith("rpmlib(")}, {"/bin/sh", "systemd >= 249"}, "what the rpm needs")
    equal("digests OK" in output(["rpm", "-K", made / RPM]), True, "the digests of the rpm")


def holds(found, expected):
    pages = {path for path in found if PAGE.fullmatch(path)}
    equal(len(pages) > 20, True, f"manual pages: {pages}")
    equal(found - pages, expected, "what the package holds")


def lintian_finds_nothing(made):
    said = output(["lintian", "--no-tag-display-limit", "--fail-on", "error,warning", "--info", made / DEB])
    equal(re.findall(r"^[EW]: .*", said, re.MULTILINE), [], "what lintian says")


def every_page_renders(made):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    for page in (made / "man").iterdir():
        words = ["man", "--warnings", "--encoding=UTF-8", "--local-file", page]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        equal(done.stderr, "", f"what man says of {page.name}")


def before(made):
    """A package of the version before: the same but for its number and its idv.toml."""
    place, older = made.parents[1], made / "before.deb"
    words = ["cargo", "deb", "--no-build", "--no-strip", "--target", "x86_64-unknown-linux-gnu"]
    words += ["--deb-version", "0.0.9-1", "--output", older]
    with open(place / "systemd/idv.toml", "a", encoding="utf-8") as configuration:
        configuration.write("# As it was.\n")
    tools = f"{ROOT}/target/tools/bin:{os.environ['PATH']}"
    subprocess.run(words, cwd=place, env={**os.environ, "PATH": tools}, check=True, capture_output=True)
    return older


def output(words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    equal(done.returncode, 0, f"{words}: {done.stdout}{done.stderr}")
    return done.stdout
