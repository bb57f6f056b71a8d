//! Cases at a terminal, as `idv case` and `idv document` ask for them.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use idv::config::load;
use idv::control::method::document::{Request, Wanted};
use idv::control::{Asker, Office, OperationError};
use idv::evidence::{Keeper, Place, Whose};
use idv::ops::clock::Clock;
use idv::verification::account::Account;
use idv::verification::audit::entry::Entry;
use idv::verification::command::Done;
use idv::verification::decision::Actor;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::picture::Brought;
use idv::verification::method::document::policy::{Policy, Second};
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Act, DocumentKind, Picture, Slot, Told};
use idv::verification::outcome::Status;
use idv::verification::subject::Subject;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::bureau::{Bureau, Who, rejected};
use crate::support::ledger::subject_of;
use crate::support::process::Installation;
use crate::support::world::block_on;

const CONFIG: &str = r#"
public_url = "https://idv.example.test"
server.listen = ["127.0.0.1:8001"]
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "NONE" }]
"#;

struct Scene {
    bureau: Bureau,
    office: Office,
    directory: TempDir,
}

fn keeper(bureau: &Bureau, directory: &TempDir) -> Arc<Keeper> {
    let place = Place {
        directory: directory.path().join("evidence"),
        store: directory.path().to_owned(),
        may_be_in_memory: true,
    };
    Arc::new(Keeper::new(bureau.store.clone(), place, 1 << 40))
}

impl Scene {
    fn new(policy: Policy) -> Self {
        let (bureau, directory) = (Bureau::new(policy), TempDir::new().unwrap());
        let evidence = keeper(&bureau, &directory);
        let (now, store) = (bureau.now(), bureau.store.clone());
        let config = load::parse(CONFIG).0.unwrap();
        let clock = Clock::new(move || now);
        let office = Office { config, tenants: Err("none".into()), store, evidence, clock, running: None };
        Self { bureau, office, directory }
    }

    /// `person` sends pictures that are there.
    fn sent(&self, person: usize) -> Actor {
        let actor = self.bureau.login(person, None);
        assert_eq!(self.bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
        for slot in [Slot::Front, Slot::Selfie] {
            self.take(&actor, slot, slot.as_str());
        }
        assert_eq!(self.bureau.does(&actor, Act::Send), Told::Sent);
        actor
    }

    /// Seals `sealed` for `slot`, as the picture whose bytes are the name of that.
    fn take(&self, actor: &Actor, slot: Slot, sealed: &str) {
        self.office.evidence.begin().unwrap();
        let Brought { number, picture, .. } = self.bureau.sealed(actor, self.bureau.picture());
        let whose = Whose { tenant: &actor.subject.tenant, number, round: picture.round, slot: slot.as_str() };
        let stored = self.office.evidence.put(sealed.as_bytes(), &whose, self.bureau.now()).unwrap();
        let digest = digest(&SHA256, slot.as_str().as_bytes()).as_ref().try_into().unwrap();
        let picture = Picture { object: stored.object, digest, ..picture };
        let brought = Brought { number, picture, record: stored.record };
        assert_eq!(self.bureau.put(actor, slot, brought), Told::Shown(slot));
        drop(stored.held);
        assert_eq!(self.bureau.does(actor, Act::Keep { slot, object: picture.object }), Told::Kept);
    }

    fn perform(&self, account: Account, request: Request) -> Result<Value, OperationError> {
        let asker = Asker::new(account, Some("grace".into())).unwrap();
        let request = idv::control::Request::Method(request.into());
        block_on(self.office.perform(request, asker))
    }

    fn try_by(&self, account: Account, request: Request) -> Result<Value, String> {
        self.perform(account, request).map_err(|error| error.to_string())
    }

    /// Why root is refused it, as the log has that.
    fn cause(&self, request: Request) -> &'static str {
        self.perform(Account::Root, request).unwrap_err().name()
    }

    fn ask(&self, request: Request) -> Result<Value, String> {
        self.try_by(Account::Root, request)
    }

    fn show(&self, number: u64) -> Value {
        self.ask(Request::Show { number }).unwrap()
    }

    /// To decide of case `number` as of the revision that is shown.
    fn decision(&self, number: u64, verdict: Wanted, reasons: &[&str], answers: &[(&str, &str)]) -> Request {
        let revision = u32::try_from(self.show(number)["revision"].as_u64().unwrap()).unwrap();
        let reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        let answers = answers.iter().map(|(item, answer)| ((*item).to_owned(), (*answer).to_owned())).collect();
        Request::Decide { number, revision, verdict, reasons, answers, by: "ada".into() }
    }

    fn decide(
        &self,
        number: u64,
        verdict: Wanted,
        reasons: &[&str],
        answers: &[(&str, &str)],
    ) -> Result<Value, String> {
        self.ask(self.decision(number, verdict, reasons, answers))
    }

    fn actions(&self) -> Vec<(String, Option<String>, Option<String>)> {
        let entries = self.bureau.store.entries(0, 1000).unwrap();
        let entries = entries.iter().map(|(_, line)| Entry::parse(line).unwrap());
        entries.map(|entry| (entry.action, entry.claimed, entry.slot)).collect()
    }
}

#[test]
fn a_case_is_listed_shown_and_decided_as_in_the_console() {
    let scene = Scene::new(Policy::default());
    let actor = scene.sent(1);
    let listed = scene.ask(Request::List { after: None }).unwrap();
    assert_eq!(
        (listed["cases"][0]["number"].as_u64(), listed["cases"][0]["state"].as_str()),
        (Some(1), Some("waiting"))
    );
    assert_eq!((listed["cases"][0]["subject"].as_str(), &listed["next"]), (Some("auth0|000001"), &Value::Null));
    let shown = scene.show(1);
    assert_eq!(shown["photos"].as_array().unwrap().len(), 2);
    assert!(shown["questions"].as_array().unwrap().contains(&json!("same_person")), "{shown}");
    let told = scene.decide(1, Wanted::Approve, &[], &[("genuine", "yes")]).unwrap_err();
    assert!(told.contains("every question answered yes"), "{told}");
    assert!(scene.decide(1, Wanted::Approve, &[], &[("all", "yes"), ("genuine", "no")]).is_err());
    let done = scene.decide(1, Wanted::Approve, &[], &[("all", "yes")]).unwrap();
    assert_eq!(done, json!({ "changed": true, "state": "approved" }));
    assert_eq!(scene.bureau.accept(&actor).unwrap().status, Status::Success);
    assert_eq!(scene.ask(Request::List { after: None }).unwrap()["cases"], json!([]));
    let by = &scene.show(1)["verdicts"][0]["by"];
    assert_eq!(by, &json!({ "account": "root", "says": "ada" }));
    let actions = scene.actions();
    let decided = actions.iter().find(|(action, ..)| action == "case-decided").unwrap();
    assert_eq!(decided.1.as_deref(), Some("ada"), "who decides is recorded as they say, beside the account");
    for action in ["cases-listed", "case-viewed"] {
        assert!(actions.iter().any(|(done, ..)| done == action), "{action}: {actions:?}");
    }
}

#[test]
fn what_is_never_told_is_rejected_as_other_evidence_and_better_photos_name_their_slot() {
    let scene = Scene::new(Policy::default());
    let _actor = scene.sent(1);
    let answers = [("all", "yes"), ("genuine", "no")];
    for (verdict, reason, told) in [
        (Wanted::Reject, "ugly", "\"ugly\" is no reason to reject"),
        (Wanted::AskAgain, "blurred", "\"blurred\" is no SLOT=REASON"),
        (Wanted::AskAgain, "hat=blurred", "\"hat\" is no slot"),
        (Wanted::AskAgain, "front=ugly", "\"ugly\" is no reason to ask again"),
    ] {
        assert_eq!(scene.decide(1, verdict, &[reason], &answers), Err(told.into()));
    }
    assert_eq!(scene.decide(1, Wanted::Reject, &["expired"], &[("al", "no")]), Err("\"al\" is no question".into()));
    assert_eq!(scene.decide(1, Wanted::Reject, &["expired"], &[("all", "nein")]), Err("\"nein\" is no answer".into()));
    let asked = scene.decide(1, Wanted::AskAgain, &["front=blurred"], &[]).unwrap();
    assert_eq!(asked["state"], "asked_again");
    assert_eq!(scene.show(1)["asked_for"], json!([["front", "blurred"]]));
    let _actor = scene.sent(2);
    assert_eq!(scene.decide(2, Wanted::Reject, &["altered"], &answers).unwrap()["state"], "rejected");
    let given = &scene.show(2)["verdicts"][0];
    assert_eq!((&given["reasons"], &given["inner"]), (&json!(["other_evidence"]), &json!(["altered"])));
}

#[test]
fn what_changed_since_it_was_shown_is_not_decided() {
    let scene = Scene::new(Policy::default());
    let _actor = scene.bureau.sent(1);
    let revision = u32::try_from(scene.show(1)["revision"].as_u64().unwrap()).unwrap() - 1;
    let answers = [("all".to_owned(), "yes".to_owned())].into();
    let decide =
        Request::Decide { number: 1, revision, verdict: Wanted::Approve, reasons: vec![], answers, by: "ada".into() };
    let told = scene.ask(decide).unwrap_err();
    assert!(told.contains("the case changed since it was shown"), "{told}");
    let told = scene.ask(Request::Show { number: 2 }).unwrap_err();
    assert_eq!(told, "there is no case of that number; see idv case list");
}

/// The log has nothing that was typed, and by its names one cause is told from another.
#[test]
fn what_stands_against_it_has_a_name_in_the_log() {
    let yes = [("all", "yes")];
    let scene = Scene::new(Policy::default());
    let _actors = [scene.bureau.sent(1), scene.sent(2)];
    let hold = |number| Request::Hold { number, reason: "a court".into() };
    assert_eq!(scene.cause(hold(9)), "no_case");
    assert_eq!(scene.cause(Request::Unclaim { number: 1 }), "not_claimed");
    assert_eq!(scene.cause(scene.decision(1, Wanted::Approve, &[], &yes)), "damaged");
    assert_eq!(scene.cause(scene.decision(2, Wanted::Approve, &[], &[("genuine", "yes")])), "incomplete");
    let mut seen_before = scene.decision(2, Wanted::Approve, &[], &yes);
    if let Request::Decide { revision, .. } = &mut seen_before {
        *revision -= 1;
    }
    assert_eq!(scene.cause(seen_before), "changed");
    assert!(scene.ask(hold(2)).is_ok());
    assert_eq!(scene.cause(hold(2)), "not_now");
    assert_eq!(scene.cause(Request::Forget { number: 2 }), "held");
    assert_eq!(scene.bureau.orders(2, &Who::reviewer(7), Deed::Claim { is_taken_over: false }), Done::Changed);
    assert_eq!(scene.cause(scene.decision(2, Wanted::Approve, &[], &yes)), "claimed");
    let scene = Scene::new(Policy { second: Second::Always, ..Policy::default() });
    let actor = scene.sent(1);
    assert_eq!(scene.cause(scene.decision(1, Wanted::Approve, &[], &yes)), "sign_in");
    let asks_again = || scene.decision(1, Wanted::AskAgain, &["front=dark"], &[]);
    for _ in 1..scene.bureau.rules.rounds {
        assert!(scene.ask(asks_again()).is_ok());
        scene.bureau.fill(&actor);
        assert_eq!(scene.bureau.does(&actor, Act::Send), Told::Sent);
    }
    assert_eq!(scene.cause(asks_again()), "rounds");
}

/// Root approved cases whose pictures nobody could have looked at: the console alone refused it.
#[test]
fn nobody_decides_at_a_terminal_by_a_photo_that_does_not_open_or_is_another() {
    let scene = Scene::new(Policy::default());
    let (reject, approve) = ([("all", "yes"), ("genuine", "no")], [("all", "yes")]);
    let refuses = |number| {
        for (verdict, reasons, answers) in
            [(Wanted::Approve, &[][..], &approve[..]), (Wanted::Reject, &["expired"], &reject)]
        {
            let told = scene.decide(number, verdict, reasons, answers).unwrap_err();
            assert!(told.starts_with("a photo of the case does not open, or is not the one"), "{told}");
        }
        assert_eq!(scene.show(number)["state"], "waiting");
    };
    let other = scene.bureau.login(1, None);
    assert_eq!(scene.bureau.begin(&other, DocumentKind::Passport, false), Told::Begun);
    scene.take(&other, Slot::Front, "front");
    scene.take(&other, Slot::Selfie, "somebody else");
    assert_eq!(scene.bureau.does(&other, Act::Send), Told::Sent);
    refuses(1);
    assert!(scene.ask(Request::Picture { number: 1, slot: Slot::Selfie }).is_err(), "nor is it shown");
    let _whole = scene.sent(2);
    assert_eq!(scene.decide(2, Wanted::Reject, &["expired"], &reject).unwrap()["state"], "rejected");
    let _gone = scene.sent(3);
    fs::remove_dir_all(scene.directory.path().join("evidence/objects")).unwrap();
    refuses(3);
    assert_eq!(scene.decide(3, Wanted::AskAgain, &["front=blurred"], &[]).unwrap()["state"], "asked_again");
}

/// Better ones were asked for, and what was whole was deleted for it.
#[test]
fn a_photo_is_not_taken_for_damaged_where_none_opens_for_now() {
    let mut scene = Scene::new(Policy::default());
    let _actor = scene.sent(1);
    let keys = scene.directory.path().join("evidence/keys");
    let aside = keys.with_file_name("aside");
    fs::rename(&keys, &aside).unwrap();
    fs::create_dir(&keys).unwrap();
    scene.office.evidence = keeper(&scene.bureau, &scene.directory);
    let told = scene.decide(1, Wanted::Approve, &[], &[("all", "yes")]).unwrap_err();
    assert!(told.contains("the file of keys cannot be read"), "{told}");
    fs::remove_dir(&keys).unwrap();
    fs::rename(&aside, &keys).unwrap();
    scene.office.evidence = keeper(&scene.bureau, &scene.directory);
    assert_eq!(scene.decide(1, Wanted::Approve, &[], &[("all", "yes")]).unwrap()["state"], "approved");
}

#[test]
fn where_two_decide_a_terminal_is_refused_and_a_claim_can_be_freed() {
    let scene = Scene::new(Policy { second: Second::Always, ..Policy::default() });
    let _actor = scene.bureau.sent(1);
    let told = scene.decide(1, Wanted::Approve, &[], &[("all", "yes")]).unwrap_err();
    assert!(told.contains("they sign in to the console"), "{told}");
    let claim = Deed::Claim { is_taken_over: false };
    let _done = scene.bureau.orders(1, &Who::reviewer(7), claim);
    assert!(scene.show(1)["claim"]["until"].is_u64());
    assert!(scene.decide(1, Wanted::AskAgain, &["front=dark"], &[]).unwrap_err().contains("idv case unclaim"));
    assert_eq!(scene.ask(Request::Unclaim { number: 1 }).unwrap()["changed"], true);
    assert!(scene.ask(Request::Unclaim { number: 1 }).is_err());
    assert_eq!(scene.decide(1, Wanted::AskAgain, &["front=dark"], &[]).unwrap()["state"], "asked_again");
}

/// The group of the control socket is for the desk, and reviewers may be in it: who is to decide as the first would have read
/// there what another came to, and what is never told.
#[test]
fn who_is_of_the_desk_lists_cases_and_is_shown_none() {
    let scene = Scene::new(Policy::default());
    let _actor = scene.sent(1);
    let by = |request| scene.try_by(Account::Member, request);
    assert!(by(Request::List { after: None }).is_ok());
    let decide = Request::Decide {
        number: 1,
        revision: 1,
        verdict: Wanted::Approve,
        reasons: vec![],
        answers: [("all".to_owned(), "yes".to_owned())].into(),
        by: "ada".into(),
    };
    for request in [
        Request::Show { number: 1 },
        decide,
        Request::Picture { number: 1, slot: Slot::Front },
        Request::Copy { number: 1, slot: Slot::Front },
        Request::Hold { number: 1, reason: "r".into() },
        Request::Unhold { number: 1 },
        Request::Unclaim { number: 1 },
        Request::Forget { number: 1 },
    ] {
        let told = by(request).unwrap_err();
        assert!(told.starts_with("only root, or the account of the service"), "{told}");
    }
    assert_eq!(scene.show(1)["state"], "waiting");
    let answers = [("all", "yes"), ("genuine", "no")];
    assert_eq!(scene.decide(1, Wanted::Reject, &["altered"], &answers).unwrap()["state"], "rejected");
    let shown_to = |account| {
        let Subject { tenant, user_id } = subject_of(1);
        let (tenant, subject) = (tenant.to_string(), user_id.as_str().to_owned());
        let asker = Asker::new(account, Some("grace".into())).unwrap();
        let shown = scene.office.perform(idv::control::Request::SubjectShow { tenant, subject }, asker);
        block_on(shown).unwrap()["checks"][0].clone()
    };
    let (to_root, to_desk) = (shown_to(Account::Root), shown_to(Account::Member));
    assert_eq!(to_root["evidence"]["reviewed"]["verdicts"][0]["inner"], json!(["altered"]));
    assert_eq!((&to_desk["status"], &to_desk["evidence"]["reviewed"]["number"]), (&json!("failed"), &json!(1)));
    assert!(!to_desk.to_string().contains("altered"), "{to_desk}");
}

/// Whoever is to decide second, and is in the group, read in the list that a first had, or wished for another.
#[test]
fn a_list_says_to_the_desk_nothing_of_who_decided_or_is_to() {
    let rows = |second, verdicts: &[Verdict]| {
        let scene = Scene::new(Policy { second, ..Policy::default() });
        let _actor = scene.bureau.sent(1);
        for (reviewer, verdict) in (1..).zip(verdicts) {
            let _done = scene.bureau.decides(1, &Who::reviewer(reviewer), verdict.clone());
        }
        let by = |account| scene.try_by(account, Request::List { after: None }).unwrap()["cases"][0].clone();
        [by(Account::Root), by(Account::Member)]
    };
    let [to_root, to_desk] = rows(Second::Never, &[]);
    assert_eq!((&to_root["state"], &to_root["two_decide"]), (&json!("waiting"), &json!(false)));
    for (verdicts, state) in [
        (&[][..], "waiting"),
        (&[Verdict::Approve], "waiting_for_second"),
        (&[Verdict::Approve, rejected()], "disputed"),
    ] {
        let [to_root, other] = rows(Second::Always, verdicts);
        assert_eq!((&to_root["state"], &to_root["two_decide"]), (&json!(state), &json!(true)));
        assert_eq!(other, to_desk, "{state}");
    }
}

#[test]
fn a_hold_is_put_on_with_its_reason_and_lifted() {
    let scene = Scene::new(Policy::default());
    let _actor = scene.bureau.sent(1);
    assert!(scene.ask(Request::Hold { number: 1, reason: String::new() }).is_err());
    assert_eq!(scene.ask(Request::Hold { number: 1, reason: "a court".into() }).unwrap()["changed"], true);
    let shown = scene.show(1);
    assert_eq!((&shown["hold"]["reason"], &shown["due_at"]), (&json!("a court"), &Value::Null));
    // By whom and why it was ordered is not lost by another.
    let told = scene.ask(Request::Hold { number: 1, reason: "nothing".into() }).unwrap_err();
    assert!(told.starts_with("the case does not stand so"), "{told}");
    assert_eq!(scene.show(1)["hold"]["reason"], "a court");
    assert!(scene.ask(Request::Forget { number: 1 }).is_err(), "it is kept");
    assert_eq!(scene.ask(Request::Unhold { number: 1 }).unwrap()["changed"], true);
    assert_eq!(scene.ask(Request::Unhold { number: 1 }).unwrap()["changed"], false);
    let actions = scene.actions();
    for action in ["case-held", "case-unheld"] {
        assert!(actions.iter().any(|(done, ..)| done == action), "{action}: {actions:?}");
    }
}

/// The picture is sealed, shown to root alone with an entry that names it, and shredded where it is to be forgotten.
#[test]
fn a_photo_is_handed_out_with_an_entry_and_shredded_when_it_is_forgotten() {
    let scene = Scene::new(Policy::default());
    let _actor = scene.sent(1);
    let picture = |slot| scene.ask(Request::Picture { number: 1, slot });
    assert_eq!(picture(Slot::Front).unwrap(), json!({ "jpeg": data_encoding::BASE64.encode(b"front") }));
    assert_eq!(picture(Slot::Back), Err("\"back\" is no photo of the case".into()));
    let viewed = ("case-viewed".to_owned(), Some("grace".to_owned()), Some("front".to_owned()));
    assert!(scene.actions().contains(&viewed), "{:?}", scene.actions());
    assert_eq!(
        scene.ask(Request::Forget { number: 1 }).unwrap(),
        json!({ "changed": true, "state": "lapsed", "left": 0 })
    );
    assert!(picture(Slot::Front).is_err());
    let objects = scene.directory.path().join("evidence/objects");
    let shelves = fs::read_dir(objects).unwrap().map(|shelf| shelf.unwrap().path());
    let files = shelves.filter(|shelf| shelf.is_dir()).map(|shelf| fs::read_dir(shelf).unwrap().count());
    assert_eq!(files.sum::<usize>(), 0);
    let actions: Vec<_> = scene.actions().into_iter().map(|(action, ..)| action).collect();
    assert!(actions.ends_with(&["evidence-deleted".into(), "evidence-shredded".into()]), "{actions:?}");
}

/// The notice says that staff sees what is sent.
#[test]
fn a_photo_that_was_not_sent_is_for_nobody_but_who_took_it() {
    let scene = Scene::new(Policy::default());
    let actor = scene.bureau.login(1, None);
    assert_eq!(scene.bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    for slot in [Slot::Front, Slot::Selfie] {
        scene.take(&actor, slot, slot.as_str());
    }
    let picture = |slot| scene.ask(Request::Picture { number: 1, slot });
    for asked in [picture(Slot::Front), scene.ask(Request::Show { number: 1 })] {
        let told = asked.unwrap_err();
        assert!(told.starts_with("the case does not stand so"), "{told}");
    }
    assert!(scene.actions().iter().all(|(action, ..)| action != "case-viewed"));
    let theirs = scene.ask(Request::Copy { number: 1, slot: Slot::Front }).unwrap();
    assert_eq!(theirs["jpeg"], data_encoding::BASE64.encode(b"front"), "who is handed all that is known has it");
    assert_eq!(scene.bureau.does(&actor, Act::Send), Told::Sent);
    assert!(picture(Slot::Front).is_ok());
    let slots = || {
        let shown = scene.show(1);
        let photos = shown["photos"].as_array().unwrap().iter().map(|photo| photo["slot"].clone());
        photos.collect::<Vec<_>>()
    };
    assert_eq!(slots(), ["front", "selfie"]);
    let _asked = scene.decide(1, Wanted::AskAgain, &["front=blurred"], &[]).unwrap();
    scene.take(&actor, Slot::Front, "front");
    assert_eq!(picture(Slot::Front), Err("\"front\" is no photo of the case".into()), "nor one of a later round");
    assert_eq!(slots(), ["selfie"]);
    assert!(picture(Slot::Selfie).is_ok());
    assert_eq!(scene.bureau.does(&actor, Act::Send), Told::Sent);
    assert!(picture(Slot::Front).is_ok() && slots() == ["front", "selfie"]);
}

/// While another photo of the same epoch is just being taken in, its key has to stay.
#[test]
fn who_forgets_a_case_is_told_where_what_opens_it_is_there_yet() {
    let scene = Scene::new(Policy::default());
    let _actor = scene.sent(1);
    let tenant = subject_of(2).tenant;
    let whose = Whose { tenant: &tenant, number: 2, round: 1, slot: "front" };
    let taken_in = scene.office.evidence.put(b"another", &whose, scene.bureau.now()).unwrap();
    assert_eq!(scene.ask(Request::Forget { number: 1 }).unwrap()["left"], 2);
    block_on(async { tokio::time::timeout(Duration::from_secs(5), scene.office.evidence.hastened()).await }).unwrap();
    drop(taken_in);
    let request = idv::control::Request::Method(Request::Forget { number: 1 }.into());
    assert_eq!(request.patience(), Duration::from_hours(1), "it may wait for a rotation");
}

#[test]
fn the_command_line_tells_what_there_is_and_what_is_promised() {
    let installation = Installation::new();
    let _service = installation.serve();
    assert_eq!(installation.json(&["case", "list"]), json!([]));
    let missing = installation.command(&["case", "show", "7"]);
    assert!(!missing.status.success());
    let told = String::from_utf8(missing.stderr).unwrap();
    assert!(told.contains("there is no case of that number"), "{told}");
    let notice = installation.command(&["document", "notice"]);
    let told = String::from_utf8(notice.stdout).unwrap();
    assert!(told.lines().count() > 20 && !told.contains("\\u{a}"), "lines that people read: {told}");
    assert!(
        told.contains("7 days after the login that uses it") && told.contains("If nothing is decided: after 7 days"),
        "{told}"
    );
    let out = installation.path("photo.jpg");
    fs::write(&out, "mine").unwrap();
    let kept = installation.command(&["case", "picture", "7", "front", "--out", out.to_str().unwrap()]);
    assert!(!kept.status.success() && fs::read(&out).unwrap() == b"mine", "what is there stays");
    let unanswered = installation.command(&["case", "approve", "7", "--revision", "1", "--by", "ada", "--answer", "x"]);
    assert_eq!(unanswered.status.code(), Some(2));
}

#[test]
fn where_two_decide_and_there_are_not_two_an_operator_should_see_to_it() {
    let remarks = |second: &str| {
        let mut scene = Scene::new(Policy::default());
        let section =
            format!("[methods.document]\nenabled = true\npolicy = \"urn:acme:policy\"\nsecond = \"{second}\"\n");
        scene.office.config = load::parse(&format!("{CONFIG}{section}")).0.unwrap();
        let told = idv::control::method::document::remark(&scene.office).unwrap();
        told.map(|remark| remark.text)
    };
    assert_eq!(remarks("never"), None);
    let told = remarks("always").unwrap();
    assert!(told.contains("0 who may"), "{told}");
}
