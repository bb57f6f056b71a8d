//! Files with secrets that commands make.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::anyhow;
use serde_json::json;

use super::output;
use crate::ops::file;

/// Makes the file `path` of `bytes`, which its owner alone may read, and says so with what comes `next`. What is there
/// already is left as it is; the error says what to do `instead`.
pub(super) fn make(path: &Path, bytes: &[u8], next: &str, instead: &str, json: bool) -> anyhow::Result<()> {
    file::make(path, bytes, 0o600).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow!("{} exists and is left as it is; {instead}", path.display()),
        _ => anyhow::Error::new(error).context(format!("cannot make {}", path.display())),
    })?;
    if json {
        output::json(&json!({ "file": path }))?;
    } else {
        output::line(&format!("Made {}. {next}", path.display()))?;
    }
    Ok(())
}
