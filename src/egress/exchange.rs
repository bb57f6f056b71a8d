//! One request and its answer over a connection, by HTTP/1.1.

use std::error::Error;
use std::pin::pin;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::ask::{self, Ask, Reply};
use super::unreached::Unreached;

/// The longest body that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 64 * 1024;
/// The longest head that is read, in bytes.
const HEAD_LIMIT: usize = 32 * 1024;
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("idv/", env!("CARGO_PKG_VERSION")));

/// What is answered to `ask` over `stream`, which is of no use afterwards.
pub(super) async fn exchange<S>(stream: S, ask: Ask) -> Result<Reply, Unreached>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let request = request(ask)?;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD_LIMIT)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| of_http(&error))?;
    let mut answered = pin!(async {
        let response = sender.send_request(request).await.map_err(|error| of_http(&error))?;
        read(response).await
    });
    tokio::select! {
        biased;
        answered = &mut answered => answered,
        // What has come until then may be the whole answer.
        _ = connection => answered.await,
    }
}

fn request(ask: Ask) -> Result<Request<Full<Bytes>>, Unreached> {
    let method = match ask.method {
        ask::Method::Get => Method::GET,
        ask::Method::Post => Method::POST,
    };
    let mut request = Request::new(Full::new(ask.body));
    *request.method_mut() = method;
    *request.uri_mut() = ask.url.target().parse().map_err(|_| Unreached::Malformed)?;
    *request.headers_mut() = ask.headers;
    let host = HeaderValue::try_from(ask.url.authority()).map_err(|_| Unreached::Malformed)?;
    request.headers_mut().extend([
        (header::HOST, host),
        (header::USER_AGENT, USER_AGENT),
        (header::ACCEPT_ENCODING, HeaderValue::from_static("identity")),
        (header::CONNECTION, HeaderValue::from_static("close")),
    ]);
    Ok(request)
}

async fn read(response: Response<Incoming>) -> Result<Reply, Unreached> {
    let (head, body) = response.into_parts();
    let status = head.status.as_u16();
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(Unreached::TooLong { status });
    }
    match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => Ok(Reply::of(status, &head.headers, body.to_bytes())),
        Err(error) => match error.downcast_ref::<hyper::Error>() {
            Some(error) => Err(of_http(error)),
            None => Err(Unreached::TooLong { status }),
        },
    }
}

/// What a failure of hyper's comes from.
fn of_http(error: &hyper::Error) -> Unreached {
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    match io.and_then(std::io::Error::get_ref).and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(error) => Unreached::Tls(error.clone()),
        None if error.is_parse() => Unreached::Malformed,
        None => Unreached::BrokenOff,
    }
}
