//! V1, V11, V13, V15: what the source, the locks and the unit say, and what must not stand in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{document, events};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// Every file under `directory`, which is relative to the repository, whose name ends in `ending`; as `src/…`.
pub(super) fn files(directory: &str, ending: &str) -> Vec<String> {
    let mut waiting = vec![PathBuf::from(ROOT).join(directory)];
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
            waiting.extend(entries.filter(|path| !path.ends_with("node_modules")));
        } else {
            files.push(path.strip_prefix(ROOT).unwrap().display().to_string());
        }
    }
    files.retain(|path| path.ends_with(ending));
    files.sort();
    files
}

/// The Rust of the product, without its comments and its tests.
fn product() -> Vec<(String, String)> {
    let rust = files("src", ".rs").into_iter();
    rust.filter(|path| !path.contains("/tests/"))
        .map(|path| {
            let text = read(&path);
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (path, lines.join("\n"))
        })
        .collect()
}

/// The files of the product that hold any of `words`.
fn holders(words: &[&str]) -> BTreeSet<String> {
    let product = product().into_iter();
    product.filter(|(_, code)| words.iter().any(|word| code.contains(word))).map(|(path, _)| path).collect()
}

fn set<const N: usize>(paths: [&str; N]) -> BTreeSet<String> {
    paths.map(str::to_owned).into()
}

#[test]
fn no_other_program_is_started_and_only_the_trial_evaluates_code() {
    assert_eq!(holders(&["process::Command", "Command::new(", "execve", "posix_spawn"]), set([]));
    assert_eq!(holders(&["rquickjs", ".eval::<"]), set(["src/auth0/engine.rs", "src/auth0/engine/crypto.rs"]));
    assert_eq!(holders(&["auth0::engine"]), set(["src/auth0/trial/model.rs"]));
}

#[test]
fn only_the_way_out_connects_to_others() {
    let connecting =
        ["TcpStream::connect", "TcpSocket", "UdpSocket", "UnixStream::connect", "client::conn", "hickory_resolver::"];
    // The command line's end of the control socket, and whether another process listens on ours.
    let local = set(["src/control/client.rs", "src/server/bind.rs"]);
    let way_out = ["src/egress.rs", "src/egress/door.rs", "src/egress/exchange.rs", "src/egress/names.rs"];
    assert_eq!(&holders(&connecting) - &local, set(way_out));
}

#[test]
fn randomness_is_drawn_in_one_place() {
    assert_eq!(holders(&["SystemRandom", "getrandom", "fastrand", "RandomState"]), set(["src/ops/random.rs"]));
    // Whoever loads a key or signs is handed the generator for it, and has none.
    let handed = [
        "src/config/method/oidc/credentials.rs",
        "src/config/secret.rs",
        "src/verification/method/oidc/jose/key.rs",
        "src/verification/method/oidc/request.rs",
    ];
    assert_eq!(&holders(&["rand::"]) - &set(handed), set(["src/ops/random.rs"]));
}

#[test]
fn every_use_of_cryptography_is_in_the_table() {
    let crates = ["ring::", "rustls::", "rcgen::", "webpki::", "rustls_native_certs::", "tokio_rustls::"];
    let uses = |code: &str| {
        let mut places = crates.iter().flat_map(|name| code.match_indices(name));
        // Not the end of a longer word, such as `String::`.
        places.any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let found: BTreeSet<_> = product().into_iter().filter(|(_, code)| uses(code)).map(|(path, _)| path).collect();
    let listed = document::rows("Keys and algorithms");
    let listed = listed.into_iter().flat_map(|cells| document::quoted(cells[4])).map(|file| format!("src/{file}"));
    assert_eq!(listed.collect::<BTreeSet<_>>(), found);
}

#[test]
fn nothing_weak_is_named_where_cryptography_is() {
    assert_eq!(holders(&["SHA1", "sha1", "MD5", "md5", "ECB", "RC4", "3DES", "AES_128_CBC"]), set([]));
    // RS256, by which nearly every provider signs. It is the padding of what is encrypted that is weak, and ring has none.
    let signatures = ["src/verification/method/oidc/jose/jwk.rs", "src/verification/method/oidc/jose/key.rs"];
    assert_eq!(holders(&["PKCS1"]), set(signatures));
}

#[test]
fn every_line_of_the_log_is_in_the_table() {
    // The last two only say which lines are written, and how.
    let places = ["src/ops/journal.rs", "src/ops/report.rs", "src/ops/log.rs", "src/ops/log/line.rs"];
    assert_eq!(holders(&["tracing::"]), set(places));
    let rows = document::rows("The log");
    let listed: BTreeSet<_> = rows
        .iter()
        .flat_map(|cells| cells[1].split(", ").map(|level| format!("{level} {}", cells[0].trim_matches('`'))))
        .collect();
    let written = events::lines().into_iter().map(|line| format!("{} {}", line.level, line.message));
    assert_eq!(listed, written.collect());
}

#[test]
fn the_log_is_all_that_is_written_beside_the_command_line() {
    let printing = holders(&["println!(", "eprint!(", "io::stderr", "io::stdout", "dbg!("]);
    let elsewhere: Vec<_> = printing.iter().filter(|path| !path.starts_with("src/cli")).collect();
    assert_eq!(elsewhere, ["src/ops/log.rs"]);
}

#[test]
fn no_template_leaves_anything_unescaped_and_pages_run_six_short_files() {
    let templates = [files("src/web", ".html"), files("src/review", ".html")].concat();
    assert!(templates.len() > 5);
    for path in templates {
        let text = read(&path);
        for loose in
            ["|safe", "| safe", "autoescape", "escape ", "<object", "<embed", "<applet", "<iframe", "<style", "{% raw"]
        {
            assert!(!text.contains(loose), "{loose} in {path}");
        }
        for script in text.split("<script").skip(1) {
            if path.starts_with("src/review") {
                // The one of the console, by its digest.
                assert!(script.starts_with(" src=\"{{ script }}\" defer"), "{path}");
                continue;
            }
            let (name, rest) = script.strip_prefix(" src=\"{{ app.assets.").unwrap().split_once('.').unwrap();
            assert!(
                ["submit", "select", "capture", "camera", "follow"].contains(&name)
                    && rest.starts_with("path() }}\" defer></script>"),
                "{path}"
            );
        }
    }
    for config in ["src/web/askama.toml", "src/review/askama.toml"] {
        assert!(!read(config).contains("escap"), "HTML is escaped unless somebody says otherwise");
    }
    let lines = [("submit", "document.forms[0].submit();"), ("select", "document.getElementById(\"code\").select();")];
    for (name, line) in lines {
        let script = read(&format!("src/web/assets/{name}.js"));
        let code: Vec<_> = script.lines().filter(|line| !line.starts_with("//")).collect();
        assert_eq!(code, [line]);
    }
    for name in ["web/assets/capture", "web/assets/camera", "web/assets/follow", "review/assets/cases"] {
        let script = read(&format!("src/{name}.js"));
        assert!(script.lines().count() <= 200, "{name}");
        for loose in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            "Function(",
            "document.write",
            "import(",
            ".cookie",
        ] {
            assert!(!script.contains(loose), "{loose} in {name}");
        }
    }
}

#[test]
fn memory_is_safe_and_a_panic_unwinds_in_what_is_shipped() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    assert!(manifest["profile"]["release"].get("panic").is_none(), "a panic of one request would end the process");
    assert_eq!(holders(&["unsafe ", "unsafe{"]), set([]));
}

#[test]
fn every_dependency_is_locked_by_checksum_and_from_one_registry() {
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let mut sources = BTreeSet::new();
    let mut ours = Vec::new();
    for package in lock["package"].as_array().unwrap() {
        match package.get("source") {
            None => ours.push(package["name"].as_str().unwrap()),
            Some(source) => {
                sources.insert(source.as_str().unwrap());
                assert_eq!(package["checksum"].as_str().map(str::len), Some(64), "{package}");
            }
        }
    }
    assert!(ours.iter().all(|name| name.starts_with("idv")), "{ours:?}");
    assert!(sources.len() == 1 && sources.iter().all(|source| source.starts_with("registry+")), "{sources:?}");
    for path in ["tests/auth0/package-lock.json", "tests/browser/package-lock.json"] {
        let lock: serde_json::Value = serde_json::from_str(&read(path)).unwrap();
        for (name, package) in lock["packages"].as_object().unwrap().iter().filter(|(name, _)| !name.is_empty()) {
            let integrity = package["integrity"].as_str().unwrap_or_default();
            assert!(integrity.starts_with("sha512-"), "{name} in {path}");
        }
    }
}

#[test]
fn the_unit_gives_the_service_neither_network_nor_files() {
    let unit = read("systemd/idv.service");
    for line in [
        "DynamicUser=yes",
        "UMask=0077",
        "RootDirectory=/run/idv-root",
        "BindReadOnlyPaths=/usr/bin/idv",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateNetwork=yes",
        "IPAddressDeny=any",
        "RestrictAddressFamilies=AF_UNIX",
        "CapabilityBoundingSet=",
        "NoNewPrivileges=yes",
        "NoExecPaths=/",
        "ExecPaths=/usr/bin/idv",
        "MemoryDenyWriteExecute=yes",
        "StateDirectoryMode=0700",
        "LimitCORE=0",
    ] {
        assert!(unit.lines().any(|stands| stands == line), "{line}");
    }
    // What is logged goes to the journal, which the service can neither read nor change.
    let others =
        ["StandardError=", "StandardOutput=", "LogsDirectory=", "ReadWritePaths=", "BindPaths=", "Environment="];
    assert!(!others.iter().any(|key| unit.contains(key)));
}

#[test]
fn no_secret_stands_in_what_is_shipped() {
    let shipped = files("src", "").into_iter().chain(files("systemd", "")).chain(["idv.toml".to_owned()]);
    for path in shipped {
        let Ok(text) = fs::read_to_string(Path::new(ROOT).join(&path)) else { continue };
        assert!(!text.contains("PRIVATE KEY-----"), "{path}");
        // A header of a token stands in the source, and nothing that one could sign.
        assert!(!text.contains(".eyJ"), "{path}");
        // A secret's place is named, never its value.
        let keys = text.lines().filter(|line| line.trim_start_matches(['#', ' ']).starts_with("token_secrets = "));
        for line in keys {
            assert!(["file = ", "credential = ", "env = "].iter().any(|place| line.contains(place)), "{path}: {line}");
        }
    }
}
