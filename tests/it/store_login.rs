//! Who may act on a request token is decided where the act is recorded: what a page looked up a moment before may be
//! past, so each of these goes to the store directly.

use idv::verification::decision::Answered;
use idv::verification::method::desk::{Code, Policy};
use idv::verification::outcome::{Outcome, Status};
use idv::verification::session::Session;
use idv::verification::session::id::SessionId;
use idv::verification::spent::Use;
use idv::verification::subject::IdvId;
use idv::verification::token::UntrustedToken;

use crate::support::acts::{Acts, again, wrong};
use crate::support::token::STATE;
use crate::support::world::{POLICY, WRONG_CODE, World, block_on};

const FIRST: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const SECOND: &str = "BAAAAAAAAAAAAAAAAAAAAA";

/// The session `id` of a browser that opened `token`.
fn session<'t>(world: &'t World, id: &str, token: &str) -> Session<'t> {
    let token = UntrustedToken::parse(token).unwrap();
    let request = token.authenticate(&world.app.tenants, world.app.clock.now()).unwrap();
    Session::begin(SessionId::parse(id).unwrap(), request, STATE.to_owned().try_into().unwrap())
}

fn leave(world: &World, session: &Session<'_>) -> Answered {
    let new_id = IdvId::from_random([7; 16]);
    block_on(world.app.store.leave(session, Status::Canceled, new_id, world.app.clock.now())).unwrap()
}

fn simulate(world: &World, session: &Session<'_>, status: Status) -> Answered {
    let new_id = IdvId::from_random([7; 16]);
    block_on(world.app.store.simulate(session, status, new_id, world.app.clock.now())).unwrap()
}

fn type_wrong_code(world: &World, session: &Session<'_>) -> Answered {
    type_code(world, session, WRONG_CODE)
}

fn type_code(world: &World, session: &Session<'_>, code: &str) -> Answered {
    let (code, new_id) = (Code::parse(code).unwrap(), IdvId::from_random([7; 16]));
    block_on(world.app.store.answer_desk(session, POLICY, code, new_id, world.app.clock.now())).unwrap()
}

fn concluded(answer: &Answered) -> Outcome {
    let Answered::Concluded(outcome) = answer else { panic!("{answer:?}") };
    *outcome
}

#[test]
fn a_session_ends_once_and_every_later_act_is_told_how() {
    let world = World::new();
    let session = session(&world, FIRST, &world.token("once"));
    let outcome = concluded(&leave(&world, &session));
    assert_eq!(outcome.status, Status::Canceled);
    assert_eq!(leave(&world, &session), Answered::Already(outcome));
    assert_eq!(simulate(&world, &session, Status::Success), Answered::Already(outcome));
    assert_eq!(type_wrong_code(&world, &session), Answered::Already(outcome));
    let used = world.app.store.token_use(session.issued_at, session.token_id).unwrap();
    assert_eq!(used, Use::Concluded(session.id, outcome));
}

#[test]
fn the_first_session_that_acts_on_a_token_alone_goes_on() {
    let world = World::new();
    let token = world.token("first");
    let (first, second) = (session(&world, FIRST, &token), session(&world, SECOND, &token));
    assert_eq!(type_wrong_code(&world, &first), wrong(POLICY.attempts - 1));
    for act in [leave(&world, &second), simulate(&world, &second, Status::Success), type_wrong_code(&world, &second)] {
        assert_eq!(act, Answered::Taken);
    }
    assert_eq!(type_wrong_code(&world, &first), again(POLICY.attempts - 1));
    let other = type_code(&world, &first, "CCCC-CCCC-CCCC");
    assert_eq!(other, wrong(POLICY.attempts - 2));
    let outcome = concluded(&leave(&world, &first));
    assert_eq!(leave(&world, &second), Answered::Taken);
    assert_eq!(leave(&world, &first), Answered::Already(outcome));
}

#[test]
fn with_fewer_attempts_configured_than_were_used_a_repeat_still_leaves_one() {
    let world = World::new();
    let session = session(&world, FIRST, &world.token("fewer"));
    for (code, left) in [(WRONG_CODE, 4), ("CCCC-CCCC-CCCC", 3), ("DDDD-DDDD-DDDD", 2)] {
        assert_eq!(type_code(&world, &session, code), wrong(left));
    }
    let fewer = Policy { attempts: 2, ..POLICY };
    let code = || Code::parse(WRONG_CODE).unwrap();
    let new_id = IdvId::from_random([7; 16]);
    let once_more = block_on(world.app.store.answer_desk(&session, fewer, code(), new_id, world.app.clock.now()));
    assert_eq!(once_more, Ok(again(1)));
}
