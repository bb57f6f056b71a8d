//! What holds for a route: how much may be sent to it and for how long, and what its pages may do in a browser. A step of a
//! method names its own terms where the usual ones will not do.

use std::time::Duration;

use hyper::header::HeaderValue;

use super::intake::Pace;

/// What holds for a route.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// The most bytes that a form may have.
    pub(crate) body_limit: usize,
    /// How long a form may take to arrive.
    pub(crate) patience: Duration,
    /// How fast a body has to come that may take longer than an answer; none may.
    pub(crate) pace: Option<Pace>,
    /// A body of a known length up to this is read to its end before it is refused: a browser that is still sending shows
    /// no answer.
    pub(crate) discard_limit: u64,
    /// Which of the device's senses its pages may use (`Permissions-Policy`).
    pub(crate) permissions: &'static HeaderValue,
    /// What its pages may load, and where they lead (`Content-Security-Policy`).
    pub(crate) policy: &'static HeaderValue,
}

impl Terms {
    /// How fast a body has to come of so many forms.
    pub(crate) const fn pace_of(&self, forms: u32) -> Option<Pace> {
        match self.pace {
            Some(pace) => Some(Pace { whole: pace.whole * forms, ..pace }),
            None => None,
        }
    }
}

/// What holds where nothing else is said. Our forms have about thirty bytes.
pub(super) static USUAL: Terms = Terms {
    body_limit: 8 * 1024,
    patience: Duration::from_secs(10),
    pace: None,
    discard_limit: 0,
    permissions: &NO_PERMISSIONS,
    policy: &FORM_POLICY,
};

/// What holds where a page follows along: its script asks us whether anything changed.
pub(super) static FOLLOWING: Terms = Terms { policy: &ASKING_POLICY, ..USUAL };

/// What holds where a photo is taken and sent: one of 48 megapixels has 11 MiB, and comes over a slow mobile network.
pub(crate) static PHOTO: Terms = Terms {
    body_limit: 12 * 1024 * 1024,
    pace: Some(Pace { whole: 120, bytes: 8 * 1024, over: 15 }),
    discard_limit: 32 * 1024 * 1024,
    permissions: &CAMERA,
    ..FOLLOWING
};

/// Nothing that a browser would have to ask the person for.
pub(crate) static NO_PERMISSIONS: HeaderValue = HeaderValue::from_static("camera=(), geolocation=(), microphone=()");
/// The same but for the camera, which a person switches on in the page.
static CAMERA: HeaderValue = HeaderValue::from_static("camera=(self), geolocation=(), microphone=()");
/// For pages with a form. Without `form-action`: a browser applies it to every redirect that follows a submission
/// (contract 13), and the last of those leads to the application, whose address idv does not know and which may be an
/// app's own scheme. The templates escape whatever they show, so that nothing can aim a form elsewhere.
static FORM_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// The same where a script of ours asks and sends.
static ASKING_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_terms_allow_a_small_form_and_nothing_of_the_device() {
        assert_eq!((USUAL.body_limit, USUAL.patience), (8192, Duration::from_secs(10)));
        assert_eq!(USUAL.permissions, "camera=(), geolocation=(), microphone=()");
        let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
        assert_eq!(USUAL.policy, policy);
        assert_eq!((USUAL.pace, USUAL.discard_limit), (None, 0), "nothing takes longer than an answer");
    }

    /// The connection of who sent four photos at 2 Mbit/s ended before the third had come, without a page.
    #[test]
    fn a_form_of_several_photos_may_take_as_long_as_they_do_one_by_one() {
        let pace = |photos| PHOTO.pace_of(photos).map(|Pace { whole, bytes, over }| (whole, bytes, over));
        assert_eq!([1, 4].map(pace), [Some((120, 8192, 15)), Some((480, 8192, 15))]);
        assert_eq!(USUAL.pace_of(4), None);
    }
}
