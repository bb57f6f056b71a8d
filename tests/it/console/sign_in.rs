//! Signing in through the organisation's provider: by the checks by which it verifies people, in the browser that set out, and
//! with the roles that a claim gives.

use hyper::StatusCode;
use idv::config::load;
use idv::control::operator::Request;
use idv::egress::{Egress, Trust};
use idv::review::Console;
use idv::verification::account::Account;
use idv::verification::method::oidc::credentials::{ClientSecret, Credentials};
use idv::verification::operator::Role;
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::oidc::scene::{directly, lines, logged};
use crate::support::browser::{Browser, Page};
use crate::support::console::{COOKIE, Place, is_inside};
use crate::support::liar::lies::{Lie, lies};
use crate::support::liar::tells::Tells;
use crate::support::liar::{Authentication, Liar, Par, Registration};
use crate::support::photo::photo;

const SITE: &str = "https://review.example.test";
const CLAIM: &str = "https://acme.example/idv";
const SECRET: &str = "the-client-secret-of-the-console";
const WAY: &str = "__Host-idv-operator-way";

/// A console, and the provider that the organisation has.
struct Scene {
    place: Place,
    liar: Liar,
}

impl Scene {
    /// One whose provider knows a reviewer.
    fn new() -> Self {
        Self::with("")
    }

    /// The same, with `more` in the section.
    fn with(more: &str) -> Self {
        Self::by(Par::Offered, more)
    }

    fn by(par: Par, more: &str) -> Self {
        let place = Place::new();
        let registration = Registration {
            client_id: "console".into(),
            redirect_uri: format!("{SITE}/callback"),
            authentication: Authentication::Basic(SECRET.into()),
            algorithm: "RS256",
            par,
        };
        let liar = Liar::start(registration, place.clock());
        let port = liar.issuer.rsplit(':').next().unwrap().parse().unwrap();
        let egress = Egress::new(directly(port), Trust::of_pem(liar.authority.as_bytes()).unwrap());
        let secret = Credentials::Secret(ClientSecret::new(Zeroizing::new(SECRET.into())).unwrap());
        let section = format!(
            "[egress]\nprivate = [\"localhost\"]\n[review.oidc]\nissuer = \"{}\"\nclient_id = \"console\"\n\
             client_secret = {{ env = \"NONE\" }}\nclaim = \"{CLAIM}\"\nreviewer = [\"reviews\"]\nsupervisor = [\"leads\"]\n{more}",
            liar.issuer
        );
        let scene = Self { place: place.with_provider(&section, (secret, egress)), liar };
        scene.claim(&json!(["reviews"]));
        scene
    }

    fn claim(&self, value: &Value) {
        self.liar.change_person(|person| person["id_token"][CLAIM] = value.clone());
    }

    /// With what the browser comes back that sets out.
    fn back(&self, browser: &mut Browser<Console>) -> String {
        let page = browser.get("/sign-in/provider");
        self.liar.visit(page.location()).strip_prefix(SITE).unwrap().to_owned()
    }

    /// The answer to somebody who comes back from the other site.
    fn come(browser: &mut Browser<Console>, back: &str) -> Page {
        browser.came_from = Some("cross-site".into());
        browser.headers = vec![("sec-fetch-mode".into(), "navigate".into())];
        let page = browser.get(back);
        browser.came_from = Some("same-origin".into());
        browser.headers.clear();
        page
    }

    /// A sign-in to its end: the last answer, and what the log says of it.
    fn sign_in(&self, browser: &mut Browser<Console>) -> (Page, String) {
        logged(|| {
            let page = browser.get("/sign-in/provider");
            if !page.location().starts_with(&self.liar.issuer) {
                return page;
            }
            let back = self.liar.visit(page.location());
            Self::come(browser, back.strip_prefix(SITE).unwrap())
        })
    }

    fn succeed(&self) -> Browser<Console> {
        let mut browser = self.place.browser();
        let (page, log) = self.sign_in(&mut browser);
        assert_eq!(page.status, StatusCode::OK, "{log} {:?}", self.liar.complaints());
        browser
    }
}

/// What the log calls the reason of the refusal.
fn cause(log: &str) -> String {
    let causes: Vec<_> = lines(log).filter_map(|line| Some(line["cause"].as_str()?.to_owned())).collect();
    let [cause] = &causes[..] else { panic!("one cause: {log}") };
    cause.trim_start_matches("console: sign-in: ").to_owned()
}

#[test]
fn who_has_a_role_there_signs_in_and_the_page_that_they_come_back_to_leads_on_by_itself() {
    let scene = Scene::new();
    let mut browser = scene.place.browser();
    assert!(browser.get("/sign-in").body.contains("href=\"/sign-in/provider\""));
    let page = browser.get("/sign-in/provider");
    let way = page.header("set-cookie").unwrap();
    assert!(way.starts_with(WAY) && way.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{way}");
    let back = scene.liar.visit(page.location());
    let page = Scene::come(&mut browser, back.strip_prefix(SITE).unwrap());
    // A redirect would be another site's, and bring no cookie.
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<meta http-equiv=\"refresh\" content=\"0; url=/me\">"), "{}", page.body);
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with(&format!("{COOKIE}="))).unwrap();
    assert!(session.ends_with("; SameSite=Strict; Secure"), "{session}");
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), [COOKIE]);
    let page = browser.get("/me");
    assert!(page.body.contains("through the organisation") && page.body.contains("reviewer: "), "{}", page.body);
    assert_eq!(scene.liar.complaints(), Vec::<String>::new());
    assert_eq!(scene.liar.asked("/par").len(), 1, "pushed, since that is offered");
    let entry = scene.place.entries().into_iter().find(|entry| entry.action == "operator-signed-in").unwrap();
    assert_eq!(entry.change.as_deref(), Some("provider"));
}

#[test]
fn who_comes_from_there_for_the_first_time_is_led_to_the_pairs() {
    let pairs = TempDir::new().unwrap();
    for name in ["1-same-document.jpg", "1-same-selfie.jpg"] {
        std::fs::write(pairs.path().join(name), photo(640, 600, |_| {})).unwrap();
    }
    let Scene { place, liar } = Scene::new();
    let scene = Scene { place: place.learning_from(pairs.path()), liar };
    for place in ["/pairs", "/me"] {
        let (page, log) = scene.sign_in(&mut scene.place.browser());
        assert!(page.body.contains(&format!("content=\"0; url={place}\"")), "{log} {}", page.body);
    }
}

#[test]
fn roles_are_those_that_the_claim_gives_today_as_a_text_or_a_list() {
    let scene = Scene::new();
    for (value, roles) in [
        (json!("reviews"), &[Role::Reviewer][..]),
        (json!(["other", "leads", "reviews", 7, null]), &[Role::Reviewer, Role::Supervisor]),
        (json!(["leads"]), &[Role::Supervisor]),
    ] {
        scene.claim(&value);
        let mut browser = scene.succeed();
        assert_eq!(browser.get("/operators").status == StatusCode::OK, roles.contains(&Role::Supervisor), "{value}");
        let listed = scene.place.ask(Request::List {}, Account::Root).unwrap();
        let listed = listed["operators"].as_array().unwrap();
        assert_eq!((listed.len(), &listed[0]["roles"]), (1, &json!(roles)), "{value}");
    }
}

#[test]
fn who_has_no_role_there_is_refused_with_a_reference_and_the_log_names_the_claim() {
    let scene = Scene::new();
    for (value, told) in [
        (json!(null), format!("the ID token has no claim {CLAIM:?}")),
        (json!([]), format!("no value of the claim {CLAIM:?} gives a role")),
        (json!("nothing"), format!("no value of the claim {CLAIM:?} gives a role")),
        (json!({ "reviews": true }), format!("no value of the claim {CLAIM:?} gives a role")),
        (json!("reviews leads"), format!("no value of the claim {CLAIM:?} gives a role")),
        (json!("Reviews"), format!("no value of the claim {CLAIM:?} gives a role")),
    ] {
        scene.claim(&value);
        let mut browser = scene.place.browser();
        let (page, log) = scene.sign_in(&mut browser);
        assert_eq!(cause(&log), told, "{value}");
        let reference = page.location().rsplit('=').next().unwrap().to_owned();
        assert!(page.location().starts_with("/sign-in?notice=role&reference=") && log.contains(&reference), "{log}");
        let page = browser.get(page.location());
        assert!(page.body.contains("gives you no role here") && page.body.contains(&reference), "{}", page.body);
        assert!(!is_inside(&browser.get("/me")) && browser.cookies.is_empty());
        // One such line a beat, and one more.
        scene.place.pass_a_beat();
    }
    assert!(scene.place.entries().is_empty());
}

#[test]
fn an_answer_that_would_verify_nobody_signs_nobody_in() {
    let is_of_a_sign_in = |lie: &&Lie| {
        let of = ["answer_", "state_", "error_", "metadata_", "keys_", "token_", "id_token_"];
        // Neither the time of the login there nor userinfo is asked for.
        let is_asked_for = !lie.cause.starts_with("id_token_auth_time") && !lie.name.contains("userinfo");
        is_asked_for && of.iter().any(|of| lie.cause.starts_with(of))
    };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for lie in lies().filter(is_of_a_sign_in) {
        let scene = Scene::new();
        scene.liar.tell(lie);
        let mut browser = scene.place.browser();
        let (page, log) = scene.sign_in(&mut browser);
        let is_out = page.header("location").is_some_and(|location| location.starts_with("/sign-in?notice="))
            && !browser.cookies.contains_key(COOKIE)
            && scene.place.entries().is_empty();
        let told = if is_out { cause(&log) } else { format!("{} in spite of it", page.status) };
        if told.split(':').next() != Some(lie.cause) {
            wrong.push(format!("{}: {}: {told}", lie.cause, lie.name));
        }
        for person in ["Ada", "Lovelace", "the-one-and-only"] {
            assert!(!log.contains(person) && !page.body.contains(person), "{}: {log}", lie.name);
        }
        seen += 1;
    }
    assert_eq!(wrong, [""; 0]);
    assert!(seen > 60, "{seen}");
}

#[test]
fn an_answer_counts_once_in_the_browser_that_set_out_and_in_no_other() {
    let scene = Scene::new();
    let (mut browser, mut other) = (scene.place.browser(), scene.place.browser());
    let back = scene.back(&mut browser);
    // Another browser: without any way, with a way of its own, and with the answer's state planted.
    scene.back(&mut other);
    for cookies in [other.cookies.clone(), [(WAY.to_owned(), "AAAA".to_owned())].into(), [].into()] {
        other.cookies = cookies;
        let (page, log) = logged(|| Scene::come(&mut other, &back));
        assert!(page.location().starts_with("/sign-in?notice=refused"), "{}", page.location());
        assert!(!page.location().contains("code=") && !other.cookies.contains_key(COOKIE));
        assert_eq!(cause(&log), "state_unknown");
        scene.place.pass_a_beat();
    }
    let way = browser.cookies.clone();
    let page = Scene::come(&mut browser, &back);
    assert_eq!(page.status, StatusCode::OK);
    // The same once more, as a reload of the page: there is no way any more.
    assert!(Scene::come(&mut browser, &back).location().starts_with("/sign-in?notice=refused"));
    assert!(is_inside(&browser.get("/me")), "and the session is as it was");
    // A second click of the same browser, at the same time: the session of the first, for the code is good once.
    let mut second = scene.place.browser();
    second.cookies = way;
    assert_eq!(Scene::come(&mut second, &back).status, StatusCode::OK);
    assert_eq!(second.cookies[COOKIE], browser.cookies[COOKIE]);
    assert_eq!((scene.liar.asked("/token").len(), scene.place.entries().len()), (1, 1));
}

#[test]
fn a_way_there_is_good_for_a_quarter_of_an_hour_exactly() {
    for (waits, is_good) in [(15 * 60 - 1, true), (15 * 60, false)] {
        // What is pushed is short-lived too.
        let scene = Scene::by(Par::Absent, "");
        let mut browser = scene.place.browser();
        let page = browser.get("/sign-in/provider");
        scene.place.pass(waits);
        let back = scene.liar.visit(page.location());
        let page = Scene::come(&mut browser, back.strip_prefix(SITE).unwrap());
        assert_eq!(page.status == StatusCode::OK, is_good, "{waits}: {}", page.status);
    }
}

#[test]
fn only_a_page_of_ours_leads_there() {
    let scene = Scene::new();
    let mut browser = scene.place.browser();
    for site in ["cross-site", "same-site"] {
        browser.came_from = Some(site.into());
        browser.headers = vec![("sec-fetch-mode".into(), "navigate".into())];
        assert_eq!(browser.get("/sign-in/provider").status, StatusCode::FORBIDDEN, "{site}");
    }
    assert!(scene.liar.asked("/par").is_empty());
}

#[test]
fn who_was_revoked_here_does_not_come_back_from_there() {
    let scene = Scene::new();
    let mut browser = scene.succeed();
    let listed = scene.place.ask(Request::List {}, Account::Root).unwrap();
    let name = listed["operators"][0]["name"].as_str().unwrap().to_owned();
    scene.place.ask(Request::Revoke { name }, Account::Root).unwrap();
    assert_eq!(browser.get("/me").location(), "/sign-in");
    let (page, _) = scene.sign_in(&mut browser);
    assert!(page.location().starts_with("/sign-in?notice=revoked"), "{}", page.location());
    assert!(!browser.cookies.contains_key(COOKIE) || !is_inside(&browser.get("/me")));
}

#[test]
fn an_operator_is_called_what_is_fit_and_known_by_who_they_are() {
    for (preferred, name, called) in [
        (json!("ada@acme.example"), json!("Ada Lovelace"), "ada@acme.example"),
        (json!("ada\u{202e}"), json!("Ada Lovelace"), "Ada Lovelace"),
        (json!(" "), json!("x".repeat(65)), "operator-"),
        (json!(null), json!(["Ada"]), "operator-"),
    ] {
        let scene = Scene::new();
        let names = |preferred: &Value, name: &Value| {
            scene.liar.change_person(|person| {
                person["id_token"]["preferred_username"] = preferred.clone();
                person["id_token"]["name"] = name.clone();
            });
        };
        names(&preferred, &name);
        scene.succeed();
        let operators = || scene.place.ask(Request::List {}, Account::Root).unwrap()["operators"].clone();
        let first = operators()[0]["name"].as_str().unwrap().to_owned();
        assert!(first.starts_with(called) && (called != "operator-" || first.len() == 17), "{first}");
        names(&json!("somebody else"), &json!(null));
        scene.succeed();
        assert_eq!((operators().as_array().unwrap().len(), operators()[0]["name"].as_str()), (1, Some(first.as_str())));
        // Another person who takes the name has it not.
        scene.liar.change_person(|person| {
            person["id_token"]["sub"] = "another".into();
            person["userinfo"]["sub"] = "another".into();
        });
        names(&json!(first), &json!(null));
        scene.succeed();
        assert_eq!(operators().as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_way_of_signing_in_there_can_be_asked_for() {
    let scene = Scene::with("[review.oidc.accept]\nacr = [\"urn:liar:high\"]\namr = [\"mfa\", \"hwk\"]\n");
    let mut browser = scene.place.browser();
    for (amr, is_fine) in
        [(json!(null), false), (json!([]), false), (json!(["pwd"]), false), (json!(["pwd", "mfa"]), true)]
    {
        scene.liar.change_person(|person| person["id_token"]["amr"] = amr.clone());
        let (page, _) = scene.sign_in(&mut browser);
        assert_eq!(page.status == StatusCode::OK, is_fine, "{amr}");
        assert!(is_fine || page.location().starts_with("/sign-in?notice=level"), "{amr}");
        scene.place.pass_a_beat();
    }
    scene.liar.change_person(|person| person["id_token"]["acr"] = "urn:liar:low".into());
    let (page, log) = scene.sign_in(&mut browser);
    assert!(page.location().starts_with("/sign-in?notice=level") && cause(&log) == "acr", "{log}");
}

#[test]
fn what_supervisors_do_wants_a_login_that_was_made_for_it_not_long_ago() {
    // A minute, and the leeway; auth0.js did not look at all (CVE-2026-107371).
    static OLD: Lie = Lie {
        cause: "id_token_auth_time",
        name: "nobody had to log in",
        tells: &[Tells::Claims(|claims, facts| claims["auth_time"] = json!(facts.asked_at - 121))],
    };
    static AT_LEAST: Lie = Lie {
        cause: "",
        name: "as early as it may be",
        tells: &[Tells::Claims(|claims, facts| claims["auth_time"] = json!(facts.asked_at - 120))],
    };
    static UNSAID: Lie = Lie {
        cause: "id_token_auth_time_missing",
        name: "when is not said",
        tells: &[Tells::Claims(|claims, _| claims["auth_time"] = Value::Null)],
    };
    let scene = Scene::by(Par::Absent, "");
    scene.claim(&json!(["leads"]));
    scene.place.add("bob", &[Role::Desk]);
    scene.liar.tell(&OLD);
    let mut lead = scene.succeed();
    assert_eq!(lead.get("/operators").status, StatusCode::OK, "to look is another thing");
    let refused = lead.post("/operators/certify", "name=bob");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("href=\"/sign-in/provider/anew\""), "{}", refused.body);
    let anew = |browser: &mut Browser<Console>| {
        let page = browser.get("/sign-in/provider/anew");
        assert!(page.location().ends_with("&max_age=60"), "{}", page.location());
        let back = scene.liar.visit(page.location());
        logged(|| Scene::come(browser, back.strip_prefix(SITE).unwrap()))
    };
    let certifies = |browser: &mut Browser<Console>| browser.post("/operators/certify", "name=bob").status;
    let before = lead.cookies[COOKIE].clone();
    for lie in [&OLD, &UNSAID] {
        scene.liar.tell(lie);
        let (page, log) = anew(&mut lead);
        assert!(page.location().starts_with("/sign-in?notice="), "{}", lie.name);
        assert_eq!(cause(&log), lie.cause);
        assert_eq!(lead.cookies[COOKIE], before, "they are who they were");
        assert_eq!(certifies(&mut lead), StatusCode::FORBIDDEN);
        scene.place.pass_a_beat();
    }
    scene.liar.tell(&AT_LEAST);
    assert_eq!(anew(&mut lead).0.status, StatusCode::OK);
    assert_ne!(lead.cookies[COOKIE], before, "a session of its own");
    assert_eq!(certifies(&mut lead), StatusCode::SEE_OTHER);
    scene.place.pass(15 * 60 - 1);
    assert_eq!(certifies(&mut lead), StatusCode::SEE_OTHER);
    scene.place.pass(1);
    assert_eq!(certifies(&mut lead), StatusCode::FORBIDDEN, "a quarter of an hour to the second");
    // A login that is asked for as usual is none that was made for it, however recent.
    scene.liar.be_honest();
    assert_eq!(certifies(&mut scene.succeed()), StatusCode::FORBIDDEN);
    let told = scene.place.entries().into_iter().filter(|entry| entry.action == "operator-signed-in");
    let ways: Vec<_> = told.filter_map(|entry| entry.change).collect();
    assert_eq!(ways, ["provider", "anew", "provider"]);
}

/// Elsewhere a session kept the roles that somebody had when it began (GHOST-osint-crm #32).
#[test]
fn a_role_that_was_taken_away_is_gone_in_every_session_once_another_sign_in_shows_it() {
    let scene = Scene::new();
    scene.claim(&json!(["leads"]));
    let mut before = scene.succeed();
    assert_eq!(before.get("/operators").status, StatusCode::OK);
    scene.claim(&json!(["reviews"]));
    let mut after = scene.succeed();
    for browser in [&mut before, &mut after] {
        assert_eq!(browser.get("/operators").status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get("/").status, StatusCode::OK, "what is left is left");
    }
    scene.claim(&json!(["leads"]));
    scene.succeed();
    assert_eq!(after.get("/operators").status, StatusCode::NOT_FOUND, "what is gained is the new session's");
}

#[test]
fn signing_out_leads_on_to_the_provider_where_that_says_how() {
    static ANNOUNCES: Lie = Lie {
        cause: "",
        name: "end_session_endpoint is announced",
        tells: &[Tells::Metadata(|value, facts| {
            value["end_session_endpoint"] = json!(format!("{}/logout?a=b", facts.issuer));
        })],
    };
    static ELSEWHERE: Lie = Lie {
        cause: "",
        name: "end_session_endpoint is another host's",
        tells: &[Tells::Metadata(|value, _| value["end_session_endpoint"] = json!("https://evil.example/logout"))],
    };
    for (lie, leads) in [(None, false), (Some(&ANNOUNCES), true), (Some(&ELSEWHERE), false)] {
        let scene = Scene::new();
        if let Some(lie) = lie {
            scene.liar.tell(lie);
        }
        let mut browser = scene.succeed();
        let page = browser.post("/sign-out", "");
        let address = format!("content=\"0; url={}/logout?a=b&#38;client_id=console\"", scene.liar.issuer);
        assert_eq!(page.body.contains(&address), leads, "{}", page.body);
        assert_eq!(page.header("location"), if leads { None } else { Some("/sign-in") });
        assert!(browser.cookies.is_empty());
        let mut by_link = scene.place.signed_in("bob", &[Role::Reviewer]);
        assert_eq!(by_link.post("/sign-out", "").location(), "/sign-in");
    }
}

#[test]
fn without_a_provider_nothing_leads_to_one() {
    let mut browser = Place::new().browser();
    assert!(!browser.get("/sign-in").body.contains("/sign-in/provider"));
    for path in ["/sign-in/provider", "/callback?code=a&state=AAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(browser.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    let text = include_str!("../../../idv.toml");
    assert!(load::parse(text).0.unwrap().review.is_none(), "the sample has none");
}
