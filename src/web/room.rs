//! How many logins a browser carries at once: it sends the cookies of all of them with every request, and servers refuse
//! a head that is too long, nginx and Apache from 8 KiB on. So a start takes away what there is no room for beside its own.

use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};

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

/// Headers that take away the cookies of `headers` that have no room beside `new`: what is over first, then what has
/// ended, then what began first. Only browsers that bring many are looked at more closely.
pub(super) fn make(app: &App, headers: &HeaderMap, new: &HeaderValue, now: Timestamp) -> Vec<HeaderValue> {
    let brought: usize = headers.get_all(header::COOKIE).iter().map(HeaderValue::len).sum();
    let mut excess = (brought + new.len()).saturating_sub(ROOM);
    if excess == 0 {
        return Vec::new();
    }
    let mut ours: Vec<_> = cookie::ours(app, headers)
        .enumerate()
        .map(|(place, (id, sealed))| {
            let worth = if place < cookie::OPENED { worth(app, id, sealed, now) } else { Worth::Nothing };
            (worth, SessionId::TEXT_LENGTH + sealed.len(), id)
        })
        .collect();
    ours.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
    let mut gone = Vec::new();
    for (worth, length, id) in ours {
        if excess == 0 && worth != Worth::Nothing {
            break;
        }
        excess = excess.saturating_sub(length);
        gone.push(cookie::take_away(app, id));
    }
    gone
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
