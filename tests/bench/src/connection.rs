//! The generator's side of one connection.

use crate::product::HOST;
use crate::request::{Body, Check};
use crate::tls::{self, Identity};
use anyhow::{Result, ensure};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, HandshakeKind};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

/// A server's address, and how to speak to it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    address: SocketAddr,
    protocol: Protocol,
    tls: Arc<ClientConfig>,
    /// The kind of handshake of every connection but the first.
    handshake: HandshakeKind,
}

impl Endpoint {
    /// Connections that never resume one another.
    pub(crate) fn full(address: SocketAddr, protocol: Protocol, identity: &Identity) -> Result<Self> {
        let tls = identity.client(alpn(protocol), Resumption::disabled())?;
        Ok(Self { address, protocol, tls, handshake: HandshakeKind::Full })
    }

    /// HTTP/1.1 connections each of which resumes the one before.
    pub(crate) fn resumed(address: SocketAddr, identity: &Identity) -> Result<Self> {
        let tls = identity.client(tls::HTTP1, Resumption::in_memory_sessions(2))?;
        Ok(Self { address, protocol: Protocol::Http1, tls, handshake: HandshakeKind::Resumed })
    }

    /// The first connection, whose handshake is always a full one.
    pub(crate) async fn connect(&self) -> Result<Connection> {
        self.handshake(HandshakeKind::Full).await
    }

    /// Another connection. Any other kind of handshake than this endpoint's is a failure.
    pub(crate) async fn connect_again(&self) -> Result<Connection> {
        self.handshake(self.handshake).await
    }

    async fn handshake(&self, expected: HandshakeKind) -> Result<Connection> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(ServerName::try_from(HOST)?, stream).await?;
        let done = stream.get_ref().1.handshake_kind();
        ensure!(done == Some(expected), "handshake {done:?} instead of {expected:?}");
        let stream = TokioIo::new(stream);
        Ok(match self.protocol {
            Protocol::Http1 => {
                let (sender, connection) = http1::handshake(stream).await?;
                tokio::spawn(connection);
                Connection::Http1(sender)
            }
            Protocol::Http2 => {
                let (sender, connection) = http2::handshake(TokioExecutor::new(), stream).await?;
                tokio::spawn(connection);
                Connection::Http2(sender)
            }
        })
    }
}

/// An open connection: it closes when dropped.
pub(crate) enum Connection {
    Http1(http1::SendRequest<Body>),
    Http2(http2::SendRequest<Body>),
}

impl Connection {
    /// Whether the server has ended it.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Http1(sender) => sender.is_closed(),
            Self::Http2(sender) => sender.is_closed(),
        }
    }

    /// Sends one request and gives the answer's head and body, the latter still to be read.
    pub(crate) async fn send(&mut self, request: Request<Body>) -> hyper::Result<Response<Incoming>> {
        match self {
            Self::Http1(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
            Self::Http2(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
        }
    }

    /// Sends one request and reads the whole answer. The outer error is a lost connection, the inner one a wrong
    /// answer.
    pub(crate) async fn exchange(&mut self, request: Request<Body>, check: Check) -> Result<Result<(), String>> {
        let mut answer = self.send(request).await?;
        let verdict = check(&answer);
        while let Some(frame) = answer.body_mut().frame().await {
            frame?;
        }
        Ok(verdict)
    }

    /// Handles that use one connection at once: as many streams on HTTP/2, and one on HTTP/1.1.
    pub(crate) fn streams(self, count: usize) -> Vec<Self> {
        match self {
            Self::Http1(_) => vec![self],
            Self::Http2(sender) => vec![sender; count].into_iter().map(Self::Http2).collect(),
        }
    }
}

fn alpn(protocol: Protocol) -> &'static [u8] {
    match protocol {
        Protocol::Http1 => tls::HTTP1,
        Protocol::Http2 => tls::HTTP2,
    }
}
