//! Numbered visits of numbered people: each is worked out from its number, so that millions need no list.

use crate::machine;
use crate::token::TENANT;
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use idv::store::Store;
use idv::verification::account::Account;
use idv::verification::asks::Asks;
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::command::{Command, Task};
use idv::verification::decision::{self, Act, Actor, Answered};
use idv::verification::method::desk::{self, Code, IssuedCode, Policy, Typed, Vouch};
use idv::verification::method::{Answer, Order};
use idv::verification::outcome::Status;
use idv::verification::session::id::SessionId;
use idv::verification::session::{Session, State};
use idv::verification::subject::{IdvId, Subject};
use idv::verification::tenant::{Host, ResultSubject, ReturnMethod, Tenant, TokenKey, Whereabouts};
use idv::verification::ticket::Ticket;
use idv::verification::time::Timestamp;
use idv::verification::token::{TokenId, VerificationRequest};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::JoinSet;

/// All come once within a day, in turn: no used token is old enough to be forgotten, so as many are kept as can be.
const DAY_SECS: u64 = 86_400;
/// Everybody's, where nobody has to be told from another.
const KEY: PersonKey = PersonKey::from_random([7; 16]);
/// From the token to the act.
const PAUSE: Duration = Duration::from_secs(30);
const POLICY: Policy = Policy { code_lifetime: Duration::from_hours(24), attempts: 5 };

/// So many people, the first of whom came a day ago. Visits beyond their number are theirs too, in the same turn.
pub(super) struct People {
    pub(super) count: u64,
    tenant: Tenant,
    first_at: u64,
}

/// What a person does at once with others.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// The desk issues a code to them.
    TakeCode,
    /// They enter it, which ends their login with a check.
    EnterCode,
}

impl People {
    pub(super) fn new(count: u64) -> Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let tenant = Tenant {
            domain: host()?,
            custom_domains: Vec::new(),
            whereabouts: Whereabouts::Internet,
            keys: vec![TokenKey::new(&[0x5a; 32])],
            token_parameter: "token".to_owned(),
            return_method: ReturnMethod::Redirect,
            result_subject: ResultSubject::UserId,
            clock_leeway: Duration::from_mins(1),
        };
        Ok(Self { count, tenant, first_at: now - DAY_SECS })
    }

    /// Who comes on `visit`, by the user id that Auth0 would give; ids follow one another in no order.
    pub(super) fn user_id(&self, visit: u64) -> String {
        format!("auth0|65f{:021x}", scattered(visit % self.count))
    }

    pub(super) fn subject(&self, visit: u64) -> Result<Subject> {
        Ok(Subject { tenant: self.tenant.domain.clone(), user_id: self.user_id(visit).try_into()? })
    }

    /// When the request token of `visit` was made, and its id.
    pub(super) fn token(&self, visit: u64) -> (Timestamp, TokenId) {
        let after_secs = u128::from(visit.min(self.count)) * u128::from(DAY_SECS) / u128::from(self.count);
        let at = Timestamp::from_unix(self.first_at + u64::try_from(after_secs).unwrap_or(DAY_SECS));
        (at, TokenId(random(visit, 1)))
    }

    /// Has everyone of `visits` take a step, so many waiting for the store at once.
    pub(super) fn step(self: &Arc<Self>, store: &Store, waiting: usize, visits: Range<u64>, step: Step) -> Result<()> {
        let next = Arc::new(AtomicU64::new(visits.start));
        machine::runtime()?.block_on(async {
            let mut lines = JoinSet::new();
            for _ in 0..waiting {
                let (people, store, next) = (Arc::clone(self), store.clone(), Arc::clone(&next));
                lines.spawn(async move {
                    loop {
                        let visit = next.fetch_add(1, Ordering::Relaxed);
                        if visit >= visits.end {
                            return Ok(());
                        }
                        people.take(&store, visit, step).await?;
                    }
                });
            }
            lines.join_all().await.into_iter().collect()
        })
    }

    async fn take(&self, store: &Store, visit: u64, step: Step) -> Result<()> {
        let session = self.session(visit)?;
        let (code, policy) = (Code::from_random(random(visit, 2)), POLICY);
        match step {
            Step::TakeCode => {
                let vouch =
                    Vouch { by: "desk".to_owned(), account: Account::Root, issued_at: session.issued_at, note: None };
                let hash = code.hash(&store.key(desk::KEY), &session.subject);
                let expires_at = session.issued_at.later(policy.code_lifetime);
                let issued = desk::Order::Issue(IssuedCode { hash, expires_at, vouch });
                let (subject, now) = (session.subject, session.issued_at);
                let task = Task::Order(Order::Desk(issued));
                let (_, happened) = store.carry_out(command(subject, task, now)).await?;
                happened.keep_quiet();
            }
            Step::EnterCode => {
                let new_id = IdvId::from_random(random(visit, 3));
                let typed = Typed::new(&code, policy, &store.key(desk::KEY), &session.subject, session.id);
                let (answer, happened) = store
                    .act(Act {
                        actor: Actor::of(&session),
                        step: decision::Step::Answer(Answer::Desk(typed)),
                        new_id,
                        new_key: KEY,
                        new_ticket: Ticket::from_random(random(visit, 5)),
                        hand_over: Duration::ZERO,
                        now: session.issued_at.later(PAUSE),
                    })
                    .await?;
                happened.keep_quiet();
                let is_success = matches!(answer, Answered::Concluded(outcome) if outcome.status == Status::Success);
                ensure!(is_success, "a code was not taken");
            }
        }
        Ok(())
    }

    fn session(&self, visit: u64) -> Result<Session<'_>> {
        let (issued_at, token_id) = self.token(visit);
        let id = SessionId::parse(&BASE64URL.encode(random::<16>(visit, 4))).context("a session id has 16 bytes")?;
        let return_to = self.tenant.return_address(TENANT).context("the tenant has its own domain")?;
        let request = VerificationRequest {
            tenant: &self.tenant,
            return_to,
            key_id: self.tenant.keys[0].id(),
            token_id,
            subject: self.subject(visit)?,
            issued_at,
            account_hint: None,
            ui_locales: None,
            asks: Asks::default(),
            profile: None,
        };
        Ok(Session::begin(id, request, State::try_from("state".to_owned())?))
    }
}

fn host() -> Result<Host> {
    Host::try_from(TENANT.to_owned()).context("the tenant's name")
}

/// As many bytes as a generator would give, and always the same for `number` and `purpose`.
fn random<const N: usize>(number: u64, purpose: u64) -> [u8; N] {
    let mut bytes = [0; N];
    for (place, part) in (0_u64..).zip(bytes.chunks_mut(8)) {
        let word = scattered(scattered(number) ^ (purpose << 32) ^ place).to_le_bytes();
        part.copy_from_slice(&word[..part.len()]);
    }
    bytes
}

/// A number for each number and none twice, in no order (the finaliser of `SplitMix64`, which is a bijection).
pub(super) fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// What an operator does for `subject`.
fn command(subject: Subject, task: Task, now: Timestamp) -> Command {
    Command { subject, account: Account::Root, claimed: None, task, new_key: KEY, now }
}
