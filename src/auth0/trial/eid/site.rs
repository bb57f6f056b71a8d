//! What idv and browsers see of the provider.

use http_body_util::Full;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Confirmed, HOLDERS, LEVELS, Refused, page, story};
use crate::auth0::trial::fields::{Fields, number, text};
use crate::auth0::trial::page::{missing, see_other};
use crate::auth0::trial::world::World;
use crate::web;

/// `GET` of `path`, which begins below the issuer.
pub(in crate::auth0::trial) fn get(world: &World, path: &str, query: &Fields) -> web::Answer {
    let eid = world.eid();
    match path {
        "/.well-known/openid-configuration" => json(StatusCode::OK, &eid.metadata()),
        "/jwks" => json(StatusCode::OK, &eid.keys()),
        "/authorize" => {
            let request_uri = text(query, "request_uri");
            let request = eid.request(request_uri, world.clock.now().as_unix());
            request.map_or_else(page::gone, |request| page::ask(request_uri, &request.parameters))
        }
        _ => missing(),
    }
}

/// `POST` to `path`: by idv itself, but for what a person answers in `browser`.
pub(in crate::auth0::trial) fn post(
    world: &World,
    path: &str,
    headers: &HeaderMap,
    form: Fields,
    browser: &str,
) -> web::Answer {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match path {
        "/par" => push(world, form, authorization),
        "/authorize" => answer(world, &form, browser),
        "/token" => redeem(world, &form, authorization),
        _ => missing(),
    }
}

fn push(world: &World, form: Fields, authorization: &str) -> web::Answer {
    let pushed = world.eid().push(form, authorization, world.clock.now().as_unix());
    pushed.map_or_else(refusal, |pushed| json(StatusCode::CREATED, &pushed))
}

fn answer(world: &World, form: &Fields, browser: &str) -> web::Answer {
    let Some(answer) = read(form) else { return missing() };
    let run = world.model().waiting(browser);
    let now = world.clock.now().as_unix();
    let answered = world.eid().answer(text(form, "request_uri"), answer, run, now);
    let Some((parameters, address)) = answered else { return page::gone() };
    world.model().tell(run, story::answered(parameters, answer));
    see_other(&address)
}

fn redeem(world: &World, form: &Fields, authorization: &str) -> web::Answer {
    let redeemed = world.eid().redeem(form, authorization, world.clock.now().as_unix());
    let issued = match redeemed {
        Ok(issued) => issued,
        Err(refused) => return refusal(refused),
    };
    world.model().tell(issued.run, [story::issued(&issued)]);
    let tokens = json!({ "token_type": "Bearer", "access_token": issued.access_token, "id_token": issued.id_token });
    json(StatusCode::OK, &tokens)
}

/// What a person answered; none if the form is not the page's.
fn read(form: &Fields) -> Option<Answer> {
    match text(form, "answer") {
        "refuse" => Some(Answer::Refused),
        "confirm" => Some(Answer::Confirmed(Confirmed {
            holder: *HOLDERS.get(number(form, "holder")?)?,
            level: LEVELS.into_iter().find(|level| *level == text(form, "level"))?,
            is_broken: text(form, "is_broken") == "true",
        })),
        _ => None,
    }
}

/// RFC 6749 §5.2.
fn refusal(Refused(error): Refused) -> web::Answer {
    let is_unknown = error == "invalid_client";
    let status = if is_unknown { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut answer = json(status, &json!({ "error": error }));
    if is_unknown {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
    }
    answer
}

fn json(status: StatusCode, value: &Value) -> web::Answer {
    let mut answer = Response::new(Full::from(value.to_string()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
