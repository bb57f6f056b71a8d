//! V4: what was decided is what was seen.

use std::time::Duration;

use hyper::StatusCode;
use idv::verification::method::document::applicant::{Act, Told};
use idv::verification::method::document::kind::Slot;

use crate::support::cases::Cases;

#[test]
fn a_page_of_another_round_decides_nothing_and_is_told_what_is_there_now() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    rita.post("/case/1/claim", "");
    let (old, old_digest) = (cases.approval(1), cases.dossier(1).pictures[0].picture.digest);
    assert_eq!(rita.post("/case/1/verdict", &cases.asking(1)).location(), "/");
    cases.put(1, Slot::Front, b"another photo", 7);
    assert_eq!(cases.apply(1, Act::Send), Told::Sent);
    // The back button, and the old page's form.
    rob.post("/case/1/claim", "");
    let page = rob.post("/case/1/verdict", &format!("{old}&note=seen"));
    assert_eq!((page.status, cases.is_decided(1)), (StatusCode::CONFLICT, None));
    assert!(page.body.contains("changed while you looked"), "{}", page.body);
    let new_digest = cases.dossier(1).pictures[0].picture.digest;
    for digest in [old_digest, new_digest] {
        let short = data_encoding::HEXLOWER.encode(&digest[..4]);
        assert!(page.body.contains(&short), "{short} in {}", page.body);
    }
    assert!(page.body.contains("<bdi>seen</bdi>"), "what was ticked is not lost: {}", page.body);
    let round = page.body.split("<th scope=\"row\">Round</th>").nth(1).unwrap();
    assert!(round.starts_with("<td>Round 1</td><td>Round 2</td>"), "{round}");
}

#[test]
fn a_verdict_that_is_wrong_in_one_digest_or_in_the_revision_alone_is_refused() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let good = cases.approval(1);
    let (revision, digest) = (cases.dossier(1).revision, cases.dossier(1).pictures[1].picture.digest);
    let digest = data_encoding::HEXLOWER.encode(&digest);
    let none: String = digest.chars().map(|_| '0').collect();
    for changed in [
        good.replace(&format!("revision={revision}&"), &format!("revision={}&", revision - 1)),
        good.replace(&digest, &none),
        good.replace(&digest, ""),
        good.replace("revision=", "x="),
        good.replace("digests=", "x="),
    ] {
        assert_ne!(changed, good);
        assert_eq!(rita.post("/case/1/verdict", &changed).status, StatusCode::CONFLICT, "{changed}");
    }
    assert_eq!(cases.is_decided(1), None);
    assert_eq!(rita.post("/case/1/verdict", &good).location(), "/");
    assert_eq!(cases.is_decided(1), Some(true));
}

#[test]
fn who_comes_too_late_hears_that_it_waits_no_more_and_not_what_became_of_it() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    rita.post("/case/1/claim", "");
    cases.pass(Duration::from_mins(15));
    rob.post("/case/1/claim", "");
    let approval = cases.approval(1);
    assert_eq!(rob.post("/case/1/verdict", &cases.rejection(1)).location(), "/");
    let late = rita.post("/case/1/verdict", &approval);
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("does not wait for you any more") && !late.body.contains("zora"), "{}", late.body);
    let twice = rob.post("/case/1/verdict", &approval);
    assert!(twice.body.contains("You have given your verdict"), "{}", twice.body);
    assert_eq!(rita.get("/case/1").status, StatusCode::NOT_FOUND);
    let never_looked = cases.reviewer("nora").post("/case/1/verdict", "outcome=approve&step=confirmed");
    assert_eq!(never_looked.status, StatusCode::NOT_FOUND);
    assert_eq!(cases.is_decided(1), Some(false));
}
