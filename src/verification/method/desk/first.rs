//! What earlier versions kept. The first did not know from which account a code was issued, nor which wrong codes were
//! typed.

use serde::Deserialize;

use super::code::CodeHash;
use crate::verification::account::Account;
use crate::verification::time::Timestamp;

#[derive(Deserialize)]
pub(crate) struct Standing {
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
pub(crate) struct Vouch {
    by: String,
    issued_at: Timestamp,
    note: Option<String>,
}

impl From<Standing> for super::Standing {
    fn from(Standing { wrong, code }: Standing) -> Self {
        Self { wrong, code: code.map(Into::into), tried: Vec::new() }
    }
}

impl From<IssuedCode> for super::IssuedCode {
    fn from(IssuedCode { hash, expires_at, vouch }: IssuedCode) -> Self {
        Self { hash, expires_at, vouch: vouch.into() }
    }
}

impl From<Vouch> for super::Vouch {
    fn from(Vouch { by, issued_at, note }: Vouch) -> Self {
        Self { by, account: Account::Unrecorded, issued_at, note }
    }
}
