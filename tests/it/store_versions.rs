//! Stores that earlier versions wrote: they open, and what stands in them counts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use idv::ops::random;
use idv::store::Store;
use idv::store::backup::examine;
use idv::store::codec::{Codec, VERSION};
use idv::store::file::OpenError;
use idv::store::master_key::MasterKey;
use idv::store::restore::{RestoreError, restore, restore_stream};
use idv::verification::account::Account;
use idv::verification::audit::entry::Entry;
use idv::verification::decision::Answered;
use idv::verification::method::desk::{Code, Vouch};
use idv::verification::method::simulated::Away;
use idv::verification::method::{Evidence, Method, Progress};
use idv::verification::outcome::{Status, Verified};
use idv::verification::session::Session;
use idv::verification::spent::Use;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use idv::verification::token::TokenId;
use redb::{Database, ReadableDatabase, TableDefinition};
use tempfile::TempDir;

use idv::verification::method::document::Policy as DocumentPolicy;

use crate::support::acts::{Acts, acme, attested, identity};
use crate::support::bureau::{Bureau, Who};
use crate::support::ledger::Logins;
use crate::support::token::SUBJECT;
use crate::support::world::{POLICY, block_on, subject};

mod fourth;
mod third;

type Table = TableDefinition<'static, &'static [u8], &'static [u8]>;

const META: Table = TableDefinition::new("meta");
const SCHEMA: &[u8] = b"schema";
/// The key of the store that version 1 wrote.
const KEY: &str = "cff4adb2558876dcfd2583b90cdc9f1cdbf25e1175bd41258f3db918ac5ca24a";
/// What stood in it: a person who was verified by a code of Ada's, for whom another code waits, after one wrong one.
const FIRST: [(&str, &str, &str); 5] = [
    ("meta", "736368656d61", "010113c6ac42464da013d6d51df24176aac8"),
    (
        "subjects",
        "61636d652e65752e61757468302e746573740061757468307c36356630633066666565",
        "01eda5e547110994ef0ef6ea1856bf4bf6f6849dd8060101f6849dd8060000b2ae3f4a3ffa01cd21f8faa170a684fb",
    ),
    (
        "checks",
        "0000000000000001",
        "011261636d652e65752e61757468302e746573741061757468307c36356630633066666565f6849dd806000003416461f6849dd8060108\
         70617373706f727400fe0fba3014e98e9f1bef4db0b9ae4718",
    ),
    (
        "desk",
        "61636d652e65752e61757468302e746573740061757468307c36356630633066666565",
        "01010147f1de1623afb39dfb8f199bcaf8a3e3fcd6a9b01b4a1bc2cd8b23e9ae400b00f6a7a2d80603416461f6849dd806004814c7504b\
         d257fa4274f49096e2ace7",
    ),
    (
        "spent",
        "000000006b0742760660215aa6e2dcef0ab8f775968ae276",
        "01da0e8a931e2a44273ee4c9864c0177d70100f6849dd806eda5e547110994ef0ef6ea1856bf4bf601f6849dd806063d2a2df3d743d648\
         d873e24ce64c70",
    ),
];
/// The code that waits, and when both were issued.
const CODE: &str = "A9NM-7PZM-GKYK";
const ISSUED_AT: Timestamp = Timestamp::from_unix(1_795_637_878);
/// The key of the store that version 2 wrote.
const SECOND_KEY: &str = "913db596513465a0b5c992d18b0b446420edd22e699a2dd8aadbf352c933accb";
/// What stood in it: the same, and a session that typed the wrong code and goes on.
const SECOND: [(&str, &str, &str); 6] = [
    ("meta", "736368656d61", "010229c8b84131d3e8048568bd20b48b7fee"),
    (
        "subjects",
        "61636d652e65752e61757468302e746573740061757468307c36356630633066666565",
        "01b6d823ea50703ab7484887f0fd67c440e7e69dd8060101e7e69dd8060000bdbb5e4c129da7f67d0ec72bba6c3a81",
    ),
    (
        "checks",
        "0000000000000001",
        "021261636d652e65752e61757468302e746573741061757468307c36356630633066666565e7e69dd80600000341646101e7e69dd80601\
         0870617373706f7274000397b818d9307f220d46665f74ba96b3",
    ),
    (
        "desk",
        "61636d652e65752e61757468302e746573740061757468307c36356630633066666565",
        "020101c41d907f561e905cecd0337013cf330f5d7e35db0e110bb81fb57159a44ff98de789a3d8060341646101e7e69dd8060001e173c3\
         88a12199cf06e811252254f1402e014178eb940521f1a619f12575683616b78e16d260fcb56a78b708ffa831b7",
    ),
    (
        "spent",
        "000000006b0773678fb990a00410edbffb2fd7e7cbacb269",
        "010315dc5d14bbdec5ec741d7e3b49fbe70100e7e69dd806b6d823ea50703ab7484887f0fd67c44001e7e69dd806fde22bb49d11cc07e7\
         ba79d44fcc05db",
    ),
    (
        "spent",
        "000000006b077368f1392bc3420b47252f06b2acbbe46b2a",
        "0130b167eff880fa9d800772e99d1e41850036afae298d53c3abebeedcb5c1dbc91a",
    ),
];
const SECOND_CODE: &str = "CYDW-ZH73-4WE4";
const SECOND_ISSUED_AT: Timestamp = Timestamp::from_unix(1_795_650_407);

fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER.decode(hex.as_bytes()).unwrap()
}

fn key() -> MasterKey {
    MasterKey::new(bytes(KEY).try_into().unwrap())
}

/// The store that version 1 wrote.
fn first(directory: &TempDir) -> PathBuf {
    written(directory, KEY, &FIRST)
}

fn written(directory: &TempDir, key: &str, records: &[(&'static str, &str, &str)]) -> PathBuf {
    let path = directory.path().join("idv.redb");
    fs::write(path.with_extension("key"), bytes(key)).unwrap();
    for name in [&path, &path.with_extension("key")] {
        let made = fs::OpenOptions::new().write(true).create(true).truncate(false).open(name).unwrap();
        made.set_permissions(fs::Permissions::from_mode(0o600)).unwrap();
    }
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    for (table, key, record) in records {
        let mut table = transaction.open_table(Table::new(table)).unwrap();
        table.insert(bytes(key).as_slice(), bytes(record).as_slice()).unwrap();
    }
    transaction.commit().unwrap();
    path
}

fn schema(path: &Path) -> Vec<u8> {
    let database = Database::open(path).unwrap();
    let transaction = database.begin_read().unwrap();
    transaction.open_table(META).unwrap().get(SCHEMA).unwrap().unwrap().value().to_vec()
}

fn vouch(account: Account, note: Option<&str>) -> Vouch {
    Vouch { by: "Ada".into(), account, issued_at: ISSUED_AT, note: note.map(Into::into) }
}

#[test]
fn a_store_of_version_1_opens_and_what_stands_in_it_counts() {
    let directory = TempDir::new().unwrap();
    let path = first(&directory);
    let (store, _) = Store::open(&path, random::bytes()).unwrap();
    let person = subject(SUBJECT);
    let record = store.subject(&person).unwrap().unwrap();
    let checks = store.checks(&record, 10).unwrap();
    assert_eq!((checks.len(), checks[0].at, checks[0].status), (1, ISSUED_AT, Status::Success));
    assert_eq!(checks[0].evidence, Evidence::Vouch(vouch(Account::Unrecorded, Some("passport"))));
    let (_, desk) = store.desks(&person.tenant, None, 10).unwrap().remove(0);
    let waiting = desk.code.unwrap();
    assert_eq!((desk.wrong, desk.tried.len(), waiting.vouch), (1, 0, vouch(Account::Unrecorded, None)));
    let code = Code::parse(CODE).unwrap();
    assert!(code.hash(&key().derive("desk code"), &person) == waiting.hash, "the code that was handed out");
}

#[test]
fn a_store_of_version_2_opens_and_what_stands_in_it_counts() {
    let directory = TempDir::new().unwrap();
    let path = written(&directory, SECOND_KEY, &SECOND);
    let (store, master) = Store::open(&path, random::bytes()).unwrap();
    let person = subject(SUBJECT);
    let record = store.subject(&person).unwrap().unwrap();
    let checks = store.checks(&record, 10).unwrap();
    let by_ada = |note| Vouch { issued_at: SECOND_ISSUED_AT, ..vouch(Account::Root, note) };
    assert_eq!((checks.len(), checks[0].at, checks[0].status), (1, SECOND_ISSUED_AT, Status::Success));
    assert_eq!(checks[0].evidence, Evidence::Vouch(by_ada(Some("passport"))));
    let (_, standing) = store.desks(&person.tenant, None, 10).unwrap().remove(0);
    let waiting = standing.code.unwrap();
    assert_eq!((standing.wrong, standing.tried.len(), waiting.vouch), (1, 1, by_ada(None)));
    let code = Code::parse(SECOND_CODE).unwrap();
    assert!(code.hash(&master.derive("desk code"), &person) == waiting.hash, "the code that was handed out");
    let token_use = |key: &str| {
        let (issued_at, token) = (u64::from_str_radix(&key[..16], 16).unwrap(), bytes(&key[16..]));
        store.token_use(Timestamp::from_unix(issued_at), TokenId(token.try_into().unwrap())).unwrap()
    };
    let Use::Concluded(_, outcome) = token_use(SECOND[4].1) else { panic!("the session that ended") };
    let verified = Some(Verified { at: SECOND_ISSUED_AT, method: Method::Desk });
    assert_eq!((outcome.status, outcome.verified, outcome.ticket), (Status::Success, verified, None));
    assert!(matches!(token_use(SECOND[5].1), Use::Claimed(_)), "the session that goes on");
}

#[test]
fn a_store_of_version_2_is_of_this_version_once_it_was_opened_and_no_longer_before() {
    let directory = TempDir::new().unwrap();
    let path = written(&directory, SECOND_KEY, &SECOND);
    let before = fs::read(&path).unwrap();
    assert_eq!((examine(&path).unwrap().checks, fs::read(&path).unwrap()), (1, before), "to look changes nothing");
    drop(Store::open(&path, random::bytes()).unwrap());
    let key = MasterKey::new(bytes(SECOND_KEY).try_into().unwrap());
    assert_eq!(Codec::of(&key).open::<u8>("meta", SCHEMA, &schema(&path)), Ok(VERSION));
}

/// Session `number` of the store that version 3 wrote, of `user_id`.
fn third_session<'l>(logins: &'l Logins, number: u8, user_id: &str) -> Session<'l> {
    let issued_at = Timestamp::from_unix(third::BEGAN_AT);
    let id = postcard::from_bytes(&[number; 16]).unwrap();
    let session = logins.session(0, 0);
    Session { id, token_id: TokenId([number; 16]), issued_at, subject: subject(user_id), ..session }
}

#[test]
fn a_store_of_version_3_opens_and_what_stands_in_it_counts() {
    let (directory, logins) = (TempDir::new().unwrap(), Logins::new());
    let path = written(&directory, third::KEY, &third::RECORDS);
    let (store, master) = Store::open(&path, random::bytes()).unwrap();
    let at = Timestamp::from_unix(third::AT);
    let by_ada = Vouch { issued_at: Timestamp::from_unix(third::ISSUED_AT), ..vouch(Account::Root, Some("passport")) };
    for (user_id, status, evidence) in [
        ("auth0|vouched", Status::Success, Evidence::Vouch(by_ada.clone())),
        ("auth0|wrong", Status::Failed, Evidence::WrongCodes),
        ("auth0|chose", Status::Success, Evidence::Simulated),
    ] {
        let record = store.subject(&subject(user_id)).unwrap().unwrap();
        let [check] = &store.checks(&record, 10).unwrap()[..] else { panic!("{user_id} has one check") };
        assert_eq!((check.at, check.status, &check.evidence), (at, status, &evidence), "{user_id}");
    }
    let (person, standing) = store.desks(&subject("auth0|x").tenant, None, 10).unwrap().remove(0);
    let waiting = standing.code.unwrap();
    assert_eq!((standing.wrong, standing.tried.len(), waiting.vouch), (1, 1, by_ada));
    let code = Code::parse(third::CODE).unwrap();
    assert!(code.hash(&master.derive("desk code"), &person) == waiting.hash, "the code that was handed out");
    let began_at = Timestamp::from_unix(third::BEGAN_AT);
    let ended = |number| match store.token_use(began_at, TokenId([number; 16])).unwrap() {
        Use::Concluded(_, outcome) => Some(outcome.status),
        Use::Claimed(_) => None,
        Use::Unused => panic!("token {number} was used"),
    };
    let [success, failed] = [Some(Status::Success), Some(Status::Failed)];
    let expected = [success, None, failed, success, Some(Status::Pending), None, Some(Status::Canceled)];
    assert_eq!([1, 2, 3, 4, 5, 6, 7].map(ended), expected);
    let case = store.case(&subject("auth0|waits")).unwrap().unwrap();
    assert_eq!((case.method, case.opened_at, case.decision), (Method::Simulated, at, None));
    let elsewhere = Some(Progress::Simulated(Away { state: [6; 16] }));
    assert_eq!(store.progress(&third_session(&logins, 6, "auth0|away")), Ok(elsewhere));
}

/// It has no table of either.
#[test]
fn whoever_a_store_of_version_3_knows_is_bound_to_nobody_and_can_be_from_now_on() {
    let (directory, logins) = (TempDir::new().unwrap(), Logins::new());
    let path = written(&directory, third::KEY, &third::RECORDS);
    let before = fs::read(&path).unwrap();
    assert_eq!((examine(&path).unwrap().checks, fs::read(&path).unwrap()), (3, before), "to look changes nothing");
    let read = Store::open_to_read(&path).unwrap();
    assert_eq!(read.holder(&identity(1)), Ok(None), "who looks up alone, too");
    drop(read);
    let session = third_session(&logins, 6, "auth0|away");
    let is_bound = |store: &Store| {
        let bindings = store.bindings(&session.subject).unwrap();
        (bindings.at(acme()).is_some(), store.holder(&identity(1)).unwrap().is_some())
    };
    let (store, _) = Store::open(&path, random::bytes()).unwrap();
    assert_eq!(is_bound(&store), (false, false));
    let at = Timestamp::from_unix(third::AT + 1);
    let answer = block_on(store.attest(&session, attested(acme(), identity(1)), IdvId::from_random([9; 16]), at));
    assert!(matches!(answer, Ok(Answered::Concluded(_))), "{answer:?}");
    drop(store);
    let key = MasterKey::new(bytes(third::KEY).try_into().unwrap());
    assert_eq!(Codec::of(&key).open::<u8>("meta", SCHEMA, &schema(&path)), Ok(VERSION));
    assert_eq!(is_bound(&Store::open(&path, random::bytes()).unwrap().0), (true, true));
}

/// It tied nobody to anything.
#[test]
fn a_store_of_version_4_opens_and_whoever_it_knows_gets_a_key_when_they_are_next_written() {
    let (directory, logins) = (TempDir::new().unwrap(), Logins::new());
    let path = written(&directory, fourth::KEY, &fourth::RECORDS);
    let before = fs::read(&path).unwrap();
    assert_eq!((examine(&path).unwrap().checks, fs::read(&path).unwrap()), (2, before), "to look changes nothing");
    let (store, master) = Store::open(&path, random::bytes()).unwrap();
    let at = Timestamp::from_unix(fourth::AT);
    let by_ada = Vouch { issued_at: Timestamp::from_unix(fourth::ISSUED_AT), ..vouch(Account::Root, Some("passport")) };
    let record = |user_id: &str| store.subject(&subject(user_id)).unwrap();
    let check = |user_id: &str| store.checks(&record(user_id).unwrap(), 10).unwrap().remove(0);
    assert_eq!((check("auth0|vouched").at, check("auth0|vouched").evidence), (at, Evidence::Vouch(by_ada.clone())));
    assert!(matches!(check("auth0|attested").evidence, Evidence::Delegated(_)));
    assert_eq!(store.holder(&identity(1)), Ok(Some(subject("auth0|attested"))));
    assert_eq!((record("auth0|left").unwrap().last_check, record("auth0|expected")), (None, None));
    let (person, standing) = store.desks(&subject("auth0|x").tenant, None, 10).unwrap().remove(0);
    let waiting = standing.code.unwrap();
    assert_eq!((&person, &waiting.vouch), (&subject("auth0|expected"), &by_ada));
    let code = Code::parse(fourth::CODE).unwrap();
    assert!(code.hash(&master.derive("desk code"), &person) == waiting.hash, "the code that was handed out");
    assert_eq!((store.entries(0, 10), store.audit_edge().unwrap().size()), (Ok(vec![]), 0));
    for user_id in ["auth0|vouched", "auth0|attested", "auth0|left"] {
        assert_eq!(record(user_id).unwrap().key, None, "{user_id}");
    }
    // Whatever is next recorded of them ties them from then on.
    let session = Session { subject: subject("auth0|left"), ..logins.session(1, 0) };
    let left = block_on(store.leave(&session, Status::Canceled, IdvId::from_random([9; 16]), at)).unwrap();
    assert!(matches!(left, Answered::Concluded(_)));
    let key = record("auth0|left").unwrap().key.unwrap();
    let entry = Entry::parse(&store.entries(0, 10).unwrap()[0].1).unwrap();
    assert_eq!((entry.user, record("auth0|vouched").unwrap().key), (Some(key.pseudonym(&session.subject)), None));
    drop(store);
    assert_eq!(Codec::of(&master).open::<u8>("meta", SCHEMA, &schema(&path)), Ok(VERSION));
    assert_eq!(Store::open(&path, random::bytes()).unwrap().0.audit_edge().unwrap().size(), 1);
}

/// A store as its service left it, and its key.
struct Left {
    key: &'static [u8],
    store: &'static [u8],
}

impl Left {
    fn lay_out(&self, directory: &TempDir) -> PathBuf {
        let path = directory.path().join("idv.redb");
        let mut store = fs::File::create(&path).unwrap();
        std::io::copy(&mut flate2::read::GzDecoder::new(self.store), &mut store).unwrap();
        fs::write(path.with_extension("key"), self.key).unwrap();
        fs::set_permissions(path.with_extension("key"), fs::Permissions::from_mode(0o600)).unwrap();
        path
    }
}

/// The idv that came before: its store as its service left it, with a person who was verified, one who typed a wrong code,
/// one for whom another waits, and an audit log of all of it.
mod fifth {
    use super::*;

    const LEFT: Left = Left {
        key: include_bytes!("store_versions/fifth/idv.key"),
        store: include_bytes!("store_versions/fifth/idv.redb.gz"),
    };
    const CODE: &str = "FJRM-9JQE-7JQN";
    /// How many entries its log has.
    const ENTRIES: u64 = 14;

    #[test]
    fn a_store_of_version_5_opens_and_what_stands_in_it_counts() {
        let directory = TempDir::new().unwrap();
        let path = LEFT.lay_out(&directory);
        let before = fs::read(&path).unwrap();
        let read = Store::open_to_read(&path).unwrap();
        assert_eq!(
            (read.stats().unwrap().schema, read.numbers(0, 10)),
            (Some(VERSION), Ok(vec![])),
            "to who looks it is of this one"
        );
        drop(read);
        assert_eq!((examine(&path).unwrap().checks, fs::read(&path).unwrap()), (1, before));
        let (store, master) = Store::open(&path, random::bytes()).unwrap();
        assert_eq!(kept(&path), ["idv.redb.schema-5"]);
        let record = store.subject(&subject("auth0|vouched")).unwrap().unwrap();
        let [check] = &store.checks(&record, 10).unwrap()[..] else { panic!("one check") };
        assert!(
            check.status == Status::Success && matches!(check.evidence, Evidence::Vouch(_)) && record.key.is_some()
        );
        let desks = store.desks(&subject("auth0|x").tenant, None, 10).unwrap();
        let [(waits, standing), (wrong, tried)] = &desks[..] else { panic!("{desks:?}") };
        assert_eq!((waits, wrong), (&subject("auth0|expected"), &subject("auth0|left")));
        let code = Code::parse(CODE).unwrap();
        assert!(code.hash(&master.derive("desk code"), waits) == standing.code.as_ref().unwrap().hash);
        assert_eq!((standing.wrong, tried.wrong), (0, 1));
        assert_eq!(store.audit_edge().unwrap().size(), ENTRIES);
    }

    /// It had nothing of it; from now on there is.
    #[test]
    fn whoever_a_store_of_version_5_knows_can_be_verified_by_document() {
        let directory = TempDir::new().unwrap();
        let path = LEFT.lay_out(&directory);
        let bureau = Bureau::over(Store::open(&path, random::bytes()).unwrap().0, DocumentPolicy::default());
        let _actor = bureau.sent(1);
        let number = bureau.dossier(1).unwrap().number;
        drop(bureau);
        let (store, master) = Store::open(&path, random::bytes()).unwrap();
        assert_eq!((number, store.numbers(0, 10).unwrap().len()), (1, 1));
        drop(store);
        assert_eq!(Codec::of(&master).open::<u8>("meta", SCHEMA, &schema(&path)), Ok(VERSION));
    }
}

/// The idv that came before: people in the middle of being verified by document, and somebody who works at the console.
mod sixth {
    use super::*;
    use idv::verification::method::document::dossier::Verdict;
    use idv::verification::operator::tally::Tally;

    const LEFT: Left = Left {
        key: include_bytes!("store_versions/sixth/idv.key"),
        store: include_bytes!("store_versions/sixth/idv.redb.gz"),
    };
    /// How many entries its log has.
    const ENTRIES: u64 = 17;

    #[test]
    fn a_store_of_version_6_opens_and_no_case_in_it_is_a_decoy() {
        let directory = TempDir::new().unwrap();
        let path = LEFT.lay_out(&directory);
        let before = fs::read(&path).unwrap();
        assert_eq!(examine(&path).unwrap().checks, 1);
        assert!(fs::read(&path).unwrap() == before, "to look changes nothing");
        let bureau = Bureau::over(Store::open(&path, random::bytes()).unwrap().0, DocumentPolicy::default());
        assert_eq!(kept(&path), ["idv.redb.schema-6"]);
        let cases = [1, 2, 3, 4].map(|person| bureau.dossier(person).unwrap());
        let stand = cases.each_ref().map(|case| (case.number, case.state(), case.revision, case.pictures.len()));
        let expected =
            [(1, "waiting_for_second", 5, 2), (2, "draft", 1, 1), (3, "rejected", 6, 2), (4, "asked_again", 6, 1)];
        assert_eq!(stand, expected);
        assert!(cases.iter().all(|case| case.decoy.is_none()));
        assert_eq!(cases[0].verdicts()[0].verdict, Verdict::Approve);
        let [(name, ada)] = &bureau.store.operators().unwrap()[..] else { panic!("one operator") };
        assert_eq!((name.as_str(), ada.subject.clone()), ("ada", Some(subject("auth0|ada"))));
        assert!(ada.link.is_some() && ada.tally == Tally::default());
        assert_eq!(bureau.store.desks(&subject("auth0|x").tenant, None, 10).unwrap().len(), 1, "the desk's codes too");
        assert_eq!(bureau.store.audit_edge().unwrap().size(), ENTRIES);
    }

    #[test]
    fn a_case_of_version_6_goes_on_and_is_of_this_version_from_then_on() {
        let directory = TempDir::new().unwrap();
        let path = LEFT.lay_out(&directory);
        let bureau = Bureau::over(Store::open(&path, random::bytes()).unwrap().0, DocumentPolicy::default());
        let _done = bureau.decides(1, &Who::reviewer(2), Verdict::Approve);
        let decided = bureau.dossier(1).unwrap();
        assert_eq!(decided.state(), "approved");
        drop(bureau);
        let (store, master) = Store::open(&path, random::bytes()).unwrap();
        let bureau = Bureau::over(store, DocumentPolicy::default());
        assert_eq!(bureau.dossier(1).unwrap(), decided);
        drop(bureau);
        assert_eq!(Codec::of(&master).open::<u8>("meta", SCHEMA, &schema(&path)), Ok(VERSION));
    }
}

#[test]
fn a_store_of_version_1_is_of_this_version_once_it_was_opened() {
    let directory = TempDir::new().unwrap();
    let path = first(&directory);
    let before = fs::read(&path).unwrap();
    assert_eq!((examine(&path).unwrap().checks, fs::read(&path).unwrap()), (1, before), "to look changes nothing");
    let (store, _) = Store::open(&path, random::bytes()).unwrap();
    let person = subject(SUBJECT);
    let account = Account::User { uid: 1000, login: Some("j.doe".into()) };
    let issued = store.issue_code(person.clone(), Code::parse(CODE).unwrap(), vouch(account.clone(), None), POLICY);
    block_on(issued).unwrap();
    drop(store);
    let sealed = schema(&path);
    assert_eq!(Codec::of(&key()).open::<u8>("meta", SCHEMA, &sealed), Ok(VERSION));
    // Of version 1 itself, so that a binary of that version can read whose this is.
    assert_eq!(sealed[..2], [1, VERSION]);
    let (store, _) = Store::open(&path, random::bytes()).unwrap();
    let listed = store.desks(&person.tenant, None, 10).unwrap();
    assert_eq!(listed[0].1.code.as_ref().unwrap().vouch, vouch(account, None));
    assert_eq!(store.checks(&store.subject(&person).unwrap().unwrap(), 10).unwrap().len(), 1);
}

/// It said that it was of version 1 still, with records in it that version 1 cannot read.
#[test]
fn a_backup_of_version_1_is_restored_as_of_this_version() {
    let (backup, directory) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = directory.path().join("idv.redb");
    let contents = restore(&first(&backup), &path, ISSUED_AT).unwrap().contents;
    assert_eq!((contents.subjects, contents.checks), (1, 1));
    assert_eq!(Codec::of(&key()).open::<u8>("meta", SCHEMA, &schema(&path)), Ok(VERSION));
    let (store, _) = Store::open(&path, random::bytes()).unwrap();
    let (_, desk) = store.desks(&subject(SUBJECT).tenant, None, 10).unwrap().remove(0);
    assert_eq!((desk.wrong, desk.code.is_none()), (1, true));
}

#[test]
fn a_store_of_a_version_to_come_is_refused_as_newer_and_one_of_none_as_damaged() {
    // It said "another version", and whoever had put an old binary in place did not learn which of the two to change.
    let (directory, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = first(&directory);
    for unknown in [0, VERSION + 1, u8::MAX] {
        let database = Database::open(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        let sealed = Codec::of(&key()).seal("meta", SCHEMA, &unknown);
        transaction.open_table(META).unwrap().insert(SCHEMA, sealed.as_slice()).unwrap();
        transaction.commit().unwrap();
        drop(database);
        let errors = [
            Store::open(&path, random::bytes()).err(),
            Store::open_to_read(&path).err(),
            examine(&path).err(),
            match restore(&path, &other.path().join("idv.redb"), ISSUED_AT) {
                Err(RestoreError::Backup(error)) => Some(error),
                _ => None,
            },
        ];
        for error in errors.map(Option::unwrap) {
            let is_newer =
                matches!(error, OpenError::Newer { .. }) && error.to_string().contains("by a newer version of idv");
            let is_damaged = matches!(error, OpenError::Damaged { .. });
            assert!(if unknown == 0 { is_damaged } else { is_newer }, "{unknown}: {error}");
        }
        assert_eq!(schema(&path), sealed);
    }
}

/// The idv that came before, with what it left: a backup as a directory, and one as a stream.
mod backups {
    use super::*;

    const LEFT: Left = Left {
        key: include_bytes!("store_versions/backups/idv.key"),
        store: include_bytes!("store_versions/backups/idv.redb.gz"),
    };
    const AT: Timestamp = Timestamp::from_unix(1_795_673_612);

    fn counts(path: &Path) {
        let (store, _) = Store::open(path, random::bytes()).unwrap();
        let person = subject("auth0|65f0c0ffee");
        let record = store.subject(&person).unwrap().unwrap();
        let checks = store.checks(&record, 10).unwrap();
        assert_eq!((checks.len(), checks[0].at, checks[0].status), (1, AT, Status::Success));
        assert_eq!(store.desks(&person.tenant, None, 10), Ok(vec![]), "the code that waited is dead");
    }

    #[test]
    fn a_backup_that_version_4_made_as_a_directory_is_restored() {
        let (backup, directory) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let path = directory.path().join("idv.redb");
        let contents = restore(&LEFT.lay_out(&backup), &path, AT).unwrap().contents;
        assert_eq!((contents.subjects, contents.checks), (1, 1));
        counts(&path);
    }

    #[test]
    fn a_backup_that_version_4_made_as_a_stream_is_restored() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("idv.redb");
        let stream = include_bytes!("store_versions/backups/backup.tar.gz");
        let restored = restore_stream(&stream[..], &path, AT).unwrap();
        let manifest = restored.manifest.unwrap();
        assert_eq!((manifest.schema, restored.contents.subjects, restored.contents.checks), (4, 1, 1));
        counts(&path);
    }

    /// It did not say which it is.
    #[test]
    fn a_store_of_before_says_from_now_on_which_idv_opened_it() {
        let directory = TempDir::new().unwrap();
        let path = LEFT.lay_out(&directory);
        let read = Store::open_to_read(&path).unwrap();
        assert!(read.desks(&subject("x").tenant, None, 9).unwrap()[0].1.code.is_some(), "a code waits in it");
        drop(read);
        assert_eq!(
            Store::open_to_read(&path).unwrap().stats().unwrap().idv.as_deref(),
            Some(env!("CARGO_PKG_VERSION"))
        );
        let before = fs::read(&path).unwrap();
        drop(Store::open(&path, random::bytes()).unwrap());
        let once = fs::read(&path).unwrap();
        assert_ne!(once, before);
        let open = || Store::open(&path, random::bytes()).unwrap().0.stats().unwrap().commit;
        assert_eq!(open(), open(), "and it is written once");
    }
}

/// Behind the name of a store, what is kept of it as it was.
fn kept(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.contains("schema-")).collect();
    names.sort_unstable();
    names
}

#[test]
fn before_a_store_is_changed_it_is_kept_as_it_was_until_the_next_time() {
    let directory = TempDir::new().unwrap();
    let path = written(&directory, SECOND_KEY, &SECOND);
    let mine = path.with_file_name("idv.redb.schema-of-mine");
    for name in [&mine, &path.with_file_name("idv.redb.schema-1"), &path.with_file_name("idv.redb.schema-2")] {
        fs::write(name, "").unwrap();
    }
    assert!(Store::open_to_read(&path).is_ok() && examine(&path).is_ok());
    assert_eq!(kept(&path).len(), 3, "to look changes nothing");
    drop(Store::open(&path, random::bytes()).unwrap());
    assert_eq!(kept(&path), ["idv.redb.schema-2", "idv.redb.schema-of-mine"]);
    let copy = path.with_file_name("idv.redb.schema-2");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&copy).unwrap();
    drop(Store::open(&path, random::bytes()).unwrap());
    assert_eq!(fs::read(&copy).unwrap(), before, "a store of this version is not kept");
    // Whoever goes back to the binary of before finds what that wrote.
    let key = MasterKey::new(bytes(SECOND_KEY).try_into().unwrap());
    assert_eq!(Codec::of(&key).open::<u8>("meta", SCHEMA, &schema(&copy)), Ok(2));
    for (table, key, record) in SECOND {
        let database = Database::open(&copy).unwrap();
        let transaction = database.begin_read().unwrap();
        let table = transaction.open_table(Table::new(table)).unwrap();
        assert_eq!(table.get(bytes(key).as_slice()).unwrap().unwrap().value(), bytes(record));
    }
}

#[test]
fn a_store_that_cannot_be_kept_is_not_changed() {
    let directory = TempDir::new().unwrap();
    let path = written(&directory, SECOND_KEY, &SECOND);
    fs::create_dir(path.with_file_name("idv.redb.schema-2")).unwrap();
    let refused = Store::open(&path, random::bytes()).err();
    assert!(matches!(refused, Some(OpenError::Io { .. })), "{refused:?}");
    let key = MasterKey::new(bytes(SECOND_KEY).try_into().unwrap());
    assert_eq!(Codec::of(&key).open::<u8>("meta", SCHEMA, &schema(&path)), Ok(2));
}

#[test]
fn a_newer_store_names_the_idv_that_wrote_it() {
    let directory = TempDir::new().unwrap();
    let path = first(&directory);
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    let codec = Codec::of(&key());
    let mut meta = transaction.open_table(META).unwrap();
    meta.insert(SCHEMA, codec.seal("meta", SCHEMA, &(VERSION + 1)).as_slice()).unwrap();
    meta.insert(&b"idv"[..], codec.seal("meta", b"idv", &"9.1.0".to_owned()).as_slice()).unwrap();
    drop(meta);
    transaction.commit().unwrap();
    drop(database);
    let refused = Store::open(&path, random::bytes()).err().unwrap();
    assert!(refused.needs_a_person() && refused.to_string().contains("a newer version of idv (9.1.0)"), "{refused}");
}
