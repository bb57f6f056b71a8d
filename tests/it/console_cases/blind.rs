//! V6, V7: two people, each as if they were alone, and a third who settles.

use hyper::StatusCode;
use idv::verification::method::document::{Act, Slot, Told};

use crate::support::cases::Cases;

/// What of a page differs between cases, and says nothing.
fn neutral(page: &str, number: u64, cases: &Cases, n: usize) -> String {
    let dossier = cases.dossier(n);
    let mut page = page.replace(&format!("/case/{number}"), "/case/N").replace(&format!("Case {number}"), "Case N");
    for filled in &dossier.pictures {
        page = page.replace(&filled.picture.object.to_string(), "OBJECT");
        page = page.replace(&data_encoding::HEXLOWER.encode(&filled.picture.digest), "DIGEST");
    }
    page.replace(crate::support::ledger::subject_of(n).user_id.as_str(), "SUBJECT")
}

#[test]
fn a_second_reviewer_has_the_page_of_a_first_to_the_byte() {
    for second in ["always", "doubt"] {
        let cases = Cases::with(&format!("second = \"{second}\""));
        let (decided_once, fresh) = (cases.send(1), cases.send(2));
        let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
        rita.post(&format!("/case/{decided_once}/claim"), "");
        let verdict = format!("{}&wants_second=on&inner.altered=on&note=zq7note", cases.rejection(1));
        assert_eq!(rita.post(&format!("/case/{decided_once}/verdict"), &verdict).location(), "/");
        assert_eq!(cases.dossier(1).verdicts().len(), 1);
        let mut pages = |number, n| {
            let before = rob.get(&format!("/case/{number}")).body;
            rob.post(&format!("/case/{number}/claim"), "");
            let after = rob.get(&format!("/case/{number}")).body;
            [before, after].map(|page| neutral(&page, number, &cases, n))
        };
        let (second, first) = (pages(decided_once, 1), pages(fresh, 2));
        assert_eq!(second, first);
        assert!(!second.concat().contains("zq7note") && !second.concat().contains("rita"));
        let queue = rob.get("/").body;
        let rows: Vec<_> =
            queue.split("<tr>").skip(2).map(|row| row.replace(&format!("{decided_once}"), "N")).collect();
        assert_eq!(rows[0], rows[1].split("</tbody>").next().unwrap().replace(&format!("{fresh}"), "N"), "{queue}");
    }
}

#[test]
fn who_has_decided_neither_sees_the_case_nor_decides_again() {
    let cases = Cases::with("second = \"always\"");
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let approval = cases.approval(1);
    rita.post("/case/1/verdict", &approval);
    assert!(!rita.get("/").body.contains("/case/1\""));
    assert_eq!(rita.get("/next").location(), "/");
    for (method, path) in [("GET", "/case/1"), ("POST", "/case/1/claim"), ("POST", "/case/1/turn")] {
        assert_eq!(rita.send(method, path, "turn=front").status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(rita.post("/case/1/verdict", &approval).status, StatusCode::CONFLICT);
    assert_eq!((cases.is_decided(1), cases.dossier(1).verdicts().len()), (None, 1));
}

#[test]
fn two_who_agree_decide_and_two_who_differ_wait_for_a_third_who_sees_both() {
    let cases = Cases::with("second = \"always\"");
    cases.send(1);
    cases.send(2);
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    for number in [1, 2] {
        rita.post(&format!("/case/{number}/claim"), "");
        rita.post(&format!("/case/{number}/verdict"), &cases.approval(number));
        rob.post(&format!("/case/{number}/claim"), "");
    }
    assert_eq!(rob.post("/case/1/verdict", &cases.approval(1)).location(), "/");
    assert_eq!(cases.is_decided(1), Some(true));
    let rejection = format!("{}&note=zq7note", cases.rejection(2));
    assert_eq!(rob.post("/case/2/verdict", &rejection).location(), "/");
    assert!(cases.dossier(2).is_disputed());
    // Neither of the two, whatever they are by now, and no other reviewer.
    for mut party in [cases.supervisor("rita"), cases.supervisor("zora"), cases.reviewer("nora")] {
        assert_eq!(party.get("/case/2").status, StatusCode::NOT_FOUND);
        assert!(!party.get("/").body.contains("/case/2\""));
        assert_eq!(party.post("/case/2/claim", "").status, StatusCode::NOT_FOUND);
    }
    let mut susan = cases.supervisor("susan");
    assert!(susan.get("/").body.contains("Two decided differently"));
    let page = susan.get("/case/2").body;
    for told in ["rita", "zora", "zq7note", "The document has expired"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    susan.post("/case/2/claim", "");
    assert_eq!(susan.post("/case/2/verdict", &cases.approval(2)).location(), "/");
    assert_eq!((cases.is_decided(2), cases.dossier(2).verdicts().len()), (Some(true), 3));
}

#[test]
fn what_was_decided_is_taken_back_by_a_supervisor_and_decided_anew_as_if_for_the_first_time() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut rob, mut susan) = (cases.reviewer("rita"), cases.reviewer("zora"), cases.supervisor("susan"));
    rita.post("/case/1/claim", "");
    rita.post("/case/1/verdict", &cases.rejection(1));
    assert!(susan.get("/").body.contains("Decided, not taken yet"));
    assert_eq!(susan.post("/case/1/undo", "").location(), "/case/1");
    assert_eq!(cases.is_decided(1), None);
    rob.post("/case/1/claim", "");
    let page = rob.get("/case/1").body;
    assert!(!page.contains("rita") && page.contains("Nothing was checked of this person"), "{page}");
    assert_eq!(rob.post("/case/1/verdict", &cases.approval(1)).location(), "/");
    assert_eq!(cases.is_decided(1), Some(true));
}

#[test]
fn a_hold_has_a_reason_and_is_listed_until_it_is_lifted() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut susan) = (cases.reviewer("rita"), cases.supervisor("susan"));
    for bad in ["", "+++", &"x".repeat(501), "a%00b"] {
        let page = susan.post("/case/1/hold", &format!("reason={bad}"));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    assert_eq!(susan.post("/case/1/hold", "reason=zq7reason").location(), "/case/1");
    assert!(susan.get("/case/1").body.contains("zq7reason"));
    let again = susan.post("/case/1/hold", "reason=another");
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("It is on hold already") && again.body.contains("zq7reason"), "{}", again.body);
    rita.post("/case/1/claim", "");
    assert!(!rita.get("/case/1").body.contains("zq7reason"), "reviewers do not see why");
    rita.post("/case/1/verdict", &cases.approval(1));
    assert!(susan.get("/").body.contains("On hold"));
    assert_eq!(susan.post("/case/1/unhold", "").location(), "/case/1");
    assert!(cases.dossier(1).hold.is_none());
    let figures = susan.get("/figures").body;
    assert!(figures.contains("<bdi>rita</bdi>"), "{figures}");
}

/// Nobody is led by what was found in an earlier round, but who settles or oversees.
#[test]
fn what_was_found_in_an_earlier_round_is_for_supervisors_alone() {
    let cases = Cases::with("second = \"always\"");
    cases.send(1);
    let (mut rita, mut rob, mut susan) = (cases.reviewer("rita"), cases.reviewer("zora"), cases.supervisor("susan"));
    rita.post("/case/1/claim", "");
    rita.post("/case/1/verdict", &format!("{}&inner.altered=on&note=zq7note", cases.rejection(1)));
    rob.post("/case/1/claim", "");
    assert_eq!(rob.post("/case/1/verdict", &cases.asking(1)).location(), "/");
    let told = ["Verdicts that decided nothing", "rita", "zora", "zq7note"];
    let page = susan.get("/case/1").body;
    assert!(told.iter().all(|told| page.contains(told)), "{page}");
    cases.put(1, Slot::Front, b"sharper", 7);
    assert_eq!(cases.apply(1, Act::Send), Told::Sent);
    let mut nora = cases.reviewer("nora");
    nora.post("/case/1/claim", "");
    for party in [&mut nora, &mut susan] {
        let page = party.get("/case/1").body;
        assert!(told.iter().all(|told| !page.contains(told)), "who decides, decides as the first: {page}");
    }
}
