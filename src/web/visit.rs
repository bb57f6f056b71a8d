//! One request of somebody in a login: the session by its cookie, how far it is, and what the log calls it. Knows no pages.

use std::time::Duration;

use data_encoding::HEXLOWER;
use hyper::http::request::Parts;
use ring::digest;

use super::error::Refusal;
use super::language::Language;
use super::{App, cookie};
use crate::ops::allowance::Allowances;
use crate::store::login::Use;
use crate::verification::outcome::Outcome;
use crate::verification::session::{Phase, Session, SessionId};
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// What a page or an act in a session needs.
pub(super) struct Visit<'a> {
    pub(super) app: &'a App,
    pub(super) session: Session<'a>,
    /// The one instant that decides the whole request.
    pub(super) now: Timestamp,
    pub(super) language: Language,
}

/// Where a session stands whose login is not over.
pub(super) enum Standing {
    /// The person may act.
    Open,
    /// It is too late to act, and nobody did.
    Late,
    /// It has ended.
    Concluded(Outcome),
}

impl<'a> Visit<'a> {
    /// The visit of the browser that presents the cookie of session `id`.
    pub(super) fn open(app: &'a App, id: SessionId, parts: &Parts) -> Result<Self, Refusal> {
        let session = cookie::session(app, id, &parts.headers).ok_or(Refusal::NoSession)?;
        let language = Language::of_session(&session, &parts.headers);
        Ok(Self { app, session, now: app.clock.now(), language })
    }

    /// Where the session stands; refused if another came first, or outside its login's time.
    pub(super) async fn standing(&self) -> Result<Standing, Refusal> {
        let concluded = self.concluded().await?;
        Ok(match (self.is_open()?, concluded) {
            (_, Some(outcome)) => Standing::Concluded(outcome),
            (true, None) => Standing::Open,
            (false, None) => Standing::Late,
        })
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

    /// How the session ended, if it did; refused if another session came first.
    #[expect(clippy::unused_async, reason = "the store of today answers at once")]
    async fn concluded(&self) -> Result<Option<Outcome>, Refusal> {
        let Session { id, issued_at, token_id, .. } = self.session;
        match self.app.store.token_use(issued_at, token_id)? {
            Use::Unused => Ok(None),
            Use::Claimed(by) if by == id => Ok(None),
            Use::Concluded(by, outcome) if by == id => Ok(Some(outcome)),
            Use::Claimed(_) | Use::Concluded(..) => Err(Refusal::Used),
        }
    }

    /// How much time the person has, in their words.
    pub(super) fn time_left(&self) -> String {
        let seconds = match self.session.phase(self.now) {
            Phase::Open { left } => left.as_secs(),
            Phase::NotYet | Phase::Late | Phase::Over => 0,
        };
        self.language.count("time-left", "minutes", seconds.div_ceil(60))
    }

    /// The session in the log.
    pub(super) fn name(&self) -> String {
        name(self.session.id)
    }

    /// Whether the log has one more line for what this person may cause without end.
    pub(super) fn has_line(&self) -> bool {
        self.app.noise.person_has_line(person(&self.session))
    }
}

/// The session in the log, where its lines belong together: 64 bits of a digest, from which nobody finds its address.
pub(super) fn name(id: SessionId) -> String {
    HEXLOWER.encode(&digest::digest(&digest::SHA256, id.to_string().as_bytes()).as_ref()[..8])
}

/// Whose session it is, for what a person may do only so often.
pub(super) fn person<'s>(session: &'s Session<'_>) -> (&'s str, &'s str) {
    (session.subject.tenant.as_str(), session.subject.user_id.as_str())
}

/// Refuses what `subject` does more often than `allowances` have it.
pub(super) fn check_pace(allowances: &Allowances, subject: &Subject, now: Timestamp) -> Result<(), Refusal> {
    let Subject { tenant, user_id } = subject;
    let is_admitted = allowances.admits(tenant.as_str(), user_id.as_str(), Duration::from_secs(now.as_unix()));
    if is_admitted { Ok(()) } else { Err(Refusal::TooOften) }
}
