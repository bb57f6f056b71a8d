//! `[egress]`: how the service asks others, as typed and as meant.

use std::path::PathBuf;

use serde::Deserialize;

use super::reader::{Findings, Reader};
use super::secret::Source;
use super::spelling;
use crate::egress::Url;

mod opened;

pub use self::opened::trust;

/// By which way others are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Through `idv egress`, on its socket.
    #[default]
    Socket,
    /// In the service itself, by the same rules.
    Direct,
}

/// How others are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Egress {
    /// By which way.
    pub via: Via,
    /// Where `idv egress` listens.
    pub socket: PathBuf,
    /// Hosts that may have addresses of a private network.
    pub private: Vec<String>,
    /// Where the authorities are that are trusted, PEM; none for the system's.
    pub authorities: Option<Source>,
}

/// The section as typed.
pub(super) struct Typed {
    /// `socket` or `direct`. Default: `socket`.
    via: Via,
    /// Default: where the shipped unit has it.
    socket: String,
    /// Default: none.
    private: Vec<String>,
    /// Default: the system's.
    authorities: Option<Source>,
}

impl Typed {
    /// Reads the section.
    pub(super) fn read(egress: Reader<'_>) -> Self {
        let typed = Self {
            via: egress.optional("via").unwrap_or_default(),
            socket: egress.optional("socket").unwrap_or_else(|| "/run/idv-egress/proxy.sock".into()),
            private: egress.optional("private").unwrap_or_default(),
            authorities: egress.optional("authorities"),
        };
        egress.finish(|_| false);
        typed
    }

    /// What it means; `findings` tells what is wrong.
    pub(super) fn convert(self, findings: &Findings<'_>) -> Egress {
        for text in &self.private {
            if Url::parse(&format!("https://{text}")).is_none_or(|url| url.host() != text) {
                let remedy = spelling::of_host(text).unwrap_or_else(|| "write the bare host in lower case".into());
                findings.add("egress.private", format!("{text:?} is not a host"), remedy);
            }
        }
        Egress { via: self.via, socket: self.socket.into(), private: self.private, authorities: self.authorities }
    }
}
