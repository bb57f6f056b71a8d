//! What the running service tells the doctor about itself.

use serde::{Deserialize, Serialize};

use super::error::OperationError;
use super::method;
use super::office::Office;
use super::reload::Refused;
use super::remark::Remark;
use super::running::Served;
use crate::config::sockets::Sockets;
use crate::evidence::Off;
use crate::ops::presence::{self, Appointment};
use crate::store::StoreError;
use crate::store::space::space;
use crate::verification::method::Kind;

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
    /// The same of its console, at `review.url`; none if it has none.
    #[serde(default)]
    pub console: Option<Appointment>,
    /// Its sockets.
    pub sockets: Sockets,
    /// The certificate that it serves; none if it speaks plain HTTP.
    pub certificate: Option<Served>,
    /// Its last reload, if that was refused.
    #[serde(default)]
    pub reload_refused: Option<Refused>,
    /// Whether the store is being looked through since the start.
    #[serde(default)]
    pub is_store_unexamined: bool,
    /// Why the store takes no change; none if it does.
    pub unwritable: Option<String>,
    /// Why the store does not read; none if it does.
    pub unreadable: Option<String>,
    /// Why no photos are taken in, where some are wanted.
    #[serde(default)]
    pub evidence_off: Option<Remark>,
    /// What of what it holds does not fit the configuration.
    pub remarks: Vec<Remark>,
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
        let of_console = self.config.review.as_ref().map(|_| running.presence.appoint(self.clock.now()));
        let of_console =
            of_console.map(|Appointment { word, answer }| Appointment { word, answer: presence::of_console(&answer) });
        let read = self.config.tenants.iter().try_for_each(|tenant| {
            self.store.subjects(&tenant.domain, None, 1)?;
            let prove_readable = |kind: &Kind| self.store.kept(*kind, &tenant.domain, None, 1).map(drop);
            Kind::KEEPING.iter().try_for_each(prove_readable)
        });
        let traces = self.store.has_kept_traces().then(traces);
        let remarks = read.and_then(|()| method::remarks(self)).map(|remarks| remarks.into_iter().chain(traces));
        let remarks = remarks.map(Iterator::collect::<Vec<_>>);
        let space = space(&self.config.store_path).ok();
        let is_store_unexamined = remarks == Err(StoreError::Unexamined);
        let unwritable = if is_store_unexamined { Ok(()) } else { self.store.prove_writable().await }
            .err()
            .map(|error| error.to_string());
        Ok(Examination {
            version: env!("CARGO_PKG_VERSION").into(),
            public_url: self.config.public_url.to_string(),
            word: appointment.word,
            answer: appointment.answer,
            console: of_console,
            sockets: running.sockets.clone(),
            certificate: running.served(),
            reload_refused: running.reloads.refused(),
            is_store_unexamined,
            unwritable,
            evidence_off: self.evidence.off().filter(|off| *off != Off::Unused).map(remark),
            unreadable: remarks.as_ref().err().filter(|_| !is_store_unexamined).map(ToString::to_string),
            remarks: remarks.unwrap_or_default(),
            store_bytes: space.map(|space| space.file),
            free_bytes: space.map(|space| space.free),
        })
    }
}

fn remark(off: Off) -> Remark {
    Remark { text: format!("no photos are taken in: {off}"), remedy: off.remedy().into() }
}

fn traces() -> Remark {
    Remark {
        text: "unused pages of it may hold traces of who was erased; removing them failed, and is tried again".into(),
        remedy: "the service's log says why; with the service stopped, idv store compact removes them".into(),
    }
}
