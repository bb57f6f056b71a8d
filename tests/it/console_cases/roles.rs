//! V1, V2: each address, for each role, and for nobody.

use hyper::StatusCode;
use idv::verification::method::document::review::Deed;
use idv::verification::operator::Role;

use crate::support::cases::Cases;
use crate::support::ledger::subject_of;

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
            let is_shut = matches!(page.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) || is_elsewhere;
            // Pictures are for who has the case, whatever their role.
            assert_eq!(is_shut, !may(path) || path == picture, "{name} {path}: {}", page.status);
        }
        for path in WRITTEN {
            let page = browser.post(path, "turn=front&reason=r");
            assert_eq!(page.status == StatusCode::FORBIDDEN, !may(path), "{name} {path}: {}", page.status);
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
    }
    assert_eq!(cases.is_decided(1), None);
}
