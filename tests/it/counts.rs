//! What does not drift with the machine: allocations, writes, commits and instructions. Each may become fewer.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use idv::store::Store;
use idv::verification::decision::Answered;
use idv::verification::outcome::Status;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use idv::verification::token::UntrustedToken;
use idv::web::{Handled, Site};
use serde_json::json;

use crate::support::acts::{Acts, TOO_LATE, again, wrong};
use crate::support::disk::{Deed, Disk};
use crate::support::figure;
use crate::support::ledger::{self, Logins};
use crate::support::token::{self, STATE};
use crate::support::world::{BEGINNING, POLICY, World, block_on, together};

#[test]
fn a_start_allocates_little() {
    let world = World::new();
    let token = world.token("counted");
    let start = || {
        let request = Request::builder().uri(format!("/id-verification?token={token}&state={STATE}"));
        request.header("host", "idv.example.test").body(Full::<Bytes>::default()).unwrap()
    };
    // What is made once is made.
    drop(world.app.handle(start(), Duration::ZERO));
    let request = start();
    let mut answer = None;
    let count = allocation_counter::measure(|| answer = Some(world.app.handle(request, Duration::ZERO))).count_total;
    let Some(Handled::Login(answer)) = answer else { panic!("a start is answered at once") };
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    figure::report(
        "count-start",
        "a start, from the request to its answer",
        1,
        "under 40",
        format!("{count} allocations"),
    );
    assert!(count <= 16, "{count}");
}

/// Each session that a browser presents is looked at, and with sixty of them a page was fifteen times as dear.
#[test]
fn a_page_looks_into_no_more_cookies_than_a_browser_has() {
    let world = World::new();
    let cookies: Vec<_> = (0..60)
        .map(|n| {
            let asks = json!({ "jti": n.to_string(), "last_check": 0 });
            let mut browser = world.browser();
            browser.begin(&token::sign(&token::with(token::claims(world.now()), &asks)));
            let (name, sealed) = browser.cookies.pop_first().unwrap();
            format!("{name}={sealed}")
        })
        .collect();
    let session = cookies[0].split_once('=').unwrap().0.replace("__Host-idv-", "/session/");
    let count = |brought: usize| {
        let request = Request::builder().uri(&session).header("host", "idv.example.test");
        let request = request.header("cookie", cookies[..brought].join("; ")).body(Full::<Bytes>::default()).unwrap();
        let Handled::Later(mut page) = world.app.handle(request, Duration::ZERO) else { panic!("a page may wait") };
        let ask = || assert!(page.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        allocation_counter::measure(ask).count_total
    };
    // What is made once is made.
    count(1);
    assert!(count(1) < count(15), "those that have room are looked into");
    assert_eq!(count(40), count(60));
}

#[test]
fn a_page_that_may_wait_waits_for_nothing_and_allocates_little() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("counted"));
    let (name, sealed) = browser.cookies.first_key_value().unwrap();
    let request = || {
        let request = Request::builder().uri(&session).header("host", "idv.example.test");
        let request = request.header("cookie", format!("{name}={sealed}")).header("accept-language", "de-CH,de;q=0.9");
        request.body(Full::<Bytes>::default()).unwrap()
    };
    let ask = |request| {
        let Handled::Later(mut page) = world.app.handle(request, Duration::ZERO) else { panic!("a page may wait") };
        page.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    };
    // What is made once is made.
    assert!(ask(request()).is_ready());
    let request = request();
    let mut page = Poll::Pending;
    let count = allocation_counter::measure(|| page = ask(request)).count_total;
    let Poll::Ready(page) = page else { panic!("the store answers at once") };
    assert_eq!(page.status(), StatusCode::OK);
    figure::report(
        "count-page",
        "a page, from the request to its answer",
        1,
        "at most 26",
        format!("{count} allocations"),
    );
    assert!(count <= 26, "{count}");
}

#[test]
fn a_token_check_allocates_what_it_returns() {
    let world = World::new();
    let token = world.token("counted");
    let check = || UntrustedToken::parse(&token).unwrap().authenticate(&world.app.tenants, world.app.clock.now());
    assert!(check().is_ok());
    // The payload, tenant and user id of the subject.
    let count = allocation_counter::measure(|| drop(check())).count_total;
    figure::report("count-token", "a token check", 1, "at most 3", format!("{count} allocations"));
    assert!(count <= 3, "{count}");
}

#[test]
fn completions_that_wait_share_a_commit_and_each_writes_few_pages() {
    let (logins, disk) = (Logins::new(), Disk::default());
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    // The first ones make the tables.
    for n in 0..100 {
        assert!(block_on(logins.complete(&store, n)));
    }
    disk.take_deeds();
    assert!(block_on(logins.complete(&store, 100)));
    let alone = disk.take_deeds();
    let (logins, store) = (&logins, &store);
    block_on(together((101..165).map(|n| async move { assert!(logins.complete(store, n).await) })));
    let together = disk.take_deeds();
    let count = |deeds: &[Deed], kind: fn(&Deed) -> bool| deeds.iter().filter(|deed| kind(deed)).count();
    let writes = |deeds: &[Deed]| count(deeds, |deed| matches!(deed, Deed::Write { .. }));
    let syncs = |deeds: &[Deed]| count(deeds, |deed| matches!(deed, Deed::Sync));
    figure::report(
        "count-completion",
        "a completion alone, and 64 that wait",
        65,
        "1 sync a commit",
        format!(
            "alone {} writes and {} syncs; together {} and {}",
            writes(&alone),
            syncs(&alone),
            writes(&together),
            syncs(&together)
        ),
    );
    assert!(writes(&alone) <= 13 && syncs(&alone) == 1, "{} {}", writes(&alone), syncs(&alone));
    // How many commits it takes depends on how fast they come; one each it never is.
    assert!(writes(&together) <= 64 * 3 && syncs(&together) <= 2 * 16, "{} {}", writes(&together), syncs(&together));
}

#[test]
fn a_completion_by_a_provider_writes_little_more() {
    let (logins, disk) = (Logins::mixed(), Disk::default());
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    for n in 0..101 {
        assert!(block_on(logins.complete(&store, n)));
    }
    disk.take_deeds();
    assert!(block_on(logins.complete(&store, 101)));
    let deeds = disk.take_deeds();
    let writes = deeds.iter().filter(|deed| matches!(deed, Deed::Write { .. })).count();
    let syncs = deeds.iter().filter(|deed| matches!(deed, Deed::Sync)).count();
    let measured = format!("{writes} writes and {syncs} syncs");
    figure::report("count-delegated", "a completion by a provider, alone", 1, "1 sync, 16 writes", measured);
    assert!(writes <= 16 && syncs == 1, "{writes} {syncs}");
}

#[test]
fn a_repeat_is_answered_without_a_commit() {
    // Each was one, so that whoever reloaded made the disk write.
    let (logins, disk) = (Logins::new(), Disk::default());
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    let now = Timestamp::from_unix(BEGINNING);
    let new_id = IdvId::from_random([7; 16]);
    let simulate =
        |n, which| block_on(store.simulate(&logins.session(n, which), Status::Success, new_id, now)).unwrap();
    let leave = |n, which| block_on(store.leave(&logins.session(n, which), Status::Canceled, new_id, now)).unwrap();
    let type_code = |n, which, typed: usize, now| {
        let code = ledger::code(typed);
        block_on(store.answer_desk(&logins.session(n, which), POLICY, code, new_id, now)).unwrap()
    };
    assert!(matches!(simulate(0, 0), Answered::Concluded(_)) && matches!(leave(1, 0), Answered::Concluded(_)));
    assert!(block_on(logins.issue(&store, 2)) && block_on(logins.issue(&store, 3)));
    assert!(matches!(type_code(2, 0, 2, now), Answered::Concluded(_)));
    let first = type_code(3, 0, 1000, now);
    assert_eq!(first, wrong(4));
    disk.take_deeds();
    for n in 0..3 {
        for again in [simulate(n, 0), leave(n, 0), type_code(n, 0, 2, now)] {
            assert!(matches!(again, Answered::Already(_)), "{again:?}");
        }
        for elsewhere in [simulate(n, 1), leave(n, 1), type_code(n, 1, 2, now)] {
            assert_eq!(elsewhere, Answered::Taken);
        }
    }
    assert_eq!(type_code(3, 0, 1000, now), again(4));
    assert_eq!(type_code(3, 0, 3, now.later(POLICY.code_lifetime)), TOO_LATE);
    assert_eq!(block_on(store.revoke_code(ledger::subject_of(2))), Ok(false), "it was used");
    assert!(disk.take_deeds().is_empty(), "nothing was written");
    assert_eq!(type_code(3, 0, 1001, now), wrong(3));
    assert!(!disk.take_deeds().is_empty(), "what is new is");
}
