//! What is refused: by what it is, by who asks, by its length. What was in force is.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use idv::ops::owner::Owner;
use serde_json::{Value, json};

use super::{ask, is_root, is_served, new_certificate, refused, reloaded, until_told_after, write_configuration};
use crate::support::process::{Installation, write_secret};

const KIB: usize = 1024;

/// A message that asks for a reload to `configuration`.
fn reload(configuration: &str) -> Vec<u8> {
    let message = json!({ "operation": "reload", "configuration": configuration, "held": [] });
    (message.to_string() + "\n").into_bytes()
}

/// `message`, with as much white space in it as makes it of `length`.
fn of_length(message: &[u8], length: usize) -> Vec<u8> {
    let mut message = message.to_vec();
    let space = vec![b' '; length - message.len()];
    message.splice(1..1, space);
    assert_eq!(message.len(), length);
    message
}

#[test]
fn each_fault_is_told_by_its_key_to_who_asks_in_the_log_and_by_the_doctor() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    let text = installation.configuration();
    let other = new_certificate();
    let certificate = fs::read_to_string(installation.path("certificate.pem")).unwrap();
    let spoil: [(&str, &str, &dyn Fn()); 8] = [
        ("server.tls.certificate", "no certificate in PEM", &|| {
            fs::write(installation.path("certificate.pem"), "garbage").unwrap();
        }),
        ("server.tls.private_key", "do not fit", &|| {
            write_secret(&installation.path("key.pem"), other.signing_key.serialize_pem().as_bytes());
        }),
        ("server.tls.certificate", "is cut off", &|| {
            fs::write(installation.path("certificate.pem"), &certificate[..certificate.len() / 2]).unwrap();
        }),
        ("stoer", "is not a known key", &|| {
            write_configuration(&installation, &text.replace("[store]", "[stoer]"));
        }),
        ("", "TOML", &|| write_configuration(&installation, "public_url = ")),
        ("tenants.0.token_secrets", "cannot be read", &|| fs::remove_file(installation.path("secret")).unwrap()),
        ("tenants.0.token_secrets", "31 bytes", &|| {
            write_secret(&installation.path("secret"), b"31 bytes are one byte too few..");
        }),
        ("tenants.0.token_secrets", "may be read by everyone", &|| {
            fs::set_permissions(installation.path("secret"), fs::Permissions::from_mode(0o644)).unwrap();
        }),
    ];
    let files = ["certificate.pem", "key.pem", "secret", "idv.toml"];
    let good = files.map(|file| (installation.path(file), fs::read(installation.path(file)).unwrap()));
    for (key, told, spoil) in spoil {
        let before = service.log().len();
        spoil();
        let said = refused(&installation);
        assert!(said.contains(key) && said.contains(told), "{told}: {said}");
        for (path, bytes) in &good {
            write_secret(path, bytes);
        }
        // Of TOML that is none nobody knows where the service is.
        if !key.is_empty() {
            until_told_after(&service, before, "a reload was refused");
            let log = service.log()[before..].to_owned();
            assert!(log.contains(key) && log.contains(told) && log.contains("a reload was refused"), "{told}: {log}");
            let doctor = installation.command(&["doctor", "--offline"]);
            let doctor = String::from_utf8(doctor.stdout).unwrap();
            assert!(doctor.contains("its reload at") && doctor.contains(told), "{told}: {doctor}");
        }
        assert!(is_served(&service));
        let log = service.log();
        assert!(!log.contains("31 bytes are one") && !log.contains("a secret of thirty-two"), "{log}");
    }
    assert_eq!(reloaded(&installation), Vec::<String>::new());
    let doctor = String::from_utf8(installation.command(&["doctor", "--offline"]).stdout).unwrap();
    assert!(!doctor.contains("its reload at"), "{doctor}");
}

#[test]
fn what_cannot_change_is_told_by_its_name() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    let text = installation.configuration();
    let (before, rest) = text.split_once("[server.tls]").unwrap();
    let (_, after) = rest.split_once("[store]").unwrap();
    for (key, changed) in [
        ("public_url", text.replace("https://idv.", "https://idv2.")),
        ("server.listen", text.replace("127.0.0.1:0", "127.0.0.1:1")),
        ("server.tls", format!("{before}[store]{after}")),
        ("store.path", text.replace("idv.redb", "other.redb")),
        ("store.cache_mib", text.replace("[store]", "[store]\ncache_mib = 65")),
        ("control.socket", text.replace("control.sock", "other.sock")),
        ("ops.listen", text.clone() + "[ops]\nlisten = [\"127.0.0.1:9464\"]\n"),
        ("log.format", text.clone() + "[log]\nformat = \"text\"\n"),
    ] {
        assert_ne!(changed, text);
        let before = service.log().len();
        let answer: Value = serde_json::from_str(&ask(&installation, &reload(&changed))).unwrap();
        let error = answer["error"].as_str().unwrap();
        until_told_after(&service, before, "a reload was refused");
        assert!(error.contains(&format!("{key}: needs a restart")), "{key}: {error}");
        assert!(service.log().contains(&format!("\"key\":\"{key}\"")), "{key}: {}", service.log());
    }
    assert!(is_served(&service));
}

/// As somebody else, in root's group, which may use the socket.
#[test]
fn who_is_not_root_reloads_nothing() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    fs::set_permissions(installation.directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let text = installation.configuration() + "[branding]\nname = \"Acme\"\n";
    let file = installation.path("somebody's");
    fs::write(&file, "").unwrap();
    for uid in [1, 12_345, 65_534] {
        chown(&file, Some(uid), Some(0)).unwrap();
        let somebody = Owner::beside_root(&rustix::fs::stat(&file).unwrap()).unwrap().unwrap();
        let member = |message: &[u8]| somebody.act(|| ask(&installation, message)).unwrap();
        let answer = member(&reload(&text));
        assert!(answer.contains("only root may reload"), "{uid}: {answer}");
        // Nor may it send as much as root.
        let answer = member(&of_length(&reload(&text), 64 * KIB + 1));
        assert!(answer.contains("longer than 64 KiB"), "{uid}: {answer}");
        assert!(member(b"{\"operation\":\"examine\"}\n").contains("\"public_url\""), "it may ask for the rest");
    }
    assert!(!service.log().contains("the configuration was reloaded"), "{}", service.log());
}

#[test]
fn a_message_has_a_length() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let _service = installation.serve();
    let examine = b"{\"operation\":\"examine\"}\n";
    assert!(ask(&installation, &of_length(examine, 64 * KIB)).contains("\"public_url\""));
    assert!(ask(&installation, &of_length(examine, 64 * KIB + 1)).contains("longer than 64 KiB"));
    let reload = reload(&installation.configuration());
    assert!(ask(&installation, &of_length(&reload, 512 * KIB)).contains("\"changed\":[]"));
    assert!(ask(&installation, &of_length(&reload, 512 * KIB + 1)).contains("longer than 512 KiB"));
    // One that never ends.
    assert!(ask(&installation, &vec![b'['; 600 * KIB]).contains("longer than 512 KiB"));
}

#[test]
fn without_a_service_there_is_nothing_to_reload() {
    let output = Installation::new().command(&["reload"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && told.contains("systemctl start idv"), "{told}");
}
