//! What does not drift with the machine: allocations, writes, commits and instructions. Each may become fewer.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use idv::store::Store;
use idv::verification::token::UntrustedToken;
use idv::web::{Handled, Site};

use crate::support::disk::{Deed, Disk};
use crate::support::figure;
use crate::support::ledger::{self, Logins};
use crate::support::token::STATE;
use crate::support::world::{World, block_on, together};

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
        "at most 2 syncs a commit",
        format!(
            "alone {} writes and {} syncs; together {} and {}",
            writes(&alone),
            syncs(&alone),
            writes(&together),
            syncs(&together)
        ),
    );
    assert!(writes(&alone) <= 12 && syncs(&alone) == 2, "{} {}", writes(&alone), syncs(&alone));
    // How many commits it takes depends on how fast they come; one each it never is.
    assert!(writes(&together) <= 64 * 3 && syncs(&together) <= 2 * 16, "{} {}", writes(&together), syncs(&together));
}
