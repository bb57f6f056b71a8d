//! A session begun before the clock runs, for the requests behind a start.

use crate::connection::{Connection, Protocol};
use crate::request::{is_start, page};
use crate::token::Arrival;
use anyhow::{Context, Result};
use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{LOCATION, SET_COOKIE};

/// What the answer to a start gives a browser.
pub(crate) struct Session {
    /// `/session/SID`.
    pub(crate) path: String,
    /// `NAME=VALUE`, as the browser sends it back.
    pub(crate) cookie: String,
}

/// Starts over an HTTP/1.1 connection.
pub(crate) async fn begin(connection: &mut Connection, arrival: &Arrival) -> Result<Session> {
    let answer = connection.send(page(Protocol::Http1, &arrival.target, None)?).await?;
    let session = read(&answer)?;
    answer.into_body().collect().await?;
    Ok(session)
}

/// What an answer to a start says.
pub(crate) fn read(answer: &Response<Incoming>) -> Result<Session> {
    is_start(answer).map_err(anyhow::Error::msg).context("a start failed")?;
    let location = answer.headers()[LOCATION].to_str()?;
    let path = location.find("/session/").map(|at| location[at..].to_owned());
    let cookie = answer.headers()[SET_COOKIE].to_str()?.split(';').next().unwrap_or_default().to_owned();
    Ok(Session { path: path.with_context(|| format!("a start led to {location}"))?, cookie })
}
