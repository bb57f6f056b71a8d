//! The command line's end of the control socket.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::asker::Asked;
use super::request::{Answer, Request};

/// For the way there and back, beyond what the request itself may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer, in bytes: several times a page of a listing whose every text is as long as can be.
const LIMIT: u64 = 16 * 1024 * 1024;

/// The service's answer to `request`, from whoever `claimed` says; none if no service listens on `socket`.
///
/// # Errors
/// When the socket may not be used, or the service breaks off.
pub fn ask(socket: &Path, request: &Request, claimed: Option<&str>) -> io::Result<Option<Answer>> {
    let mut stream = match UnixStream::connect(socket) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    stream.set_read_timeout(Some(request.patience() + PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let asked = Asked { request: request.clone(), claimed: claimed.map(Into::into) };
    let line = asked.line()?;
    if line.len() > request.limit() {
        let error =
            format!("this would be a message of {} bytes, and the service takes {}", line.len(), request.limit());
        return Err(io::Error::other(error));
    }
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream.take(LIMIT)).read_line(&mut answer)?;
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    Ok(Some(match answer.get("error").and_then(serde_json::Value::as_str) {
        Some(error) => Answer::Refused { error: error.to_owned() },
        None => Answer::Done(answer),
    }))
}
