//! `idv store`: looked through, made small, and told of.

use std::fs;
use std::process::Command;

use idv::ops::random;
use idv::store::Store;
use serde_json::Value;

use crate::support::process::{BINARY, Installation, Service};
use crate::support::token::TENANT;

fn leave(service: &Service, subject: &str) {
    let answer = service.submit(&service.begin(subject, subject), "cancel", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}

fn stop(mut service: Service) {
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
}

fn refused(installation: &Installation, arguments: &[&str]) -> String {
    let output = installation.command(arguments);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// How many records each table has, but for the audit log, which goes on with whoever looks.
fn of_people(stats: &Value) -> Value {
    let mut records = stats["records"].clone();
    records.as_object_mut().unwrap().remove("audit").unwrap();
    records
}

fn records(installation: &Installation) -> Value {
    of_people(&installation.json(&["store", "stats"]))
}

#[test]
fn a_store_is_looked_through_while_it_serves_and_without() {
    let installation = Installation::new();
    let service = installation.serve();
    leave(&service, "auth0|one");
    let running = installation.json(&["store", "check"]);
    assert_eq!((&running["subjects"], &running["checks"]), (&1.into(), &0.into()));
    let stats = installation.json(&["store", "stats"]);
    assert_eq!(stats["idv"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&stats["records"]["subjects"], &stats["records"]["spent"]), (&1.into(), &1.into()));
    assert!(stats["store_bytes"].as_u64() > Some(0) && stats["commits"].as_u64() > Some(0), "{stats}");
    let told = installation.command(&["store", "stats"]).stdout;
    let told = String::from_utf8(told).unwrap();
    let sizes = told.lines().next().unwrap();
    assert!(sizes.starts_with("size: ") && sizes.matches(" MiB").count() == 2, "{told}");
    stop(service);
    let before = fs::read(&installation.store).unwrap();
    let without = installation.json(&["store", "check"]);
    assert_eq!((&without["subjects"], &without["checks"]), (&1.into(), &0.into()));
    assert_eq!(records(&installation), of_people(&stats));
    assert_eq!(fs::read(&installation.store).unwrap(), before, "nothing was changed");
    let mut damaged = before;
    damaged[4096..].fill(0);
    fs::write(&installation.store, damaged).unwrap();
    assert!(refused(&installation, &["store", "check"]).contains("is damaged"));
}

#[test]
fn a_compacted_store_is_smaller_and_holds_the_same() {
    let installation = Installation::new();
    let service = installation.serve();
    (0..40).for_each(|number| leave(&service, &format!("auth0|{number}")));
    assert!(installation.command(&["backup", installation.path("x.tar.gz").to_str().unwrap()]).status.success());
    assert!(refused(&installation, &["store", "compact"]).contains("the service is running"));
    stop(service);
    let all = || {
        let stats = installation.json(&["store", "stats"]);
        let subjects = installation.json(&["subject", "list", "--tenant", TENANT]);
        (subjects, of_people(&stats), stats["backed_up_at"].as_u64().unwrap())
    };
    let before = all();
    let compacted = installation.json(&["store", "compact"]);
    assert!(compacted["bytes"].as_u64() < compacted["bytes_before"].as_u64(), "{compacted}");
    assert!(!installation.store.with_extension("compacted").exists());
    assert_eq!(all(), before);
    leave(&installation.serve(), "auth0|after");
}

#[test]
fn a_store_that_cannot_be_compacted_stays_as_it_is() {
    let installation = Installation::new();
    assert!(refused(&installation, &["store", "compact"]).contains("there is no"));
    stop(installation.serve());
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    assert!(refused(&installation, &["store", "compact"]).contains("another process has"));
    drop(store);
    let mut damaged = fs::read(&installation.store).unwrap();
    damaged[4096..].fill(0);
    fs::write(&installation.store, &damaged).unwrap();
    assert!(refused(&installation, &["store", "compact"]).contains("is damaged"));
    assert_eq!(fs::read(&installation.store).unwrap(), damaged);
    assert!(!installation.store.with_extension("compacted").exists());
}

/// Runs `script` with the store on a small file system of its own.
fn on_a_small_disk(installation: &Installation, script: &str) -> (String, String) {
    let store = installation.store.parent().unwrap();
    let idv = format!("{BINARY} --config {}", installation.path("idv.toml").display());
    let script = format!(
        "cp -a {store} {store}.away && mount -t tmpfs -o size=4m,mode=0700 tmpfs {store} && cp -a {store}.away/. {store} && \
         cd {store} && {script}",
        store = store.display()
    );
    let mut unshare = Command::new("unshare");
    unshare.args(["--map-root-user", "--mount", "bash", "-c", &script]).env("IDV", idv);
    let output = unshare.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_store_is_compacted_only_where_there_is_room_for_both() {
    let installation = Installation::new();
    let service = installation.serve();
    (0..20).for_each(|number| leave(&service, &format!("auth0|{number}")));
    stop(service);
    let script = "head -c 4m /dev/zero > ballast; sum=$(sha256sum idv.redb); $IDV store compact && exit 9; \
                  [ \"$sum\" = \"$(sha256sum idv.redb)\" ] && ls && rm ballast && $IDV store compact";
    let (listed, told) = on_a_small_disk(&installation, script);
    assert!(told.contains("bytes beside the store, and 0 are free"), "{told}");
    assert!(!listed.contains("compacted"), "{listed}");
}
