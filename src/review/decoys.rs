//! `/decoys`: supervisors load cases of which is known who is in them, to find out how well reviewers look. What they load goes
//! through the queue as any other case; nobody is told its number, and who loaded it never sees it there.

use askama::Template;
use hyper::body::{Body, Bytes};
use hyper::{HeaderMap, StatusCode};

use super::case::words;
use super::gate::{self, Visit};
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::route::Admits;
use super::words::say;
use crate::control;
use crate::control::method::document::decoy::{self, Decoy, NotLoaded};
use crate::ops::random;
use crate::ops::report::Report;
use crate::picture::{Fault, Picture, Refused as Unfit};
use crate::store::StoreError;
use crate::verification::account::Account;
use crate::verification::event::Sight;
use crate::verification::method::document::decoy::takes;
use crate::verification::method::document::kind::{Cue, Pose};
use crate::verification::method::document::policy::slots;
use crate::verification::method::document::review::Refused;
use crate::verification::method::document::{DocumentKind, Policy, Selfie, Slot};
use crate::verification::operator::Role;
use crate::verification::subject::Subject;
use crate::web::error::Refusal as Malformed;
use crate::web::form::Form;
use crate::web::page::see_other;
use crate::web::terms::{self, Terms};
use crate::web::upload::{NoPhoto, Parcel, develop};
use crate::web::{Answer, notice_digest};

/// The most photos that one has.
const PHOTOS: u32 = 4;
const _: () = assert!(PHOTOS as usize == Slot::ALL.len());

/// What holds where one is loaded: each photo may be as large as an applicant's, and take as long.
pub(super) static TERMS: Terms = Terms {
    body_limit: Slot::ALL.len() * terms::PHOTO.body_limit + page::TERMS.body_limit,
    pace: terms::PHOTO.pace_of(PHOTOS),
    discard_limit: 2 * Slot::ALL.len() as u64 * terms::PHOTO.body_limit as u64,
    ..page::TERMS
};

/// What was filled in, but for the photos: browsers choose no file by themselves.
#[derive(Default)]
struct Typed {
    tenant: String,
    subject: String,
    document: String,
    code: String,
    pose: String,
    truth: String,
    is_agreed: bool,
}

/// Something that can be chosen.
struct Choice {
    value: &'static str,
    text: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "decoys.html", config = "src/review/askama.toml")]
struct DecoysPage<'a> {
    frame: Frame<'a>,
    tenants: Vec<String>,
    typed: Typed,
    kinds: Vec<Choice>,
    /// Each photo that some tenant asks for, by its name.
    photos: Vec<(&'static str, &'static str)>,
    wants_code: bool,
    /// None where no tenant asks for one.
    poses: Vec<Choice>,
    truths: [Choice; 2],
    problem: Option<String>,
    /// Whether one was just loaded.
    is_loaded: bool,
}

/// What keeps one from being loaded, in a sentence for who may mend it.
enum Problem {
    Said(String),
    Refused(Refusal),
}

impl From<&'static str> for Problem {
    fn from(name: &'static str) -> Self {
        Self::Said(say(name).to_owned())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// `GET`; once one was loaded, it says so.
pub(super) fn page(visit: &Visit<'_>, is_loaded: bool) -> Answer {
    show(visit, Typed::default(), None, is_loaded)
}

/// `POST`.
pub(super) async fn load<B>(visit: &Visit<'_>, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let headers = &form.parts.headers;
    let parcel = match form.parcel(&visit.console.uploads, visit.operator.id.into()).await {
        Ok(parcel) => parcel,
        Err(NoPhoto::TooLarge) => {
            return Ok(show(visit, Typed::default(), Some(say("photo-too-large").to_owned()), false));
        }
        Err(NoPhoto::None) => return Err(Malformed::NotAForm.into()),
        Err(NoPhoto::Refused(refusal)) => return Err(refusal.into()),
    };
    let typed = Typed::read(&parcel);
    match take(visit, &typed, &parcel, headers).await {
        Ok(()) => Ok(see_other("/decoys?loaded")),
        Err(Problem::Said(problem)) => Ok(show(visit, typed, Some(problem), false)),
        Err(Problem::Refused(refusal)) => Err(refusal),
    }
}

/// Loads what was `typed`, with the photos of `parcel`, for who brings `headers`.
async fn take(visit: &Visit<'_>, typed: &Typed, parcel: &Parcel, headers: &HeaderMap) -> Result<(), Problem> {
    let office = &visit.console.office;
    let subject = typed.subject(visit)?;
    let rules = office.config.lasting.document.of(&subject.tenant);
    let document = DocumentKind::parse(&typed.document).filter(|kind| rules.kinds.contains(kind));
    let document = document.ok_or("problem-decoy-kind")?;
    let cue = typed.cue(rules)?;
    let is_right = typed.is_right()?;
    if !typed.is_agreed {
        return Err("problem-decoy-agreed".into());
    }
    let pictures = pictures(visit, rules, document, parcel).await?;
    // Photos take their time, in which a session ends.
    let visit = &gate::admit(visit.console, Admits::Only(Role::Supervisor), headers).await?;
    let takes = takes(u32::from_le_bytes(random::bytes()));
    let tenant = subject.tenant.clone();
    let decoy = Decoy { subject, document, cue, notice: notice_digest(rules), pictures, is_right, takes };
    let account = Account::Operator(visit.operator.name.clone());
    match decoy::load(office, account, visit.operator.subject.clone(), decoy).await {
        Ok(_number) => Ok(()),
        Err(NotLoaded::Refused(Refused::Known)) => {
            // Who is known here is found out by a search too, and that leaves an entry.
            visit.record(tenant, None, Sight::Search { case: None }).await?;
            Err("problem-decoy-known".into())
        }
        Err(NotLoaded::Refused(_)) => Err("problem-decoy-changed".into()),
        Err(NotLoaded::Evidence(error)) => {
            Report::PhotoNotKept(&error).tell();
            Err("photo-no-room".into())
        }
        Err(NotLoaded::Store(error)) => Err(error.into()),
    }
}

/// What is made of the photos, one after the other, of each slot that `document` fills.
async fn pictures(
    visit: &Visit<'_>,
    rules: &Policy,
    document: DocumentKind,
    parcel: &Parcel,
) -> Result<Vec<(Slot, Picture)>, Problem> {
    let pool = visit.console.pictures.as_ref().filter(|_| visit.console.office.evidence.has_room());
    let pool = pool.ok_or("photo-no-room")?;
    let mut pictures = Vec::new();
    for slot in slots(document, rules.selfie) {
        let of_slot = |name| Problem::Said(format!("{}: {}", words::slot(slot), say(name)));
        let photo = parcel.photo(field(slot)).ok_or_else(|| of_slot("photo-none"))?;
        if photo.len() > terms::PHOTO.body_limit {
            return Err(of_slot("photo-too-large"));
        }
        match develop(pool, photo).await {
            Ok(picture) => pictures.push((slot, picture)),
            Err(Fault::Refused(unfit)) => return Err(of_slot(word(unfit))),
            Err(Fault::Busy) => return Err(of_slot("photo-busy")),
            Err(Fault::Panicked(_)) => return Err(of_slot("photo-unread")),
        }
    }
    Ok(pictures)
}

/// What the photo for `slot` is called in the form: a pose is chosen there too.
const fn field(slot: Slot) -> &'static str {
    match slot {
        Slot::Front => "front",
        Slot::Back => "back",
        Slot::Selfie => "selfie",
        Slot::Pose => "posing",
    }
}

const fn word(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::NotJpeg(_) => "photo-not-jpeg",
        Unfit::TooSmall => "photo-too-small",
        Unfit::TooLarge => "photo-too-many",
        Unfit::NotAPhoto | Unfit::Incomplete | Unfit::Flat => "photo-unread",
    }
}

impl Typed {
    fn read(parcel: &Parcel) -> Self {
        let value = |name| parcel.value(name).trim().to_owned();
        Self {
            tenant: value("tenant"),
            subject: value("subject"),
            document: value("document"),
            code: value("code"),
            pose: value("pose"),
            truth: value("truth"),
            is_agreed: !value("agreed").is_empty(),
        }
    }

    fn subject(&self, visit: &Visit<'_>) -> Result<Subject, Problem> {
        let config = &visit.console.office.config;
        control::possible_subject(config, &self.tenant, self.subject.clone()).map_err(|error| match error {
            control::SubjectError::UnknownTenant(_) => "problem-tenant".into(),
            control::SubjectError::Invalid | control::SubjectError::Impossible(_) => "problem-subject".into(),
        })
    }

    /// What the applicant's picture is to show beside them, as far as `rules` ask for anything.
    fn cue(&self, rules: &Policy) -> Result<Cue, Problem> {
        match rules.selfie {
            Selfie::CodeOnPaper => Cue::parse(&self.code).ok_or_else(|| "problem-decoy-code".into()),
            Selfie::Pose => Pose::parse(&self.pose).map(Cue::of_pose).ok_or_else(|| "problem-decoy-pose".into()),
            Selfie::None | Selfie::Plain | Selfie::DocumentInHand => Ok(Cue::from_random([0; 4])),
        }
    }

    fn is_right(&self) -> Result<bool, Problem> {
        match self.truth.as_str() {
            "right" => Ok(true),
            "wrong" => Ok(false),
            _ => Err("problem-decoy-truth".into()),
        }
    }
}

fn show(visit: &Visit<'_>, mut typed: Typed, problem: Option<String>, is_loaded: bool) -> Answer {
    let config = &visit.console.office.config;
    let tenants: Vec<_> = config.tenants.iter().map(|tenant| tenant.domain.to_string()).collect();
    if !tenants.contains(&typed.tenant) {
        typed.tenant = tenants.first().cloned().unwrap_or_default();
    }
    let all = || config.tenants.iter().map(|tenant| config.lasting.document.of(&tenant.domain));
    let asks = |selfie| all().any(|rules| rules.selfie == selfie);
    let kinds = DocumentKind::ALL.into_iter().filter(|kind| all().any(|rules| rules.kinds.contains(kind)));
    let wanted = |slot: &Slot| {
        all().any(|rules| rules.kinds.iter().any(|kind| slots(*kind, rules.selfie).any(|of| of == *slot)))
    };
    let poses = if asks(Selfie::Pose) { &Pose::ALL[..] } else { &[] };
    let choice = |value: &'static str, text, chosen: &str| Choice { value, text, is_chosen: value == chosen };
    let page = DecoysPage {
        frame: Frame::inside(visit, "decoys-title", "/decoys"),
        kinds: kinds.map(|kind| choice(kind.as_str(), words::document(kind), &typed.document)).collect(),
        photos: Slot::ALL.iter().filter(|slot| wanted(slot)).map(|slot| (field(*slot), words::slot(*slot))).collect(),
        wants_code: asks(Selfie::CodeOnPaper),
        poses: poses.iter().map(|pose| choice(pose.as_str(), words::pose(*pose), &typed.pose)).collect(),
        truths: [choice("right", say("decoy-right"), &typed.truth), choice("wrong", say("decoy-wrong"), &typed.truth)],
        tenants,
        typed,
        is_loaded,
        problem,
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page::html(status, &page)
}
