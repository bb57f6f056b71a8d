//! How many logins a browser carries at once: it sends the cookies of all of them with every request, and servers refuse
//! a head that is too long, nginx and Apache from 8 KiB on. So a start takes away what there is no room for beside its own.

use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};

use super::cookie::{Name, Ours};
use super::{App, cookie};
use crate::verification::session::Phase;
use crate::verification::session::id::SessionId;
use crate::verification::spent::Use;
use crate::verification::time::Timestamp;

/// What the cookies may have in bytes, those of others included; some are left for what others add later.
const ROOM: usize = 7 * 1024;

/// What a session's cookie is still good for, by which those go that are good for less.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    /// Nothing: its login is over, or another session used its token, or it is no session at all.
    Nothing,
    /// The session has ended. What is left is the way back, once more.
    Ended(Timestamp),
    /// Somebody may be at it in another tab.
    Living(Timestamp),
}

/// A cookie of ours that the browser holds.
struct Held<'h> {
    cookie: Ours<'h>,
    /// Of which session it is, if that can be told.
    session: Option<SessionId>,
    worth: Worth,
}

/// Headers that take away the cookies of `headers` that have no room beside new ones of such a `length`: what is over first,
/// then what has ended, then what began first; all cookies of a session together. Only browsers that bring many are looked
/// at more closely.
pub(super) fn make(app: &App, headers: &HeaderMap, length: usize, now: Timestamp) -> Vec<HeaderValue> {
    let brought: usize = headers.get_all(header::COOKIE).iter().map(HeaderValue::len).sum();
    let mut excess = (brought + length).saturating_sub(ROOM);
    if excess == 0 {
        return Vec::new();
    }
    let mut ours = held(app, headers, now);
    ours.sort_by_key(|held| held.session);
    let mut logins: Vec<_> = ours
        .chunk_by(|one, other| one.session == other.session)
        .map(|login| (login.iter().map(|held| &held.worth).max(), login))
        .collect();
    logins.sort_by_key(|(worth, _)| *worth);
    let mut gone = Vec::new();
    for (worth, login) in logins {
        if excess == 0 && worth != Some(&Worth::Nothing) {
            break;
        }
        for Held { cookie, .. } in login {
            excess = excess.saturating_sub(cookie.length);
            gone.push(cookie::take_away(app, cookie.name));
        }
    }
    gone
}

/// The cookies of ours, each with its worth. What is beside a session has none of its own.
fn held<'h>(app: &App, headers: &'h HeaderMap, now: Timestamp) -> Vec<Held<'h>> {
    let mut sessions = 0;
    let held = cookie::ours(app, headers).map(|cookie| {
        let Name::Session(id) = cookie.name else {
            return Held { session: cookie::session_of(app, &cookie), cookie, worth: Worth::Nothing };
        };
        sessions += 1;
        let worth = if sessions <= cookie::OPENED { worth(app, id, cookie.sealed, now) } else { Worth::Nothing };
        Held { cookie, session: Some(id), worth }
    });
    held.collect()
}

fn worth(app: &App, id: SessionId, sealed: &[u8], now: Timestamp) -> Worth {
    let session = cookie::open(app, id, sealed).filter(|session| session.phase(now) != Phase::Over);
    let Some(session) = session else { return Worth::Nothing };
    match app.store.token_use(session.issued_at, session.token_id) {
        Ok(Use::Claimed(other) | Use::Concluded(other, _)) if other != id => Worth::Nothing,
        Ok(Use::Concluded(..)) => Worth::Ended(session.issued_at),
        Ok(Use::Claimed(_) | Use::Unused) | Err(_) => Worth::Living(session.issued_at),
    }
}
