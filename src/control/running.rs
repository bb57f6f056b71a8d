//! What only the running service knows of itself.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use ring::digest;
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};

use super::reload::Reloads;
use crate::config::sockets::Sockets;
use crate::monitoring::Readiness;
use crate::ops::presence::Presence;
use crate::ops::validity::Validity;
use crate::server::tls::Certificate;

/// The running service.
pub struct Running {
    /// Answers for it at `public_url`.
    pub presence: Arc<Presence>,
    /// Its sockets.
    pub sockets: Sockets,
    /// The certificate that it serves; none if it speaks plain HTTP.
    pub certificate: Option<Arc<Certificate>>,
    /// Where it is reloaded.
    pub reloads: Reloads,
    /// Whether it is ready.
    pub readiness: Arc<Readiness>,
}

impl Running {
    /// The certificate as it is served now.
    #[must_use]
    pub fn served(&self) -> Option<Served> {
        Served::of(&self.certificate.as_ref()?.current())
    }
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
