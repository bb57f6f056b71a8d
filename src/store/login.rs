//! A login's part of the store: has its token been used, and the one decision that ends it.

use ring::hmac;

use super::record::{CheckRecord, Concluded, Evidence, LastCheck, SpentRecord, SubjectRecord};
use super::snapshot::Snapshot;
use super::tables::{Fault, Tables};
use super::{Store, StoreError};
use crate::verification::method::desk::{Code, Desk, Policy, Verdict};
use crate::verification::outcome::{Outcome, Status};
use crate::verification::session::{Session, SessionId};
use crate::verification::subject::{IdvId, Subject};
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;

/// What has become of a request token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Nobody has acted on it.
    Unused,
    /// This session has acted on it, and alone may go on.
    Claimed(SessionId),
    /// This session has ended with it.
    Concluded(SessionId, Outcome),
}

/// What an act came to. First browser wins: every act names its session, and only one session of a token acts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Answered {
    /// The session is over now.
    Concluded(Outcome),
    /// The session was over before: a double click, or the back button.
    Already(Outcome),
    /// The code was wrong; more attempts are left.
    Wrong {
        /// How many, at least one.
        attempts_left: u8,
    },
    /// The same wrong code once more, which costs nothing.
    Again {
        /// How many attempts are left, at least one.
        attempts_left: u8,
    },
    /// The code was right, but is good no longer.
    TooLate,
    /// Another session acted on the same request token first.
    Taken,
}

/// What an act needs of its session, owned.
#[derive(Clone)]
struct Act {
    session: SessionId,
    token_id: TokenId,
    issued_at: Timestamp,
    subject: Subject,
    new_id: IdvId,
    now: Timestamp,
}

impl Act {
    fn of(session: &Session<'_>, new_id: IdvId, now: Timestamp) -> Self {
        let subject = session.subject.clone();
        Self { session: session.id, token_id: session.token_id, issued_at: session.issued_at, subject, new_id, now }
    }
}

impl Store {
    /// What has become of the request token that was made at `issued_at`.
    pub fn token_use(&self, issued_at: Timestamp, token: TokenId) -> Result<Use, StoreError> {
        let spent = self.ask(|snapshot| snapshot.spent(issued_at, token))?;
        Ok(spent.map_or(Use::Unused, |spent| match spent.concluded {
            None => Use::Claimed(spent.session),
            Some(concluded) => Use::Concluded(spent.session, concluded.into()),
        }))
    }

    /// Judges a typed desk code and records what follows, all in one transaction: the attempt, and if that ends the
    /// session, the check, the subject's last check, and that the request token is used. `new_id` is for a subject that
    /// idv meets for the first time.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn answer_desk(
        &self,
        session: &Session<'_>,
        policy: Policy,
        code: Code,
        new_id: IdvId,
        now: Timestamp,
    ) -> Result<Answered, StoreError> {
        let act = Act::of(session, new_id, now);
        let typed = Typed { policy, code, key: self.code_key.clone() };
        if let Some(answer) = self.foresee(|snapshot| act.foresee_desk(snapshot, &typed)) {
            return Ok(answer);
        }
        self.transact(move |tables| match enter(tables.spent(act.issued_at, act.token_id)?, &act) {
            Entry::Closed(answer) => Ok(answer),
            Entry::Open => act.answer_desk(tables, &typed),
        })
        .await
    }

    /// Ends the session as a trial says, with a check where that decides anything.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn simulate(
        &self,
        session: &Session<'_>,
        status: Status,
        new_id: IdvId,
        now: Timestamp,
    ) -> Result<Answered, StoreError> {
        let act = Act::of(session, new_id, now);
        let evidence = matches!(status, Status::Success | Status::Failed).then_some(Evidence::Simulated);
        self.end(act, status, evidence).await
    }

    /// Ends the session without a check: [`Status::Canceled`] or [`Status::Expired`].
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn leave(
        &self,
        session: &Session<'_>,
        status: Status,
        new_id: IdvId,
        now: Timestamp,
    ) -> Result<Answered, StoreError> {
        self.end(Act::of(session, new_id, now), status, None).await
    }

    async fn end(&self, act: Act, status: Status, evidence: Option<Evidence>) -> Result<Answered, StoreError> {
        if let Some(answer) = self.foresee(|snapshot| act.foresee(snapshot)) {
            return Ok(answer);
        }
        self.transact(move |tables| match enter(tables.spent(act.issued_at, act.token_id)?, &act) {
            Entry::Closed(answer) => Ok(answer),
            Entry::Open => {
                let known = tables.subject(&act.subject)?;
                act.conclude(tables, known, status, evidence)
            }
        })
        .await
    }

    /// The answer to an act that changes nothing, from what was last committed: a repeat costs no commit. Where there is
    /// none, or it cannot be looked up, the writer has the word.
    fn foresee(&self, question: impl FnOnce(&Snapshot) -> Result<Option<Answered>, Fault>) -> Option<Answered> {
        self.ask(question).ok().flatten()
    }
}

/// A code that was typed, and what it is judged by.
struct Typed {
    policy: Policy,
    code: Code,
    key: hmac::Key,
}

enum Entry {
    /// The session may act.
    Open,
    /// It may not: it has ended before, or another came first.
    Closed(Answered),
}

/// What has become of the act's token decides. Once it is closed to a session, it stays so.
fn enter(spent: Option<SpentRecord>, act: &Act) -> Entry {
    let Some(spent) = spent else { return Entry::Open };
    match spent.concluded {
        _ if spent.session != act.session => Entry::Closed(Answered::Taken),
        None => Entry::Open,
        Some(concluded) => Entry::Closed(Answered::Already(concluded.into())),
    }
}

impl Act {
    fn foresee(&self, snapshot: &Snapshot) -> Result<Option<Answered>, Fault> {
        Ok(match enter(snapshot.spent(self.issued_at, self.token_id)?, self) {
            Entry::Closed(answer) => Some(answer),
            Entry::Open => None,
        })
    }

    fn foresee_desk(&self, snapshot: &Snapshot, typed: &Typed) -> Result<Option<Answered>, Fault> {
        if let Some(answer) = self.foresee(snapshot)? {
            return Ok(Some(answer));
        }
        Ok(match self.judge(snapshot.desk(&self.subject)?, typed).0 {
            Verdict::Again { attempts_left } => Some(Answered::Again { attempts_left }),
            Verdict::TooLate => Some(Answered::TooLate),
            Verdict::Vouched(_) | Verdict::Wrong { .. } | Verdict::Exhausted => None,
        })
    }

    fn judge(&self, desk: Desk, Typed { policy, code, key }: &Typed) -> (Verdict, Desk) {
        let is_right = |hash: &_| code.is_hashed_as(hash, key, &self.subject);
        desk.judge(policy, is_right, code.hash_in(self.session, key, &self.subject), self.now)
    }

    fn answer_desk(&self, tables: &mut Tables<'_>, typed: &Typed) -> Result<Answered, Fault> {
        let (verdict, desk) = self.judge(tables.desk(&self.subject)?, typed);
        // Read before anything is written: a damaged record stops this act alone, with nothing half done.
        let known = tables.subject(&self.subject)?;
        tables.save_desk(&self.subject, &desk)?;
        match verdict {
            Verdict::Vouched(vouch) => self.conclude(tables, known, Status::Success, Some(Evidence::Vouch(vouch))),
            Verdict::Exhausted => self.conclude(tables, known, Status::Failed, Some(Evidence::WrongCodes)),
            Verdict::Wrong { attempts_left } => {
                self.claim(tables, None)?;
                Ok(Answered::Wrong { attempts_left })
            }
            Verdict::Again { attempts_left } => Ok(Answered::Again { attempts_left }),
            Verdict::TooLate => Ok(Answered::TooLate),
        }
    }

    /// Ends the session of a subject of whom so much is known; with evidence, that is a check.
    fn conclude(
        &self,
        tables: &mut Tables<'_>,
        known: Option<SubjectRecord>,
        status: Status,
        evidence: Option<Evidence>,
    ) -> Result<Answered, Fault> {
        let is_known = known.is_some();
        let mut record = known.unwrap_or(SubjectRecord { idv_id: self.new_id, created_at: self.now, last_check: None });
        if let Some(evidence) = evidence {
            record.last_check = Some(self.add_check(tables, status, evidence, record.last_check)?);
            tables.save_subject(&self.subject, &record)?;
        } else if !is_known {
            tables.save_subject(&self.subject, &record)?;
        }
        let last_check_at = record.last_check.map(|check| check.at);
        let concluded = Concluded { status, at: self.now, idv_id: record.idv_id, last_check_at };
        self.claim(tables, Some(concluded))?;
        Ok(Answered::Concluded(concluded.into()))
    }

    fn add_check(
        &self,
        tables: &mut Tables<'_>,
        status: Status,
        evidence: Evidence,
        previous: Option<LastCheck>,
    ) -> Result<LastCheck, Fault> {
        let method = evidence.method();
        let previous = previous.map(|check| check.number);
        let check = CheckRecord { subject: self.subject.clone(), at: self.now, status, evidence, previous };
        Ok(LastCheck { number: tables.add_check(&check)?, at: self.now, method, status })
    }

    fn claim(&self, tables: &mut Tables<'_>, concluded: Option<Concluded>) -> Result<(), Fault> {
        tables.save_spent(self.issued_at, self.token_id, &SpentRecord { session: self.session, concluded })
    }
}

impl From<Concluded> for Outcome {
    fn from(concluded: Concluded) -> Self {
        let Concluded { status, at, idv_id, last_check_at } = concluded;
        Self { status, concluded_at: at, idv_id, last_check_at }
    }
}
