//! What the trial's timeline tells of the provider. No code, no access token and no secret.

use serde_json::{Value, json};

use super::{Answer, Confirmed, Issued, LABEL};
use crate::auth0::trial::fields::Fields;
use crate::auth0::trial::model::{HEADER, Hop, PAYLOAD, part};

/// A person was asked for the request with these `parameters`, and gave this `answer`.
pub(super) fn answered(parameters: Fields, answer: Answer) -> [Hop; 2] {
    let asked = Hop {
        title: format!("idv pushes a request to {LABEL} and sends the browser there"),
        details: vec![("Pushed request".into(), Value::Object(parameters))],
    };
    let (did, parameters) = match answer {
        Answer::Refused => ("You refused".into(), json!({ "error": "access_denied" })),
        Answer::Confirmed(Confirmed { holder, level, .. }) => (
            format!("You are {} {} there, at the level {level}", holder.given_name, holder.family_name),
            json!({ "code": "(good once, for idv alone)" }),
        ),
    };
    let title = format!("{did}; {LABEL} sends the browser back to idv");
    [asked, Hop { title, details: vec![("Answer in the address".into(), parameters)] }]
}

/// idv exchanged the code.
pub(super) fn issued(issued: &Issued) -> Hop {
    let token = if issued.is_broken { "an ID token with the signature of another" } else { "a signed ID token" };
    let parts = [("ID token: header", HEADER), ("ID token: payload", PAYLOAD)].into_iter();
    Hop {
        title: format!("idv exchanges the code at {LABEL}, with its secret, for {token}"),
        details: parts
            .filter_map(|(title, number)| Some((title.to_owned(), part(&issued.id_token, number)?)))
            .collect(),
    }
}
