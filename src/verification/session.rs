//! One subject's run through one login, and how it travels: sealed, in a cookie of the browser that started it.
//!
//! A started login costs the server nothing: everything that a session knows is in its cookie, authenticated and
//! encrypted, and nothing is written until the person acts. It survives a restart, since its key is derived from the
//! store's.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::id::SessionId;
use super::asks::Asks;
use super::seal::{NONCE_LENGTH, Seal};
use super::subject::{Subject, UserId};
use super::tenant::{KeyId, ReturnAddress, Tenant, Tenants};
use super::ticket::Ticket;
use super::time::{LOGIN_LIFETIME, Timestamp};
use super::token::{TokenId, VerificationRequest};

pub mod id;
mod phone;
mod profile;

/// The longest `state` that is taken back and forth, in bytes (contract 2). Beside it, the cookie that every browser keeps
/// has room for a subject of 255 bytes, the longest hint and the longest languages.
pub const STATE_LIMIT: usize = 2048;
/// How long after the request token was made a person may still act. The login began somewhat earlier (a password was
/// typed first) and dies an hour after that (contract 14), so ten minutes are left for both.
pub const TIME_TO_ACT: Duration = Duration::from_mins(50);
/// Random bytes that one start draws: the session's id and the seal's nonce.
pub const RANDOM_LENGTH: usize = ID_LENGTH + NONCE_LENGTH;

const ID_LENGTH: usize = 16;
/// What no state has of the visible characters: they could end an attribute or begin an element.
const MARKUP: &[u8] = br#"<>"'&`\"#;
/// The layout of what is sealed. One of the layout before is read, so that no login ends with an update; one of any other is
/// simply no session.
const LAYOUT: u8 = 2;
/// The layout that ends where what the application asks begins.
const WITHOUT_ASKS: u8 = 1;
/// From what the keys of profiles derive, beside those of sessions, which derive from an hour. Another layout has another.
const PROFILES: &[u8] = b"idv profile cookie 1";
/// The same for those of phones.
const PHONES: &[u8] = b"idv phone cookie 1";

/// The `state` that Auth0 appended and wants back unchanged (contract 2).
#[derive(Clone, PartialEq, Eq)]
pub struct State(String);

/// Why a text is not taken as a [`State`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StateError {
    /// It is empty, or has a character that no opaque URL-safe value has: a control, a space, markup, or beyond ASCII.
    #[error("the state has characters that Auth0 never sends")]
    Characters,
    /// It is longer than [`STATE_LIMIT`], so its session would not fit into a cookie.
    #[error("the state is longer than {STATE_LIMIT} bytes")]
    TooLong,
}

impl State {
    /// The state, as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for State {
    type Error = StateError;

    #[expect(clippy::needless_bitwise_bool, reason = "without a branch the compiler takes many bytes at once")]
    fn try_from(text: String) -> Result<Self, StateError> {
        let is_opaque = |b: u8| MARKUP.iter().fold(b.is_ascii_graphic(), |is, markup| is & (b != *markup));
        let are_opaque = text.bytes().fold(true, |are, b| are & is_opaque(b));
        if text.len() > STATE_LIMIT {
            Err(StateError::TooLong)
        } else if text.is_empty() || !are_opaque {
            Err(StateError::Characters)
        } else {
            Ok(Self(text))
        }
    }
}

/// One subject's run through one login.
#[derive(Clone)]
pub struct Session<'t> {
    /// Names the session.
    pub id: SessionId,
    /// Which secret of the tenant signed the request, and signs the result.
    pub key_id: KeyId,
    /// The request token that began it, which is used once.
    pub token_id: TokenId,
    /// The tenant that asks.
    pub tenant: &'t Tenant,
    /// Where the browser returns.
    pub return_to: ReturnAddress<'t>,
    /// Whom to verify.
    pub subject: Subject,
    /// What Auth0 wants back.
    pub state: State,
    /// When Auth0 made the request token.
    pub issued_at: Timestamp,
    /// A masked account name to show.
    pub account_hint: Option<String>,
    /// The languages that the application asked for.
    pub ui_locales: Option<String>,
    /// What the application asks of the verification.
    pub asks: Asks,
}

/// How far a session's time has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// This machine's clock was set back, to before the request token was made: whatever is decided now would have a
    /// wrong time, and no result would be taken.
    NotYet,
    /// The person may act.
    Open {
        /// How much time is left to act.
        left: Duration,
    },
    /// Too late to act, still in time to return to Auth0 and say so.
    Late,
    /// The login at Auth0 is over; there is nothing to return to.
    Over,
}

impl<'t> Session<'t> {
    /// The session that `request` begins.
    #[must_use]
    pub fn begin(id: SessionId, request: VerificationRequest<'t>, state: State) -> Self {
        Self {
            id,
            key_id: request.key_id,
            token_id: request.token_id,
            tenant: request.tenant,
            return_to: request.return_to,
            subject: request.subject,
            state,
            issued_at: request.issued_at,
            account_hint: request.account_hint,
            ui_locales: request.ui_locales,
            asks: request.asks,
        }
    }

    /// How far its time has run.
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        if now.later(self.tenant.clock_leeway) < self.issued_at {
            Phase::NotYet
        } else if now < self.issued_at.later(TIME_TO_ACT) {
            Phase::Open { left: now.until(self.issued_at.later(TIME_TO_ACT)) }
        } else if now < self.over_at() {
            Phase::Late
        } else {
            Phase::Over
        }
    }

    /// The instant from which the login at Auth0 is over.
    #[must_use]
    pub fn over_at(&self) -> Timestamp {
        self.issued_at.later(LOGIN_LIFETIME).later(self.tenant.clock_leeway)
    }
}

/// What is sealed, borrowed for writing and owned when read.
#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    layout: u8,
    key_id: KeyId,
    token_id: TokenId,
    tenant: &'a str,
    host: &'a str,
    user_id: &'a str,
    state: &'a str,
    issued_at: Timestamp,
    account_hint: Option<&'a str>,
    ui_locales: Option<&'a str>,
}

/// What follows it: what the application asks.
#[derive(Default, Serialize, Deserialize)]
struct SealedAsks<'a> {
    methods: Option<&'a str>,
    last_check_at: Option<Timestamp>,
    max_age: Option<Duration>,
    ticket: Option<Ticket>,
}

impl<'a> SealedAsks<'a> {
    /// Those of a cookie of `layout`, which are its `rest`.
    fn read(layout: u8, rest: &'a [u8]) -> Option<Self> {
        match layout {
            LAYOUT => postcard::from_bytes(rest).ok(),
            WITHOUT_ASKS if rest.is_empty() => Some(Self::default()),
            _ => None,
        }
    }
}

/// Seals sessions into cookie values and opens them; and beside a session, the [profile](super::profile) of its account, and
/// the right of a phone.
pub struct Sealer {
    sessions: Seal,
    profiles: Seal,
    phones: Seal,
}

impl Sealer {
    /// A sealer whose keys derive from `root`.
    #[must_use]
    pub fn new(root: hmac::Key) -> Self {
        let [profiles, phones] =
            [PROFILES, PHONES].map(|kind| hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, kind).as_ref()));
        Self { sessions: Seal::new(root), profiles: Seal::new(profiles), phones: Seal::new(phones) }
    }

    /// Begins the session of `request` and seals it. Returns its id and the value of its cookie.
    #[must_use]
    pub fn begin(
        &self,
        request: VerificationRequest<'_>,
        state: State,
        random: [u8; RANDOM_LENGTH],
        now: Timestamp,
    ) -> (SessionId, String) {
        let (mut id, mut nonce) = ([0; ID_LENGTH], [0; NONCE_LENGTH]);
        id.copy_from_slice(&random[..ID_LENGTH]);
        nonce.copy_from_slice(&random[ID_LENGTH..]);
        let session = Session::begin(SessionId::from_random(id), request, state);
        (session.id, self.seal(&session, nonce, now))
    }

    /// Seals a session once more, under a nonce of its own. Returns the value of its cookie.
    #[must_use]
    pub fn seal(&self, session: &Session<'_>, nonce: [u8; NONCE_LENGTH], now: Timestamp) -> String {
        seal(&self.sessions, session.id.as_bytes(), session, nonce, now)
    }

    /// Opens the cookie value of session `id`; none if it is not ours, not this session's, or its tenant or return host
    /// is configured no longer.
    #[must_use]
    pub fn open<'t>(&self, id: SessionId, value: &str, tenants: &'t Tenants) -> Option<Session<'t>> {
        open(&self.sessions, id.as_bytes(), id, value, tenants)
    }
}

/// Seals `session` by `by`, for whoever `owner` names.
#[inline]
fn seal(by: &Seal, owner: &[u8], session: &Session<'_>, nonce: [u8; NONCE_LENGTH], now: Timestamp) -> String {
    let sealed = Sealed {
        layout: LAYOUT,
        key_id: session.key_id,
        token_id: session.token_id,
        tenant: session.tenant.domain.as_str(),
        host: session.return_to.host().as_str(),
        user_id: session.subject.user_id.as_str(),
        state: session.state.as_str(),
        issued_at: session.issued_at,
        account_hint: session.account_hint.as_deref(),
        ui_locales: session.ui_locales.as_deref(),
    };
    let asks = SealedAsks {
        methods: session.asks.methods.as_deref(),
        last_check_at: session.asks.last_check_at,
        max_age: session.asks.max_age,
        ticket: session.asks.ticket,
    };
    let length = 512 + session.state.0.len();
    by.seal(&(sealed, asks), length, owner, nonce, now)
}

/// Opens what was sealed as session `id`.
#[inline]
fn open<'t>(by: &Seal, owner: &[u8], id: SessionId, value: &str, tenants: &'t Tenants) -> Option<Session<'t>> {
    let mut bytes = BASE64URL_NOPAD.decode(value.as_bytes()).ok()?;
    let plain = by.open(owner, &mut bytes)?;
    let (sealed, rest) = postcard::take_from_bytes::<Sealed<'_>>(plain).ok()?;
    let asks = SealedAsks::read(sealed.layout, rest)?;
    let tenant = tenants.by_domain(sealed.tenant)?;
    Some(Session {
        id,
        key_id: sealed.key_id,
        token_id: sealed.token_id,
        tenant,
        return_to: tenant.return_address(sealed.host)?,
        subject: Subject { tenant: tenant.domain.clone(), user_id: UserId::try_from(sealed.user_id.to_owned()).ok()? },
        state: State::try_from(sealed.state.to_owned()).ok()?,
        issued_at: sealed.issued_at,
        account_hint: sealed.account_hint.map(str::to_owned),
        ui_locales: sealed.ui_locales.map(str::to_owned),
        asks: Asks {
            methods: asks.methods.map(str::to_owned),
            last_check_at: asks.last_check_at,
            max_age: asks.max_age,
            ticket: asks.ticket,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_state_is_taken_and_one_byte_more_is_not() {
        assert!(State::try_from("s".repeat(STATE_LIMIT)).is_ok());
        assert_eq!(State::try_from("s".repeat(STATE_LIMIT + 1)).err(), Some(StateError::TooLong));
    }
}
