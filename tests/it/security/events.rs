//! V16: what is told of each event, and that there is nothing of a person in it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek};
use std::sync::Arc;

use idv::ops::journal;
use idv::verification::account::Account;
use idv::verification::event::{Event, Grounds};
use idv::verification::method::desk::{self, CodeHash, IssuedCode, Told, Vouch};
use idv::verification::method::simulated::Away;
use idv::verification::method::{Method, Order, Reply};
use idv::verification::outcome::Status;
use idv::verification::session::id::SessionId;
use idv::verification::subject::IdvId;
use idv::verification::tenant::Host;
use idv::verification::time::Timestamp;

use super::document;
use crate::support::token::TENANT;

/// The name of whoever is at the desk, which is a person's.
const LOGIN: &str = "zq7clerk";

/// One of each event, and of some two.
pub(super) fn all() -> Vec<Event> {
    let tenant: Host = TENANT.to_owned().try_into().unwrap();
    let session = SessionId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap().name();
    let idv_id = IdvId::from_random([7; 16]);
    let account = Account::User { uid: 1000, login: Some(LOGIN.into()) };
    let ended =
        |method, status, grounds| Event::Concluded { tenant: tenant.clone(), session, idv_id, method, status, grounds };
    let told = |reply| Event::Told { tenant: tenant.clone(), session, reply };
    let order = |order: Order| Event::Ordered {
        tenant: tenant.clone(),
        idv_id: Some(idv_id),
        account: account.clone(),
        method: order.method(),
        what: order.line(),
    };
    let now = Timestamp::from_unix(0);
    let vouch = Vouch { by: "zq7by".into(), account: account.clone(), issued_at: now, note: Some("zq7note".into()) };
    let hash: CodeHash = postcard::from_bytes(&[0; 32]).unwrap();
    vec![
        ended(Some(Method::Desk), Status::Success, Grounds::Session),
        ended(None, Status::Canceled, Grounds::Session),
        ended(Some(Method::Simulated), Status::Success, Grounds::Case),
        ended(Some(Method::Desk), Status::Success, Grounds::HandOver),
        told(Reply::Desk(Told::Wrong { attempts_left: 4 })),
        told(Reply::Desk(Told::TooLate)),
        order(Order::Desk(desk::Order::Issue(IssuedCode { hash, expires_at: now, vouch }))),
        order(Order::Desk(desk::Order::Revoke)),
        Event::Decided {
            tenant: tenant.clone(),
            idv_id,
            account: account.clone(),
            method: Method::Simulated,
            status: Status::Success,
        },
        Event::NothingOffered { tenant: tenant.clone(), session, asked: "oidc:one".into(), enabled: "desk".into() },
        Event::LinkMade { tenant: tenant.clone(), account: account.clone() },
        Event::Copied { account, subjects: 2, checks: 3 },
        Event::Refused {
            reference: "abc".into(),
            session: Some(session),
            code: 503,
            cause: "a cause".into(),
            is_ours: true,
        },
    ]
}

/// A new kind of event does not compile here before it has its place above.
fn is_among_them(event: &Event) {
    match event {
        Event::Concluded { .. }
        | Event::Told { .. }
        | Event::Ordered { .. }
        | Event::Decided { .. }
        | Event::NothingOffered { .. }
        | Event::LinkMade { .. }
        | Event::Copied { .. }
        | Event::Refused { .. } => {}
    }
}

/// What the journal writes of `event`.
fn journal(event: &Event) -> serde_json::Map<String, serde_json::Value> {
    let mut lines = tempfile::tempfile().unwrap();
    let writer = Arc::new(File::try_clone(&lines).unwrap());
    let logger = tracing_subscriber::fmt().json().flatten_event(true).with_writer(writer).finish();
    tracing::subscriber::with_default(logger, || journal::tell(event));
    let mut text = String::new();
    lines.rewind().unwrap();
    lines.read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn each_event_has_the_fields_that_the_table_names_and_no_others() {
    let rows = document::rows("The log");
    for event in all() {
        is_among_them(&event);
        let line = journal(&event);
        let message = line["message"].as_str().unwrap();
        let row = rows.iter().find(|cells| cells[0].trim_matches('`') == message).expect(message);
        let level = line["level"].as_str().unwrap().to_lowercase();
        assert!(row[1].split(", ").any(|listed| listed == level), "{message}: {level}");
        let listed: BTreeSet<_> = document::quoted(row[2]).collect();
        let usual = ["timestamp", "level", "message", "target"];
        let fields: BTreeSet<_> = line.keys().map(String::as_str).filter(|key| !usual.contains(key)).collect();
        assert!(fields.is_subset(&listed), "{message}: {fields:?}");
        assert!(!fields.is_empty(), "{message}");
    }
}

#[test]
fn nothing_of_a_person_is_told_of_any_event() {
    for event in all() {
        let line = serde_json::Value::Object(journal(&event)).to_string();
        assert!(!line.contains("zq7"), "{line}");
    }
}

#[test]
fn what_the_person_has_seen_before_is_not_told_again() {
    for reply in [Reply::Desk(Told::Again { attempts_left: 1 }), Reply::Simulated(Away { state: [0; 16] })] {
        assert_eq!(reply.line(), None);
    }
}
