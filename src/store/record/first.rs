//! The records that the first version wrote otherwise: it did not know from which account a code was issued, nor which
//! wrong codes were typed.

use serde::Deserialize;

use super::{CheckRecord, Evidence};
use crate::verification::account::Account;
use crate::verification::method::desk::{self, CodeHash};
use crate::verification::outcome::Status;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

#[derive(Deserialize)]
pub(super) struct Check {
    subject: Subject,
    at: Timestamp,
    status: Status,
    evidence: FirstEvidence,
    previous: Option<u64>,
}

#[derive(Deserialize)]
enum FirstEvidence {
    Vouch(Vouch),
    WrongCodes,
    Simulated,
}

#[derive(Deserialize)]
pub(super) struct Desk {
    wrong: u8,
    code: Option<IssuedCode>,
}

#[derive(Deserialize)]
struct IssuedCode {
    hash: CodeHash,
    expires_at: Timestamp,
    vouch: Vouch,
}

#[derive(Deserialize)]
struct Vouch {
    by: String,
    issued_at: Timestamp,
    note: Option<String>,
}

impl From<Check> for CheckRecord {
    fn from(Check { subject, at, status, evidence, previous }: Check) -> Self {
        let evidence = match evidence {
            FirstEvidence::Vouch(vouch) => Evidence::Vouch(vouch.into()),
            FirstEvidence::WrongCodes => Evidence::WrongCodes,
            FirstEvidence::Simulated => Evidence::Simulated,
        };
        Self { subject, at, status, evidence, previous }
    }
}

impl From<Desk> for desk::Desk {
    fn from(Desk { wrong, code }: Desk) -> Self {
        Self { wrong, code: code.map(Into::into), tried: Vec::new() }
    }
}

impl From<IssuedCode> for desk::IssuedCode {
    fn from(IssuedCode { hash, expires_at, vouch }: IssuedCode) -> Self {
        Self { hash, expires_at, vouch: vouch.into() }
    }
}

impl From<Vouch> for desk::Vouch {
    fn from(Vouch { by, issued_at, note }: Vouch) -> Self {
        Self { by, account: Account::Unrecorded, issued_at, note }
    }
}
