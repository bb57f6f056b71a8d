//! All that is known of one person, handed out or erased.

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::cli::operate::operate;
use crate::cli::{method, output};
use crate::config::Config;
use crate::control::Request;
use crate::ops::file;

/// What the file is called in which all is but photos.
const FILE: &str = "subject.json";

pub(super) fn export(config: &Config, tenant: &str, subject: &str, to: &Path, json: bool) -> anyhow::Result<()> {
    let is_stdout = to == Path::new("-");
    if !is_stdout {
        make(to)?;
    }
    let written = collect(config, tenant, subject, (!is_stdout).then_some(to));
    let exported = written.inspect_err(|_| {
        // Half of it must not be taken for all. The cause is what there is to tell.
        if !is_stdout {
            let _ = std::fs::remove_dir_all(to);
        }
    })?;
    output::aside(
        "This is in clear, and outside of what idv deletes. It names your staff, and has what they noted for each \
                   other: look through it before it is handed on.",
    );
    if is_stdout {
        Ok(output::hand_over_json(&exported)?)
    } else if json {
        Ok(output::json(&json!({ "directory": to }))?)
    } else {
        Ok(output::line(&to.display().to_string())?)
    }
}

/// Nothing is asked for that could not be kept: it is recorded that it was handed out.
fn make(directory: &Path) -> anyhow::Result<()> {
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} exists and is left as it is; name a new directory", directory.display())
        }
        made => made.with_context(|| format!("cannot make {}", directory.display())),
    }
}

/// What is known, with photos in files of `directory`, or within it where there is none.
fn collect(config: &Config, tenant: &str, subject: &str, directory: Option<&Path>) -> anyhow::Result<Value> {
    let (tenant, subject) = (tenant.to_owned(), subject.to_owned());
    let mut exported = operate(config, &Request::SubjectExport { tenant, subject })?;
    let mut photos = Vec::new();
    for (name, photo) in method::photos(config, &exported)? {
        photos.push(match (photo, directory) {
            (Ok(jpeg), Some(directory)) => {
                write(&directory.join(&name), &jpeg)?;
                json!({ "file": name })
            }
            (Ok(jpeg), None) => json!({ "file": name, "jpeg": data_encoding::BASE64.encode(&jpeg) }),
            (Err(problem), _) => {
                output::aside(&format!("{name} is missing: {problem}"));
                json!({ "file": name, "missing": problem })
            }
        });
    }
    exported["photos"] = json!(photos);
    if let Some(directory) = directory {
        let text = serde_json::to_string_pretty(&exported)? + "\n";
        write(&directory.join(FILE), text.as_bytes())?;
    }
    Ok(exported)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    file::make(path, bytes, 0o600).with_context(|| format!("cannot make {}", path.display()))
}

pub(super) fn erase(config: &Config, request: &Request, json: bool) -> anyhow::Result<()> {
    let answer = operate(config, request)?;
    if json {
        return Ok(output::json(&answer)?);
    }
    let count = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or_default();
    if answer.get("erased").and_then(Value::as_bool).unwrap_or_default() {
        output::line(&format!("Erased, with {} checks and {} photos.", count("checks"), count("photos")))?;
        output::aside("Auth0 has what it knows of them: delete the user there too, or what idv left in app_metadata.");
        output::aside(
            "Backups have them until they are deleted. Restored here, they bring back nobody who was erased.",
        );
    } else {
        output::line("They were erased before, and nothing is known of them.")?;
    }
    let texts = |name: &str| answer.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    for left in texts("left").iter().filter_map(Value::as_str) {
        output::aside(&format!("Still to be done: {left}."));
    }
    for copy in texts("copies").iter().filter_map(Value::as_str) {
        output::aside(&format!("{copy} is the store as it was once, and may have them: remove it."));
    }
    Ok(())
}
