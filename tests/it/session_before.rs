//! What was decided before, and counts at a later login: of a case, by its ticket, and of a session whose result did not
//! arrive, in its own browser (contract 22 to 27).

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::verification::account::Account;
use idv::verification::case;
use idv::verification::command::{Done, Task};
use idv::verification::method::{Evidence, Methods};
use idv::web::App;
use serde_json::{Map, Value, json};

use crate::support::acts;
use crate::support::browser::{Browser, Page};
use crate::support::token::{self, SECRET, SUBJECT};
use crate::support::world::{OTHER_SECRET, OTHER_TENANT, POLICY, World, block_on, other_tenant, subject, tenant};

/// The desk and the trial's.
fn both() -> Methods {
    Methods { desk: Some(POLICY), ..trial() }
}

/// The trial's alone.
fn trial() -> Methods {
    Methods { desk: None, simulated: true, oidc: Arc::default(), document: None }
}

/// A request token of the project's Action, with `asks` beside what is usual. Auth0 knows of no success.
fn request(world: &World, jti: &str, asks: &Value) -> String {
    let usual = json!({ "jti": jti, "last_check": 0 });
    token::sign(&token::with(token::with(token::claims(world.now()), &usual), asks))
}

fn result(page: &Page) -> Map<String, Value> {
    token::open(&page.parameter("token"), SECRET)
}

fn choose(browser: &mut Browser, request: &str, outcome: &str) -> Page {
    let session = browser.begin(request);
    browser.post(&format!("{session}/simulated"), &format!("outcome={outcome}"))
}

/// Ends a login undecided, and returns the ticket that goes to Auth0.
fn leave_undecided(world: &World, browser: &mut Browser, jti: &str) -> String {
    let result = result(&choose(browser, &request(world, jti, &json!({})), "pending"));
    assert_eq!(result["status"], "pending");
    assert!(!result.contains_key("method"));
    result["ticket"].as_str().unwrap().to_owned()
}

fn decide(world: &World, user_id: &str, is_verified: bool) -> Done {
    decide_on(world, user_id, is_verified, Evidence::Simulated)
}

fn decide_on(world: &World, user_id: &str, is_verified: bool, evidence: Evidence) -> Done {
    let task = if is_verified { Task::Approve(evidence) } else { Task::Reject(evidence) };
    let now = world.app.clock.now();
    let command = acts::command(subject(user_id), Account::Root, task, now);
    block_on(world.app.store.carry_out(command)).unwrap().0
}

fn checks(world: &World) -> usize {
    let record = world.app.store.subject(&subject(SUBJECT)).unwrap();
    record.map_or(0, |record| world.app.store.checks(&record, 100).unwrap().len())
}

/// Whether the session's page says that the person is verified, and a script goes on.
fn goes_on(page: &Page, session: &str) -> bool {
    let form = format!("action=\"{session}/accept\"");
    page.body.contains("You are verified") && page.body.contains(&form) && page.body.contains("/assets/submit")
}

/// How many of `logins`, which take what was decided before all at once, end with it.
fn taken_at_once(logins: Vec<(Browser, String)>) -> usize {
    let together = &Barrier::new(logins.len());
    let take = |(mut browser, session): (Browser, String)| {
        together.wait();
        browser.post(&format!("{session}/accept"), "").location() != session
    };
    thread::scope(|scope| {
        let threads: Vec<_> = logins.into_iter().map(|login| scope.spawn(move || take(login))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|taken| *taken).count()
    })
}

fn begins_anew(page: &Page) -> bool {
    page.status == StatusCode::OK && page.body.contains("How shall this verification end?")
}

#[test]
fn what_was_decided_later_counts_once_at_the_login_that_brings_the_ticket() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    let ticket = leave_undecided(&world, &mut browser, "undecided");
    world.pass(Duration::from_hours(30));
    assert_eq!(decide(&world, SUBJECT, true), Done::Changed);
    assert_eq!(decide(&world, SUBJECT, false), Done::Unchanged, "it is decided");
    let (decided_at, checked) = (world.now(), checks(&world));
    world.pass(Duration::from_hours(50));
    let mut another = world.browser();
    let session = another.begin(&request(&world, "with ticket", &json!({ "ticket": ticket })));
    let page = another.get(&session);
    assert!(goes_on(&page, &session), "{}", page.body);
    assert_eq!(checks(&world), checked, "a page writes nothing");
    let back = another.post(&format!("{session}/accept"), "");
    let claims = result(&back);
    assert_eq!((&claims["status"], &claims["method"]), (&json!("success"), &json!("simulated")));
    assert_eq!((claims["last_check"].as_u64(), claims["iat"].as_u64()), (Some(decided_at), Some(decided_at)));
    assert_eq!(checks(&world), checked, "no new check is made");
    assert_eq!(result(&another.post(&format!("{session}/accept"), "")), claims, "a double click");
    let session = another.begin(&request(&world, "again", &json!({ "ticket": ticket, "last_check": decided_at })));
    assert!(begins_anew(&another.get(&session)), "a decision counts once");
    assert_eq!(another.post(&format!("{session}/accept"), "").location(), session);
}

#[test]
fn without_its_ticket_a_decision_is_worth_nothing() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    let ticket = leave_undecided(&world, &mut browser, "undecided");
    assert_eq!(decide(&world, SUBJECT, true), Done::Changed);
    let foreign = "A".repeat(22);
    let asks = [
        json!({}),
        json!({ "ticket": foreign }),
        json!({ "ticket": ticket.to_uppercase() }),
        json!({ "ticket": "" }),
        json!({ "ticket": ticket, "sub": "auth0|another" }),
        json!({ "ticket": ticket, "methods": "desk oidc:one" }),
    ];
    for (n, asks) in asks.into_iter().enumerate() {
        let session = browser.begin(&request(&world, &n.to_string(), &asks));
        let page = browser.get(&session);
        assert!(!page.body.contains("/accept"), "{asks}: {}", page.body);
        assert_eq!(browser.post(&format!("{session}/accept"), "").location(), session, "{asks}");
    }
    let session = browser.begin(&request(&world, "with it", &json!({ "ticket": ticket })));
    assert!(goes_on(&browser.get(&session), &session), "and it still counts");
}

#[test]
fn a_decision_counts_while_its_case_does_and_no_older_than_the_application_takes() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    let ticket = leave_undecided(&world, &mut browser, "undecided");
    assert_eq!(decide(&world, SUBJECT, true), Done::Changed);
    let counts = |jti: &str, asks: Value| {
        let mut browser = world.browser();
        let session = browser.begin(&request(&world, jti, &token_with(&ticket, &asks)));
        goes_on(&browser.get(&session), &session)
    };
    assert!(counts("at once", json!({ "max_age": 0 })), "as any check that is made during a login");
    world.pass(Duration::from_secs(3599));
    assert!(counts("an hour less a second", json!({ "max_age": 10 })));
    world.pass(Duration::from_secs(1));
    assert!(!counts("an hour", json!({ "max_age": 10 })));
    assert!(counts("older ones too", json!({ "max_age": 3601 })) && counts("any", json!({})));
    world.pass(case::LIFETIME.saturating_sub(Duration::from_secs(3601)));
    assert!(counts("in the last second", json!({})));
    world.pass(Duration::from_secs(1));
    assert!(!counts("too late", json!({})));
}

fn token_with(ticket: &str, asks: &Value) -> Value {
    let mut asks = asks.as_object().unwrap().clone();
    asks.insert("ticket".into(), json!(ticket));
    asks.into()
}

#[test]
fn who_is_not_decided_yet_is_told_and_returns_with_the_same_ticket_or_begins_anew() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    let ticket = leave_undecided(&world, &mut browser, "undecided");
    let session = browser.begin(&request(&world, "waiting", &json!({ "ticket": ticket })));
    let page = browser.get(&session);
    assert!(page.body.contains("Your verification is still being decided"), "{}", page.body);
    assert!(!page.body.contains("/assets/submit"), "whoever reads it decides");
    let anew = format!("{session}/simulated");
    assert!(page.body.contains(&format!("href=\"{anew}\"")), "{}", page.body);
    assert!(begins_anew(&browser.get(&anew)));
    let elsewhere = browser.begin(&request(&world, "not asked for", &json!({ "ticket": ticket, "methods": "desk" })));
    assert!(browser.get(&elsewhere).body.contains("You cannot be verified for this application"));
    let claims = result(&browser.post(&format!("{session}/accept"), ""));
    assert_eq!((&claims["status"], &claims["ticket"]), (&json!("pending"), &json!(ticket)));
    let session = browser.begin(&request(&world, "anew", &json!({ "ticket": ticket })));
    let claims = result(&browser.post(&format!("{session}/simulated"), "outcome=pending"));
    let newer = claims["ticket"].as_str().unwrap().to_owned();
    assert_ne!(newer, ticket);
    let session = browser.begin(&request(&world, "older", &json!({ "ticket": ticket })));
    assert!(begins_anew(&browser.get(&session)), "a later case takes the place of the one before");
    assert_eq!(decide(&world, SUBJECT, true), Done::Changed);
    let session = browser.begin(&request(&world, "newer", &json!({ "ticket": newer })));
    assert!(goes_on(&browser.get(&session), &session));
}

#[test]
fn a_rejection_is_told_once_and_then_one_begins_anew() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    let ticket = leave_undecided(&world, &mut browser, "undecided");
    assert_eq!(decide(&world, SUBJECT, false), Done::Changed);
    let session = browser.begin(&request(&world, "told", &json!({ "ticket": ticket })));
    let page = browser.get(&session);
    assert!(page.body.contains("You could not be verified") && !page.body.contains("/assets/submit"), "{}", page.body);
    // It said to go on to finish logging in, which no button did.
    assert!(page.body.contains("Return to your login, and the application is told."), "{}", page.body);
    let claims = result(&browser.post(&format!("{session}/accept"), ""));
    assert_eq!((&claims["status"], claims.get("method"), claims.get("ticket")), (&json!("failed"), None, None));
    let session = browser.begin(&request(&world, "anew", &json!({ "ticket": ticket })));
    assert!(begins_anew(&browser.get(&session)));
}

#[test]
fn a_result_that_was_lost_is_handed_over_once_to_its_own_browser() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    choose(&mut browser, &request(&world, "lost", &json!({})), "success");
    let (checked_at, checked) = (world.now(), checks(&world));
    world.pass(Duration::from_secs(899));
    let mut elsewhere = world.browser();
    let session = elsewhere.begin(&request(&world, "elsewhere", &json!({})));
    assert!(begins_anew(&elsewhere.get(&session)), "another browser");
    assert_eq!(elsewhere.post(&format!("{session}/accept"), "").location(), session);
    let session = browser.begin(&request(&world, "next", &json!({})));
    let page = browser.get(&session);
    assert!(goes_on(&page, &session), "{}", page.body);
    let back = browser.post(&format!("{session}/accept"), "");
    let claims = result(&back);
    assert_eq!((&claims["status"], &claims["method"]), (&json!("success"), &json!("simulated")));
    assert_eq!((claims["last_check"].as_u64(), claims["iat"].as_u64()), (Some(checked_at), Some(checked_at)));
    assert_eq!(checks(&world), checked, "no new check is made");
    let session = browser.begin(&request(&world, "once more", &json!({})));
    assert!(begins_anew(&browser.get(&session)), "once");
}

#[test]
fn what_auth0_knows_or_does_not_ask_for_is_not_handed_over() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    choose(&mut browser, &request(&world, "lost", &json!({})), "success");
    let checked_at = world.now();
    world.pass(Duration::from_mins(1));
    for (n, (asks, counts)) in [
        (json!({ "last_check": checked_at }), false),
        (json!({ "last_check": checked_at + 1 }), false),
        (json!({ "last_check": checked_at - 1 }), true),
        // An Action that does not know of it.
        (json!({ "last_check": null }), false),
        (json!({ "methods": "simulated" }), true),
        (json!({ "sub": "auth0|another" }), false),
    ]
    .into_iter()
    .enumerate()
    {
        let session = browser.begin(&request(&world, &n.to_string(), &asks));
        let page = browser.get(&session);
        assert_eq!(goes_on(&page, &session), counts, "{asks}");
        assert_eq!(begins_anew(&page), !counts, "{asks}");
    }
    let session = browser.begin(&request(&world, "in time", &json!({})));
    assert!(goes_on(&browser.get(&session), &session));
    world.pass(Duration::from_mins(14));
    assert!(begins_anew(&browser.get(&session)), "a quarter of an hour is over");
    assert_eq!(browser.post(&format!("{session}/accept"), "").location(), session);
}

#[test]
fn what_was_decided_is_taken_by_one_of_many_logins_at_once() {
    let world = World::with_methods(trial());
    let ticket = leave_undecided(&world, &mut world.browser(), "undecided");
    let decided = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| decide(&world, SUBJECT, true))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|done| *done == Done::Changed).count()
    });
    assert_eq!((decided, checks(&world)), (1, 1), "and it is decided once");
    let logins = (0..8).map(|n| {
        let mut browser = world.browser();
        let session = browser.begin(&request(&world, &format!("login {n}"), &json!({ "ticket": ticket })));
        (browser, session)
    });
    assert_eq!(taken_at_once(logins.collect()), 1);
    let mut browser = world.browser();
    choose(&mut browser, &request(&world, "lost", &json!({})), "success");
    let sessions: Vec<_> = (0..8).map(|n| browser.begin(&request(&world, &format!("tab {n}"), &json!({})))).collect();
    let tab = |session| {
        let mut tab = world.browser();
        tab.cookies.clone_from(&browser.cookies);
        (tab, session)
    };
    assert_eq!(taken_at_once(sessions.into_iter().map(tab).collect()), 1, "and so is a result that was lost");
}

#[test]
fn only_a_case_that_waits_is_decided_and_on_evidence_of_its_own_method() {
    let world = World::with_methods(trial());
    assert_eq!(decide(&world, SUBJECT, true), Done::Unchanged, "nobody knows them");
    leave_undecided(&world, &mut world.browser(), "undecided");
    assert_eq!(decide(&world, "auth0|another", true), Done::Unchanged);
    assert_eq!(decide_on(&world, SUBJECT, true, Evidence::WrongCodes), Done::Unchanged, "of the desk");
    world.pass(case::LIFETIME);
    assert_eq!(decide(&world, SUBJECT, true), Done::Unchanged, "too late");
    assert_eq!(checks(&world), 0);
}

/// The decision was used up, and whoever it was about had to be looked at once more.
#[test]
fn a_decision_whose_result_was_lost_is_handed_over_once_to_its_own_browser() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    let ticket = leave_undecided(&world, &mut browser, "undecided");
    assert_eq!(decide(&world, SUBJECT, true), Done::Changed);
    let decided_at = world.now();
    world.pass(Duration::from_hours(50));
    let asks = json!({ "ticket": ticket });
    let session = browser.begin(&request(&world, "lost", &asks));
    assert_eq!(result(&browser.post(&format!("{session}/accept"), ""))["status"], "success");
    world.pass(Duration::from_secs(899));
    let mut elsewhere = world.browser();
    let session = elsewhere.begin(&request(&world, "elsewhere", &asks));
    assert!(begins_anew(&elsewhere.get(&session)), "another browser");
    for (jti, last_check) in [("arrived", decided_at), ("newer", decided_at + 1)] {
        let session = browser.begin(&request(&world, jti, &token_with(&ticket, &json!({ "last_check": last_check }))));
        assert!(begins_anew(&browser.get(&session)), "{jti}");
    }
    let session = browser.begin(&request(&world, "next", &asks));
    assert!(goes_on(&browser.get(&session), &session));
    assert_eq!(result(&browser.post(&format!("{session}/accept"), ""))["last_check"], decided_at);
    let session = browser.begin(&request(&world, "once more", &asks));
    assert!(begins_anew(&browser.get(&session)), "once");
}

/// Auth0 still has the ticket of before, since nothing arrived. Its case hid the success.
#[test]
fn a_success_that_was_lost_counts_before_a_case_that_is_none() {
    for decision in [None, Some(false)] {
        let world = World::with_methods(trial());
        let mut browser = world.browser();
        let asks = json!({ "ticket": leave_undecided(&world, &mut browser, "undecided") });
        if let Some(is_verified) = decision {
            assert_eq!(decide(&world, SUBJECT, is_verified), Done::Changed);
        }
        world.pass(Duration::from_secs(1));
        choose(&mut browser, &request(&world, "anew", &asks), "success");
        // Another tab of the same browser, of which nothing counts.
        browser.begin(&request(&world, "idle", &asks));
        let session = browser.begin(&request(&world, "next", &asks));
        assert!(goes_on(&browser.get(&session), &session), "{decision:?}");
        assert_eq!(result(&browser.post(&format!("{session}/accept"), ""))["status"], "success", "{decision:?}");
    }
}

/// A clock that was ahead, and was set right, made a result count for as long as it had been ahead.
#[test]
fn what_was_concluded_later_than_now_is_not_handed_over() {
    let world = World::with_methods(trial());
    let (mut browser, now) = (world.browser(), world.now());
    world.pass(Duration::from_hours(24));
    choose(&mut browser, &request(&world, "ahead", &json!({})), "success");
    world.set_clock(now + 60);
    let session = browser.begin(&request(&world, "set right", &json!({})));
    assert!(begins_anew(&browser.get(&session)));
    assert_eq!(browser.post(&format!("{session}/accept"), "").location(), session);
}

/// For as long as its cookies of before were there, each page of a login met a refusal.
#[test]
fn a_browser_that_was_here_before_a_restore_begins_anew() {
    let world = World::with_methods(both());
    let mut browser = world.browser();
    let session = browser.begin(&request(&world, "before", &json!({})));
    browser.post(&format!("{session}/simulated"), "outcome=success");
    let cookies = std::mem::take(&mut browser.cookies);
    drop(browser);
    let world = world.restored();
    world.pass(Duration::from_secs(2));
    let mut browser = world.browser();
    browser.cookies = cookies;
    assert_eq!(browser.get(&session).status, StatusCode::GONE, "what became of it is not known");
    let session = browser.begin(&request(&world, "after", &json!({})));
    assert!(!browser.get(&session).body.contains("/accept"));
    assert_eq!(browser.post(&format!("{session}/accept"), "").location(), session);
    let code = world.issue();
    assert_eq!(result(&browser.post(&format!("{session}/desk"), &format!("code={code}")))["status"], "success");
}

#[test]
fn who_is_called_the_same_at_another_tenant_is_somebody_else() {
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    let mut browser = world.browser();
    let session = browser.begin(&request(&world, "lost", &json!({})));
    browser.post(&format!("{session}/desk"), &format!("code={}", world.issue()));
    let theirs = token::with(token::claims(world.now()), &json!({ "iss": OTHER_TENANT, "last_check": 0 }));
    let theirs = token::sign_raw(token::HEADER, Value::Object(theirs).to_string().as_bytes(), OTHER_SECRET);
    let session = browser.begin(&theirs);
    assert!(!browser.get(&session).body.contains("/accept"));
    assert_eq!(browser.post(&format!("{session}/accept"), "").location(), session);
    let session = browser.begin(&request(&world, "next", &json!({})));
    assert!(goes_on(&browser.get(&session), &session));
}

#[test]
fn no_other_site_and_no_link_takes_what_was_decided() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    choose(&mut browser, &request(&world, "lost", &json!({})), "success");
    let session = browser.begin(&request(&world, "next", &json!({})));
    let accept = format!("{session}/accept");
    for method in ["GET", "HEAD"] {
        assert_eq!(browser.send(method, &accept, "").status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    for site in ["cross-site", "same-site"] {
        browser.came_from = Some(site.to_owned());
        assert_eq!(browser.post(&accept, "").status, StatusCode::FORBIDDEN, "{site}");
    }
    browser.came_from = None;
    assert!(goes_on(&browser.get(&session), &session), "nothing was written");
}

#[test]
fn other_ends_than_a_success_are_not_handed_over() {
    let world = World::with_methods(trial());
    for outcome in ["failed", "pending"] {
        let mut browser = world.browser();
        choose(&mut browser, &request(&world, outcome, &json!({})), outcome);
        let session = browser.begin(&request(&world, &format!("after {outcome}"), &json!({})));
        assert!(begins_anew(&browser.get(&session)), "{outcome}");
    }
}

#[test]
fn where_handing_over_is_off_nothing_is() {
    let world = World::with_methods(trial()).with_hand_over(Duration::ZERO);
    let mut browser = world.browser();
    choose(&mut browser, &request(&world, "lost", &json!({})), "success");
    let session = browser.begin(&request(&world, "next", &json!({})));
    assert!(begins_anew(&browser.get(&session)));
}

#[test]
fn a_second_tab_ends_with_the_check_that_the_first_has_just_made() {
    let world = World::with_methods(both());
    let mut browser = world.browser();
    let [first, second, third] =
        ["first", "second", "third"].map(|tab| browser.begin(&request(&world, tab, &json!({}))));
    let code = world.issue();
    browser.post(&format!("{first}/desk"), &format!("code={code}"));
    let (checked_at, checked) = (world.now(), checks(&world));
    world.pass(Duration::from_secs(1));
    let later = browser.begin(&request(&world, "later", &json!({})));
    let page = browser.post(&format!("{later}/desk"), &format!("code={code}"));
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "a login that began after it, and was shown the check");
    world.pass(Duration::from_mins(1));
    // The code is used, and who types it in the other tab all the same is not sent away with a wrong one.
    let claims = result(&browser.post(&format!("{second}/desk"), &format!("code={code}")));
    assert_eq!((&claims["status"], &claims["method"]), (&json!("success"), &json!("desk")));
    assert_eq!((claims["last_check"].as_u64(), checks(&world)), (Some(checked_at), checked));
    let page = browser.post(&format!("{third}/desk"), &format!("code={code}"));
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
}

/// The relay attack: a start link is sent to somebody else, who proves who they are, in good faith.
#[test]
fn whoever_sends_a_start_link_to_somebody_else_gets_nothing_of_it() {
    for outcome in ["success", "pending"] {
        let world = World::with_methods(trial());
        let (mut sender, mut victim) = (world.browser(), world.browser());
        let link = request(&world, "sent", &json!({}));
        let result = result(&choose(&mut victim, &link, outcome));
        assert_eq!(result["status"], outcome);
        assert_eq!(sender.start(&link).status, StatusCode::CONFLICT, "the first browser wins");
        if outcome == "pending" {
            assert_eq!(decide(&world, SUBJECT, true), Done::Changed);
        }
        // Auth0 refuses the result in the victim's browser: it knows of no success, and of no ticket.
        world.pass(Duration::from_mins(1));
        let session = sender.begin(&request(&world, "the sender's next", &json!({})));
        let page = sender.get(&session);
        assert!(begins_anew(&page), "{outcome}: {}", page.body);
        let back = sender.post(&format!("{session}/accept"), "");
        assert_eq!(back.location(), session, "{outcome}");
        let claims = token::open(&sender.post(&format!("{session}/cancel"), "").parameter("token"), SECRET);
        assert_eq!(claims["status"], "canceled", "{outcome}");
        assert!(!claims.contains_key("method") && !claims.contains_key("ticket"), "{outcome}");
    }
}

/// The same where both have a session of the link, whoever opened it first, and where the sender's own case waits.
#[test]
fn whoever_sends_a_link_that_they_opened_too_gets_nothing_of_it() {
    for (is_first, outcome) in [(true, "success"), (false, "success"), (true, "pending"), (false, "pending")] {
        let world = World::with_methods(trial());
        let (mut sender, mut victim) = (world.browser(), world.browser());
        let asks = json!({ "ticket": leave_undecided(&world, &mut sender, "the sender's own") });
        let link = request(&world, "sent", &asks);
        let open = |sender: &mut Browser| drop(sender.start(&link));
        if is_first {
            open(&mut sender);
        }
        let session = victim.begin(&link);
        if !is_first {
            open(&mut sender);
        }
        assert_eq!(
            result(&victim.post(&format!("{session}/simulated"), &format!("outcome={outcome}")))["status"],
            outcome
        );
        if outcome == "pending" {
            assert_eq!(
                decide(&world, SUBJECT, true),
                Done::Changed,
                "the victim's, which took the place of the sender's"
            );
        }
        world.pass(Duration::from_mins(1));
        let session = sender.begin(&request(&world, "the sender's next", &asks));
        let page = sender.get(&session);
        assert!(!page.body.contains("You are verified"), "{is_first} {outcome}: {}", page.body);
        let taken = sender.post(&format!("{session}/accept"), "");
        assert!(taken.location() == session || result(&taken)["status"] == "pending", "{is_first} {outcome}");
        // Nor does the victim, who logs in as themselves, in the browser that was used.
        let session = victim.begin(&request(&world, "the victim's own", &json!({ "sub": "auth0|victim" })));
        assert!(begins_anew(&victim.get(&session)), "{is_first} {outcome}");
    }
}

#[test]
fn only_what_the_application_takes_is_offered() {
    let world = World::with_methods(both());
    let mut browser = world.browser();
    let session = browser.begin(&request(&world, "one", &json!({ "methods": "oidc:one simulated" })));
    assert!(begins_anew(&browser.get(&session)));
    assert_eq!(browser.get(&format!("{session}/desk")).status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(&format!("{session}/desk"), "code=x").status, StatusCode::NOT_FOUND);
    let session = browser.begin(&request(&world, "both", &json!({ "methods": "simulated desk" })));
    assert!(browser.get(&session).body.contains("How would you like to verify yourself?"));
}

#[test]
fn where_nothing_that_the_application_takes_is_enabled_a_page_says_so_with_the_way_back() {
    let world = World::with_methods(both());
    for (n, methods) in ["oidc:one", "", "desks", "Desk"].into_iter().enumerate() {
        let mut browser = world.browser();
        let start = browser.start(&request(&world, &n.to_string(), &json!({ "methods": methods })));
        if methods == "Desk" {
            assert_eq!(start.status, StatusCode::BAD_REQUEST, "the Action writes small letters");
            continue;
        }
        let session = start.location().to_owned();
        let page = browser.get(&session);
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("You cannot be verified for this application"), "{}", page.body);
        let back = browser.post(&format!("{session}/cancel"), "");
        assert_eq!(result(&back)["status"], "canceled");
    }
}

#[test]
fn what_makes_no_sense_in_what_is_asked_is_refused() {
    let world = World::with_methods(both());
    for asks in [
        json!({ "methods": 7 }),
        json!({ "methods": "a\nb" }),
        json!({ "methods": "d".repeat(513) }),
        json!({ "last_check": "0" }),
        json!({ "last_check": -1 }),
        json!({ "max_age": true }),
        json!({ "ticket": 7 }),
    ] {
        assert_eq!(world.browser().start(&request(&world, "odd", &asks)).status, StatusCode::BAD_REQUEST, "{asks}");
    }
    let longest = json!({ "methods": "d".repeat(512) });
    assert_eq!(world.browser().start(&request(&world, "longest", &longest)).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_person_who_was_sent_elsewhere_comes_back_to_their_session_in_their_own_browser() {
    let world = World::with_methods(trial());
    let (mut browser, mut other) = (world.browser(), world.browser());
    let session = browser.begin(&request(&world, "away", &json!({})));
    assert_eq!(browser.get(&format!("{session}/simulated/back")).location(), session, "nobody was elsewhere");
    let away = browser.post(&format!("{session}/simulated"), "outcome=away");
    let callback = away.location().to_owned();
    assert!(callback.starts_with("/simulated/callback?state="), "{callback}");
    let stranger = other.begin(&request(&world, "stranger", &json!({ "sub": "auth0|another" })));
    assert_eq!(other.get(&callback).status, StatusCode::BAD_REQUEST, "another browser");
    let wrong = format!("{}{}", &callback[..callback.len() - 22], "A".repeat(22));
    assert_eq!(browser.get(&wrong).location(), session, "with something else than they left with");
    let mixed = callback.replacen(session.trim_start_matches("/session/"), stranger.trim_start_matches("/session/"), 1);
    assert_eq!(other.get(&mixed).location(), stranger);
    for missing in ["/simulated/callback", "/simulated/callback?state=", "/simulated/callback?state=x&state=y"] {
        assert_eq!(browser.get(missing).status, StatusCode::BAD_REQUEST, "{missing}");
    }
    let back = format!("{session}/simulated/back");
    assert_eq!(browser.get(&callback).location(), back);
    let page = browser.get(&back);
    assert!(
        page.body.contains("You were elsewhere") && page.body.contains(&format!("action=\"{back}\"")),
        "{}",
        page.body
    );
    assert_eq!(result(&browser.post(&back, "outcome=success"))["status"], "success");
    assert_eq!(browser.get(&callback).location(), session, "over is over");
}

#[test]
fn what_a_session_remembers_is_gone_with_its_end_and_with_its_logins_hour() {
    let world = World::with_methods(trial());
    let mut browser = world.browser();
    let session = browser.begin(&request(&world, "left", &json!({})));
    browser.post(&format!("{session}/simulated"), "outcome=away");
    assert_eq!(sweep(&world.app), 0, "the login is not over");
    world.pass(Duration::from_mins(65));
    assert_eq!(sweep(&world.app), 0);
    world.pass(Duration::from_secs(1));
    assert_eq!((sweep(&world.app), sweep(&world.app)), (1, 0));
    let session = browser.begin(&request(&world, "ended", &json!({})));
    browser.post(&format!("{session}/simulated"), "outcome=away");
    browser.post(&format!("{session}/cancel"), "");
    world.pass(Duration::from_hours(2));
    assert_eq!(sweep(&world.app), 0, "it went with its end");
}

fn sweep(app: &App) -> usize {
    block_on(app.store.sweep(app.clock.now())).unwrap()
}
