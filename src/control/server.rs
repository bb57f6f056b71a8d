//! The service's end of the control socket.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use super::asker::{Asked, Asker};
use super::office::Office;
use super::request::{Answer, Request};
use crate::ops::report::Report;
use crate::ops::{account, journal};
use crate::verification::account::Account;
use crate::verification::event::Event;

/// For a request to arrive, and for its answer to leave.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at once of whoever is not root. Each takes a descriptor and the room of a request: without an end to them a
/// member of the group could leave none for logins.
const CONNECTIONS: usize = 64;
/// After a connection that could not be had. A line in the log each time must not be a flood.
const PAUSE: Duration = Duration::from_secs(1);
/// What is answered where there is no seat.
const CROWDED: &[u8] = b"{\"error\":\"too many ask at once; try again in a while\"}\n";

/// Answers on `listener` for as long as the runtime runs, each request in the `office` that is in force when it comes. A connection that cannot be had, for want of descriptors most
/// likely, is waited for.
///
/// # Errors
/// When the listener cannot be used at all.
pub async fn serve(listener: std::os::unix::net::UnixListener, office: Arc<ArcSwap<Office>>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = UnixListener::from_std(listener)?;
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        match listener.accept().await {
            Ok((stream, _)) => seat(stream, &seats, &office),
            Err(error) => {
                Report::ControlNotAccepted(&error).tell();
                sleep(PAUSE).await;
            }
        }
    }
}

/// Has whoever is at `stream` answered, if one of `seats` is free. Root needs none.
fn seat(stream: UnixStream, seats: &Arc<Semaphore>, office: &ArcSwap<Office>) {
    let is_root = stream.peer_cred().is_ok_and(|peer| peer.uid() == 0);
    let seat = if is_root { None } else { seats.clone().try_acquire_owned().ok() };
    if is_root || seat.is_some() {
        let office = office.load_full();
        tokio::spawn(async move {
            answer(stream, office).await;
            drop(seat);
        });
    } else {
        // Whoever does not read it is none the wiser.
        let _ = stream.try_write(CROWDED);
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
    let limit = Request::limit_for(&account);
    let line = timeout(PATIENCE, read_line(reading, limit)).await??;
    let (request, asker) = match understand(&line, limit, account.clone()) {
        Ok(understood) => understood,
        Err(error) => {
            let cause = "not_understood";
            journal::tell(&Event::NotDone { account, operation: None, cause, is_fault: false });
            return send(&mut writing, &Answer::Refused { error }).await;
        }
    };
    drop(line);
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

/// What comes until the end of a line, or of all, and one byte more than `limit` at the most.
async fn read_line(reading: OwnedReadHalf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // In one piece, so that no copy of a secret stays behind when it grows.
    let mut line = Zeroizing::new(Vec::with_capacity(limit + 1));
    let mut reading = reading.take(line.capacity() as u64);
    loop {
        let before = line.len();
        if reading.read_buf(&mut *line).await? == 0 {
            return Ok(line);
        }
        if let Some(end) = line[before..].iter().position(|byte| *byte == b'\n') {
            line.truncate(before + end + 1);
            return Ok(line);
        }
    }
}

/// What `line` asks from `account`, and who. No more than `limit` bytes are a request.
///
/// # Errors
/// What is wrong with it, in words.
fn understand(line: &[u8], limit: usize, account: Account) -> Result<(Request, Asker), String> {
    let not_understood = |error| format!("the request was not understood: {error}");
    let too_long = |limit| format!("the request is longer than {} KiB", limit / 1024);
    if line.len() > limit {
        return Err(too_long(limit));
    }
    let Asked { request, claimed } = serde_json::from_slice(line).map_err(not_understood)?;
    if line.len() > request.limit() {
        return Err(too_long(request.limit()));
    }
    Ok((request, Asker::new(account, claimed).map_err(|error| error.to_string())?))
}

async fn send(writing: &mut OwnedWriteHalf, answer: &Answer) -> io::Result<()> {
    let mut answer = serde_json::to_vec(answer)?;
    answer.push(b'\n');
    timeout(PATIENCE, writing.write_all(&answer)).await??;
    writing.shutdown().await
}
