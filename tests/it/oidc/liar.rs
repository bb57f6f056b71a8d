//! A provider that lies: each defect is refused by the check that is for it, and nothing comes of it.

use std::thread;
use std::time::Duration;

use super::scene::{Scene, Setting};
use crate::support::figure::report;
use crate::support::liar::Par;
use crate::support::liar::lies::{Lie, ODDITIES, lies};

/// For so long at least the keys of a provider are believed that it once published.
const KEYS_LIVE: Duration = Duration::from_mins(5);

/// How many lies are told at once.
const HANDS: usize = 4;

/// Has each of `told` told, in an installation of its own, and judges what came of it: nothing, not even that the provider
/// is not believed when it is honest again.
fn refuse(setting: Setting, told: &[&'static Lie]) {
    let found: Vec<_> = thread::scope(|scope| {
        let hands: Vec<_> = told
            .chunks(told.len().div_ceil(HANDS))
            .map(|part| scope.spawn(|| part.iter().flat_map(|lie| judge(setting, lie)).collect::<Vec<_>>()))
            .collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn judge(setting: Setting, lie: &'static Lie) -> Vec<String> {
    let scene = Scene::new(setting);
    scene.liar.tell(lie);
    let mut came = scene.log_in("one");
    let mut found = came.complaints(lie.cause);
    scene.liar.be_honest();
    scene.world.pass(KEYS_LIVE);
    found.extend(scene.go(came.browser, came.session, || {}).failure(&scene.liar));
    found.into_iter().map(|found| format!("{}: {}: {found}", lie.cause, lie.name)).collect()
}

#[test]
fn every_lie_is_refused_for_what_it_is() {
    let all: Vec<_> = lies().collect();
    refuse(Setting::USUAL, &all);
    let count = all.len();
    report(
        "oidc-lies",
        "an OpenID Provider that lies in one place of its answers",
        format!("{count} lies"),
        format!("{count} refused for what they are, 0 successes"),
        "0 echoes",
    );
}

#[test]
fn lies_about_a_signature_are_refused_by_every_algorithm() {
    let depends = |lie: &&Lie| {
        let cause = lie.cause;
        let parts = ["id_token_alg", "id_token_at_hash", "id_token_malformed", "id_token_signature"];
        parts.contains(&cause) || cause.starts_with("id_token_key")
    };
    for algorithm in ["PS256", "ES256", "ES384", "EdDSA"] {
        let lies: Vec<_> = lies().filter(depends).collect();
        refuse(Setting { algorithm, par: Par::Absent, ..Setting::USUAL }, &lies);
    }
}

#[test]
fn what_is_odd_and_allowed_is_accepted() {
    for oddity in ODDITIES {
        let scene = Scene::new(Setting::USUAL);
        scene.liar.tell(oddity);
        assert_eq!(scene.log_in("one").failure(&scene.liar), None, "{}", oddity.name);
    }
}
