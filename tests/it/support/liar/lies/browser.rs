//! What the browser brings back, checks A1 to A7.

use super::*;

pub(super) static LIES: &[Lie] = &[
    // A: the answer in the browser.
    lie!("A1", "state comes twice", Back(|back, _| back.push(back[1].clone()))),
    lie!("A1", "code comes twice", Back(|back, _| back.push(back[0].clone()))),
    lie!("A1", "iss comes twice", Back(|back, _| back.push(back[2].clone()))),
    lie!("A1", "more than 4 KiB come", Back(|back, _| back.push(("more".into(), "m".repeat(4096))))),
    lie!("A2", "state is missing", Back(|back, _| hide(back, "state"))),
    lie!("A2", "state is empty", Back(|back, _| say(back, "state", ""))),
    lie!("A2", "state is another", Back(|back, _| say(back, "state", "AAAAAAAAAAAAAAAAAAAAAA"))),
    lie!("A2", "state is one character short", Back(|back, _| back[1].1.truncate(21))),
    lie!("A2", "state is one character long", Back(|back, _| back[1].1.push('A'))),
    lie!("A4", "iss is missing", Back(|back, _| hide(back, "iss"))),
    lie!("A4", "iss is empty", Back(|back, _| say(back, "iss", ""))),
    lie!("A4", "iss is another", Back(|back, _| say(back, "iss", "https://other.example"))),
    lie!("A4", "iss has a slash at its end", Back(|back, _| back[2].1.push('/'))),
    lie!(
        "A4",
        "an error comes from another issuer",
        Back(|back, _| {
            fail(back, "access_denied");
            say(back, "iss", "https://other.example");
        })
    ),
    lie!("A5", "code and error come", Back(|back, _| back.push(("error".into(), "access_denied".into())))),
    lie!("A6", "access is denied", Back(|back, _| fail(back, "access_denied"))),
    lie!("A6", "a login is required", Back(|back, _| fail(back, "login_required"))),
    lie!("A6", "an interaction is required", Back(|back, _| fail(back, "interaction_required"))),
    lie!("A6", "consent is required", Back(|back, _| fail(back, "consent_required"))),
    lie!("A6", "an account must be selected", Back(|back, _| fail(back, "account_selection_required"))),
    lie!("A6", "it is temporarily unavailable", Back(|back, _| fail(back, "temporarily_unavailable"))),
    lie!("A6", "it has a server error", Back(|back, _| fail(back, "server_error"))),
    lie!("A6", "the request is invalid", Back(|back, _| fail(back, "invalid_request"))),
    lie!("A6", "the client is unauthorized", Back(|back, _| fail(back, "unauthorized_client"))),
    lie!("A6", "the scope is invalid", Back(|back, _| fail(back, "invalid_scope"))),
    lie!("A6", "the error is unknown", Back(|back, _| fail(back, "<script>alert(1)</script>"))),
    lie!(
        "A6",
        "the error is described with markup",
        Back(|back, _| {
            fail(back, "access_denied");
            back.push(("error_description".into(), "<script>alert(1)</script>\r\nx".into()));
        })
    ),
    lie!("A7", "code is missing", Back(|back, _| hide(back, "code"))),
    lie!("A7", "code is empty", Back(|back, _| say(back, "code", ""))),
    lie!("A7", "code has a space", Back(|back, _| back[0].1.insert(3, ' '))),
    lie!("A7", "code has a line end", Back(|back, _| back[0].1.push('\n'))),
    lie!("A7", "code is not ASCII", Back(|back, _| back[0].1.push('é'))),
    lie!("A7", "code has 2049 bytes", Back(|back, _| say(back, "code", &"c".repeat(2049)))),
];
