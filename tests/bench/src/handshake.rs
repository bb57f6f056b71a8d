//! New connections: a handshake and one start on each.

use crate::arguments::Arguments;
use crate::comparison::{Case, Comparison, Contest};
use crate::connection::{Endpoint, Protocol};
use crate::load::Lines;
use crate::request::{is_start, starts};
use crate::tls::Identity;
use crate::token::Signer;
use anyhow::Result;

const TOKENS: usize = 4_096;
/// Enough that the server always has a handshake to do.
const AT_ONCE: usize = 16;

pub(crate) fn measure(contest: Contest, identity: &Identity, signer: &Signer, arguments: &Arguments) -> Result<()> {
    let mut comparison =
        Comparison::new("New connections, HTTP/1.1, one start on each", "connection", contest, arguments);
    comparison.measure(Case {
        name: "full handshake, 16 at once",
        requests: starts(signer, Protocol::Http1, TOKENS)?,
        check: is_start,
        lines: &|address| {
            let endpoint = Endpoint::full(address, Protocol::Http1, identity)?;
            Ok(Lines::New(vec![endpoint; AT_ONCE]))
        },
    })?;
    comparison.measure(Case {
        name: "resumed, 16 at once",
        requests: starts(signer, Protocol::Http1, TOKENS)?,
        check: is_start,
        lines: &|address| {
            let endpoints = (0..AT_ONCE).map(|_| Endpoint::resumed(address, identity));
            Ok(Lines::New(endpoints.collect::<Result<_>>()?))
        },
    })?;
    comparison.print();
    Ok(())
}
