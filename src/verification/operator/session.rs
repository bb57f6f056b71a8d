//! An operator's session at the console: what its cookie holds, what it is called, and how long it lasts.

use std::fmt;
use std::time::Duration;

use data_encoding::HEXLOWER;
use ring::digest;
use serde::{Deserialize, Serialize};

use super::{OperatorName, Role, Roles, SignIn, SignedInBy};
use crate::verification::bits::{Bits, named};
use crate::verification::record::Record;
use crate::verification::time::Timestamp;

/// How long a session lasts, whatever is done in it.
pub const LIFETIME: Duration = Duration::from_hours(8);
/// For how long after a login that was made for it a supervisor does what supervisors do.
pub const ANEW: Duration = Duration::from_mins(15);

/// How often what is done in a session is noted at the most, which is a commit of the store each time.
const NOTED: Duration = Duration::from_mins(1);

named! {
    /// What the cookie of a session holds: 128 random bits, made anew at every sign-in.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct OperatorToken;
}

/// Names a session: 128 bits of a digest of its token, which is of no use for finding that. People read it as hexadecimal
/// digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OperatorSessionId(Bits);

/// An operator's session, by its [id](OperatorSessionId).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorSessionRecord {
    /// Whose.
    pub operator: OperatorName,
    /// What they may do in it.
    pub roles: Roles,
    /// How they signed in.
    pub by: SignedInBy,
    /// When.
    pub began_at: Timestamp,
    /// When they last did anything in it, [to the minute](Self::is_to_be_noted).
    pub last_act_at: Timestamp,
    /// Their sign-in before this one, if there was one.
    pub before: Option<SignIn>,
}

impl Record for OperatorSessionRecord {}

impl OperatorToken {
    /// Which session it is of.
    #[must_use]
    pub fn session(self) -> OperatorSessionId {
        let mut id = Bits::default();
        let length = id.len();
        id.copy_from_slice(&digest::digest(&digest::SHA256, &self.0).as_ref()[..length]);
        OperatorSessionId(id)
    }
}

impl OperatorSessionId {
    /// Reads an id as [`Display`](fmt::Display) writes it; none if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for OperatorSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for OperatorSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl OperatorSessionRecord {
    /// The instant from which it is over, if nothing more is done in it; `idle` is how long it may rest.
    #[must_use]
    pub fn ends_at(&self, idle: Duration) -> Timestamp {
        self.last_act_at.later(idle).min(self.began_at.later(LIFETIME))
    }

    /// Whether it lasts `now`.
    #[must_use]
    pub fn is_live(&self, idle: Duration, now: Timestamp) -> bool {
        now < self.ends_at(idle)
    }

    /// Whether it is to be noted that something is done in it `now`. What comes soon after what was noted is not, so that a session
    /// is over earlier than `idle` after its last act, by a minute or a tenth of that.
    #[must_use]
    pub fn is_to_be_noted(&self, idle: Duration, now: Timestamp) -> bool {
        self.last_act_at.later(NOTED.min(idle / 10)) <= now
    }

    /// The session once something was done in it `now`; a clock that was put back does not shorten it.
    #[must_use]
    pub fn acted(self, now: Timestamp) -> Self {
        Self { last_act_at: self.last_act_at.max(now), ..self }
    }

    /// Whether links for others may be made in it: by a supervisor, whom the provider knows.
    #[must_use]
    pub fn may_link(&self) -> bool {
        self.roles.include(Role::Supervisor) && self.by.is_by_provider()
    }

    /// Whether it is known `now` that whoever acts in it is still who signed in. A link is good once and comes from whoever
    /// runs the service, who would have to make another for each act: that it was used is all that is known ever.
    #[must_use]
    pub fn is_anew(&self, now: Timestamp) -> bool {
        match self.by {
            SignedInBy::Link => true,
            SignedInBy::Provider => false,
            SignedInBy::Anew => now < self.began_at.later(ANEW),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Duration = Duration::from_mins(30);

    fn session(by: SignedInBy, role: Role) -> OperatorSessionRecord {
        let at = Timestamp::from_unix(1_784_000_000);
        OperatorSessionRecord {
            operator: "ada".to_owned().try_into().unwrap(),
            roles: [role].into_iter().collect(),
            by,
            began_at: at,
            last_act_at: at,
            before: None,
        }
    }

    #[test]
    fn a_session_is_over_half_an_hour_after_its_last_act_and_eight_hours_after_its_first() {
        let mut session = session(SignedInBy::Link, Role::Reviewer);
        let began_at = session.began_at;
        let second = Duration::from_secs(1);
        assert!(session.is_live(IDLE, began_at.later(IDLE).earlier(second)));
        assert!(!session.is_live(IDLE, began_at.later(IDLE)), "from this instant on");
        let mut now = began_at;
        while now.later(IDLE) < began_at.later(LIFETIME) {
            now = now.later(IDLE).earlier(second);
            assert!(session.is_live(IDLE, now));
            session = session.acted(now);
        }
        assert_eq!(session.ends_at(IDLE), began_at.later(LIFETIME));
        assert!(session.is_live(IDLE, began_at.later(LIFETIME).earlier(second)));
        assert!(!session.is_live(IDLE, began_at.later(LIFETIME)));
    }

    #[test]
    fn what_is_done_is_noted_once_a_minute_and_more_often_where_sessions_rest_for_ten_minutes_or_less() {
        let session = session(SignedInBy::Link, Role::Reviewer);
        for (idle_mins, seconds) in [(480, 60), (30, 60), (10, 60), (5, 30), (1, 6)] {
            let idle = Duration::from_mins(idle_mins);
            let is_noted = |after| session.is_to_be_noted(idle, session.last_act_at.later(Duration::from_secs(after)));
            assert_eq!([seconds - 1, seconds].map(is_noted), [false, true], "{idle_mins}");
        }
        assert!(!session.is_to_be_noted(IDLE, session.last_act_at.earlier(IDLE)), "a clock that was put back");
    }

    #[test]
    fn a_clock_that_was_put_back_does_not_shorten_a_session() {
        let session = session(SignedInBy::Link, Role::Reviewer);
        let earlier = session.began_at.earlier(IDLE);
        assert_eq!(session.clone().acted(earlier), session);
    }

    #[test]
    fn links_are_made_by_supervisors_alone_and_not_in_a_session_that_a_link_began() {
        for by in [SignedInBy::Link, SignedInBy::Provider, SignedInBy::Anew] {
            for role in Role::ALL {
                let may = by != SignedInBy::Link && role == Role::Supervisor;
                assert_eq!(session(by, role).may_link(), may, "{by:?} {role:?}");
            }
        }
    }

    #[test]
    fn a_login_that_was_made_for_it_counts_for_a_quarter_of_an_hour_and_one_of_before_for_nothing() {
        let [link, provider, anew] = [SignedInBy::Link, SignedInBy::Provider, SignedInBy::Anew]
            .map(|by| session(by, Role::Supervisor).acted(Timestamp::from_unix(1_784_000_899)));
        let began_at = anew.began_at;
        let last = began_at.later(ANEW).earlier(Duration::from_secs(1));
        assert!(anew.is_anew(began_at) && anew.is_anew(last) && !anew.is_anew(began_at.later(ANEW)));
        assert!(!provider.is_anew(began_at) && link.is_anew(began_at.later(LIFETIME)));
    }

    #[test]
    fn a_session_is_named_by_what_its_token_is_not_found_from() {
        let token = OperatorToken::from_random([7; 16]);
        assert_eq!(
            (OperatorToken::parse(&token.to_string()), format!("{token:?}")),
            (Some(token), "OperatorToken(…)".into())
        );
        let id = token.session();
        assert_ne!(id.0, token.0);
        assert_eq!((id.to_string().len(), OperatorSessionId::parse(&id.to_string())), (32, Some(id)));
        assert_ne!(OperatorToken::from_random([8; 16]).session(), id);
        for bad in ["", "ab", &"AB".repeat(16), &"ab".repeat(17)] {
            assert_eq!(OperatorSessionId::parse(bad), None, "{bad}");
        }
    }
}
