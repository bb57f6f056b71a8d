//! The page behind a start, where the person chooses a method.

use crate::arguments::Arguments;
use crate::comparison::{Case, Comparison, Contest};
use crate::connection::{Endpoint, Protocol};
use crate::load::Lines;
use crate::machine;
use crate::request::{Body, is_page, page};
use crate::session;
use crate::tls::Identity;
use crate::token::Signer;
use anyhow::Result;
use hyper::Request;
use std::net::SocketAddr;

const CONNECTIONS: usize = 16;
const SESSIONS: usize = 256;

pub(crate) fn measure(contest: Contest, identity: &Identity, signer: &Signer, arguments: &Arguments) -> Result<()> {
    let mut comparison = Comparison::new("The page of a session", "request", contest, arguments);
    comparison.measure(Case {
        name: "HTTP/1.1, 16 connections",
        requests: sessions(contest.idv.address, identity, signer)?,
        check: is_page,
        lines: &|address| {
            let endpoint = Endpoint::full(address, Protocol::Http1, identity)?;
            Ok(Lines::Kept { endpoint, connections: CONNECTIONS, streams: 1 })
        },
    })?;
    comparison.print();
    Ok(())
}

/// Requests for the pages of so many sessions, each begun here.
fn sessions(address: SocketAddr, identity: &Identity, signer: &Signer) -> Result<Vec<Request<Body>>> {
    let endpoint = Endpoint::full(address, Protocol::Http1, identity)?;
    let runtime = machine::runtime()?;
    runtime.block_on(async {
        let mut connection = endpoint.connect().await?;
        let mut requests = Vec::new();
        for _ in 0..SESSIONS {
            let session = session::begin(&mut connection, &signer.arrival()?).await?;
            requests.push(page(Protocol::Http1, &session.path, Some(&session.cookie))?);
        }
        Ok(requests)
    })
}
