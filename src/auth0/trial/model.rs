//! Auth0's part of a login: people, applications, the transaction around the redirect, and the Action in the middle.
//!
//! Time and randomness are arguments.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::auth0::ACTION;
use crate::auth0::engine::{self, Effects, Handler, Login, Returned};
use crate::verification::time::LOGIN_LIFETIME;

/// The model tenant's host.
pub const DOMAIN: &str = "acme.eu.auth0.trial";
/// How long a successful check is good for in the trial: a day.
pub const EXPIRES_IN: u64 = 86_400;

/// A sample person, with what Auth0 keeps of them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their Auth0 `user_id`.
    pub user_id: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their mail address.
    pub email: &'static str,
    /// What Auth0 keeps for applications and Actions.
    pub app_metadata: Map<String, Value>,
}

/// A sample application.
#[derive(Clone, Copy, Debug)]
pub struct Application {
    /// Its name in addresses.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it makes of verification, for people.
    pub terms: &'static str,
    /// The same for the Action: its metadata.
    pub metadata: &'static [(&'static str, &'static str)],
}

/// The sample applications.
pub const APPLICATIONS: [Application; 3] = [
    Application {
        id: "payroll",
        name: "Payroll",
        terms: "Requires verification",
        metadata: &[("IDV_REQUIRED", "true")],
    },
    Application {
        id: "newsroom",
        name: "Newsroom",
        terms: "Verification is optional; the application decides by the claims",
        metadata: &[],
    },
    Application {
        id: "vault",
        name: "Vault",
        terms: "Only some methods count; the application decides by the claims",
        metadata: &[("IDV_METHODS", "oidc:sample simulated")],
    },
];

impl Application {
    /// Its metadata, as the Action's event has it.
    fn client_metadata(&self) -> Value {
        self.metadata.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
    }
}

/// How a login reaches Auth0 (contract 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// In a browser that can be sent away.
    Interactive,
    /// In a browser, with `prompt=none`.
    Silent,
    /// Without one: a refresh token is exchanged.
    Refresh,
    /// Without one: an application hands over the person's password.
    Password,
}

impl Flow {
    /// In a few words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interactive => "Login",
            Self::Silent => "Silent login (prompt=none)",
            Self::Refresh => "Refresh token exchange",
            Self::Password => "Resource-owner password grant",
        }
    }

    /// The `transaction.protocol` of the Action's event.
    const fn protocol(self) -> &'static str {
        match self {
            Self::Interactive | Self::Silent => "oidc-basic-profile",
            Self::Refresh => "oauth2-refresh-token",
            Self::Password => "oauth2-password",
        }
    }
}

/// One step of a login, for people who want to see how it works.
#[derive(Clone, Debug)]
pub struct Hop {
    /// What happened.
    pub title: String,
    /// The details: tokens decoded, claims, log lines.
    pub details: Vec<(String, Value)>,
}

/// How a login ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The application received these claims in the ID token.
    Tokens(Map<String, Value>),
    /// The application received this error.
    Denied(String),
    /// Auth0 itself showed an error page.
    Page(&'static str),
}

/// One login of one person at one application.
#[derive(Clone, Debug)]
pub struct Run {
    /// The application.
    pub application: Application,
    /// The index of the person.
    pub person: usize,
    /// How it reached Auth0.
    pub flow: Flow,
    /// What happened so far.
    pub hops: Vec<Hop>,
    /// How it ended, if it did.
    pub ending: Option<Ending>,
    browser: String,
    started_at: u64,
    claims: Map<String, Value>,
}

/// Where a login goes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To idv.
    Away(String),
    /// To the application, which sees how it ended.
    Application,
}

/// The model tenant.
pub struct Model {
    /// The people.
    pub people: Vec<Person>,
    /// The logins so far, by number.
    pub runs: Vec<Run>,
    /// What the administrator entered as secrets of the Action.
    pub secrets: Map<String, Value>,
    /// Whether the tenant's secret is not idv's.
    pub is_broken: bool,
    idv: String,
    idv_origin: String,
    sessions: HashMap<String, usize>,
    paused: HashMap<String, usize>,
}

impl Model {
    /// A tenant that shares `secret` with the idv at `idv_origin`, whose host and port are `idv`.
    #[must_use]
    pub fn new(secret: &str, idv: String, idv_origin: String) -> Self {
        let person = |user_id, name, email| Person { user_id, name, email, app_metadata: Map::new() };
        let people = vec![
            person("auth0|65f0a1", "Ada Lovelace", "ada@acme.example"),
            person("google-oauth2|108234", "Jörg Müller", "joerg.mueller@acme.example"),
            person("samlp|acme|noor", "Noor Haddad", "noor@acme.example"),
        ];
        let entered = [("TOKEN_SECRET", secret), ("IDV_DOMAIN", &idv), ("IDV_EXPIRES_IN", &EXPIRES_IN.to_string())];
        let secrets = entered.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let (sessions, paused) = (HashMap::new(), HashMap::new());
        Self { people, runs: Vec::new(), secrets, is_broken: false, idv, idv_origin, sessions, paused }
    }

    /// Who is signed in in `browser`, if anyone is.
    #[must_use]
    pub fn signed_in(&self, browser: &str) -> Option<usize> {
        self.sessions.get(browser).copied()
    }

    /// Remembers who is signed in in `browser`.
    pub fn sign_in(&mut self, browser: &str, person: usize) {
        self.sessions.insert(browser.to_owned(), person);
    }

    /// Forgets who is signed in in `browser`.
    pub fn sign_out(&mut self, browser: &str) {
        self.sessions.remove(browser);
    }

    /// A person whose credentials are proven arrives at the Action. Returns the number of the run and where it goes.
    pub fn arrive(
        &mut self,
        browser: &str,
        application: Application,
        person: usize,
        flow: Flow,
        state: String,
        now: u64,
    ) -> (usize, Next) {
        let (number, claims) = (self.runs.len(), Map::new());
        let hops = vec![Hop {
            title: format!("{} of {} at {}", flow.name(), self.people[person].name, application.name),
            details: vec![],
        }];
        let browser = browser.to_owned();
        self.runs.push(Run { application, person, flow, hops, ending: None, browser, started_at: now, claims });
        let next = self.act(number, Handler::Execute, &Returned { state, parameters: Map::new() }, now);
        (number, next)
    }

    /// The browser is back at `/continue`. Returns the number of the run and where it goes; none if there is no such
    /// login in this browser, or not any more.
    pub fn resume(
        &mut self,
        browser: &str,
        state: &str,
        parameters: Map<String, Value>,
        now: u64,
    ) -> Option<(usize, Next)> {
        let number = *self.paused.get(state)?;
        if self.runs[number].browser != browser {
            return None;
        }
        self.paused.remove(state);
        if now >= self.runs[number].started_at + LOGIN_LIFETIME.as_secs() {
            self.runs[number].ending = Some(Ending::Page("the login took longer than an hour"));
            return Some((number, Next::Application));
        }
        let token = parameters.get("token").and_then(Value::as_str).and_then(|token| part(token, PAYLOAD));
        let details = token.map(|token| ("Result token".to_owned(), token)).into_iter().collect();
        self.runs[number]
            .hops
            .push(Hop { title: "The browser is back at /continue with idv's result token".into(), details });
        let next = self.act(number, Handler::Continue, &Returned { state: state.to_owned(), parameters }, now);
        Some((number, next))
    }

    /// The login that waits in `browser` for somebody to come back from idv: of several, the last.
    #[must_use]
    pub fn waiting(&self, browser: &str) -> Option<usize> {
        self.runs.iter().rposition(|run| run.browser == browser && run.ending.is_none())
    }

    /// The login that waits in `browser` with this `state`, of whom it is, and since when.
    #[must_use]
    pub fn paused(&self, browser: &str, state: &str) -> Option<(usize, Person, u64)> {
        let number = *self.paused.get(state)?;
        let run = self.runs.get(number).filter(|run| run.browser == browser)?;
        Some((number, self.people[run.person].clone(), run.started_at))
    }

    /// Adds to the timeline of `run` what happened beside Auth0.
    pub fn tell(&mut self, run: Option<usize>, hops: impl IntoIterator<Item = Hop>) {
        if let Some(run) = run.and_then(|run| self.runs.get_mut(run)) {
            run.hops.extend(hops);
        }
    }

    /// Makes the person's last successful check older than it may be.
    pub fn expire(&mut self, person: usize) {
        if let Some(Value::Object(stored)) = self.people[person].app_metadata.get_mut("id_verification") {
            let aged = |instant: &Value| json!(instant.as_u64().map(|at| at.saturating_sub(EXPIRES_IN + 1)));
            if let Some(last_check) = stored.get_mut("last_check") {
                *last_check = aged(last_check);
            }
            if let Some(Value::Object(methods)) = stored.get_mut("methods") {
                methods.values_mut().for_each(|at| *at = aged(at));
            }
        }
    }

    /// Forgets the person's last check at Auth0.
    pub fn forget(&mut self, person: usize) {
        self.people[person].app_metadata.clear();
    }

    fn act(&mut self, number: usize, handler: Handler, request: &Returned, now: u64) -> Next {
        let run = &self.runs[number];
        let login = Login {
            can_redirect: run.flow == Flow::Interactive,
            iss: DOMAIN.into(),
            sub: self.people[run.person].user_id.into(),
            ip: "203.0.113.7".into(),
            now,
        };
        match engine::run(ACTION, handler, &self.event(run, request), &login, request) {
            Err(error) => {
                self.runs[number].hops.push(Hop { title: error.to_string(), details: vec![] });
                self.runs[number].ending = Some(Ending::Page("the Action failed"));
                Next::Application
            }
            Ok(effects) => self.settle(number, handler, effects, request),
        }
    }

    /// Metadata first: a denial does not take a write back, nor does a redirect delay it (contract 17).
    fn settle(&mut self, number: usize, handler: Handler, effects: Effects, request: &Returned) -> Next {
        let run = &mut self.runs[number];
        let metadata = &mut self.people[run.person].app_metadata;
        for (name, value) in &effects.metadata {
            if value.is_null() {
                metadata.remove(name)
            } else {
                metadata.insert(name.clone(), value.clone())
            };
        }
        run.claims.extend(effects.claims.clone());
        run.hops.push(describe(handler, &effects));
        if let Some(reason) = effects.denied {
            run.ending = Some(Ending::Denied(reason));
            return Next::Application;
        }
        let Some(redirect) = effects.redirect else {
            run.ending = Some(Ending::Tokens(run.claims.clone()));
            return Next::Application;
        };
        self.paused.insert(request.state.clone(), number);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(redirect.query.iter().filter_map(|(name, value)| Some((name, value.as_str()?))));
        query.append_pair("state", &request.state);
        // In the trial, https://IDV_DOMAIN is here.
        let address = redirect.url.replacen(&format!("https://{}", self.idv), &self.idv_origin, 1);
        Next::Away(format!("{address}?{}", query.finish()))
    }

    fn event(&self, run: &Run, request: &Returned) -> Value {
        let person = &self.people[run.person];
        let mut secrets = self.secrets.clone();
        if self.is_broken {
            secrets.insert("TOKEN_SECRET".into(), "this secret is not the one that idv knows".into());
        }
        let prompt = if run.flow == Flow::Silent { json!(["none"]) } else { json!([]) };
        json!({
            "client": { "client_id": run.application.id, "name": run.application.name, "metadata": run.application.client_metadata() },
            "request": { "hostname": DOMAIN, "ip": "203.0.113.7", "query": request.parameters },
            "secrets": secrets,
            "tenant": { "id": "acme" },
            "transaction": { "protocol": run.flow.protocol(), "prompt": prompt },
            "user": { "user_id": person.user_id, "name": person.name, "email": person.email, "app_metadata": person.app_metadata },
        })
    }
}

/// Which part of a token says of what kind it is.
pub(super) const HEADER: usize = 0;
/// Which says what it is about.
pub(super) const PAYLOAD: usize = 1;

/// A part of `token`, as JSON. It vouches for nothing.
pub(super) fn part(token: &str, number: usize) -> Option<Value> {
    engine::decode(token.split('.').nth(number)?)
}

/// What the Action did, in words and with its tokens decoded.
fn describe(handler: Handler, effects: &Effects) -> Hop {
    let name = match handler {
        Handler::Execute => "onExecutePostLogin",
        Handler::Continue => "onContinuePostLogin",
    };
    let did = match (&effects.denied, &effects.redirect) {
        (Some(reason), _) => format!("denied the login: {reason}"),
        (None, Some(_)) => "sends the browser to idv with a request token".into(),
        (None, None) => "lets the login go on".into(),
    };
    let token = effects.redirect.as_ref().and_then(|redirect| redirect.query.get("token")?.as_str());
    let token = token.and_then(|token| part(token, PAYLOAD));
    let mut details: Vec<_> = token.map(|token| ("Request token".to_owned(), token)).into_iter().collect();
    for (title, members) in [("Claims set", &effects.claims), ("app_metadata written", &effects.metadata)] {
        if !members.is_empty() {
            details.push((title.to_owned(), Value::Object(members.clone())));
        }
    }
    if !effects.log.is_empty() {
        details.push(("Log".into(), json!(effects.log)));
    }
    Hop { title: format!("The Action ({name}) {did}"), details }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_is_handed_the_metadata_of_the_application() {
        let mut model = Model::new("secret", "idv.example.test".into(), "https://idv.example.test".into());
        let returned = Returned { state: "state".into(), parameters: Map::new() };
        let mut metadata = |application| {
            let (run, _) = model.arrive("browser", application, 0, Flow::Interactive, "state".into(), 0);
            model.event(&model.runs[run], &returned)["client"]["metadata"].clone()
        };
        let each = APPLICATIONS.map(&mut metadata);
        assert_eq!(
            each,
            [json!({ "IDV_REQUIRED": "true" }), json!({}), json!({ "IDV_METHODS": "oidc:sample simulated" })]
        );
        let two = &[("IDV_REQUIRED", "true"), ("IDV_METHODS", "desk simulated")];
        let both = metadata(Application { metadata: two, ..APPLICATIONS[0] });
        assert_eq!(both, json!({ "IDV_REQUIRED": "true", "IDV_METHODS": "desk simulated" }));
    }
}
