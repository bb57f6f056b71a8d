//! `idv operator`, and the console that the service has by it, each by the real binary and over a real socket.

use std::fs;
use std::net::SocketAddr;

use serde_json::Value;

use crate::support::process::{Installation, Service};
use crate::support::token::{SUBJECT, TENANT};
use crate::support::{watcher, wire};

const HOST: &str = "review.example.test";

/// An installation with a console.
fn installation() -> Installation {
    let installation = Installation::new();
    let section = format!("[review]\nurl = \"https://{HOST}\"\nlisten = [\"127.0.0.1:0\"]\n");
    fs::write(installation.path("idv.toml"), installation.configuration() + &section).unwrap();
    installation
}

/// Where the console of `service` is.
fn console(service: &Service) -> SocketAddr {
    let log = service.log();
    let line = log.lines().find(|line| line.contains("the console is open to operators")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    line["place"].as_str().unwrap().parse().unwrap()
}

fn request(method: &str, path: &str, cookie: &str) -> String {
    let length = if method == "POST" {
        "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n"
    } else {
        ""
    };
    format!("{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n{length}Connection: close\r\n\r\n")
}

fn path_of(url: &str) -> &str {
    url.strip_prefix(&format!("https://{HOST}")).unwrap()
}

#[test]
fn an_operator_is_added_signs_in_works_and_is_revoked() {
    let installation = installation();
    let service = installation.serve();
    let at = console(&service);
    let ask = |request: String| wire::exchange(at, &service.tls, &request).unwrap();
    let added =
        installation.json(&["operator", "add", "Ada L.", "--role", "desk", "--role", "reviewer", "--subject", SUBJECT]);
    let link = path_of(added["url"].as_str().unwrap());
    assert!(ask(request("GET", link, "")).contains("<bdi>Ada L.</bdi>"));
    let answer = ask(request("POST", link, ""));
    let cookie = wire::header(&answer, "set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert!(ask(request("GET", "/desk", &cookie)).starts_with("HTTP/1.1 200"));
    assert!(ask(request("POST", link, "")).starts_with("HTTP/1.1 410"));
    let listed = &installation.json(&["operator", "list"])["operators"][0];
    assert_eq!((&listed["roles"][1], &listed["subject"]["tenant"]), (&"reviewer".into(), &TENANT.into()));
    let session = listed["sessions"][0]["id"].as_str().unwrap();
    let told = installation.command(&["operator", "list"]);
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.starts_with("Ada L.  desk, reviewer  ") && told.contains(session), "{told}");
    assert_eq!(installation.json(&["operator", "end", session])["ended"], true);
    assert!(!installation.command(&["operator", "end", session]).status.success());
    assert!(ask(request("GET", "/desk", &cookie)).starts_with("HTTP/1.1 303"));
    installation.json(&["operator", "certify", "Ada L."]);
    installation.json(&["operator", "revoke", "Ada L."]);
    assert!(!installation.command(&["operator", "link", "Ada L."]).status.success());
    let log = service.log_once("\"change\":\"revoked\"");
    assert!(log.contains("an operator signed in"), "{log}");
    let token = link.rsplit('/').next().unwrap();
    assert!(!log.contains(token) && !log.contains(SUBJECT) && !log.contains(&cookie), "{log}");
}

#[test]
fn operators_are_seen_to_without_the_service_too() {
    let installation = installation();
    let first = installation.command(&["operator", "add", "ada", "--role", "supervisor"]);
    let (url, aside) = (String::from_utf8(first.stdout).unwrap(), String::from_utf8(first.stderr).unwrap());
    assert!(url.starts_with(&format!("https://{HOST}/link/")) && aside.contains("It is good once, until"), "{aside}");
    let second = installation.json(&["operator", "link", "ada"]);
    let service = installation.serve();
    let sign_in = |url: &str| wire::exchange(console(&service), &service.tls, &request("POST", path_of(url), ""));
    assert!(sign_in(url.trim()).unwrap().starts_with("HTTP/1.1 410"));
    assert!(sign_in(second["url"].as_str().unwrap()).unwrap().starts_with("HTTP/1.1 303"));
}

#[test]
fn what_is_no_role_and_no_name_is_refused_before_anything_is_made() {
    let installation = installation();
    for (arguments, told) in [
        (&["operator", "add", "ada", "--role", "boss"][..], "known here: desk, reviewer, supervisor"),
        (&["operator", "add", "ada"], "--role"),
        (&["operator", "add", "", "--role", "desk"], "1 to 500 bytes"),
        (&["operator", "add", "a\u{202e}da", "--role", "desk"], "a character that nobody sees"),
        (&["operator", "add", " ada", "--role", "desk"], "no space at its ends"),
        (&["operator", "add", &"x".repeat(65), "--role", "desk"], "1 to 64 bytes"),
        (&["operator", "add", "ada", "--role", "desk", "--tenant", TENANT], "--subject"),
    ] {
        let refused = installation.command(arguments);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains(told), "{arguments:?}: {said}");
    }
    assert_eq!(installation.json(&["operator", "list"])["operators"], serde_json::json!([]));
    let without = Installation::new();
    let refused = without.command(&["operator", "add", "ada", "--role", "desk"]);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("there is no console; see [review]"));
}

#[test]
fn a_session_goes_on_after_a_restart_and_not_in_a_restored_store() {
    let installation = installation();
    let service = installation.serve();
    let added = installation.json(&["operator", "add", "ada", "--role", "desk"]);
    let waiting = installation.json(&["operator", "add", "bob", "--role", "desk"]);
    let link = |added: &Value| path_of(added["url"].as_str().unwrap()).to_owned();
    let answer = wire::exchange(console(&service), &service.tls, &request("POST", &link(&added), "")).unwrap();
    let cookie = wire::header(&answer, "set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let backup = installation.path("backup").display().to_string();
    assert!(installation.command(&["backup", &backup]).status.success());
    drop(service);
    let service = installation.serve();
    let ask = |service: &Service, request: String| wire::exchange(console(service), &service.tls, &request).unwrap();
    assert!(ask(&service, request("GET", "/me", &cookie)).starts_with("HTTP/1.1 200"));
    drop(service);
    let restored = installation.command(&["restore", &backup]);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let service = installation.serve();
    assert!(ask(&service, request("GET", "/me", &cookie)).starts_with("HTTP/1.1 303"));
    assert!(ask(&service, request("POST", &link(&waiting), "")).starts_with("HTTP/1.1 410"));
}

#[test]
fn the_console_is_on_its_own_socket_alone() {
    let installation = installation();
    let section = installation.configuration()
        + &format!(
            "[review]\nurl = \"https://{HOST}\"\nlisten = [\"unix:{}\"]\n",
            installation.path("review.sock").display()
        );
    let section = section
        .lines()
        .filter(|line| !["[server.tls]", "certificate =", "private_key ="].iter().any(|key| line.starts_with(key)));
    fs::write(installation.path("idv.toml"), section.collect::<Vec<_>>().join("\n")).unwrap();
    let service = installation.serve();
    let ask = |request: &str| watcher::ask(&installation.path("review.sock"), request).unwrap();
    assert!(ask(&request("GET", "/sign-in", "")).starts_with("HTTP/1.1 200"));
    assert!(ask(&wire::get("/sign-in", "")).starts_with("HTTP/1.1 421"));
    drop(service);
    let exposed = fs::read_to_string(installation.path("idv.toml")).unwrap();
    let exposed = exposed.replace(&format!("unix:{}", installation.path("review.sock").display()), "0.0.0.0:0");
    fs::write(installation.path("idv.toml"), exposed).unwrap();
    let checked = installation.command(&["check"]);
    let told = String::from_utf8([checked.stdout, checked.stderr].concat()).unwrap();
    assert!(told.contains("review.listen") && told.contains("what operators see"), "{told}");
    let refused = installation.command(&["serve"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(78) && said.contains("what operators see") && said.contains("review.listen"),
        "{said}"
    );
}
