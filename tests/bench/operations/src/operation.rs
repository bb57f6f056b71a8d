//! The steps that a login is made of, and its requests as a whole, each without the network.

use crate::callback::{Callback, Shown, Signed};
use crate::turns::Turns;
use crate::world::{AUTHORITY, NOW, RANDOM, World};
use anyhow::{Context, Result, anyhow, ensure};
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
    /// A whole start whose token has a profile
    StartProfile,
    /// A whole method page behind it
    Page,
    /// A whole callback, to what the provider attests by an ID token signed by RS256; by a secret of ours
    CallbackRs256,
    /// The same, with userinfo
    CallbackRs256Userinfo,
    /// The same, signed by ES256
    CallbackEs256,
    /// The same, with userinfo
    CallbackEs256Userinfo,
    /// What of a callback is the request for tokens, by a secret of ours
    TokensBySecret,
    /// The same, signed by a key of ours by ES256
    TokensByKey,
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
            Self::Start => start(&world, token, turns)?,
            Self::StartProfile => start(&world, &world.profiled, turns)?,
            Self::Page => {
                let request = world.page()?;
                ensure!(world.answer(request.clone())?.status() == StatusCode::OK, "the page is refused");
                turns.take(|| request.clone(), |request| world.answer(request))
            }
            Self::CallbackRs256 => callback(&world, Signed::Rs256, false, turns)?,
            Self::CallbackRs256Userinfo => callback(&world, Signed::Rs256, true, turns)?,
            Self::CallbackEs256 => callback(&world, Signed::Es256, false, turns)?,
            Self::CallbackEs256Userinfo => callback(&world, Signed::Es256, true, turns)?,
            Self::TokensBySecret => tokens(&world, Shown::Secret, turns)?,
            Self::TokensByKey => tokens(&world, Shown::Key, turns)?,
        })
    }
}

fn start(world: &World, token: &str, turns: &Turns) -> Result<Duration> {
    let request = world.start(token)?;
    ensure!(world.answer(request.clone())?.status() == StatusCode::SEE_OTHER, "the start is refused");
    Ok(turns.take(|| request.clone(), |request| world.answer(request)))
}

fn callback(world: &World, signed: Signed, has_userinfo: bool, turns: &Turns) -> Result<Duration> {
    let callback = Callback::new(world, signed, has_userinfo, Shown::Secret)?;
    let attested = callback.attest();
    ensure!(attested.as_ref().is_ok_and(|attested| attested.mismatch.is_none()), "nothing is attested: {attested:?}");
    Ok(turns.take(|| &callback, Callback::attest))
}

fn tokens(world: &World, shown: Shown, turns: &Turns) -> Result<Duration> {
    let callback = Callback::new(world, Signed::Es256, false, shown)?;
    let (code, transaction) = callback.came_back().map_err(|rejected| anyhow!("nobody is back: {rejected:?}"))?;
    ensure!(callback.token_request(&code, &transaction).is_ok(), "the tokens are not asked for");
    Ok(turns.take(|| &callback, |callback| callback.token_request(&code, &transaction)))
}

/// The name, as the command line takes it.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value().ok_or(fmt::Error)?;
        f.pad(value.get_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_does_what_it_is_to_do() {
        for operation in Operation::value_variants() {
            for idle in [false, true] {
                let took = operation.run(&Turns { batches: 1, idle });
                assert!(took.is_ok(), "{operation}: {took:?}");
            }
        }
    }
}
