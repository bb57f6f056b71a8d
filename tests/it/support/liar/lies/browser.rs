//! What the browser brings back, checks A1 to A7.

use super::*;

pub(super) static LIES: &[Lie] = &[
    // A: the answer in the browser.
    lie!("answer_malformed", "state comes twice", Back(|back, _| back.push(back[1].clone()))),
    lie!("answer_malformed", "code comes twice", Back(|back, _| back.push(back[0].clone()))),
    lie!("answer_malformed", "iss comes twice", Back(|back, _| back.push(back[2].clone()))),
    lie!("answer_malformed", "more than 4 KiB come", Back(|back, _| back.push(("more".into(), "m".repeat(4096))))),
    lie!("state_unknown", "state is missing", Back(|back, _| hide(back, "state"))),
    lie!("state_unknown", "state is empty", Back(|back, _| say(back, "state", ""))),
    lie!("state_unknown", "state is another", Back(|back, _| say(back, "state", "AAAAAAAAAAAAAAAAAAAAAA"))),
    lie!("state_unknown", "state is one character short", Back(|back, _| back[1].1.truncate(21))),
    lie!("state_unknown", "state is one character long", Back(|back, _| back[1].1.push('A'))),
    lie!("answer_iss_missing", "iss is missing", Back(|back, _| hide(back, "iss"))),
    lie!("answer_iss", "iss is empty", Back(|back, _| say(back, "iss", ""))),
    lie!("answer_iss", "iss is another", Back(|back, _| say(back, "iss", "https://other.example"))),
    lie!("answer_iss", "iss has a slash at its end", Back(|back, _| back[2].1.push('/'))),
    lie!(
        "answer_iss",
        "an error comes from another issuer",
        Back(|back, _| {
            fail(back, "access_denied");
            say(back, "iss", "https://other.example");
        })
    ),
    lie!(
        "answer_code_and_error",
        "code and error come",
        Back(|back, _| back.push(("error".into(), "access_denied".into())))
    ),
    lie!("error_access_denied", "access is denied", Back(|back, _| fail(back, "access_denied"))),
    lie!("error_interaction", "a login is required", Back(|back, _| fail(back, "login_required"))),
    lie!("error_interaction", "an interaction is required", Back(|back, _| fail(back, "interaction_required"))),
    lie!("error_interaction", "consent is required", Back(|back, _| fail(back, "consent_required"))),
    lie!("error_interaction", "an account must be selected", Back(|back, _| fail(back, "account_selection_required"))),
    lie!("error_unavailable", "it is temporarily unavailable", Back(|back, _| fail(back, "temporarily_unavailable"))),
    lie!("error_unavailable", "it has a server error", Back(|back, _| fail(back, "server_error"))),
    lie!(
        "error_unmet_requirements",
        "what is asked cannot be met",
        Back(|back, _| fail(back, "unmet_authentication_requirements"))
    ),
    lie!("error_other", "the request is invalid", Back(|back, _| fail(back, "invalid_request"))),
    lie!("error_other", "the client is unauthorized", Back(|back, _| fail(back, "unauthorized_client"))),
    lie!("error_other", "the scope is invalid", Back(|back, _| fail(back, "invalid_scope"))),
    lie!("error_other", "the error is unknown", Back(|back, _| fail(back, "<script>alert(1)</script>"))),
    lie!(
        "error_access_denied",
        "the error is described with markup",
        Back(|back, _| {
            fail(back, "access_denied");
            back.push(("error_description".into(), "<script>alert(1)</script>\r\nx".into()));
        })
    ),
    lie!("answer_code_and_error", "code is missing", Back(|back, _| hide(back, "code"))),
    lie!("answer_code", "code is empty", Back(|back, _| say(back, "code", ""))),
    lie!("answer_code", "code has a space", Back(|back, _| back[0].1.insert(3, ' '))),
    lie!("answer_code", "code has a line end", Back(|back, _| back[0].1.push('\n'))),
    lie!("answer_code", "code is not ASCII", Back(|back, _| back[0].1.push('é'))),
    lie!("answer_code", "code has 2049 bytes", Back(|back, _| say(back, "code", &"c".repeat(2049)))),
];
