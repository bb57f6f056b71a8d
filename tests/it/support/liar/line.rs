//! The provider's HTTPS on loopback: HTTP/1.1, a thread of its own, a certificate of an authority of its own.

use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::thread;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::provider::{Provider, Reply};
use super::{Liar, Manner};
use crate::support::slowly::Slowly;

/// Opens a port, and serves there what `provider` makes of its address.
pub(super) fn open(provider: impl FnOnce(&str) -> Provider) -> Liar {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let issuer = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (tls, authority) = certified();
    let provider = Arc::new(Mutex::new(provider(&issuer)));
    let (sender, stopped) = oneshot::channel();
    let shared = provider.clone();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(serve(listener, tls, shared, stopped));
    });
    Liar { issuer, authority, provider, _stop: sender }
}

/// TLS for `localhost`, and the authority's certificate in PEM.
fn certified() -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}

async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    provider: Arc<Mutex<Provider>>,
    mut stopped: oneshot::Receiver<()>,
) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            Ok((stream, _)) = listener.accept() => drop(tokio::spawn(converse(stream, tls.clone(), provider.clone()))),
        }
    }
}

/// A connection to its end, whatever that is.
async fn converse(stream: TcpStream, tls: TlsAcceptor, provider: Arc<Mutex<Provider>>) {
    let Ok(stream) = tls.accept(stream).await else { return };
    let service = service_fn(move |request| answer(request, provider.clone()));
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, provider: Arc<Mutex<Provider>>) -> io::Result<Response<Slowly>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let (reply, manner) = {
        let mut provider = provider.lock().unwrap_or_else(PoisonError::into_inner);
        let manner = provider.manners.iter().rfind(|(path, _)| *path == parts.uri.path()).map(|(_, manner)| *manner);
        (provider.answer(parts.method.as_str(), target, &parts.headers, &body), manner)
    };
    let mut drip = None;
    match manner {
        None => {}
        Some(Manner::Late(time)) => tokio::time::sleep(time).await,
        Some(Manner::Drip(time)) => drip = Some(tokio::time::interval(time)),
        Some(Manner::Never) => std::future::pending().await,
        Some(Manner::Gone) => return Err(io::ErrorKind::ConnectionReset.into()),
    }
    let Reply { status, headers, body } = reply;
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let body = match drip {
        None => Slowly::whole(body, |_| Poll::Ready(())),
        Some(mut drip) => Slowly::new(body, 1, move |context| drip.poll_tick(context).map(drop)),
    };
    Ok(response.body(body).unwrap())
}
