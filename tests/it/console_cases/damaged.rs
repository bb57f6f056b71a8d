//! A record that is damaged holds up no other.

use std::time::Duration;

use idv::control::method::document::Request;
use idv::verification::method::Kind;
use serde_json::json;
use tempfile::TempDir;

use crate::store_bindings::damage;
use crate::support::album::Album;
use crate::support::cases::Cases;

/// One of a thousand people could not be read, and nobody was decided: the queue, the list and the figures failed as a whole.
#[test]
fn a_damaged_case_is_left_out_and_every_other_waits_and_ages_as_before() {
    for table in ["document", "numbers"] {
        let directory = TempDir::new().unwrap();
        let open = || Cases::over(Album::open(directory.path()), "", &[]);
        let cases = open();
        assert_eq!([1, 2].map(|n| cases.send(n)), [1, 2]);
        drop(cases);
        damage(&directory.path().join("idv.redb"), table);
        let cases = open();
        let mut rita = cases.reviewer("rita");
        let queue = rita.get("/").body;
        assert!(queue.contains("/case/2\"") && !queue.contains("/case/1\""), "{table}: {queue}");
        assert_eq!(rita.get("/next").location(), "/case/2", "{table}");
        let listed = cases.ask(Request::List { after: None });
        assert_eq!((&listed["cases"][0]["number"], listed["cases"].as_array().unwrap().len()), (&json!(2), 1));
        let told = if table == "document" { json!([1]) } else { json!([]) };
        assert_eq!(listed["damaged"], told, "{table}");
        let counted = cases.store().count_kept(Kind::Document, 10, |kept| kept.number().is_some()).unwrap();
        assert_eq!(counted, if table == "document" { 1 } else { 2 });
        cases.pass(Duration::from_hours(24 * 7));
        assert_eq!(cases.age(), 1, "{table}");
        assert_eq!(cases.dossier(2).state(), "lapsed");
    }
}

/// Its record was whole, and not that of the login that waits for it: every case behind it stayed as it was, for ever.
#[test]
fn a_case_whose_login_cannot_be_read_keeps_no_other_from_ageing() {
    let directory = TempDir::new().unwrap();
    let open = || Cases::over(Album::open(directory.path()), "", &[]);
    let cases = open();
    assert_eq!([1, 2].map(|n| cases.send(n)), [1, 2]);
    drop(cases);
    damage(&directory.path().join("idv.redb"), "cases");
    let cases = open();
    cases.pass(Duration::from_hours(24 * 7));
    assert_eq!(cases.age(), 1);
    assert_eq!([1, 2].map(|n| cases.dossier(n).state()), ["waiting", "lapsed"]);
}
