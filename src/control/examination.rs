//! What the running service tells the doctor about itself.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use ring::digest;
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};

use super::{Office, OperationError};
use crate::config::listen::Sockets;
use crate::ops::presence::Presence;
use crate::ops::validity::Validity;
use crate::store::space::space;

/// What only the running service knows of itself.
pub struct Running {
    /// Answers for it at `public_url`.
    pub presence: Arc<Presence>,
    /// Its sockets.
    pub sockets: Sockets,
    /// The certificate that it serves; none if it speaks plain HTTP.
    pub certificate: Option<Served>,
}

/// A certificate chain as it is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// SHA-256 of the whole chain, in hexadecimal digits.
    pub digest: String,
    /// When it is good.
    pub validity: Validity,
}

impl Served {
    /// That of `certified`; none if that is not X.509.
    #[must_use]
    pub fn of(certified: &CertifiedKey) -> Option<Self> {
        let mut digest = digest::Context::new(&digest::SHA256);
        certified.cert.iter().for_each(|certificate| digest.update(certificate));
        let digest = HEXLOWER.encode(digest.finish().as_ref());
        Some(Self { digest, validity: Validity::of(&certified.cert)? })
    }
}

/// The service about itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Examination {
    /// Its version.
    pub version: String,
    /// The `public_url` that it was started with.
    pub public_url: String,
    /// What to ask at `public_url`.
    pub word: String,
    /// What the service, and nobody else, answers to it.
    pub answer: String,
    /// Its sockets.
    pub sockets: Sockets,
    /// The certificate that it serves; none if it speaks plain HTTP.
    pub certificate: Option<Served>,
    /// Why the store takes no change; none if it does.
    pub unwritable: Option<String>,
    /// Why the store does not read; none if it does.
    pub unreadable: Option<String>,
    /// The size of the store's file in bytes.
    pub store_bytes: Option<u64>,
    /// The bytes that are free beside it.
    pub free_bytes: Option<u64>,
}

impl Office {
    /// The running service about itself. Changes nothing but what proves that the store takes changes.
    pub(super) async fn examine(&self) -> Result<Examination, OperationError> {
        let running = self.running.as_ref().ok_or(OperationError::NotRunning)?;
        let appointment = running.presence.appoint(self.clock.now());
        let read = self.config.tenants.iter().try_for_each(|tenant| {
            self.store.subjects(&tenant.domain, None, 1)?;
            self.store.desks(&tenant.domain, None, 1).map(drop)
        });
        let space = space(&self.config.store_path).ok();
        Ok(Examination {
            version: env!("CARGO_PKG_VERSION").into(),
            public_url: self.config.public_url.to_string(),
            word: appointment.word,
            answer: appointment.answer,
            sockets: running.sockets.clone(),
            certificate: running.certificate.clone(),
            unwritable: self.store.prove_writable().await.err().map(|error| error.to_string()),
            unreadable: read.err().map(|error| error.to_string()),
            store_bytes: space.map(|space| space.file),
            free_bytes: space.map(|space| space.free),
        })
    }
}
