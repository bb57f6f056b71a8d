//! The trial's pages: plain, friendly, and visibly a model.

use askama::Template;
use http_body_util::Full;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;

use super::model::{APPLICATIONS, Application, Ending, Flow, Model, Person, Run};
use crate::web::Answer;

const STYLE: &str = include_str!("trial.css");

/// On to `address`, by `GET`.
pub(super) fn see_other(address: &str) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::try_from(address) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    answer
}

#[derive(Template)]
#[template(path = "home.html", config = "src/auth0/trial/askama.toml")]
struct HomePage<'a> {
    signed_in: Option<&'a Person>,
}

/// Where the trial begins: the applications.
#[must_use]
pub fn home(model: &Model, browser: &str) -> Answer {
    html(StatusCode::OK, &HomePage { signed_in: model.signed_in(browser).map(|person| &model.people[person]) })
}

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/auth0/trial/askama.toml")]
struct SignInPage<'a> {
    application: Application,
    people: &'a [Person],
}

/// The tenant's sign-in page.
#[must_use]
pub fn sign_in(model: &Model, application: Application) -> Answer {
    html(StatusCode::OK, &SignInPage { application, people: &model.people })
}

#[derive(Template)]
#[template(path = "result.html", config = "src/auth0/trial/askama.toml")]
struct ResultPage<'a> {
    number: usize,
    run: &'a Run,
    person: &'a Person,
    is_broken: bool,
    hops: Vec<ShownHop<'a>>,
}

struct ShownHop<'a> {
    title: &'a str,
    details: Vec<(&'a str, String)>,
}

impl ResultPage<'_> {
    fn app_metadata(&self) -> String {
        pretty(&Value::Object(self.person.app_metadata.clone()))
    }

    fn claims(&self) -> Option<String> {
        match &self.run.ending {
            Some(Ending::Tokens(claims)) => Some(pretty(&Value::Object(claims.clone()))),
            _ => None,
        }
    }

    fn status(&self) -> &str {
        match &self.run.ending {
            Some(Ending::Tokens(claims)) => {
                claims.get("https://id-verification/status").and_then(Value::as_str).unwrap_or("none")
            }
            Some(Ending::Denied(reason)) => reason,
            Some(Ending::Page(reason)) => reason,
            None => "not finished yet",
        }
    }

    fn is_admitted(&self) -> bool {
        matches!(self.run.ending, Some(Ending::Tokens(_)))
    }

    /// What one may do to the next login, and its button.
    fn changes(&self) -> [(&'static str, &'static str); 4] {
        let secret = if self.is_broken { ("mend", "Mend the secret") } else { ("break", "Break the secret") };
        let lose = ("lose", "Lose the last result");
        [("forget", "Forget the last check"), ("expire", "Let it expire"), lose, secret]
    }

    fn is_refresh(&self) -> bool {
        self.run.flow == Flow::Refresh
    }
}

/// What the application received, and every hop on the way.
#[must_use]
pub fn result(model: &Model, number: Option<usize>) -> Answer {
    let Some((number, run)) = number.and_then(|number| Some((number, model.runs.get(number)?))) else {
        return missing();
    };
    let hop = |hop: &'_ super::model::Hop| -> Vec<(String, String)> {
        hop.details.iter().map(|(title, value)| (title.clone(), pretty(value))).collect()
    };
    let details: Vec<_> = run.hops.iter().map(hop).collect();
    let hops = run.hops.iter().zip(&details).map(|(hop, details)| ShownHop {
        title: &hop.title,
        details: details.iter().map(|(title, text)| (title.as_str(), text.clone())).collect(),
    });
    let hops = hops.collect();
    html(
        StatusCode::OK,
        &ResultPage { number, run, person: &model.people[run.person], is_broken: model.is_broken, hops },
    )
}

#[derive(Template)]
#[template(path = "message.html", config = "src/auth0/trial/askama.toml")]
struct MessagePage<'a> {
    title: &'a str,
    text: &'a str,
}

/// There is no such page.
#[must_use]
pub fn missing() -> Answer {
    message(StatusCode::NOT_FOUND, "There is no such page", "Go back to the start of the trial.")
}

/// `/continue` for a login that this browser did not begin, or that is over.
#[must_use]
pub fn no_such_login() -> Answer {
    let text =
        "Auth0 would show an error page here: the state belongs to no login of this browser, or was used before.";
    message(StatusCode::BAD_REQUEST, "No such login", text)
}

/// `prompt=none` without a session at the tenant.
#[must_use]
pub fn login_required(application: Application) -> Answer {
    let text = format!(
        "{} asked for a silent login, and nobody is signed in: Auth0 answers login_required.",
        application.name
    );
    message(StatusCode::OK, "login_required", &text)
}

/// The style sheet.
#[must_use]
pub fn style() -> Answer {
    answer(StatusCode::OK, "text/css; charset=utf-8", STYLE.to_owned())
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A page that says one thing.
pub(super) fn message(status: StatusCode, title: &str, text: &str) -> Answer {
    html(status, &MessagePage { title, text })
}

/// A page of the trial.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Answer {
    let page = page.render().expect("templates write to memory and call nothing that fails");
    answer(status, "text/html; charset=utf-8", page)
}

fn answer(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}
