//! V1, V2: each address, for each role, and for nobody.

use std::collections::BTreeSet;

use hyper::StatusCode;
use idv::review::{Admits, addresses};
use idv::verification::audit::entry::EventOutcome;
use idv::verification::method::document::review::Deed;
use idv::verification::operator::{Role, SignedInBy};

use super::specimens::pictures;
use crate::oidc::scene::{lines, logged};
use crate::support::browser::{Browser, Page};
use crate::support::cases::Cases;
use crate::support::ledger::subject_of;
use crate::support::photo::photo;

const READ: [&str; 4] = ["/", "/next", "/case/1", "/figures"];
const WRITTEN: [&str; 8] = [
    "/case/1/claim",
    "/case/1/release",
    "/case/1/verdict",
    "/case/1/turn",
    "/case/1/hold",
    "/case/1/unhold",
    "/case/1/undo",
    "/keys",
];
/// Those of supervisors alone.
const SUPERVISORS: [&str; 4] = ["/figures", "/case/1/hold", "/case/1/unhold", "/case/1/undo"];

#[test]
fn each_address_is_for_who_has_the_role_and_leads_everybody_else_elsewhere() {
    let cases = Cases::new();
    assert_eq!(cases.send(1), 1);
    let picture = format!("/case/1/picture/front?{}", cases.dossier(1).pictures[0].picture.object);
    for (name, roles) in
        [("dora", &[Role::Desk][..]), ("rita", &[Role::Reviewer]), ("susan", &[Role::Supervisor]), ("nina", &[])]
    {
        let mut browser = cases.signed_in(name, roles);
        let reviews = roles.iter().any(|role| matches!(role, Role::Reviewer | Role::Supervisor));
        let supervises = roles.contains(&Role::Supervisor);
        let may = |path: &str| if SUPERVISORS.contains(&path) { supervises } else { reviews };
        for path in READ.iter().copied().chain([picture.as_str()]) {
            let page = browser.get(path);
            let is_elsewhere = path == "/" && page.status == StatusCode::SEE_OTHER;
            let is_shut = page.status == StatusCode::NOT_FOUND || is_elsewhere;
            // Pictures are for who has the case, whatever their role.
            assert_eq!(is_shut, !may(path) || path == picture, "{name} {path}: {}", page.status);
        }
        for path in WRITTEN {
            let page = browser.post(path, "turn=front&reason=r");
            assert_eq!(page.status == StatusCode::NOT_FOUND, !may(path), "{name} {path}: {}", page.status);
            assert_eq!(browser.get(path).status, StatusCode::METHOD_NOT_ALLOWED, "{path} is never read");
            let _released = cases.order(1, name, Deed::Release);
        }
    }
    let mut nobody = cases.reviewer("gone");
    nobody.cookies.clear();
    for path in READ.iter().copied().chain([picture.as_str()]) {
        assert_eq!(nobody.get(path).location(), "/sign-in", "{path}");
    }
    for path in WRITTEN {
        assert_eq!(nobody.post(path, "").status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

/// Each address by each method that it takes, and whose it is meant to be. The console's own table is held to this one.
const WHOSE: [(&str, &str, Admits); 36] = [
    ("GET", "/", Admits::Operators),
    ("GET", "/sign-in", Admits::Anybody),
    ("GET", "/sign-in/provider", Admits::Anybody),
    ("GET", "/sign-in/provider/anew", Admits::Anybody),
    ("GET", "/callback", Admits::Anybody),
    ("POST", "/sign-out", Admits::Operators),
    ("GET", "/link/*", Admits::Anybody),
    ("POST", "/link/*", Admits::Anybody),
    ("GET", "/.well-known/idv-doctor/*", Admits::Anybody),
    ("GET", "/me", Admits::Operators),
    ("GET", "/operators", Admits::Only(Role::Supervisor)),
    ("POST", "/operators/link", Admits::Anew(Role::Supervisor)),
    ("POST", "/operators/certify", Admits::Anew(Role::Supervisor)),
    ("POST", "/operators/revoke", Admits::Anew(Role::Supervisor)),
    ("POST", "/operators/end", Admits::Anew(Role::Supervisor)),
    ("GET", "/desk", Admits::Only(Role::Desk)),
    ("POST", "/desk/issue", Admits::Only(Role::Desk)),
    ("POST", "/desk/revoke", Admits::Only(Role::Desk)),
    ("POST", "/desk/list", Admits::Only(Role::Desk)),
    ("GET", "/next", Admits::Only(Role::Reviewer)),
    ("POST", "/keys", Admits::Only(Role::Reviewer)),
    ("GET", "/case/*", Admits::Only(Role::Reviewer)),
    ("GET", "/case/*/picture/*", Admits::Only(Role::Reviewer)),
    ("POST", "/case/*/claim", Admits::Only(Role::Reviewer)),
    ("POST", "/case/*/release", Admits::Only(Role::Reviewer)),
    ("POST", "/case/*/verdict", Admits::Only(Role::Reviewer)),
    ("POST", "/case/*/turn", Admits::Only(Role::Reviewer)),
    ("POST", "/case/*/hold", Admits::Anew(Role::Supervisor)),
    ("POST", "/case/*/unhold", Admits::Anew(Role::Supervisor)),
    ("POST", "/case/*/undo", Admits::Anew(Role::Supervisor)),
    ("GET", "/figures", Admits::Only(Role::Supervisor)),
    ("GET", "/decoys", Admits::Anew(Role::Supervisor)),
    ("POST", "/decoys", Admits::Anew(Role::Supervisor)),
    ("POST", "/search", Admits::Only(Role::Supervisor)),
    ("GET", "/pairs", Admits::Only(Role::Reviewer)),
    ("GET", "/exhibit/*", Admits::Only(Role::Reviewer)),
];

/// What somebody meets at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    Out,
    Nothing,
    Anew,
    In,
}

/// What `page` is to who asked for it, where `missing` is what they see of what is not there.
fn met(page: &Page, missing: &Page) -> Met {
    match page.status {
        StatusCode::UNAUTHORIZED => Met::Out,
        StatusCode::SEE_OTHER if page.location() == "/sign-in" && page.header("set-cookie").is_none() => Met::Out,
        StatusCode::NOT_FOUND => {
            assert_eq!(page.body, missing.body, "to the byte");
            Met::Nothing
        }
        StatusCode::FORBIDDEN => {
            assert!(page.body.contains("href=\"/sign-in/provider/anew\""), "{}", page.body);
            Met::Anew
        }
        _ => Met::In,
    }
}

#[test]
fn every_address_that_there_is_is_to_everybody_what_was_meant() {
    let known: BTreeSet<_> = addresses()
        .flat_map(|(path, methods, admits)| {
            let each = methods.split(", ").filter(|method| *method != "HEAD");
            each.map(move |method| (method, path, format!("{admits:?}")))
        })
        .collect();
    let meant: BTreeSet<_> =
        WHOSE.iter().map(|(method, path, admits)| (*method, *path, format!("{admits:?}"))).collect();
    assert_eq!(known, meant, "an address that is new, or somebody else's, is one that is tried here too");
    let photo = || photo(640, 600, |_| {});
    let cases = Cases::showing(&[
        ("specimens/passport.jpg", photo()),
        ("pairs/1-same-document.jpg", photo()),
        ("pairs/1-same-selfie.jpg", photo()),
    ]);
    assert_eq!(cases.send(1), 1);
    let mut rita = cases.reviewer("first");
    rita.post("/case/1/claim", "");
    let [specimen] = &pictures(&rita.get("/case/1"))[..] else { panic!("one") };
    rita.post("/case/1/release", "");
    let picture = format!("front?{}", cases.dossier(1).pictures[0].picture.object);
    let concrete = |path: &str| match path {
        "/link/*" => "/link/AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        "/exhibit/*" => specimen.clone(),
        path => path.replace("picture/*", &format!("picture/{picture}")).replace('*', "1"),
    };
    let (desk, reviewer, supervisor) = (&[Role::Desk][..], &[Role::Reviewer][..], &[Role::Supervisor][..]);
    for (name, by, roles) in [
        ("gone", SignedInBy::Anew, &Role::ALL[..]),
        ("nina", SignedInBy::Anew, &[]),
        ("dora", SignedInBy::Anew, desk),
        ("rita", SignedInBy::Provider, reviewer),
        ("susan", SignedInBy::Provider, supervisor),
        ("anew", SignedInBy::Anew, supervisor),
    ] {
        for (method, path, admits) in WHOSE {
            let mut browser = cases.signed_in_by(by, name, roles, None);
            let is_out = name == "gone";
            if is_out {
                browser.cookies.clear();
            }
            let has =
                |role: Role| roles.contains(&role) || (role == Role::Reviewer && roles.contains(&Role::Supervisor));
            let expected = match admits {
                Admits::Anybody => continue,
                _ if is_out => Met::Out,
                Admits::Only(role) | Admits::Anew(role) if !has(role) => Met::Nothing,
                Admits::Anew(_) if by == SignedInBy::Provider => Met::Anew,
                _ => Met::In,
            };
            // Pictures are for who has the case.
            let _claimed = cases.order(1, name, Deed::Claim { is_taken_over: false });
            let form = "turn=front&reason=r&tenant=acme.eu.auth0.test&who=nobody&name=nobody";
            let body = if method == "POST" { form } else { "" };
            let page = browser.send(method, &concrete(path), body);
            let missing = cases.signed_in_by(by, name, roles, None).get("/nothing");
            assert_eq!(met(&page, &missing), expected, "{name}: {method} {path}: {}", page.status);
            if method == "GET" && path != "/callback" {
                let head = cases.signed_in_by(by, name, roles, None);
                let mut head = if is_out { without_cookies(head) } else { head };
                assert_eq!(head.send("HEAD", &concrete(path), "").status, page.status, "HEAD {path}");
            }
            let _held = cases.order(1, name, Deed::Release);
        }
    }
}

fn without_cookies(mut browser: Browser<idv::review::Console>) -> Browser<idv::review::Console> {
    browser.cookies.clear();
    browser
}

#[test]
fn what_is_no_address_of_a_case_is_none() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    for path in [
        "/case",
        "/case/",
        "/case/2",
        "/case/x",
        "/case/-1",
        "/case/18446744073709551616",
        "/case/1/",
        "/case/1/claims",
        "/case/1?for=",
        "/case/1?for=fun",
        "/case/1?x",
        "/case/1/picture",
        "/case/1/picture/front",
        "/case/1/picture/side?00",
        "/case/1/picture/front?00",
        "/case/1/picture/front/x?00",
        "/next/1",
        "/figures/1",
    ] {
        assert_eq!(rita.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_case_of_their_own_does_not_exist_for_an_operator_whatever_their_role() {
    let cases = Cases::new();
    let (own, other) = (cases.send(1), cases.send(2));
    for role in [Role::Reviewer, Role::Supervisor] {
        let mut browser = cases.signed_in_as(role.as_str(), &[role], Some(subject_of(1)));
        let queue = browser.get("/").body;
        assert!(!queue.contains(&format!("/case/{own}\"")) && queue.contains(&format!("/case/{other}\"")));
        assert_eq!(browser.get("/next").location(), format!("/case/{other}"));
        let picture =
            format!("/case/{own}/picture/front?{}&for=complaint", cases.dossier(1).pictures[0].picture.object);
        for path in [format!("/case/{own}"), format!("/case/{own}?for=complaint"), picture] {
            let missing = browser.get("/case/4711");
            let page = browser.get(&path);
            assert_eq!((page.status, page.body), (StatusCode::NOT_FOUND, missing.body), "{path}");
        }
        for act in ["claim", "verdict", "turn", "release"] {
            let page = browser.post(&format!("/case/{own}/{act}"), &format!("turn=front&{}", cases.approval(1)));
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{act}");
        }
        // Each is an entry of who, and of which case, and a line in the log.
        let entries = cases.entries("own-case-refused");
        let by = Some(format!("operator:{}", role.as_str()));
        let by_them: Vec<_> = entries.iter().filter(|entry| entry.actor == by).collect();
        assert_eq!(by_them.len(), 7, "three looks, four acts: {entries:?}");
        assert!(by_them.iter().all(|entry| (entry.case, entry.outcome) == (Some(own), EventOutcome::Failure)));
        assert!(by_them.iter().all(|entry| entry.user.is_some()));
        let (_, log) = logged(|| browser.get(&format!("/case/{own}")));
        let [line] = &lines(&log).collect::<Vec<_>>()[..] else { panic!("one line: {log}") };
        assert_eq!((line["level"].as_str(), line["case"].as_u64()), (Some("WARN"), Some(own)), "{line}");
        assert_eq!(line["message"], "an operator asked for their own case, and was refused");
    }
    assert!(cases.entries("case-viewed").is_empty(), "nothing was shown");
    assert_eq!(cases.is_decided(1), None);
}
