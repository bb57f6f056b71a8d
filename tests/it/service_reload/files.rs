//! Without systemd: SIGHUP, and files that are looked at.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use rustls::version;

use super::certificate::{served, trusting};
use super::{is_root, new_certificate, until_told, write_certificate, write_configuration};
use crate::support::photo::photo;
use crate::support::process::{Installation, write_secret};

#[test]
fn sighup_reloads_whole_or_not_at_all() {
    let installation = Installation::new();
    let service = installation.serve();
    let text = installation.configuration();
    write_configuration(&installation, &(text.clone() + "[branding]\nname = \"Acme\"\n"));
    write_certificate(&installation, &new_certificate());
    service.signal("HUP");
    until_told(&service, "the configuration was reloaded");
    let keys = "\"keys\":\"branding.name, server.tls.certificate, server.tls.private_key\"";
    assert!(service.log().contains(keys), "{}", service.log());
    write_configuration(&installation, &(text + "[branding]\nnaem = \"Other\"\n"));
    service.signal("HUP");
    until_told(&service, "a reload was refused");
    let log = service.log();
    assert!(log.contains("branding.naem") && log.contains("did you mean branding.name?"), "{log}");
    assert!(!log.contains("not recorded"), "who sent a signal is not known, and no account: {log}");
}

/// Looks that are ten seconds apart, and two of them for each change.
#[test]
#[ignore = "a minute and a half; tests/run --long runs it"]
fn another_certificate_in_the_same_files_is_taken_by_itself() {
    let installation = Installation::new();
    let (first, second) = (new_certificate(), new_certificate());
    for (folder, certified) in [("1", &first), ("2", &second)] {
        fs::create_dir(installation.path(folder)).unwrap();
        fs::write(installation.path(&format!("{folder}/certificate.pem")), certified.cert.pem()).unwrap();
        let key = installation.path(&format!("{folder}/key.pem"));
        write_secret(&key, certified.signing_key.serialize_pem().as_bytes());
    }
    let service = installation.serve();
    let all = [installation.certificate.clone(), first.cert.der().clone(), second.cert.der().clone()];
    let client = || trusting(&all, &[&version::TLS13]);
    let link = |name: &str, folder: &str| {
        symlink(installation.path(&format!("{folder}/{name}")), installation.path("new")).unwrap();
        fs::rename(installation.path("new"), installation.path(name)).unwrap();
    };
    let until = |what: &str, is_so: &dyn Fn() -> bool| {
        let is_so = (0..225).any(|_| {
            std::thread::sleep(Duration::from_millis(200));
            is_so()
        });
        assert!(is_so, "{what}: {}", service.log());
    };
    // The key alone: refused. Then its certificate: taken.
    link("key.pem", "1");
    until("the key alone is refused", &|| service.log().contains("do not fit"));
    assert_eq!(served(&service, &client()).0, all[0]);
    link("certificate.pem", "1");
    until("the pair is taken", &|| served(&service, &client()).0 == all[1]);
    // A broken configuration beside it, and a secret that is gone: they are not looked at.
    fs::remove_file(installation.path("secret")).unwrap();
    write_configuration(&installation, "broken");
    for name in ["certificate.pem", "key.pem"] {
        link(name, "2");
    }
    until("links in the place of links are taken", &|| served(&service, &client()).0 == all[2]);
    assert_eq!(service.log().matches("the configuration was reloaded").count(), 2, "{}", service.log());
}

/// Pictures for reviewers take a while to read. Nobody at the control socket was answered meanwhile, and the watchdog heard nothing.
#[test]
fn who_asks_while_pictures_are_read_is_answered() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let pairs = installation.path("pairs");
    fs::create_dir(&pairs).unwrap();
    let review = format!("[review]\nurl = \"http://localhost:1\"\nlisten = [\"127.0.0.1:0\"]\npairs = {pairs:?}\n");
    write_configuration(&installation, &(installation.configuration() + &review));
    let service = installation.serve();
    let picture = photo(2000, 1500, |_| {});
    for half in ["1-same-document", "1-same-selfie"] {
        fs::write(pairs.join(format!("{half}.jpg")), &picture).unwrap();
    }
    service.signal("HUP");
    let mut asked = 0;
    while !service.log().contains("the configuration was reloaded") {
        assert!(installation.command(&["health"]).status.success());
        asked += 1;
    }
    assert!(asked > 3, "only {asked} were answered: {}", service.log());
}
