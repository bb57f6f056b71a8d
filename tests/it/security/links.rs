//! The store's directory belongs to the service's account, which may be taken over. Root works in it all the same.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rustix::process::geteuid;
use tempfile::TempDir;

use crate::support::process::{BINARY, Installation};
use crate::support::token::TENANT;

const SERVICE: u32 = 61_234;
const TREASURE: &[u8] = b"root's own";

/// An installation whose store's directory is the service's, and a file that is root's.
struct Scene {
    installation: Installation,
    treasure: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        // As systemd lays it out for a dynamic user: the path is a link that root made.
        let (real, link) = (directory.path().join("private"), directory.path().join("idv"));
        fs::create_dir(&real).unwrap();
        chown(&real, Some(SERVICE), Some(SERVICE)).unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o700)).unwrap();
        symlink("private", &link).unwrap();
        let treasure = directory.path().join("treasure");
        fs::write(&treasure, TREASURE).unwrap();
        fs::set_permissions(&treasure, fs::Permissions::from_mode(0o600)).unwrap();
        Self { installation: Installation::with_store(directory, link.join("idv.redb")), treasure }
    }

    fn place(&self, name: &str) -> PathBuf {
        self.installation.store.with_file_name(name)
    }

    /// Runs everything that opens the store, as root.
    fn run_everything(&self) {
        let of_tenant = ["--tenant", TENANT];
        let backup = |name: &str| self.installation.path(name).display().to_string();
        for command in [
            &["desk", "list"][..],
            &["desk", "issue", "--subject", "auth0|one"],
            &["desk", "revoke", "--subject", "auth0|one"],
            &["subject", "list"],
        ] {
            self.installation.command(&[command, &of_tenant].concat());
        }
        self.installation.command(&["backup", &backup("backup")]);
        self.installation.command(&["backup", &backup("backups"), "--keep", "1"]);
        self.installation.command(&["restore", &backup("good")]);
        self.installation.command(&["doctor", "--offline"]);
    }

    fn is_safe(&self) -> bool {
        let metadata = fs::metadata(&self.treasure).unwrap();
        let theirs = |entry: fs::DirEntry| {
            let metadata = entry.metadata().unwrap();
            metadata.uid() == SERVICE || metadata.ino() == fs::metadata(&self.treasure).unwrap().ino()
        };
        fs::read(&self.treasure).unwrap() == TREASURE
            && (metadata.uid(), metadata.mode() & 0o777) == (0, 0o600)
            && fs::read_dir(self.place("")).unwrap().all(|entry| theirs(entry.unwrap()))
    }
}

const NAMES: [&str; 10] = [
    "idv.redb",
    "idv.redb.new",
    "idv.key",
    "idv.key.new",
    "idv.lock",
    "idv.turn",
    "idv.copy",
    "idv.redb.restored",
    "idv.key.restored",
    "idv.redb.before-1",
];

fn make_link(at: &Path, to: &Path) {
    symlink(to, at).unwrap();
    lchown(at, Some(SERVICE), Some(SERVICE)).unwrap();
}

fn make_hard_link(at: &Path, to: &Path) {
    fs::hard_link(to, at).unwrap();
}

fn make_pipe(at: &Path, _: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
    chown(at, Some(SERVICE), Some(SERVICE)).unwrap();
}

/// Root followed a link in place of the store's draft, wrote over what it led to, and gave it away. Only root can show
/// it: whoever else runs the tests has nothing to lose by it.
#[test]
fn root_follows_no_link_of_the_services_account() {
    if !geteuid().is_root() {
        return;
    }
    let scene = Arc::new(Scene::new());
    scene.installation.command(&["desk", "issue", "--tenant", TENANT, "--subject", "auth0|one"]);
    assert!(scene.is_safe() && scene.place("idv.redb").exists(), "what root makes is the service's");
    let good = scene.installation.path("good").display().to_string();
    assert!(scene.installation.command(&["backup", &good]).status.success());
    for name in NAMES {
        for (kind, plant) in
            [("link", make_link as fn(&Path, &Path)), ("hard link", make_hard_link), ("pipe", make_pipe)]
        {
            for has_store in [true, false] {
                let scene = Scene::new();
                if has_store {
                    scene.installation.command(&["desk", "issue", "--tenant", TENANT, "--subject", "auth0|one"]);
                }
                copy(Path::new(&good), &scene.installation.path("good"));
                let _ = fs::remove_file(scene.place(name));
                plant(&scene.place(name), &scene.treasure);
                scene.run_everything();
                assert!(scene.is_safe(), "a {kind} as {name}, beside a store: {has_store}");
            }
        }
    }
}

/// The directory itself, or one above it, can be moved away by its owner, and a link put there.
#[test]
fn root_does_not_follow_the_services_account_into_a_directory_of_roots() {
    if !geteuid().is_root() {
        return;
    }
    let directory = TempDir::new().unwrap();
    let (above, of_root) = (directory.path().join("above"), directory.path().join("of-root"));
    fs::create_dir(&above).unwrap();
    chown(&above, Some(SERVICE), Some(SERVICE)).unwrap();
    fs::create_dir(&of_root).unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    symlink(&of_root, above.join("store")).unwrap();
    let installation = Installation::with_store(directory, above.join("store/idv.redb"));
    let issued = installation.command(&["desk", "issue", "--tenant", TENANT, "--subject", "auth0|one"]);
    assert!(!issued.status.success());
    assert_eq!(fs::read_dir(&of_root).unwrap().count(), 0, "nothing is made there");
    File::create(of_root.join("idv.redb")).unwrap();
    assert!(!installation.command(&["desk", "list", "--tenant", TENANT]).status.success());
    assert_eq!(fs::metadata(of_root.join("idv.redb")).unwrap().uid(), 0);
}

/// Whose rights root has in a directory of its own was decided by whoever owns the one above it: `sudo idv backup ~/backup`
/// could not write into what it had just made.
#[test]
fn root_keeps_backups_of_its_own_in_somebody_elses_directory() {
    if !geteuid().is_root() {
        return;
    }
    let installation = Installation::new();
    installation.command(&["desk", "issue", "--tenant", TENANT, "--subject", "auth0|one"]);
    fs::set_permissions(installation.directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let home = installation.path("home");
    fs::create_dir(&home).unwrap();
    chown(&home, Some(SERVICE), Some(SERVICE)).unwrap();
    let backup = home.join("deep/backup").display().to_string();
    assert!(installation.command(&["backup", &backup]).status.success());
    assert!(installation.command(&["backup", home.to_str().unwrap(), "--keep", "1"]).status.success());
    let dated = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path());
    let dated = dated.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("idv-")).unwrap();
    for made in [Path::new(&backup), &dated] {
        for name in ["", "idv.redb", "idv.key"] {
            let metadata = fs::metadata(made.join(name)).unwrap();
            assert_eq!((metadata.uid(), metadata.mode() & 0o077), (0, 0), "{name}");
        }
        assert!(installation.command(&["restore", made.to_str().unwrap()]).status.success());
    }
    // A link to the same place is theirs, and so are the rights.
    let link = home.join("link");
    make_link(&link, Path::new(&backup));
    assert!(!installation.command(&["restore", link.to_str().unwrap()]).status.success());
}

/// Root of a user namespace without `setgroups` (unshare, bubblewrap) met a directory whose owner is not in it, and
/// panicked.
#[test]
fn root_of_a_user_namespace_works_below_a_directory_of_nobody_in_it() {
    let directory = TempDir::new().unwrap();
    let above = directory.path().join("above");
    fs::create_dir(&above).unwrap();
    fs::set_permissions(&above, fs::Permissions::from_mode(0o777)).unwrap();
    if geteuid().is_root() {
        chown(&above, Some(SERVICE), Some(SERVICE)).unwrap();
    }
    let installation = Installation::with_store(directory, above.join("store/idv.redb"));
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", BINARY, "--config"]).arg(installation.path("idv.toml"));
    let issued = command.args(["desk", "issue", "--tenant", TENANT, "--subject", "auth0|one"]).output().unwrap();
    assert!(issued.status.success(), "{}", String::from_utf8_lossy(&issued.stderr));
    assert!(installation.store.exists());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
