//! V16: what is told of each event and in each report, and that there is nothing of a person in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek};
use std::sync::Arc;
use std::time::Duration;

use idv::ops::journal;
use idv::ops::report::Report;
use idv::report::{Heading, Log, Proof, Range, Tally};
use idv::verification::account::Account;
use idv::verification::audit::entry::{Entry, EventOutcome};
use idv::verification::event::{Event, Grounds, Sight};
use idv::verification::method::desk::{self, CodeHash, IssuedCode, Told, Vouch};
use idv::verification::method::document::applicant::{Refusal, Told as Step};
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::kind::{Cue, Slot};
use idv::verification::method::document::review::{Conclusion, Deed};
use idv::verification::method::oidc::{self, name::ProviderName};
use idv::verification::method::simulated::Away;
use idv::verification::method::{Method, Order, Reply};
use idv::verification::operator::{OperatorName, SignedInBy};
use idv::verification::outcome::Status;
use idv::verification::session::id::{SessionId, SessionName};
use idv::verification::subject::IdvId;
use idv::verification::tenant::Host;
use idv::verification::time::Timestamp;

use super::document;
use crate::support::token::TENANT;

/// The name of whoever is at the desk, which is a person's.
const LOGIN: &str = "zq7clerk";

/// One of each event, and of some more.
fn events() -> Vec<Event> {
    let tenant: Host = TENANT.to_owned().try_into().unwrap();
    let session = SessionId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap().name();
    let idv_id = IdvId::from_random([7; 16]);
    let account = Account::User { uid: 1000, login: Some(LOGIN.into()) };
    let ended = |method, status, grounds| {
        let tenant = tenant.clone();
        let (cause, took) = (Some("mismatch"), Duration::from_secs(7));
        Event::Concluded { tenant, session, idv_id, method, status, grounds, cause, took }
    };
    let provider = Method::Oidc(ProviderName::parse("acme").unwrap());
    let not_attested = |is_fault| Event::NotAttested {
        tenant: tenant.clone(),
        session,
        method: provider,
        cause: "a_cause",
        detail: Some("a detail".into()),
        is_fault,
    };
    let told = |reply| Event::Told { tenant: tenant.clone(), session, case: None, reply };
    let looked = |at| Event::Looked { tenant: tenant.clone(), account: account.clone(), at };
    let not_done = |operation, is_fault| {
        let (account, cause) = (account.clone(), "a_cause");
        Event::NotDone { account, operation, cause, is_fault }
    };
    let order = |order: Order| Event::Ordered {
        tenant: tenant.clone(),
        idv_id: Some(idv_id),
        account: account.clone(),
        method: order.method(),
        case: None,
        what: order.told().unwrap().0,
        action: order.told().unwrap().1,
        verdict: None,
    };
    let refused = |is_ours| Event::Refused {
        reference: "abc".into(),
        session: Some(session),
        code: 503,
        cause: "a cause".into(),
        is_ours,
    };
    let operator: OperatorName = "ada".to_owned().try_into().unwrap();
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
        order(Order::Oidc(oidc::Order::Unbind(ProviderName::parse("acme").unwrap()))),
        Event::Forgotten { account: account.clone(), method: provider, subjects: 4 },
        not_attested(false),
        not_attested(true),
        Event::Decided {
            tenant: tenant.clone(),
            idv_id,
            account: account.clone(),
            method: Method::Simulated,
            case: Some(7),
            status: Status::Success,
        },
        Event::NothingOffered { tenant: tenant.clone(), session, asked: "oidc:one".into(), enabled: "desk".into() },
        Event::TicketOfNone { tenant: tenant.clone(), session },
        Event::LinkMade { tenant: tenant.clone(), account: account.clone() },
        Event::Copied { account: account.clone(), subjects: 2, checks: 3 },
        Event::Shredded { pictures: 4 },
        Event::Erased { tenant: tenant.clone(), account: account.clone(), reason: "request", checks: 3, pictures: 4 },
        looked(Sight::Export),
        Event::Reloaded { account: account.clone(), changed: vec!["branding.name".into(), "server.tls".into()] },
        Event::ReloadRefused { account: account.clone(), causes: vec!["server.tls".into()] },
        looked(Sight::Subject(idv_id)),
        looked(Sight::Subjects(2)),
        looked(Sight::Waiting(Method::Desk, 2)),
        Event::OperatorSignedIn { operator: operator.clone(), by: SignedInBy::Link },
        Event::OperatorChanged { operator, account: account.clone(), change: "certified" },
        looked(Sight::Cases(2)),
        looked(Sight::Search { case: Some(7) }),
        looked(Sight::Search { case: None }),
        looked(Sight::OwnCase(7)),
        looked(Sight::Case { number: 7, slot: None, reason: None }),
        looked(Sight::Case { number: 7, slot: None, reason: Some("dispute") }),
        looked(Sight::Case { number: 7, slot: Some(Slot::Front), reason: Some("complaint") }),
        not_done(Some("link"), true),
        not_done(None, false),
        looked(Sight::Case { number: 7, slot: Some(Slot::Front), reason: Some("supervision") }),
        refused(true),
        refused(false),
    ]
    .into_iter()
    .chain(of_cases(&tenant, session, idv_id, &account))
    .collect()
}

/// One of each step that an applicant takes, and of each thing that is done with a case.
fn of_cases(tenant: &Host, session: SessionName, idv_id: IdvId, account: &Account) -> Vec<Event> {
    let told = |step| Event::Told { tenant: tenant.clone(), session, case: Some(7), reply: Reply::Document(step) };
    let steps = [
        Step::Begun,
        Step::Sent,
        Step::Withdrawn,
        Step::PhoneConnected,
        Step::Reported,
        Step::Refused(Refusal::WrongWord),
    ];
    let ordered = |(what, action)| Event::Ordered {
        tenant: tenant.clone(),
        idv_id: Some(idv_id),
        account: account.clone(),
        method: Method::Document,
        case: Some(7),
        what,
        action,
        verdict: Some("approve"),
    };
    let by_time = [
        ("better pictures were asked for", "case-verdict"),
        ("two verdicts differ", "case-verdict"),
        ("a decoy was loaded", "decoy-loaded"),
        ("a decoy was decided", "decoy-decided"),
        ("a case lapsed", "case-lapsed"),
        ("a decision was not taken in time", "case-lapsed"),
        ("pictures that were never sent were deleted", "evidence-deleted"),
        ("the time of pictures was over", "evidence-deleted"),
    ];
    steps.into_iter().map(told).chain(deeds().iter().filter_map(Deed::told).chain(by_time).map(ordered)).collect()
}

/// One of each thing that is done with a case.
fn deeds() -> Vec<Deed> {
    let conclusion = Conclusion {
        verdict: Verdict::Approve,
        checklist: vec![],
        inner: vec![],
        note: Some("zq7note".into()),
        wants_second: false,
        revision: 0,
        digests: vec![],
        are_whole: true,
        cue: Cue::from_random([0; 4]),
    };
    vec![
        Deed::Claim { is_taken_over: false },
        Deed::Release,
        Deed::Decide(Box::new(conclusion)),
        Deed::Turn(Slot::Front),
        Deed::Hold { reason: "zq7reason".into() },
        Deed::Unhold,
        Deed::Undo,
        Deed::Forget,
        Deed::Age,
    ]
}

/// A new kind of event does not compile here before it has its place above.
fn is_among_them(event: &Event) {
    match event {
        Event::Concluded { .. }
        | Event::Told { .. }
        | Event::NotAttested { .. }
        | Event::Ordered { .. }
        | Event::Forgotten { .. }
        | Event::Decided { .. }
        | Event::NothingOffered { .. }
        | Event::TicketOfNone { .. }
        | Event::LinkMade { .. }
        | Event::Copied { .. }
        | Event::Shredded { .. }
        | Event::Erased { .. }
        | Event::Reloaded { .. }
        | Event::ReloadRefused { .. }
        | Event::Looked { .. }
        | Event::OperatorSignedIn { .. }
        | Event::OperatorChanged { .. }
        | Event::NotDone { .. }
        | Event::Refused { .. } => {}
    }
}

/// One of each report.
fn reports() -> Vec<Report<'static>> {
    let error = &"an error";
    vec![
        Report::Unfit { place: "idv.toml", key: "tenants", problem: "is missing", remedy: "name one" },
        Report::Ends("an error"),
        Report::DescriptorsLimited(error),
        Report::ListensAt(&"[::]:443"),
        Report::ListensOn(&"/run/idv/http"),
        Report::Overridden(&"[::]:443"),
        Report::Ready { public_url: &"https://verify.example.org", connections: 9 },
        Report::Checkpoint("idv.example/audit\n1\nroot\n\n— idv.example/audit signature\n"),
        Report::HangupIgnored,
        Report::NotTaken { place: "idv.toml", key: "tenants", problem: "is missing", remedy: "name one" },
        Report::Unchanged,
        Report::CertificateEnds { standing: "the certificate expires in a day", until: "2026-01-02T03:04:05Z" },
        Report::Draining,
        Report::Stopped,
        Report::ManagerNotReached(error),
        Report::LinesLost(9),
        Report::Panicked { place: Some("src/lib.rs:1:1"), reason: Some("a reason") },
        Report::AlsoRefused { count: 9, causes: "signature 9" },
        Report::TurnedAway { logins: 1, connections: 2, connections_of_one_address: 3 },
        Report::MadeRoom(9),
        Report::ListenerFailed(error),
        Report::NotAccepted(error),
        Report::ConsoleAt(error),
        Report::WatchedAt(error),
        Report::WatchOverridden(error),
        Report::WatcherNotAccepted(error),
        Report::ControlNotAccepted(error),
        Report::ControlFailed(error),
        Report::NotLedOut { destination: "id.example:443", cause: "dns_error" },
        Report::Rests,
        Report::LookUpFailed(error),
        Report::NotCommitted(error),
        Report::StoreUnexamined,
        Report::StoreWhole,
        Report::StoreDamaged(error),
        Report::CasesDamaged(9),
        Report::StoreTakesNoChanges(error),
        Report::StoreNotReadable(error),
        Report::DiskFull,
        Report::StoreTakesChanges,
        Report::TracesLeft(error),
        Report::ErasedNotNoted(error),
        Report::BackedUp,
        Report::EvidenceOff(error),
        Report::EvidenceKeysHalf,
        Report::EvidenceKeysMade,
        Report::EvidenceKeysUnreadable(error),
        Report::EvidenceFailed(error),
        Report::PhotoUnopened(error),
        Report::PhotoNotKept(error),
        Report::PhotoPanicked { sha256: "00ff" },
        Report::PhotosUnread(error),
        Report::EvidenceMissing(9),
        Report::EvidenceSwept(9),
    ]
}

/// A new kind of report does not compile here before it has its place above.
fn is_one_of_them(report: &Report<'_>) {
    match report {
        Report::Unfit { .. }
        | Report::Ends(_)
        | Report::DescriptorsLimited(_)
        | Report::ListensAt(_)
        | Report::ListensOn(_)
        | Report::Overridden(_)
        | Report::Ready { .. }
        | Report::Checkpoint(_)
        | Report::HangupIgnored
        | Report::NotTaken { .. }
        | Report::Unchanged
        | Report::CertificateEnds { .. }
        | Report::Draining
        | Report::Stopped
        | Report::ManagerNotReached(_)
        | Report::LinesLost(_)
        | Report::Panicked { .. }
        | Report::AlsoRefused { .. }
        | Report::TurnedAway { .. }
        | Report::MadeRoom(_)
        | Report::ListenerFailed(_)
        | Report::NotAccepted(_)
        | Report::ConsoleAt(_)
        | Report::WatchedAt(_)
        | Report::WatchOverridden(_)
        | Report::WatcherNotAccepted(_)
        | Report::ControlNotAccepted(_)
        | Report::ControlFailed(_)
        | Report::NotLedOut { .. }
        | Report::Rests
        | Report::LookUpFailed(_)
        | Report::NotCommitted(_)
        | Report::StoreUnexamined
        | Report::StoreWhole
        | Report::StoreDamaged(_)
        | Report::CasesDamaged(_)
        | Report::StoreTakesNoChanges(_)
        | Report::StoreNotReadable(_)
        | Report::DiskFull
        | Report::StoreTakesChanges
        | Report::TracesLeft(_)
        | Report::ErasedNotNoted(_)
        | Report::BackedUp
        | Report::EvidenceOff(_)
        | Report::EvidenceKeysHalf
        | Report::EvidenceKeysMade
        | Report::EvidenceKeysUnreadable(_)
        | Report::EvidenceFailed(_)
        | Report::PhotoUnopened(_)
        | Report::PhotoNotKept(_)
        | Report::PhotoPanicked { .. }
        | Report::PhotosUnread(_)
        | Report::EvidenceMissing(_)
        | Report::EvidenceSwept(_) => {}
    }
}

/// A line of the log, without its time.
pub(super) struct Line {
    pub(super) level: String,
    pub(super) message: String,
    text: String,
    fields: BTreeSet<String>,
}

/// The one line that `tell` writes.
fn line_of(tell: impl FnOnce()) -> Line {
    let mut lines = tempfile::tempfile().unwrap();
    let writer = Arc::new(File::try_clone(&lines).unwrap());
    let logger = tracing_subscriber::fmt().json().flatten_event(true).with_target(false).with_writer(writer).finish();
    tracing::subscriber::with_default(logger, tell);
    let mut text = String::new();
    lines.rewind().unwrap();
    lines.read_to_string(&mut text).unwrap();
    let mut line: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let [_, level, message] =
        ["timestamp", "level", "message"].map(|usual| line.remove(usual).unwrap().as_str().unwrap().to_owned());
    Line { level: level.to_lowercase(), message, text, fields: line.into_keys().collect() }
}

/// A line of each event and each report.
pub(super) fn lines() -> Vec<Line> {
    let events = events().into_iter().map(|event| {
        is_among_them(&event);
        line_of(|| journal::tell(&event))
    });
    let reports = reports().into_iter().map(|report| {
        is_one_of_them(&report);
        line_of(|| report.tell())
    });
    events.chain(reports).collect()
}

#[test]
fn each_line_has_the_fields_that_the_table_names_and_no_others() {
    let mut written = BTreeMap::<_, BTreeSet<_>>::new();
    for line in lines() {
        written.entry(line.message).or_default().extend(line.fields);
    }
    let rows = document::rows("The log");
    let listed = rows
        .iter()
        .map(|cells| (cells[0].trim_matches('`').to_owned(), document::quoted(cells[2]).map(str::to_owned).collect()));
    assert_eq!(written, listed.collect());
}

#[test]
fn nothing_of_a_person_is_told_of_any_event() {
    for line in lines() {
        assert!(!line.text.contains("zq7"), "{}", line.text);
    }
}

#[test]
fn what_the_person_has_seen_before_is_not_told_again() {
    for reply in [Reply::Desk(Told::Again { attempts_left: 1 }), Reply::Simulated(Away { state: [0; 16] })] {
        assert_eq!(reply.line(), None);
    }
}

/// What a report says of `entry`, which stands alone in the log.
fn reported(entry: &Entry) -> String {
    let range = Range::new(Some("2026-07-14"), Some("2026-07-14"), entry.at).unwrap();
    let mut tally = Tally::new(range, None);
    tally.add(&entry.line());
    let log = Log { source: "a test".into(), checkpoint: None, proof: Proof::Verified { by: "nobody".into() } };
    let heading = Heading { organization: None, range, tenant: None, made_at: entry.at, version: "0", log };
    tally.report(heading).text()
}

#[test]
fn a_report_has_words_for_all_that_is_for_the_auditor() {
    let at = Timestamp::from_unix(1_784_000_000);
    let unknown = Entry::new(at, "never-heard-of", EventOutcome::Success);
    assert!(reported(&unknown).contains("never-heard-of"), "what it does not know it calls as the log does");
    let mut actions = BTreeSet::new();
    for entry in events().iter().filter_map(|event| Entry::of(event, at)) {
        assert!(!reported(&entry).contains(&entry.action), "{}", entry.action);
        actions.insert(entry.action);
    }
    assert!(actions.contains("codes-listed") && actions.len() > 12, "{actions:?}");
}
