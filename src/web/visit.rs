//! One request of somebody in a login: the session by its cookie, how far it is, and what the log calls it. Knows no pages.

use std::hash::Hash;
use std::time::Duration;

use hyper::HeaderMap;
use hyper::http::request::Parts;

use super::error::Refusal;
use super::language::Language;
use super::{App, cookie};
use crate::ops::allowance::Allowances;
use crate::ops::journal::Happened;
use crate::ops::random;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::decision::{Act, Actor, Answered, Step};
use crate::verification::method::{CodeHash, Method, Progress};
use crate::verification::outcome::Outcome;
use crate::verification::session::id::SessionId;
use crate::verification::session::{Phase, Session};
use crate::verification::spent::Use;
use crate::verification::subject::{IdvId, Subject};
use crate::verification::ticket::Ticket;
use crate::verification::time::Timestamp;

/// What a page or an act in a session needs.
pub(super) struct Visit<'a> {
    pub(super) app: &'a App,
    /// What the browser sent.
    pub(super) headers: &'a HeaderMap,
    pub(super) session: Session<'a>,
    /// The one instant that decides the whole request.
    pub(super) now: Timestamp,
    pub(super) language: Language,
}

/// Where a session stands whose login is not over.
pub(super) enum Standing {
    /// The person may act; whether they did already.
    Open { has_acted: bool },
    /// It is too late to act, and nobody did.
    Late,
    /// It has ended.
    Concluded(Outcome),
}

impl<'a> Visit<'a> {
    /// The visit of the browser that presents the cookie of session `id`.
    pub(super) fn open(app: &'a App, id: SessionId, parts: &'a Parts) -> Result<Self, Refusal> {
        let headers = &parts.headers;
        let session = cookie::session(app, id, headers).ok_or(Refusal::NoSession)?;
        let language = Language::of_session(&session, headers);
        Ok(Self { app, headers, session, now: app.clock.now(), language })
    }

    /// The visit of the phone that presents a right in session `id`, and the digest of the code that it used.
    pub(super) fn on_phone(app: &'a App, id: SessionId, parts: &'a Parts) -> Result<(Self, CodeHash), Refusal> {
        let headers = &parts.headers;
        let (hash, session) = cookie::phone(app, id, headers).ok_or(Refusal::NoSession)?;
        let language = Language::of_session(&session, headers);
        Ok((Self { app, headers, session, now: app.clock.now(), language }, hash))
    }

    /// Where the session stands; refused if another came first, or outside its login's time.
    pub(super) async fn standing(&self) -> Result<Standing, Refusal> {
        let used = self.token_use()?;
        match (self.is_open()?, used) {
            (_, Use::Concluded(_, outcome)) => {
                self.app.store.examined().await?;
                Ok(Standing::Concluded(outcome))
            }
            (true, used) => Ok(Standing::Open { has_acted: used != Use::Unused }),
            (false, _) => Ok(Standing::Late),
        }
    }

    /// Whether there is time to act; refused outside the login's time, where nobody can return either.
    pub(super) fn is_open(&self) -> Result<bool, Refusal> {
        match self.session.phase(self.now) {
            Phase::NotYet => Err(Refusal::ClockBehind { by: self.now.until(self.session.issued_at) }),
            Phase::Open { .. } => Ok(true),
            Phase::Late => Ok(false),
            Phase::Over => Err(Refusal::LoginOver),
        }
    }

    /// What the session's token was used for; refused if another session came first.
    fn token_use(&self) -> Result<Use, Refusal> {
        let Session { id, issued_at, token_id, .. } = self.session;
        match self.app.store.token_use(issued_at, token_id)? {
            Use::Claimed(by) | Use::Concluded(by, _) if by != id => Err(Refusal::Used),
            used => Ok(used),
        }
    }

    /// Whether somebody did anything in the session, and it goes on.
    pub(super) fn has_acted(&self) -> Result<bool, Refusal> {
        Ok(matches!(self.token_use()?, Use::Claimed(_)))
    }

    /// The methods that are offered: those that are enabled, and that the application takes.
    pub(super) fn offered(&self) -> impl Iterator<Item = Method> {
        self.session.asks.offered(&self.app.methods)
    }

    /// Refused if `method` is not offered: nobody is verified by it in the session.
    pub(super) fn check_offered(&self, method: Method) -> Result<(), Refusal> {
        if self.offered().any(|offered| offered == method) { Ok(()) } else { Err(Refusal::NotFound) }
    }

    /// Does `step` in the session. What is answered is on disk.
    pub(super) async fn act(&self, step: Step) -> Result<(Answered, Happened), Refusal> {
        let act = Act {
            actor: Actor::of(&self.session),
            step,
            new_id: IdvId::from_random(random::bytes()),
            new_key: PersonKey::from_random(random::bytes()),
            new_ticket: Ticket::from_random(random::bytes()),
            hand_over: self.app.hand_over,
            now: self.now,
        };
        Ok(self.app.store.act(act).await?)
    }

    /// What the session remembers between a method's pages.
    #[expect(clippy::unused_async, reason = "the store of today answers at once")]
    pub(super) async fn progress(&self) -> Result<Option<Progress>, Refusal> {
        Ok(self.app.store.progress(&self.session)?)
    }

    /// How much time the person has, in their words.
    pub(super) fn time_left(&self) -> String {
        let seconds = match self.session.phase(self.now) {
            Phase::Open { left } => left.as_secs(),
            Phase::NotYet | Phase::Late | Phase::Over => 0,
        };
        self.language.count("time-left", "minutes", seconds.div_ceil(60))
    }

    /// Whether the log has one more line for what this person may cause without end.
    pub(super) fn has_line(&self) -> bool {
        self.app.noise.person_has_line(person(&self.session))
    }
}

/// Whose session it is, for what a person may do only so often.
pub(super) fn person<'s>(session: &'s Session<'_>) -> (&'s str, &'s str) {
    (session.subject.tenant.as_str(), session.subject.user_id.as_str())
}

/// Refuses what `subject` does more often than `allowances` have it.
pub(super) fn check_pace(allowances: &Allowances, subject: &Subject, now: Timestamp) -> Result<(), Refusal> {
    check_pace_as(allowances, subject, subject.user_id.as_str(), now)
}

/// The same of what others do who have something of `subject`: together they are `whose`, and spend nothing of theirs.
pub(super) fn check_pace_as(
    allowances: &Allowances,
    subject: &Subject,
    whose: impl Hash,
    now: Timestamp,
) -> Result<(), Refusal> {
    let is_admitted = allowances.admits(subject.tenant.as_str(), whose, Duration::from_secs(now.as_unix()));
    if is_admitted { Ok(()) } else { Err(Refusal::TooOften) }
}
