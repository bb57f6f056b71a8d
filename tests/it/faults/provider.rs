//! What happens between a provider's word and the commit: killed there, no room for it, or nobody to ask. By the real binary,
//! with a provider outside it.

use std::fs;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use idv::ops::random;
use idv::store::Store;
use idv::verification::outcome::Status;
use tempfile::TempDir;

use super::disk_full::{fill, health, leave, serve_on_small_disk};
use crate::support::figure;
use crate::support::liar::{Authentication, Liar, Manner, Par, Registration};
use crate::support::process::{self, Installation, Login, Service, write_secret};
use crate::support::token::{self, SECRET, TENANT};
use crate::support::wire;
use crate::support::world::subject;

const CLIENT_SECRET: &str = "a-client-secret-of-more-than-32-bytes";
const KILLS: usize = 12;

/// `installation` with a provider that it reaches by `egress`, a table of its configuration without its header.
fn provided(installation: &Installation, egress: &str) -> Liar {
    let site = format!("https://{}", wire::HOST);
    let registration = Registration {
        client_id: "idv".into(),
        redirect_uri: format!("{site}/oidc/liar/callback"),
        authentication: Authentication::Basic(CLIENT_SECRET.into()),
        algorithm: "ES256",
        par: Par::Required,
    };
    let liar = Liar::start(registration, process::now);
    fs::write(installation.path("authority.pem"), &liar.authority).unwrap();
    write_secret(&installation.path("client-secret"), CLIENT_SECRET.as_bytes());
    let section = format!(
        "[egress]\n{egress}\nauthorities = {{ file = \"{}\" }}\n[[methods.oidc]]\nname = \"liar\"\nlabel = \"Liar\"\nissuer = \"{}\"\n\
         client_id = \"idv\"\nclient_secret = {{ file = \"{}\" }}\nuserinfo = \"json\"\nalgorithms = [\"ES256\"]\n\
         [methods.oidc.accept]\nacr = [\"urn:liar:high\"]\n[methods.oidc.identity]\npointer = \"/eid\"\n",
        installation.path("authority.pem").display(),
        liar.issuer,
        installation.path("client-secret").display(),
    );
    fs::write(installation.path("idv.toml"), installation.configuration() + &section).unwrap();
    liar
}

const DIRECT: &str = "via = \"direct\"\nprivate = [\"localhost\"]";

/// Somebody whom the provider has sent back.
struct Returning {
    login: Login,
    /// The request that they come back by.
    request: String,
}

/// The way of the person of `login` to the provider.
fn way(service: &Service, liar: &Liar, login: Login) -> Returning {
    let sent = service.submit(&login, "oidc/liar", "continue=").unwrap();
    let location = wire::header(&sent, "location").unwrap_or_else(|| panic!("a redirect, not {sent}"));
    let back = liar.visit(location);
    let transaction = wire::header(&sent, "set-cookie").unwrap().split_once(';').unwrap().0.to_owned();
    let path = back.strip_prefix(&format!("https://{}", wire::HOST)).unwrap();
    Returning { request: wire::get(path, &format!("{}; {transaction}", login.cookie)), login }
}

/// Whether `answer` sends the browser home with a success.
fn is_success(answer: &str) -> bool {
    let home = format!("https://{TENANT}/continue?");
    let Some(location) = wire::header(answer, "location").filter(|location| location.starts_with(&home)) else {
        return false;
    };
    let token = location.split_once("token=").unwrap().1;
    token::open(token, SECRET)["status"] == "success"
}

/// That `answer` tells the browser to begin the way once more.
#[track_caller]
fn assert_start_again(answer: &str, login: &Login) {
    let notice = format!("{}/oidc/liar?notice=start-again", login.path);
    assert_eq!(wire::header(answer, "location"), Some(&*notice), "{answer}");
}

/// That nothing of the provider's word is in the log.
#[track_caller]
fn assert_says_nothing(log: &str, requests: &[&str]) {
    let parameters = requests.iter().flat_map(|request| request.split(['?', '&', '=', ' ', ';']));
    let secrets = parameters.filter(|word| word.len() >= 22 && !word.contains('/'));
    for secret in secrets.chain(["eid-", "Lovelace", "the-one-and-only", "auth0|"]) {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

fn checks(installation: &Installation, user_id: &str) -> Vec<Status> {
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    let record = store.subject(&subject(user_id)).unwrap();
    record.map_or_else(Vec::new, |record| store.checks(&record, 10).unwrap().iter().map(|check| check.status).collect())
}

/// The code is used then, and what the provider said of the person is gone with the process.
#[test]
fn whoever_is_cut_off_between_exchange_and_commit_goes_to_the_provider_once_more() {
    let installation = Installation::new();
    let liar = provided(&installation, DIRECT);
    let mut service = installation.serve();
    let login = service.begin("auth0|one", "one");
    let Returning { login, request } = way(&service, &liar, login);
    liar.be("/userinfo", Manner::Never);
    thread::scope(|scope| {
        let cut_off = scope.spawn(|| service.exchange(&request).unwrap_or_default());
        liar.wait_for("/userinfo", 1);
        service.child_kill();
        assert_eq!(cut_off.join().unwrap(), "");
    });
    service.child.wait().unwrap();
    let log = service.log();
    drop(service);
    assert_eq!(checks(&installation, "auth0|one"), []);

    liar.be_prompt();
    let service = installation.serve();
    assert_start_again(&service.exchange(&request).unwrap(), &login);
    let once_more = way(&service, &liar, login);
    assert!(is_success(&service.exchange(&once_more.request).unwrap()), "{}", service.log());
    assert_says_nothing(&(log + &service.log()), &[&request, &once_more.request]);
    drop(service);
    assert_eq!(checks(&installation, "auth0|one"), [Status::Success]);
}

#[test]
fn what_was_answered_survives_a_kill_in_the_same_moment_and_nothing_is_doubled() {
    let installation = Installation::new();
    let liar = provided(&installation, DIRECT);
    let (mut answered, mut kept) = (0, 0);
    for kill in 0..KILLS {
        let user_id = format!("auth0|{kill}");
        liar.change_person(|person| person["id_token"]["eid"] = format!("eid-{kill}").into());
        let mut service = installation.serve();
        let login = service.begin(&user_id, &user_id);
        let Returning { login, request } = way(&service, &liar, login);
        let before = liar.asked("/userinfo").len();
        let is_answered = thread::scope(|scope| {
            let answer = scope.spawn(|| service.exchange(&request).is_ok_and(|answer| is_success(&answer)));
            liar.wait_for("/userinfo", before + 1);
            // A little later each time: into the commit, and beyond.
            thread::sleep(Duration::from_micros(400 * kill as u64));
            service.child_kill();
            answer.join().unwrap()
        });
        service.child.wait().unwrap();
        drop(service);
        let known = checks(&installation, &user_id);
        assert!(!is_answered || known == [Status::Success], "{user_id} was answered");
        answered += usize::from(is_answered);
        kept += known.len();

        let mut service = installation.serve();
        let answer = service.exchange(&request).unwrap();
        if known.is_empty() {
            assert_start_again(&answer, &login);
            let once_more = way(&service, &liar, login);
            assert!(is_success(&service.exchange(&once_more.request).unwrap()), "{}", service.log());
        } else {
            assert!(is_success(&answer), "{answer}");
        }
        service.child_kill();
        service.child.wait().unwrap();
        drop(service);
        assert_eq!(checks(&installation, &user_id), [Status::Success], "{user_id}");
    }
    figure::report(
        "fault-kill-callback",
        "`kill -9` while a provider's word is being kept",
        format!("{KILLS} kills, {kept} kept before, {answered} answered"),
        "lost 0, doubled 0; whoever was cut off starts again",
        format!("{KILLS} verified"),
    );
}

#[test]
fn a_disk_that_is_full_at_the_commit_is_told_and_the_way_is_begun_once_more() {
    let directory = TempDir::new().unwrap();
    let store = directory.path().join("disk/idv.redb");
    let installation = Installation::with_store(directory, store);
    let liar = provided(&installation, DIRECT);
    let service = serve_on_small_disk(&installation);
    let login = service.begin("auth0|one", "one");
    let Returning { login, request } = way(&service, &liar, login);
    let ballast = format!("/proc/{}/root{}/ballast", service.child.id(), installation.path("disk").display());
    fill(&ballast);
    let is_full = (0..400)
        .any(|index| leave(&service, &format!("auth0|during-{index}-{}", "x".repeat(400))).starts_with("HTTP/1.1 503"));
    assert!(is_full, "the disk was full");

    let answer = service.exchange(&request).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Please try again"), "{answer}");
    assert!(wire::header(&answer, "location").is_none());
    fs::remove_file(&ballast).unwrap();
    let is_back = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        health(&service).starts_with("HTTP/1.1 200")
    });
    assert!(is_back, "{}", service.log());
    for _ in 0..2 {
        assert_start_again(&service.exchange(&request).unwrap(), &login);
    }
    assert_eq!(liar.asked("/token").len(), 1, "the code is not sent again");
    let once_more = way(&service, &liar, login);
    assert!(is_success(&service.exchange(&once_more.request).unwrap()), "{}", service.log());
    assert_says_nothing(&service.log(), &[&request, &once_more.request]);
    let shown = installation.json(&["subject", "show", "--tenant", TENANT, "--subject", "auth0|one"]);
    let statuses: Vec<_> = shown["checks"].as_array().unwrap().iter().map(|check| check["status"].clone()).collect();
    assert_eq!(statuses, ["success"]);
}

/// On the machine's few cores, each of which serves many. By the order in which they end.
#[test]
fn while_the_way_out_hangs_others_log_in() {
    let installation = Installation::new();
    let socket = installation.path("proxy.sock");
    let _nobody = UnixListener::bind(&socket).unwrap();
    let liar = provided(&installation, &format!("socket = \"{}\"\nprivate = [\"localhost\"]", socket.display()));
    let service = installation.serve();
    let waiting: Vec<_> = (0..8).map(|number| service.begin("auth0|waits", &format!("waits-{number}"))).collect();
    thread::scope(|scope| {
        let service = &service;
        let waiting: Vec<_> = waiting
            .iter()
            .map(|login| scope.spawn(|| service.submit(login, "oidc/liar", "continue=").unwrap()))
            .collect();
        for number in 0..20 {
            let answer = leave(service, &format!("auth0|{number}"));
            assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        }
        assert!(waiting.iter().all(|waits| !waits.is_finished()), "others have long ended");
        for waits in waiting {
            let answer = waits.join().unwrap();
            assert!(wire::header(&answer, "location").unwrap().ends_with("?notice=unavailable"), "{answer}");
        }
    });
    assert_eq!(liar.asked("/token").len(), 0);
}

/// A service that is told to stop ends what somebody waits for, and keeps it.
#[test]
fn a_callback_that_is_under_way_is_ended_before_the_service_is() {
    let installation = Installation::new();
    let liar = provided(&installation, DIRECT);
    let mut service = installation.serve();
    let login = service.begin("auth0|one", "one");
    let Returning { request, .. } = way(&service, &liar, login);
    liar.be("/userinfo", Manner::Late(Duration::from_secs(1)));
    thread::scope(|scope| {
        let answer = scope.spawn(|| service.exchange(&request).unwrap());
        liar.wait_for("/userinfo", 1);
        let id = service.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        assert!(is_success(&answer.join().unwrap()));
    });
    assert!(service.child.wait().unwrap().success());
    drop(service);
    assert_eq!(checks(&installation, "auth0|one"), [Status::Success]);
}

/// The server gives up an answer after fourteen seconds. People used to see their connection end then.
#[test]
fn whoever_waits_for_a_provider_that_is_slow_at_each_step_keeps_waiting() {
    let installation = Installation::new();
    let liar = provided(&installation, DIRECT);
    let service = installation.serve();
    let login = service.begin("auth0|one", "one");
    for path in ["/token", "/userinfo"] {
        liar.be(path, Manner::Late(Duration::from_millis(7500)));
    }
    let Returning { login, request } = way(&service, &liar, login);
    let cookies = request.lines().find_map(|line| line.strip_prefix("Cookie: ")).unwrap();
    let answer = service.exchange(&request).unwrap();
    let onward = wire::header(&answer, "location").unwrap_or_else(|| panic!("a redirect, not {answer}"));
    assert!(onward.starts_with("/oidc/liar/callback?state=") && !onward.contains('&'), "{onward}");
    assert!(is_success(&service.exchange(&wire::get(onward, cookies)).unwrap()), "{}", service.log());
    assert_eq!(liar.asked("/token").len(), 1);

    // And who sets out is told in time.
    liar.be("/par", Manner::Late(Duration::from_millis(7500)));
    drop((service, login));
    liar.be("/.well-known/openid-configuration", Manner::Late(Duration::from_millis(7500)));
    let service = installation.serve();
    let login = service.begin("auth0|two", "two");
    let answer = service.submit(&login, "oidc/liar", "continue=").unwrap();
    assert!(wire::header(&answer, "location").unwrap().ends_with("?notice=unavailable"), "{answer}");
}
