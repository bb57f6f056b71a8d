//! What a browser sees of the trial's world: the applications, the tenant's pages, and the operator's desk.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request};

use super::eid;
use super::fields::{Fields, fields, number, text};
use super::model::{APPLICATIONS, Application, Flow, Next};
use super::page::see_other;
use super::world::World;
use super::{decoy, operator, page, specimen};
use crate::ops::random;
use crate::web::{Answer, Handled, Site};

/// The most bytes a form may have: a result token with its state.
const LIMIT: usize = 64 * 1024;
/// The cookie of the model tenant's session.
const COOKIE: &str = "trial-tenant";

impl Site for World {
    fn handle<B>(self: &Arc<Self>, request: Request<B>, _: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        let (parts, body) = request.into_parts();
        let browser = browser(&parts.headers);
        match parts.method {
            Method::GET | Method::HEAD => {
                let query = fields(parts.uri.query().unwrap_or_default().as_bytes());
                Handled::Now(complete(self.get(&parts, &query, &browser), &browser))
            }
            Method::POST if !is_cross_site(&parts.headers) => {
                let world = self.clone();
                Handled::Later(Box::pin(async move {
                    let form = match Limited::new(body, LIMIT).collect().await {
                        Ok(body) => fields(&body.to_bytes()),
                        Err(_) => return complete(page::missing(), &browser),
                    };
                    let answer = world.post(&parts, form, &browser).await;
                    complete(answer, &browser)
                }))
            }
            _ => Handled::Now(complete(page::missing(), &browser)),
        }
    }

    fn turn_away(&self, head: &Parts) -> Answer {
        complete(page::missing(), &browser(&head.headers))
    }
}

impl World {
    fn get(&self, parts: &Parts, query: &Fields, browser: &str) -> Answer {
        if let Some(path) = parts.uri.path().strip_prefix(eid::PATH) {
            return eid::site::get(self, path, query);
        }
        match parts.uri.path() {
            "/" => page::home(&self.model(), browser),
            "/trial.css" => page::style(),
            "/authorize" => self.authorize(query, browser),
            "/continue" => self.resume(query, query.clone(), browser),
            "/callback" => page::result(&self.model(), number(query, "run")),
            "/operator" => self.operator(None, text(query, "decoy") == "loaded"),
            "/specimens" => specimen::page::specimens(&self.model().people, query),
            "/specimen" => {
                // Drawing takes a while, and others need the model.
                let people = self.model().people.clone();
                specimen::page::picture(&people, query)
            }
            _ => page::missing(),
        }
    }

    async fn post(&self, parts: &Parts, form: Fields, browser: &str) -> Answer {
        if let Some(path) = parts.uri.path().strip_prefix(eid::PATH) {
            return eid::site::post(self, path, &parts.headers, form, browser);
        }
        match parts.uri.path() {
            "/continue" => {
                let query = fields(parts.uri.query().unwrap_or_default().as_bytes());
                self.resume(&query, form, browser)
            }
            "/sign-in" => self.sign_in(&form, browser),
            "/sign-out" => {
                self.model().sign_out(browser);
                see_other("/")
            }
            "/refresh" => self.refresh(&form, browser),
            "/operator" => self.operate(&form).await,
            "/console" => self.go_to_console(&form).await,
            "/decoy" => {
                let is_loaded = decoy::load(&self.office).await;
                if is_loaded { see_other("/operator?decoy=loaded") } else { page::missing() }
            }
            "/person" => self.change(&form, &parts.headers),
            _ => page::missing(),
        }
    }

    /// The tenant's `/authorize`: on to the Action if somebody is signed in, else to the sign-in page.
    fn authorize(&self, query: &Fields, browser: &str) -> Answer {
        let Some(application) = application(query) else { return page::missing() };
        let flow = if text(query, "prompt") == "none" { Flow::Silent } else { Flow::Interactive };
        let person = self.model().signed_in(browser);
        match (person, flow) {
            (Some(person), flow) => self.arrive(application, person, flow, browser),
            (None, Flow::Interactive) => page::sign_in(&self.model(), application),
            (None, _) => page::login_required(application),
        }
    }

    fn sign_in(&self, form: &Fields, browser: &str) -> Answer {
        let Some((application, person)) = application(form).zip(self.person(form)) else { return page::missing() };
        self.model().sign_in(browser, person);
        self.arrive(application, person, Flow::Interactive, browser)
    }

    fn refresh(&self, form: &Fields, browser: &str) -> Answer {
        let Some((application, person)) = application(form).zip(self.person(form)) else { return page::missing() };
        self.arrive(application, person, Flow::Refresh, browser)
    }

    fn arrive(&self, application: Application, person: usize, flow: Flow, browser: &str) -> Answer {
        let now = self.clock.now().as_unix();
        go(self.model().arrive(browser, application, person, flow, state(), now))
    }

    fn resume(&self, query: &Fields, parameters: Fields, browser: &str) -> Answer {
        let (state, now) = (text(query, "state"), self.clock.now().as_unix());
        self.tell_recorded(browser, state);
        let resumed = self.model().resume(browser, state, parameters, now);
        resumed.map_or_else(page::no_such_login, go)
    }

    /// Adds to the timeline what idv recorded by the provider's word.
    fn tell_recorded(&self, browser: &str, state: &str) {
        let Some((run, person, since)) = self.model().paused(browser, state) else { return };
        let recorded = operator::recorded(&self.office, &person, since);
        self.model().tell(Some(run), recorded);
    }

    /// What the person behind the result page may want to try. A check that is forgotten or expired is one of long ago, so
    /// the browser has nothing left of it either, that idv could hand over; one that Auth0 alone loses never arrived there.
    fn change(&self, form: &Fields, headers: &HeaderMap) -> Answer {
        let Some(person) = self.person(form) else { return page::missing() };
        let mut model = self.model();
        let mut forgotten = HeaderMap::new();
        match text(form, "change") {
            "lose" => model.forget(person),
            "forget" => {
                model.forget(person);
                forgotten = self.idv.forget_ended(headers);
            }
            "expire" => {
                model.expire(person);
                forgotten = self.idv.forget_ended(headers);
            }
            "break" => model.is_broken = true,
            "mend" => model.is_broken = false,
            _ => return page::missing(),
        }
        let back = number(form, "run").map_or_else(|| "/".to_owned(), |run| format!("/callback?run={run}"));
        let mut answer = see_other(&back);
        answer.headers_mut().extend(forgotten);
        answer
    }

    /// The operator decides what is undecided, unbinds, or issues a code.
    async fn operate(&self, form: &Fields) -> Answer {
        let Some(number) = self.person(form) else { return page::missing() };
        let person = self.model().people[number].clone();
        match text(form, "decision") {
            "" => {}
            decision @ ("verified" | "not-verified") => {
                operator::decide(&self.office, &person, decision == "verified").await;
                // Not a page: its reload would decide the next case too.
                return see_other("/operator");
            }
            "unbind" => {
                operator::unbind(&self.office, &person).await;
                return see_other("/operator");
            }
            _ => return page::missing(),
        }
        let code = operator::issue(&self.office, &person).await;
        self.operator(code.map(|code| (number, code)).as_ref(), false)
    }

    /// An operator goes to the console.
    async fn go_to_console(&self, form: &Fields) -> Answer {
        let Some(number) = number(form, "operator") else { return page::missing() };
        let link = operator::console_link(&self.office, number).await;
        link.map_or_else(page::missing, |link| see_other(&link))
    }

    fn operator(&self, issued: Option<&(usize, String)>, has_loaded: bool) -> Answer {
        let people = self.model().people.clone();
        operator::page(&self.office, &people, issued, has_loaded)
    }

    fn person(&self, form: &Fields) -> Option<usize> {
        let person = number(form, "person")?;
        (person < self.model().people.len()).then_some(person)
    }
}

fn go((run, next): (usize, Next)) -> Answer {
    match next {
        Next::Away(address) => see_other(&address),
        Next::Application => see_other(&format!("/callback?run={run}")),
    }
}

/// An opaque `state` of 170 characters, as Auth0's are.
fn state() -> String {
    let bytes = random::bytes::<126>();
    data_encoding::BASE64URL_NOPAD.encode(&bytes)
}

fn application(fields: &Fields) -> Option<Application> {
    APPLICATIONS.into_iter().find(|application| application.id == text(fields, "application"))
}

/// A page of some other site has no business here. idv's own pages are of this site, on another port.
fn is_cross_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// The tenant's session cookie, or a new one. Those of every other program of this machine come along, and may be any
/// bytes.
fn browser(headers: &HeaderMap) -> String {
    let cookies = headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut ours = cookies.filter_map(|pair| pair.trim_ascii().strip_prefix(COOKIE.as_bytes())?.strip_prefix(b"="));
    let value = ours.find_map(|value| str::from_utf8(value).ok());
    value.map_or_else(|| data_encoding::HEXLOWER.encode(&random::bytes::<16>()), str::to_owned)
}

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

fn complete(mut answer: Answer, browser: &str) -> Answer {
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, value);
    }
    if let Ok(cookie) = HeaderValue::try_from(format!("{COOKIE}={browser}; Path=/; HttpOnly; SameSite=Lax")) {
        headers.append(header::SET_COOKIE, cookie);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_programs_cookie_beyond_ascii_hides_no_session_of_the_tenant() {
        for line in [
            &b"prefs=caf\xe9; trial-tenant=ada"[..],
            "trial-tenant=ada; prefs=café".as_bytes(),
            b"trial-tenants=x; =\"; trial-tenant=ada",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
            assert_eq!(browser(&headers), "ada", "{}", line.escape_ascii());
        }
    }
}
