//! `/session/ID/document`: the applicant photographs a document and themselves.

use std::sync::LazyLock;

use hyper::body::{Body, Bytes};

use crate::web::Answer;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::language::{Language, Texts, catalogues};
use crate::web::terms::{self, Terms};
use crate::web::visit::Visit;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::read(catalogues!("document/locales/")));

/// The method's addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Step {
    /// Where the case stands.
    Overview,
}

impl Step {
    pub(super) fn named(_: &str) -> Option<Self> {
        None
    }

    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Overview => &terms::USUAL,
        }
    }
}

pub(super) fn label(language: Language) -> &'static str {
    TEXTS.of(language).say("document-choice")
}

#[expect(clippy::unused_async, reason = "pages read the store")]
pub(super) async fn page(_visit: &Visit<'_>, _step: Step) -> Result<Answer, Refusal> {
    Err(Refusal::NotFound)
}

#[expect(clippy::unused_async, reason = "acts are decided by the store")]
pub(super) async fn answer<B>(_visit: &Visit<'_>, _step: Step, _form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    Err(Refusal::NotFound)
}
