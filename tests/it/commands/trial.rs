//! `idv trial`: the whole loop through the model tenant, by the very Action that is shipped.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::process::{BINARY, Killed};

mod eid;

/// A running trial and a browser in front of it.
struct Trial {
    _process: Killed,
    origin: String,
    cookies: BTreeMap<String, String>,
}

struct Page {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Trial {
    fn start(arguments: &[&str]) -> Self {
        Self::start_with_log(arguments, Stdio::null())
    }

    fn start_with_log(arguments: &[&str], log: Stdio) -> Self {
        let mut command = Command::new(BINARY);
        command.args(["trial", "--port", "0"]).args(arguments).stdout(Stdio::piped()).stderr(log);
        let mut process = Killed(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("Open ").unwrap().to_owned();
        Self { _process: process, origin, cookies: BTreeMap::new() }
    }

    /// Another browser.
    fn elsewhere(self) -> Self {
        Self { cookies: BTreeMap::new(), ..self }
    }

    fn send(&mut self, method: &str, address: &str, body: &str) -> Page {
        let address = if address.starts_with('/') { format!("{}{address}", self.origin) } else { address.to_owned() };
        let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        for cookie in head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = cookie.split_once(';').unwrap().0.split_once('=').unwrap();
            if cookie.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = head.lines().find_map(|line| line.strip_prefix("location: ")).map(|location| {
            if location.starts_with('/') { format!("http://{host}{location}") } else { location.to_owned() }
        });
        Page { status: head[9..12].parse().unwrap(), location, body: body.to_owned() }
    }

    /// Follows redirects to a page.
    fn follow(&mut self, mut page: Page) -> (String, Page) {
        let mut address = String::new();
        while let Some(location) = page.location.clone() {
            page = self.send("GET", &location, "");
            address = location;
        }
        (address, page)
    }

    /// Signs in at an application, and returns the address of idv's page, or the result.
    fn log_in(&mut self, application: &str, person: u8) -> (String, Page) {
        let page = self.send("POST", "/sign-in", &format!("application={application}&person={person}"));
        self.follow(page)
    }

    fn act(&mut self, session: &str, act: &str, body: &str) -> Page {
        let page = self.send("POST", &format!("{session}/{act}"), body);
        self.follow(page).1
    }

    /// A code from the operator's desk.
    fn code(&mut self, person: u8) -> String {
        let page = self.send("POST", "/operator", &format!("person={person}"));
        let (_, rest) = page.body.split_once("<strong class=\"code\">").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    }
}

/// The claims on a result page.
fn claims(page: &Page) -> Value {
    let (_, rest) = page.body.split_once("Claims in the ID token</h2>").unwrap_or_else(|| panic!("{}", page.body));
    let text = rest.split_once("<pre tabindex=\"0\">").unwrap().1.split_once("</pre>").unwrap().0;
    serde_json::from_str(&text.replace("&#34;", "\"")).unwrap()
}

fn status(page: &Page) -> Value {
    claims(page)["https://id-verification/status"].clone()
}

#[test]
fn a_person_is_verified_by_a_code_from_the_operators_desk() {
    let mut trial = Trial::start(&[]);
    let (session, page) = trial.log_in("payroll", 0);
    assert!(page.body.contains("a•••@acme.example"), "{}", page.body);
    let code = trial.code(0);
    let page = trial.act(&session, "desk", &format!("code={code}"));
    assert_eq!(status(&page), "valid");
    assert!(claims(&page)["https://id-verification/last-check"].is_u64());
    assert!(page.body.contains("Request token") && page.body.contains("Result token"));
    let desk = trial.send("GET", "/operator", "");
    assert!(desk.body.contains("success by desk"), "{}", desk.body);
}

#[test]
fn each_outcome_reaches_the_application_as_it_should() {
    // Required, then optional; what idv says; what the application sees.
    let mut trial = Trial::start(&[]);
    let rows = [
        ("success", json!("valid"), None),
        ("failed", json!("failed"), Some("idv_verification_failed")),
        ("pending", json!("pending"), Some("idv_verification_failed")),
    ];
    for (outcome, optional, denied) in rows {
        for (person, application) in [(1, "payroll"), (2, "newsroom")] {
            let (session, _) = trial.log_in(application, person);
            let page = trial.act(&session, "simulated", &format!("outcome={outcome}"));
            match denied.filter(|_| application == "payroll") {
                Some(code) => {
                    assert!(page.body.contains(code) && !page.body.contains("Claims in the ID token"), "{}", page.body);
                }
                None => assert_eq!(status(&page), optional, "{outcome} at {application}"),
            }
            trial.send("POST", "/person", &format!("person={person}&change=forget"));
        }
    }
}

#[test]
fn where_two_at_the_console_differ_there_is_a_third_and_the_first_lines_say_who() {
    let mut command = Command::new(BINARY);
    let mut process =
        Killed(command.args(["trial", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let origin = lines.next().unwrap().strip_prefix("Open ").unwrap().to_owned();
    let staff = lines.next().unwrap();
    let mut trial = Trial { _process: process, origin, cookies: BTreeMap::new() };
    let desk = trial.send("GET", "/operator", "");
    for (number, name) in ["Rosa", "Sven", "Thea"].into_iter().enumerate() {
        assert!(staff.contains(&format!("{name}, who ")), "{staff}");
        assert!(desk.body.contains(&format!("Go there as {name}")), "{}", desk.body);
        let led = trial.send("POST", "/console", &format!("operator={number}"));
        assert!(led.location.is_some_and(|location| location.contains("/link/")), "{name}");
    }
    assert_eq!(trial.send("POST", "/console", "operator=3").status, 404);
}

#[test]
fn a_decoy_is_loaded_at_a_press_of_a_button_and_waits_for_whoever_reviews() {
    let mut trial = Trial::start(&[]);
    assert!(trial.send("GET", "/operator", "").body.contains("Load a decoy into the queue"));
    let told = "It waits in the queue of the console";
    assert!(!trial.send("GET", "/operator", "").body.contains(told));
    for _ in 0..2 {
        let loaded = trial.send("POST", "/decoy", "");
        let page = format!("{}/operator?decoy=loaded", trial.origin);
        assert_eq!((loaded.status, loaded.location), (303, Some(page)));
        assert!(
            trial.send("GET", "/operator?decoy=loaded", "").body.contains(told),
            "something is seen to have happened"
        );
    }
    let led = trial.send("POST", "/console", "operator=0").location.unwrap();
    let console = led.split_once("/link/").unwrap().0.to_owned();
    let mut rosa = trial.elsewhere();
    assert_eq!(rosa.send("POST", &led, "").status, 303);
    let queue = rosa.send("GET", &format!("{console}/"), "");
    assert!(queue.body.contains("Case 1") && queue.body.contains("Case 2"), "{}", queue.body);
    assert!(!queue.body.to_lowercase().contains("decoy"), "{}", queue.body);
}

#[test]
fn a_decision_of_the_operator_is_answered_by_a_redirect_so_that_no_reload_sends_it_again() {
    // The page came at once, and its reload decided the next case too.
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("newsroom", 0);
    let _ = trial.act(&session, "simulated", "outcome=pending");
    let decided = trial.send("POST", "/operator", "person=0&decision=not-verified");
    assert_eq!((decided.status, decided.location), (303, Some(format!("{}/operator", trial.origin))));
    assert!(!trial.send("GET", "/operator", "").body.contains("is undecided"));
}

#[test]
fn each_application_is_shown_with_what_it_makes_of_verification_in_words_and_as_metadata() {
    let mut trial = Trial::start(&[]);
    let home = trial.send("GET", "/", "").body;
    let cards: Vec<_> = home.split("<section>").skip(1).collect();
    let shown = [
        ("Payroll", "Requires verification: <code>IDV_REQUIRED = true</code></p>"),
        ("Newsroom", "Verification is optional; the application decides by the claims</p>"),
        (
            "Vault",
            "Only some methods count; the application decides by the claims: <code>IDV_METHODS = oidc:sample simulated</code></p>",
        ),
    ];
    assert_eq!(cards.len(), shown.len(), "{home}");
    for (card, (name, terms)) in cards.into_iter().zip(shown) {
        assert!(card.contains(&format!("<h2>{name}</h2>")) && card.contains(terms), "{card}");
    }
    let (session, _) = trial.log_in("vault", 0);
    assert_eq!(status(&trial.act(&session, "simulated", "outcome=success")), "valid");
}

#[test]
fn leaving_is_canceled_where_optional_and_denied_where_required() {
    let mut trial = Trial::start(&["--form-post"]);
    let (session, _) = trial.log_in("newsroom", 0);
    let handoff = trial.act(&session, "cancel", "");
    // The browser's part of form_post.
    let action = handoff.body.split_once("action=\"").unwrap().1.split_once('"').unwrap().0.replace("&#38;", "&");
    let token = handoff.body.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let page = trial.send("POST", &action, &format!("token={token}"));
    let (_, page) = trial.follow(page);
    assert_eq!(status(&page), "canceled");
}

#[test]
fn silent_and_refresh_logins_need_a_check_that_is_still_good() {
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("payroll", 0);
    let silent = |trial: &mut Trial, application: &str| {
        let page = trial.send("GET", &format!("/authorize?application={application}&prompt=none"), "");
        trial.follow(page).1
    };
    let refresh = |trial: &mut Trial, application: &str| {
        let page = trial.send("POST", "/refresh", &format!("application={application}&person=0"));
        trial.follow(page).1
    };
    assert!(silent(&mut trial, "payroll").body.contains("idv_interaction_required"));
    assert_eq!(status(&silent(&mut trial, "newsroom")), "skipped");
    trial.act(&session, "simulated", "outcome=success");
    assert_eq!(status(&silent(&mut trial, "payroll")), "valid");
    assert_eq!(status(&refresh(&mut trial, "payroll")), "valid");
    assert_eq!(trial.log_in("payroll", 0).0.rsplit_once('/').unwrap().1.split_once('=').unwrap().0, "callback?run");
    trial.send("POST", "/person", "person=0&change=expire");
    assert!(refresh(&mut trial, "payroll").body.contains("idv_interaction_required"));
    assert!(trial.log_in("payroll", 0).0.contains("/session/"), "and an interactive one is asked again");
}

#[test]
fn what_is_forgotten_or_expired_is_verified_anew_and_a_lost_result_is_handed_over_once_more() {
    // Within a quarter of an hour idv handed over what had been forgotten or expired, so that neither showed anything.
    let mut trial = Trial::start(&[]);
    let mut change = |person, change: &str| {
        let (session, _) = trial.log_in("payroll", person);
        assert_eq!(status(&trial.act(&session, "simulated", "outcome=success")), "valid");
        let (in_another_tab, _) = trial.log_in("newsroom", 2);
        trial.send("POST", "/person", &format!("person={person}&change={change}"));
        assert_eq!(status(&trial.act(&in_another_tab, "cancel", "")), "canceled", "{change}");
        let (session, page) = trial.log_in("payroll", person);
        (page.body.contains("/accept\""), page.body.contains("/simulated\""), trial.act(&session, "accept", ""))
    };
    let (is_handed_over, is_asked, _) = change(0, "forget");
    assert_eq!((is_handed_over, is_asked), (false, true));
    let (is_handed_over, is_asked, _) = change(1, "expire");
    assert_eq!((is_handed_over, is_asked), (false, true));
    let (is_handed_over, is_asked, page) = change(0, "lose");
    assert_eq!((is_handed_over, is_asked, status(&page)), (true, false, json!("valid")));
}

#[test]
fn a_broken_secret_is_refused_by_idv_and_a_replayed_way_back_by_the_tenant() {
    let mut trial = Trial::start(&[]);
    trial.send("POST", "/person", "person=0&change=break");
    let (_, page) = trial.log_in("payroll", 0);
    assert_eq!(page.status, 401);
    trial.send("POST", "/person", "person=0&change=mend");
    let (session, _) = trial.log_in("payroll", 0);
    let back = trial.send("POST", &format!("{session}/simulated"), "outcome=success");
    let address = back.location.clone().unwrap();
    trial.follow(back);
    assert_eq!(trial.send("GET", &address, "").status, 400, "a state is good once");
}

#[test]
fn a_refusal_has_its_reference_however_many_came_before() {
    // Nothing ended the second in which a cause has two lines, so that the third refusal of a trial had no reference.
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("payroll", 0);
    let (idv, _) = session.split_once("/session/").unwrap();
    let mut refused =
        || trial.send("GET", &format!("{idv}/id-verification"), "").body.contains("Reference for support");
    assert!(refused());
    assert!((0..100).any(|_| !refused()), "as many as come have lines");
    let is_over = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        refused()
    });
    assert!(is_over, "that second never ends");
}

/// A terminal that was closed left the store of the trial.
#[test]
fn it_leaves_nothing_behind() {
    for signal in ["INT", "TERM", "HUP"] {
        let temporary = tempfile::TempDir::new().unwrap();
        let mut command = Command::new(BINARY);
        command.args(["trial", "--port", "0"]).env("TMPDIR", temporary.path()).stdout(Stdio::piped());
        let mut process = Killed(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 1);
        assert!(Command::new("kill").args(["-s", signal, &process.id().to_string()]).status().unwrap().success());
        assert!(process.wait().unwrap().success(), "{signal}");
        assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "{signal}");
    }
}

#[test]
fn a_second_trial_on_the_same_port_is_refused() {
    let first = Trial::start(&[]);
    let (_, port) = first.origin.rsplit_once(':').unwrap();
    let output = Command::new(BINARY).args(["trial", "--port", port]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("another process listens there") && told.contains("--port"), "{told}");
}

#[test]
fn what_was_left_undecided_is_decided_by_the_operator_and_the_next_login_passes_by_its_ticket() {
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("payroll", 1);
    let page = trial.act(&session, "simulated", "outcome=pending");
    assert!(page.body.contains("idv_verification_failed") && page.body.contains("&#34;ticket&#34;"), "{}", page.body);
    let (waiting, page) = trial.log_in("payroll", 1);
    assert!(page.body.contains("Your verification is still being decided"), "{}", page.body);
    let decided = trial.send("POST", "/operator", "person=1&decision=verified");
    let (_, page) = trial.follow(decided);
    assert!(page.body.contains("success by simulated") && !page.body.contains("is undecided"), "{}", page.body);
    let page = trial.act(&waiting, "accept", "");
    assert_eq!(status(&page), "valid");
    assert_eq!(claims(&page)["https://id-verification/method"], "simulated");
    let (_, metadata) = page.body.split_once("at Auth0</h2>").unwrap();
    let metadata = metadata.split_once("</pre>").unwrap().0;
    assert!(metadata.contains("last_check") && !metadata.contains("ticket"), "the ticket is used: {metadata}");
}

#[test]
fn an_application_that_takes_only_some_methods_is_shown_no_other_and_takes_no_other() {
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("newsroom", 0);
    let code = trial.code(0);
    assert_eq!(status(&trial.act(&session, "desk", &format!("code={code}"))), "valid");
    let (session, page) = trial.log_in("vault", 0);
    assert!(page.body.contains("/simulated\""), "the desk's check does not count: {}", page.body);
    assert!(!page.body.contains("/desk\""), "{}", page.body);
    assert_eq!(trial.send("GET", &format!("{session}/desk"), "").status, 404);
    let page = trial.act(&session, "simulated", "outcome=success");
    assert_eq!(
        (status(&page), &claims(&page)["https://id-verification/method"]),
        (json!("valid"), &json!("simulated"))
    );
    let (_, page) = trial.log_in("vault", 0);
    assert_eq!(status(&page), "valid", "and its own does");
}
