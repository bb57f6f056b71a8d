//! The algorithms, by their names in JOSE. Names are compared letter by letter.

/// By what a provider may sign (RFC 7518 §3.1, RFC 8037 §3.1). No `none`, and none that would take a public key for a
/// shared secret (RFC 8725 §2.1): what is not here cannot be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// RSA by PKCS #1 version 1.5, with SHA-256.
    Rs256,
    /// RSA by PSS, with SHA-256 and as much salt.
    Ps256,
    /// ECDSA on P-256, with SHA-256.
    Es256,
    /// ECDSA on P-384, with SHA-384.
    Es384,
    /// Ed25519. Ed448, the other one of this name, is not taken.
    EdDsa,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Rs256, Self::Ps256, Self::Es256, Self::Es384, Self::EdDsa];

    /// Its name in `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The one of this `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

/// By what we sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SigningAlgorithm {
    /// RSA by PKCS #1 version 1.5, with SHA-256.
    Rs256,
    /// RSA by PSS, with SHA-256 and as much salt.
    Ps256,
    /// ECDSA on P-256, with SHA-256.
    Es256,
}

impl SigningAlgorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Ps256, Self::Es256];

    /// Its name in `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }
}
