//! What the packages hold, and the scripts that they run, as far as it shows without building one (`tests/package` builds).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::process::{BINARY, Installation};
use crate::support::wire;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The units and their like in `systemd/`.
fn units() -> BTreeSet<String> {
    const KINDS: [&str; 5] = ["service", "socket", "target", "path", "timer"];
    let names = fs::read_dir(Path::new(ROOT).join("systemd")).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| KINDS.iter().any(|kind| name.ends_with(&format!(".{kind}")))).collect()
}

/// Sources, destinations and modes of what a package is said to hold.
fn assets(kind: &str) -> Vec<[String; 3]> {
    let manifest: toml::Table = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap().parse().unwrap();
    let assets = manifest["package"]["metadata"][kind]["assets"].as_array().unwrap().clone();
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    let asset = |asset: &toml::Value| match asset.as_array() {
        Some(parts) => [0, 1, 2].map(|part| text(&parts[part])),
        None => ["source", "dest", "mode"].map(|key| text(&asset[key])),
    };
    assets.iter().map(asset).collect()
}

/// Whether the asset's source is or takes in `path`.
fn takes_in(source: &str, path: &str) -> bool {
    match source.split_once('*') {
        None => source == path,
        Some((before, after)) => {
            path.starts_with(before) && path.ends_with(after) && !path[before.len()..].contains('/')
        }
    }
}

#[test]
fn every_unit_is_in_both_packages() {
    assert!(units().len() >= 5, "{:?}", units());
    for kind in ["deb", "generate-rpm"] {
        let assets = assets(kind);
        for unit in units() {
            let path = format!("systemd/{unit}");
            let found: Vec<_> = assets.iter().filter(|[source, ..]| takes_in(source, &path)).collect();
            assert_eq!(found.len(), 1, "{path} in {kind}");
            let [_, place, mode] = found[0];
            assert_eq!(place.trim_start_matches('/'), "usr/lib/systemd/system/", "{path} in {kind}");
            assert_eq!(mode, "644", "{path} in {kind}");
        }
    }
}

#[test]
fn both_packages_hold_the_same() {
    // Where distributions differ.
    let common = |place: &str| place.trim_start_matches('/').replace("vendor-completions", "site-functions");
    let of = |kind| -> BTreeSet<_> {
        assets(kind).into_iter().map(|[source, place, mode]| (source, common(&place), mode)).collect()
    };
    let lintian = |(source, ..): &(String, String, String)| source.ends_with("lintian-overrides");
    let mut debian = of("deb");
    assert_eq!(debian.iter().filter(|asset| lintian(asset)).count(), 1);
    debian.retain(|asset| !lintian(asset));
    assert_eq!(debian, of("generate-rpm"));
}

#[test]
fn a_package_is_named_after_the_version_that_its_changelog_tells_of_first() {
    let changelog = fs::read_to_string(Path::new(ROOT).join("systemd/package/changelog")).unwrap();
    let newest = changelog.lines().next().unwrap();
    assert!(newest.starts_with(concat!("idv (", env!("CARGO_PKG_VERSION"), "-1) ")), "{newest}");
}

#[test]
fn scripts_of_packages_are_sound() {
    let scripts = ["build", "postinst", "prerm", "postrm"].map(|name| format!("systemd/package/{name}"));
    let output = Command::new("shellcheck").args(&scripts).current_dir(ROOT).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_command_has_a_manual_page_that_renders_and_hidden_ones_have_none() {
    let directory = tempfile::TempDir::new().unwrap();
    let made = Command::new(BINARY).args(["generate", "man"]).arg(directory.path()).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let mut pages: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let names: Vec<_> = pages.iter().map(|page| page.file_name().unwrap().to_str().unwrap()).collect();
    for name in ["idv.1", "idv-serve.1", "idv-desk-issue.1", "idv-oidc-keys-show.1"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(!names.iter().any(|name| name.starts_with("idv-generate")), "{names:?}");
    for page in &pages {
        let mut man = Command::new("man");
        man.env("LC_ALL", "C.UTF-8").env("MANROFFSEQ", "").env("MANWIDTH", "80");
        let rendered = man.args(["--warnings", "--encoding=UTF-8", "--local-file"]).arg(page).output().unwrap();
        assert!(rendered.status.success() && rendered.stderr.is_empty(), "{}: {rendered:?}", page.display());
        assert!(String::from_utf8_lossy(&rendered.stdout).contains("SYNOPSIS"), "{}", page.display());
    }
}

#[test]
fn completions_that_nobody_can_take_are_an_error_with_its_cause() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = Command::new(BINARY).args(["generate", "completions", "bash"]).stdout(full).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("idv: cannot print what completes commands: No space left"), "{told}");
}

#[test]
fn each_shell_of_the_packages_gets_completions_of_every_command() {
    for shell in ["bash", "fish", "zsh"] {
        let made = Command::new(BINARY).args(["generate", "completions", shell]).output().unwrap();
        let text = String::from_utf8(made.stdout).unwrap();
        assert!(
            made.status.success() && ["desk", "doctor", "tenant"].iter().all(|word| text.contains(word)),
            "{shell}"
        );
    }
    assert!(!Command::new(BINARY).args(["generate", "completions", "dos"]).output().unwrap().status.success());
}

#[test]
fn who_asks_what_commands_there_are_is_not_told_of_those_for_packages() {
    let help = Command::new(BINARY).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("doctor") && !help.contains("generate"), "{help}");
}

/// The words of an instruction of the README's Dockerfile, such as `ENTRYPOINT`.
fn instruction(name: &str) -> Vec<String> {
    let readme = include_str!("../../README.md");
    let words = readme.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    serde_json::from_str(words.trim_start_matches(" CMD")).unwrap()
}

#[test]
fn in_a_container_of_nothing_else_it_checks_serves_and_tells_its_health() {
    let installation = Installation::new();
    fs::copy(BINARY, installation.path("idv")).unwrap();
    for volume in ["var/lib/idv", "run/idv"] {
        fs::create_dir_all(installation.path(volume)).unwrap();
    }
    // What is in the directory is at the root there, and records and control socket are where they are by default.
    let configuration = installation.configuration().replace(&installation.path("").display().to_string(), "/");
    let configuration = configuration.replace("[store]\npath = \"/store/idv.redb\"\n", "");
    let configuration = configuration.replace("[control]\nsocket = \"/control.sock\"\n", "");
    fs::write(installation.path("idv.toml"), configuration).unwrap();
    let inside = |words: &[String]| {
        let mut command = Command::new("unshare");
        command.env_clear().arg("--map-root-user").arg("--root").arg(installation.path("")).args(words);
        command
    };
    let serve = instruction("ENTRYPOINT");
    let checked = inside(&[serve[0].clone(), "check".to_owned()]).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let service = installation.serve_by(inside(&serve));
    assert!(service.exchange(&wire::get("/health", "")).unwrap().starts_with("HTTP/1.1 200"));
    assert!(installation.path("var/lib/idv/idv.redb").exists() && installation.path("run/idv/control.sock").exists());
    let health = || inside(&instruction("HEALTHCHECK")).status().unwrap().code();
    assert_eq!(health(), Some(0));
    drop(service);
    assert_eq!(health(), Some(1));
}
