//! What is told apart among what is counted: closed lists, so that nobody outside can make one longer.

use hyper::StatusCode;

use crate::verification::outcome::Status;

/// A list of labels: its members, their names, and their places in what is counted by them.
macro_rules! labels {
    ($(#[$of:meta])* $list:ident { $($(#[$doc:meta])* $label:ident = $name:literal,)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $list {
            $($(#[$doc])* $label,)*
        }

        impl $list {
            /// All of them, each at its place.
            pub const ALL: &[Self] = &[$(Self::$label,)*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$label => $name,)*
                }
            }
        }
    };
}

labels! {
    /// What a request is for.
    Route {
        /// Auth0 sends a person.
        Start = "start",
        /// A page of a login.
        Page = "page",
        /// What a person submits there.
        Form = "form",
        /// Somebody comes back from a provider.
        Callback = "callback",
        /// What pages load.
        Asset = "asset",
        /// Whether the service is ready, for load balancers.
        Health = "health",
        /// Anything else, what does not exist included.
        Other = "other",
    }
}

labels! {
    /// How a request was answered, by the hundreds of its status.
    Class {
        /// It was done.
        Done = "2xx",
        /// It goes on elsewhere.
        Elsewhere = "3xx",
        /// It was not in order.
        Theirs = "4xx",
        /// We could not.
        Ours = "5xx",
    }
}

labels! {
    /// What came of a start.
    Start {
        /// The person has a session.
        Accepted = "accepted",
        /// They have a page that says why not.
        Refused = "refused",
    }
}

labels! {
    /// Why a request was refused, as the log counts it too.
    Reason {
        /// No such page.
        NotFound = "not_found",
        /// Not by this method.
        Method = "method",
        /// It cannot be read.
        Malformed = "malformed",
        /// Readers would differ about it.
        Ambiguous = "ambiguous",
        /// One of its parts is too long.
        TooLong = "too_long",
        /// Another site caused it.
        CrossSite = "cross_site",
        /// A provider's answer that belongs to no session.
        Answer = "answer",
        /// A provider's answer in a session.
        AnswerInSession = "answer_in_session",
        /// The token is none.
        MalformedToken = "malformed_token",
        /// The token is of nobody who may ask.
        Issuer = "issuer",
        /// The token is of a tenant's host that is not listed.
        UnlistedHost = "unlisted_host",
        /// The token's signature is wrong.
        Signature = "signature",
        /// The token says something that cannot be.
        Claim = "claim",
        /// The token is of the future.
        NotYetValid = "not_yet_valid",
        /// The token is of the past.
        Expired = "expired",
        /// The state is none of Auth0's.
        State = "state",
        /// The token was used.
        Used = "used",
        /// The same person, too often.
        TooOften = "too_often",
        /// Without the session's cookie.
        NoSession = "no_session",
        /// The login at Auth0 is over.
        LoginOver = "login_over",
        /// From before the store was restored.
        BeforeRestore = "before_restore",
        /// Too much to do.
        Busy = "busy",
        /// This machine's clock is behind.
        ClockBehind = "clock_behind",
        /// The store did not answer.
        Store = "store",
        /// A bug of ours.
        Bug = "bug",
    }
}

labels! {
    /// What came of a handshake.
    Handshake {
        /// It was done, from the beginning.
        Full = "full",
        /// It went on from one before.
        Resumed = "resumed",
        /// It was not done.
        Failed = "failed",
    }
}

labels! {
    /// Who was turned away, as the log has it.
    TurnedAway {
        /// A login was told that there is too much to do.
        Logins = "logins",
        /// A connection was closed: far too much to do, or no seat.
        Connections = "connections",
        /// A connection was closed or told so: its address had too many.
        OfOneAddress = "connections_of_one_address",
    }
}

labels! {
    /// What came of a reload.
    Reload {
        /// What was new is in force.
        Taken = "taken",
        /// Nothing was new.
        Unchanged = "unchanged",
        /// What was before stays in force.
        Refused = "refused",
    }
}

labels! {
    /// What came of a photo that was sent.
    Upload {
        /// It is kept, or was already.
        Taken = "taken",
        /// It is no photo that could be looked at, and the person hears why.
        Refused = "refused",
        /// It would be too large.
        TooLarge = "too_large",
        /// Nothing was sent, or nothing that was understood.
        None = "none",
        /// Too many came at once, or it came too slowly.
        Busy = "busy",
        /// No photos are taken: their room is used up, or their keys cannot be read.
        NoRoom = "no_room",
        /// We could not.
        Failed = "failed",
    }
}

labels! {
    /// What was decided of a case.
    Decision {
        /// The person is verified.
        Approved = "approved",
        /// They are not.
        Rejected = "rejected",
        /// Better photos are wanted.
        AskedAgain = "asked_again",
        /// Two who decided differ, and a third settles it.
        Disputed = "disputed",
    }
}

impl Class {
    /// That of `status`.
    #[must_use]
    pub fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            ..300 => Self::Done,
            300..400 => Self::Elsewhere,
            400..500 => Self::Theirs,
            500.. => Self::Ours,
        }
    }
}

/// How sessions end, each at its place.
pub(crate) const OUTCOMES: [Status; 5] =
    [Status::Success, Status::Failed, Status::Pending, Status::Canceled, Status::Expired];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_stands_at_its_place_and_has_a_name_of_its_own() {
        macro_rules! check {
            ($($list:ident)*) => {$(
                let names: std::collections::BTreeSet<_> = $list::ALL.iter().map(|label| label.as_str()).collect();
                assert_eq!(names.len(), $list::COUNT);
                for (place, label) in $list::ALL.iter().enumerate() {
                    assert_eq!(*label as usize, place, "{}", label.as_str());
                    assert!(label.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
                }
            )*};
        }
        check!(Route Class Start Reason Handshake TurnedAway Reload Upload Decision);
        for (place, status) in OUTCOMES.into_iter().enumerate() {
            assert_eq!(status as usize, place, "{}", status.as_str());
        }
    }

    #[test]
    fn a_status_is_of_its_hundreds() {
        for (status, class) in [
            (200, Class::Done),
            (299, Class::Done),
            (300, Class::Elsewhere),
            (399, Class::Elsewhere),
            (400, Class::Theirs),
            (499, Class::Theirs),
            (500, Class::Ours),
            (599, Class::Ours),
        ] {
            assert_eq!(Class::of(StatusCode::from_u16(status).unwrap()), class, "{status}");
        }
    }
}
