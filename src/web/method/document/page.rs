//! The pages of the method: one frame, and what stands in it. So each has its heading, what there is to hear, a way for who
//! cannot do this, and the way out.

use askama::Template;
use hyper::StatusCode;

use super::applicant::Applicant;
use super::problem::Problem;
use super::qr::Drawing;
use super::{Step, TEXTS};
use crate::verification::session::Session;
use crate::web::language::{Catalogue, Language};
use crate::web::page;
use crate::web::{Answer, App};

/// What stands on a page.
pub(super) enum Content {
    Consent(Consent),
    Capture(Capture),
    Check(Check),
    Summary(Summary),
    Waiting(Waiting),
    Asked(Asked),
    Said(Said),
    HandOff(HandOff),
}

/// What is needed and what becomes of it, and the choice of a document.
pub(super) struct Consent {
    /// What they agree to, each with its heading.
    pub(super) notice: Vec<(&'static str, Vec<String>)>,
    /// Its digest.
    pub(super) digest: String,
    /// The documents that are accepted: their names and what they are called.
    pub(super) kinds: Vec<(&'static str, &'static str)>,
    /// Whether an open case is withdrawn for it.
    pub(super) is_anew: bool,
}

/// How a photo is taken.
pub(super) struct Capture {
    /// Which of how many.
    pub(super) step: Option<String>,
    /// Why it is asked for again.
    pub(super) reason: Option<&'static str>,
    pub(super) how: Vec<&'static str>,
    pub(super) example: Example,
    /// What is written on paper: the organisation's name, and the code.
    pub(super) paper: Option<(String, String)>,
    pub(super) pose: Option<&'static str>,
    /// Which camera a phone opens: `user`, or `environment`.
    pub(super) camera: &'static str,
    /// Whether a photo that exists may be chosen.
    pub(super) offers_choice: bool,
    /// Where the form goes.
    pub(super) address: String,
    /// Where a photo that is there already is looked at.
    pub(super) check: Option<String>,
    /// Whether a phone may take it instead.
    pub(super) phone: Option<Phone>,
}

/// That a phone may take the photos instead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phone {
    /// Which is said before all else.
    First,
    /// Which is said last: this seems to be one.
    Last,
    /// One does.
    Connected,
}

/// The drawing of a photo as it should be.
#[derive(Clone, Copy)]
pub(super) enum Example {
    Page,
    Front,
    Back,
    Face,
    Paper,
    InHand,
    Pose,
}

/// A photo as it is kept.
pub(super) struct Check {
    pub(super) picture: String,
    /// Its size, so that nothing moves when it comes.
    pub(super) size: (u16, u16),
    pub(super) keep: String,
    pub(super) again: String,
    /// Names it.
    pub(super) object: String,
    /// What there is to look for.
    pub(super) look: &'static str,
}

/// All photos.
pub(super) struct Summary {
    /// What each shows, and where it is looked at, if it may still be another.
    pub(super) photos: Vec<(&'static str, Option<String>)>,
    /// When they may be sent, if that is not now.
    pub(super) limit: Option<String>,
}

/// Somebody decides.
pub(super) struct Waiting {
    /// How long that takes, if it can be said.
    pub(super) expectation: Option<&'static str>,
    /// Which revision is shown.
    pub(super) seen: u32,
}

/// What is asked for again.
pub(super) struct Asked {
    /// What each photo shows, and why it is asked for.
    pub(super) wanted: Vec<(&'static str, &'static str)>,
    /// The photos that are fine.
    pub(super) others: Vec<&'static str>,
    /// Where it goes on.
    pub(super) next: String,
}

/// A phone takes the photos.
pub(super) enum HandOff {
    /// None does yet; and what came of those before.
    Offer { told: Option<&'static str> },
    /// This is to be opened on one.
    Shown { drawing: Option<Drawing>, link: String, word: &'static str, seen: u32 },
    /// One does: what each photo shows, and whether it is there.
    Connected { photos: Vec<(&'static str, bool)>, seen: u32 },
    /// None can any more.
    Over { told: Option<&'static str> },
}

/// A few sentences, and what to do then.
#[derive(Default)]
pub(super) struct Said {
    pub(super) sentences: Vec<String>,
    pub(super) reasons: Vec<&'static str>,
    pub(super) acts: Vec<Act>,
    /// Whether the way out is among them.
    pub(super) has_way_out: bool,
}

/// Something to do.
pub(super) struct Act {
    pub(super) address: String,
    pub(super) label: String,
    /// Whether it changes anything: then it is a form.
    pub(super) is_form: bool,
    pub(super) is_first: bool,
}

impl Example {
    /// Whether a face alone is in it.
    const fn is_face(self) -> bool {
        matches!(self, Self::Face | Self::Pose)
    }
}

impl Act {
    pub(super) fn go(address: String, label: impl Into<String>) -> Self {
        Self { address, label: label.into(), is_form: false, is_first: false }
    }

    pub(super) fn post(address: String, label: impl Into<String>) -> Self {
        Self { is_form: true, ..Self::go(address, label) }
    }

    pub(super) fn first(self) -> Self {
        Self { is_first: true, ..self }
    }
}

#[derive(Template)]
#[template(path = "document/page.html", config = "src/web/askama.toml")]
#[expect(clippy::struct_excessive_bools, reason = "what the template asks")]
struct Page<'a> {
    app: &'a App,
    language: Language,
    texts: &'static Catalogue,
    session: &'a Session<'a>,
    time_left: String,
    title: &'static str,
    problem: Option<&'static str>,
    /// What to do for who tries again and again.
    way_around: Option<&'static str>,
    /// Whether the heading is what a screen reader reads out first: the page came by what a script did.
    is_heard_first: bool,
    content: Content,
    /// Where the method's pages are.
    here: String,
    /// Whether it shows itself anew, where no script asks.
    follows: bool,
    /// Whether a later login goes on with it.
    goes_on: bool,
    /// Whether this is the page for who cannot do this.
    is_otherwise: bool,
    /// Whether it is shown on a phone, whose right is to photos alone.
    is_on_phone: bool,
    /// Whether what stands on it leads out.
    has_way_out: bool,
}

/// The page of `step`, with `content` under a heading, and what there is to hear.
pub(super) fn show(
    applicant: &Applicant<'_>,
    step: Step,
    title: &'static str,
    problem: Option<Problem>,
    content: Content,
) -> Answer {
    let visit = applicant.visit;
    let texts = TEXTS.of(visit.language);
    let follows =
        matches!(content, Content::Waiting(_) | Content::HandOff(HandOff::Shown { .. } | HandOff::Connected { .. }));
    let page = Page {
        follows,
        is_heard_first: problem.is_none() && matches!(content, Content::Check(_)),
        has_way_out: matches!(content, Content::Said(Said { has_way_out: true, .. })),
        app: visit.app,
        language: visit.language,
        texts,
        session: &visit.session,
        time_left: visit.time_left(),
        title,
        problem: problem.map(|problem| problem.told_in(texts)),
        way_around: match step {
            Step::Slot(slot) | Step::Check(slot) => applicant.way_around(slot),
            _ => None,
        },
        content,
        here: Step::Overview.address(visit),
        goes_on: applicant.has_case(),
        is_otherwise: step == Step::Otherwise,
        is_on_phone: !applicant.is_in_browser(),
    };
    page::form(StatusCode::OK, &page, step.terms())
}
