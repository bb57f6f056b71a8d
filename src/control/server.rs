//! The service's end of the control socket.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::time::{sleep, timeout};

use super::asker::{Asked, Asker};
use super::office::Office;
use super::request::{Answer, Request};
use crate::ops::account;
use crate::ops::report::Report;
use crate::verification::account::Account;

/// The longest request, in bytes.
const LIMIT: u64 = 64 * 1024;
/// For a request to arrive, and for its answer to leave.
const PATIENCE: Duration = Duration::from_secs(10);
/// After a connection that could not be had. A line in the log each time must not be a flood.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers on `listener` for as long as the runtime runs. A connection that cannot be had, for want of descriptors most
/// likely, is waited for.
///
/// # Errors
/// When the listener cannot be used at all.
pub async fn serve(listener: std::os::unix::net::UnixListener, office: Arc<Office>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = UnixListener::from_std(listener)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => _ = tokio::spawn(answer(stream, office.clone())),
            Err(error) => {
                Report::ControlNotAccepted(&error).tell();
                sleep(PAUSE).await;
            }
        }
    }
}

async fn answer(stream: UnixStream, office: Arc<Office>) {
    if let Err(error) = converse(stream, &office).await {
        Report::ControlFailed(&error).tell();
    }
}

async fn converse(stream: UnixStream, office: &Office) -> io::Result<()> {
    let account = account::of(stream.peer_cred()?.uid());
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    timeout(PATIENCE, BufReader::new(reading.take(LIMIT)).read_line(&mut line)).await??;
    let (request, asker) = match read(&line, account) {
        Ok(understood) => understood,
        Err(error) => return send(&mut writing, &Answer::Refused { error }).await,
    };
    let revocation = request.revocation();
    let answered = match timeout(request.patience(), office.perform(request, asker.clone())).await {
        Ok(Ok(done)) => send(&mut writing, &Answer::Done(done)).await,
        Ok(Err(error)) => return send(&mut writing, &Answer::Refused { error: error.to_string() }).await,
        Err(late) => Err(late.into()),
    };
    // Whoever asked went away meanwhile, or it took too long: a code that nobody saw is not left alive.
    if let (Err(_), Some(revocation)) = (&answered, revocation) {
        office.perform(revocation, asker).await.map_err(io::Error::other)?;
    }
    answered
}

/// What `line` asks from `account`, and who.
///
/// # Errors
/// What is wrong with it, in words.
fn read(line: &str, account: Account) -> Result<(Request, Asker), String> {
    let not_understood = |error| format!("the request was not understood: {error}");
    let Asked { request, claimed } = serde_json::from_str(line).map_err(not_understood)?;
    Ok((request, Asker::new(account, claimed).map_err(|error| error.to_string())?))
}

async fn send(writing: &mut OwnedWriteHalf, answer: &Answer) -> io::Result<()> {
    let mut answer = serde_json::to_vec(answer)?;
    answer.push(b'\n');
    timeout(PATIENCE, writing.write_all(&answer)).await??;
    writing.shutdown().await
}
