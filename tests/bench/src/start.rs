//! Starts over connections that stay open: the way in of every login.

use crate::arguments::Arguments;
use crate::comparison::{Case, Comparison, Contest};
use crate::connection::{Endpoint, Protocol};
use crate::load::Lines;
use crate::request::{is_start, starts};
use crate::tls::Identity;
use crate::token::Signer;
use anyhow::Result;

/// A start writes nothing, so that each token can be presented again and again.
const TOKENS: usize = 4_096;

const CASES: [(&str, Protocol, usize, usize); 5] = [
    ("HTTP/1.1, 1 connection", Protocol::Http1, 1, 1),
    ("HTTP/1.1, 16 connections", Protocol::Http1, 16, 1),
    ("HTTP/1.1, 64 connections", Protocol::Http1, 64, 1),
    ("HTTP/2, 16 connections × 1 stream", Protocol::Http2, 16, 1),
    ("HTTP/2, 4 connections × 16 streams", Protocol::Http2, 4, 16),
];

pub(crate) fn measure(contest: Contest, identity: &Identity, signer: &Signer, arguments: &Arguments) -> Result<()> {
    let comparison = Comparison::new("Starts, keep-alive", "request", contest, arguments);
    compare(comparison, &[Protocol::Http1, Protocol::Http2], identity, signer)
}

/// The same beside Node, whose express speaks HTTP/1.1 alone.
pub(crate) fn measure_beside_node(
    contest: Contest,
    identity: &Identity,
    signer: &Signer,
    arguments: &Arguments,
) -> Result<()> {
    let comparison = Comparison::new("Starts, keep-alive, beside Node", "request", contest, arguments);
    compare(comparison, &[Protocol::Http1], identity, signer)
}

fn compare(mut comparison: Comparison, protocols: &[Protocol], identity: &Identity, signer: &Signer) -> Result<()> {
    for (name, protocol, connections, streams) in CASES {
        if !protocols.contains(&protocol) {
            continue;
        }
        comparison.measure(Case {
            name,
            requests: starts(signer, protocol, TOKENS)?,
            check: is_start,
            lines: &|address| {
                let endpoint = Endpoint::full(address, protocol, identity)?;
                Ok(Lines::Kept { endpoint, connections, streams })
            },
        })?;
    }
    comparison.print();
    Ok(())
}
