//! The service's control socket: one JSON line asks, one answers, one request per connection.

use crate::token::TENANT;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

/// Issues a desk code for the subject.
pub(crate) async fn issue_desk_code(socket: &Path, subject: &str) -> Result<String> {
    let request = json!({ "operation": "desk_issue", "tenant": TENANT, "subject": subject, "by": "bench" });
    let answer = ask(socket, &request).await?;
    let code = answer["code"].as_str().with_context(|| format!("the control socket gave no code: {answer}"))?;
    Ok(code.to_owned())
}

/// Asks for a subject who has a last check.
pub(crate) async fn show_subject(socket: &Path, subject: &str) -> Result<()> {
    let request = json!({ "operation": "subject_show", "tenant": TENANT, "subject": subject });
    let answer = ask(socket, &request).await?;
    ensure!(answer["checks"].get(0).is_some(), "the control socket gave no check: {answer}");
    Ok(())
}

async fn ask(socket: &Path, request: &Value) -> Result<Value> {
    let mut stream = BufReader::new(UnixStream::connect(socket).await?);
    stream.write_all(format!("{request}\n").as_bytes()).await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    serde_json::from_str(&line).with_context(|| format!("the control socket said {line:?}"))
}
