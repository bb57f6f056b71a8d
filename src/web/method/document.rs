//! `/session/ID/document`: the applicant photographs a document and themselves, sends the photos, and hears what comes of
//! them. Every page does one thing, and every act leads to the next page by 303.
//!
//! What a page shows is read anew each time, so that whoever reloads, or whose browser was ended by the camera, goes on
//! where they were. A photo is posted alone: what was lost on its way is one photo.

use std::sync::LazyLock;

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use self::applicant::Applicant;
use crate::verification::method::Method;
use crate::verification::method::document::waits::Usual;
use crate::verification::method::document::{Dossier, Slot};
use crate::web::Answer;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::language::{Language, Texts, catalogues};
use crate::web::terms::{self, Terms};
use crate::web::visit::{Standing, Visit};

mod applicant;
mod capture;
mod check;
mod consent;
mod follow;
mod hand_off;
mod hand_offs;
mod notice;
mod overview;
mod page;
mod phone;
mod problem;
mod qr;
mod sending;
mod tries;
mod waiting;
mod words;

pub use self::hand_offs::HandOffs;
pub use self::notice::{notice, notice_digest};
pub(super) use self::phone::{answer as answer_on_phone, handed_over, page as page_on_phone};
pub use self::tries::Tries;
pub use self::waiting::Waits;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::read(catalogues!("document/locales/")));

/// The method's addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Step {
    /// Where the case stands.
    Overview,
    /// What is needed and what becomes of it; and the applicant's consent.
    Begin,
    /// How a photo is taken; and it.
    Slot(Slot),
    /// The photo as it is kept: is everything readable?
    Check(Slot),
    /// That photo itself.
    Picture(Slot),
    /// The applicant wants it so.
    Keep(Slot),
    /// All photos are there; and they are sent.
    Send,
    /// Whether anything changed, for scripts.
    State,
    /// Whether all is to be deleted; and it is.
    Withdraw,
    /// What else there is for who cannot do this.
    Otherwise,
    /// A phone takes the photos: what it has to open, and whether it did.
    HandOff,
    /// That phone is cut off.
    Cut,
}

impl Step {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.split_once('/') {
            Some((slot, "check")) => Self::Check(Slot::parse(slot)?),
            Some((slot, "picture")) => Self::Picture(Slot::parse(slot)?),
            Some((slot, "keep")) => Self::Keep(Slot::parse(slot)?),
            Some(("handoff", "cut")) => Self::Cut,
            Some(_) => return None,
            None => match name {
                "begin" => Self::Begin,
                "send" => Self::Send,
                "state" => Self::State,
                "withdraw" => Self::Withdraw,
                "otherwise" => Self::Otherwise,
                "handoff" => Self::HandOff,
                slot => Self::Slot(Slot::parse(slot)?),
            },
        })
    }

    /// What follows the method's address.
    fn path(self) -> String {
        match self {
            Self::Overview => String::new(),
            Self::Begin => "/begin".into(),
            Self::Slot(slot) => format!("/{}", slot.as_str()),
            Self::Check(slot) => format!("/{}/check", slot.as_str()),
            Self::Picture(slot) => format!("/{}/picture", slot.as_str()),
            Self::Keep(slot) => format!("/{}/keep", slot.as_str()),
            Self::Send => "/send".into(),
            Self::State => "/state".into(),
            Self::Withdraw => "/withdraw".into(),
            Self::Otherwise => "/otherwise".into(),
            Self::HandOff => "/handoff".into(),
            Self::Cut => "/handoff/cut".into(),
        }
    }

    /// Where it is in the session of `visit`.
    fn address(self, visit: &Visit<'_>) -> String {
        format!("/session/{}/{}{}", visit.session.id, Method::Document, self.path())
    }

    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Slot(_) => &terms::PHOTO,
            Self::Overview | Self::HandOff => &terms::FOLLOWING,
            Self::Begin
            | Self::Check(_)
            | Self::Picture(_)
            | Self::Keep(_)
            | Self::Send
            | Self::State
            | Self::Withdraw
            | Self::Otherwise
            | Self::Cut => &terms::USUAL,
        }
    }
}

const READ: &str = "GET, HEAD";
const WRITE: &str = "POST";

pub(super) fn label(language: Language) -> &'static str {
    TEXTS.of(language).say("document-choice")
}

/// What the applicant may expect, if they wait.
async fn usual(applicant: &Applicant<'_>) -> Option<Usual> {
    let Visit { app, now, .. } = applicant.visit;
    applicant.dossier().and_then(Dossier::waits_since)?;
    app.waits.usual(&app.store, *now).await
}

pub(super) async fn page(visit: &Visit<'_>, step: Step, parts: &Parts) -> Result<Answer, Refusal> {
    let applicant = Applicant::of(visit).await?;
    let problem = problem::of_address(parts);
    match step {
        Step::Overview => Ok(overview::page(&applicant, problem, usual(&applicant).await)),
        Step::Begin => Ok(consent::page(&applicant, problem)),
        Step::Slot(slot) => capture::page(&applicant, slot, problem),
        Step::Check(slot) => Ok(check::page(&applicant, slot, problem)),
        Step::Picture(slot) => check::picture(&applicant, slot).await,
        Step::Keep(_) | Step::Cut => Err(Refusal::Method { allowed: WRITE }),
        Step::Send => Ok(sending::page(&applicant, problem)),
        Step::State => Ok(follow::state(&applicant, parts)),
        Step::Withdraw => Ok(sending::withdraw_page(&applicant)),
        Step::Otherwise => Ok(overview::otherwise(&applicant)),
        Step::HandOff => Ok(hand_off::page(&applicant)),
    }
}

pub(super) async fn answer<B>(visit: &Visit<'_>, step: Step, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    // After the end there is nothing to be done, whatever is there of it.
    if let Standing::Concluded(_) = visit.standing().await? {
        return Ok(crate::web::page::to_session(visit.session.id));
    }
    let applicant = Applicant::of(visit).await?;
    match step {
        Step::Begin => consent::begin(&applicant, form).await,
        Step::Slot(slot) => capture::put(&applicant, slot, form).await,
        Step::Keep(slot) => check::keep(&applicant, slot, form).await,
        Step::Send => sending::send(&applicant).await,
        Step::Withdraw => sending::withdraw(&applicant).await,
        Step::HandOff => hand_off::offer(&applicant).await,
        Step::Cut => hand_off::cut(&applicant).await,
        Step::Overview | Step::Check(_) | Step::Picture(_) | Step::State | Step::Otherwise => {
            Err(Refusal::Method { allowed: READ })
        }
    }
}
