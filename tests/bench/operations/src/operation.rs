//! The steps that a login is made of, and two of its requests as a whole.

use crate::turns::Turns;
use crate::world::{AUTHORITY, NOW, RANDOM, World};
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use hyper::StatusCode;
use idv::verification::method::Method;
use idv::verification::outcome::{Outcome, Status, Verified};
use idv::verification::result;
use idv::verification::spent::Use;
use idv::verification::subject::IdvId;
use idv::verification::token::UntrustedToken;
use ring::hmac;
use std::fmt;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Operation {
    /// ring's HMAC-SHA256 over what a token's tag is made of: the yardstick of the token check
    Hmac,
    /// A request token taken apart, authenticated and read
    TokenCheck,
    /// Whether a token was used, asked of a store that knows others
    LookUp,
    /// A session sealed into its cookie
    Seal,
    /// A session opened from its cookie
    Open,
    /// A result token signed
    Sign,
    /// A whole start, from the request to its answer
    Start,
    /// A whole method page behind it
    Page,
}

impl Operation {
    /// Runs it, and gives how long that took.
    pub(crate) fn run(self, turns: &Turns) -> Result<Duration> {
        let world = World::create()?;
        let app = &world.app;
        let check = |token| UntrustedToken::parse(token)?.authenticate(&app.tenants, NOW);
        let token = world.token.as_str();
        Ok(match self {
            Self::Hmac => {
                let (signed, _) = token.rsplit_once('.').context("a token has three parts")?;
                turns.take(|| signed.as_bytes(), |signed| hmac::sign(&world.key, signed))
            }
            Self::TokenCheck => {
                ensure!(check(token).is_ok(), "the token is refused");
                turns.take(|| token, check)
            }
            Self::LookUp => {
                world.use_other_tokens()?;
                let request = check(token)?;
                let asked = (request.issued_at, request.token_id);
                ensure!(app.store.token_use(asked.0, asked.1) == Ok(Use::Unused), "the token counts as used");
                turns.take(|| asked, |(issued_at, token)| app.store.token_use(issued_at, token))
            }
            Self::Seal => {
                let request = check(token)?;
                let input = || (request.clone(), world.state.clone());
                turns.take(input, |(request, state)| app.sealer.begin(request, state, RANDOM, NOW))
            }
            Self::Open => {
                let (id, sealed) = world.begin()?;
                ensure!(app.sealer.open(id, &sealed, &app.tenants).is_some(), "the session does not open");
                turns.take(|| sealed.as_str(), |sealed| app.sealer.open(id, sealed, &app.tenants))
            }
            Self::Sign => {
                let (id, sealed) = world.begin()?;
                let session = app.sealer.open(id, &sealed, &app.tenants).context("the session does not open")?;
                let idv_id = IdvId::from_random([7; 16]);
                let outcome = Outcome {
                    status: Status::Success,
                    concluded_at: NOW,
                    idv_id,
                    last_check_at: Some(NOW),
                    verified: Some(Verified { at: NOW, method: Method::Desk }),
                    ticket: None,
                };
                turns.take(|| &outcome, |outcome| result::sign(AUTHORITY, &session, outcome, NOW))
            }
            Self::Start => {
                let request = world.start()?;
                ensure!(world.answer(request.clone())?.status() == StatusCode::SEE_OTHER, "the start is refused");
                turns.take(|| request.clone(), |request| world.answer(request))
            }
            Self::Page => {
                let request = world.page()?;
                ensure!(world.answer(request.clone())?.status() == StatusCode::OK, "the page is refused");
                turns.take(|| request.clone(), |request| world.answer(request))
            }
        })
    }
}

/// The name, as the command line takes it.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value().ok_or(fmt::Error)?;
        f.pad(value.get_name())
    }
}
