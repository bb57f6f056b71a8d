//! Somebody logs in with the account that a decoy seems to be of: to them there is none.

use std::sync::Arc;
use std::time::Duration;

use idv::verification::account::Account;
use idv::verification::command::{Done, Task};
use idv::verification::method::document::decoy::{Chance, Load};
use idv::verification::method::document::dossier::{Reviewer, Verdict};
use idv::verification::method::document::picture::{Brought, Picture};
use idv::verification::method::document::policy::slots;
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::review::{Deed, Order, Powers};
use idv::verification::method::document::{DocumentKind, Dossier, Slot, Stage};
use idv::verification::method::{self, Kind};
use idv::verification::object::{ObjectId, ObjectRecord, WrappedKey};

use super::world;
use crate::support::acts::command;
use crate::support::applicant::{Applicant, ask_again, decide, dossier, order, rules};
use crate::support::bureau::{CUE, rejected};
use crate::support::token::SUBJECT;
use crate::support::world::{World, block_on, subject};

fn brought(slot: Slot) -> (Slot, Brought) {
    let byte = slot as u8 + 1;
    let object = ObjectId::from_random([byte; 16]);
    let (digest, upload) = ([byte; 32], [byte; 32]);
    let picture = Picture { object, round: 1, digest, upload, difference_hash: 9, width: 1600, height: 1200, turns: 0 };
    let key = WrappedKey { nonce: [1; 12], sealed: [2; 32], tag: [3; 16] };
    (slot, Brought { number: 1, picture, record: ObjectRecord { epoch: 1, key, deleted_at: None } })
}

/// A decoy of the usual subject.
fn load(world: &World) {
    let account = Account::Operator("susan".to_owned().try_into().unwrap());
    let load = Load {
        document: DocumentKind::Passport,
        cue: CUE,
        notice: [5; 32],
        pictures: slots(DocumentKind::Passport, rules().selfie).map(brought).collect(),
        is_right: true,
        takes: Duration::ZERO,
        chance: Chance { person: [4; 16], session: [3; 16], second: 0, manner: 0, hearing: 0 },
    };
    let order = Order {
        number: 1,
        by: Reviewer { account: account.clone(), claimed: None },
        rules: Arc::new(rules()),
        powers: Powers { is_supervisor: true, is_signed_in: true, subject: None },
        deed: Deed::Load(Box::new(load)),
    };
    let task = Task::Order(method::Order::Document(order));
    let command = command(subject(SUBJECT), account, task, world.app.clock.now());
    assert_eq!(block_on(world.app.store.carry_out(command)).unwrap().0, Done::Changed);
}

/// How it comes to stand where it does.
type Come<'a> = &'a dyn Fn(&World) -> Done;

/// They were told that photos of theirs were on their way, or that better ones had been wanted of them.
#[test]
fn whoever_logs_in_hears_of_no_decoy_wherever_it_stands_and_begins_as_if_there_were_none() {
    let held = |world: &World| order(world, Deed::Hold { reason: "why".into() });
    let asked = |world: &World| ask_again(world, &[(Slot::Front, AskReason::Dark)]);
    let lapsed = |world: &World| {
        world.pass(rules().answer_within);
        order(world, Deed::Age)
    };
    let asked_and_lapsed = |world: &World| {
        let _asked = asked(world);
        lapsed(world)
    };
    let acts: [(&str, Come); 7] = [
        ("waiting", &|_| Done::Changed),
        ("waiting", &held),
        ("asked_again", &asked),
        ("lapsed", &lapsed),
        ("lapsed", &asked_and_lapsed),
        ("approved", &|world| decide(world, Verdict::Approve)),
        ("rejected", &|world| decide(world, rejected())),
    ];
    for (state, act) in acts {
        let (with, without) = (world(), world());
        load(&with);
        assert_eq!(act(&with), Done::Changed);
        assert_eq!(dossier(&with).unwrap().state(), state);
        let shown = [&with, &without].map(|world| {
            let mut applicant = Applicant::new(world, "theirs");
            let pages = ["", "/begin", "/waiting"].map(|step| applicant.get(step));
            let session = applicant.session.clone();
            pages.map(|page| (page.status, page.body.replace(&session, "SESSION")))
        });
        assert_eq!(shown[0], shown[1], "{state}");
        let mut applicant = Applicant::new(&with, "begins");
        let begun = applicant.agree("passport");
        applicant.follow(&begun, "/front");
        let standing = with.app.store.kept_of(Kind::Document, &subject(SUBJECT)).unwrap().into_document();
        assert_eq!(standing.sent, [], "{state}: nothing of it counts as theirs");
        let dossier = standing.dossier.unwrap();
        assert!(dossier.decoy.is_none() && matches!(dossier.stage, Stage::Draft { .. }), "{state}");
    }
}

#[test]
fn photos_of_a_decoy_are_found_again_as_little_as_those_of_who_withdrew() {
    let world = world();
    load(&world);
    let like_it = Dossier { number: 99, ..dossier(&world).unwrap() };
    let alike = || world.app.store.alike(&subject("auth0|another"), &like_it).unwrap().len();
    assert_ne!(alike(), 0);
    Applicant::new(&world, "begins").agree("passport");
    assert_eq!(alike(), 0);
}
