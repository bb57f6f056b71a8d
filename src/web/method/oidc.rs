//! `/session/ID/oidc/NAME`: a provider says who the person is.

use hyper::http::request::Parts;

use crate::verification::method::oidc::name::ProviderName;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::language::Language;
use crate::web::visit::Visit;
use crate::web::{Answer, App};

/// The method's one address for each provider.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Step {
    pub(super) provider: ProviderName,
}

pub(super) fn label(app: &App, provider: ProviderName, _language: Language) -> String {
    app.methods.provider(provider).map(|provider| provider.label.clone()).unwrap_or_default()
}

pub(super) fn page(_visit: &Visit<'_>, _step: Step) -> Result<Answer, Refusal> {
    Err(Refusal::NotFound)
}

#[expect(clippy::unused_async, reason = "the list awaits every method's")]
pub(super) async fn answer<B>(_visit: &Visit<'_>, _step: Step, _form: Form<'_, B>) -> Result<Answer, Refusal> {
    Err(Refusal::NotFound)
}

/// `GET /oidc/NAME/callback`.
#[expect(clippy::unused_async, reason = "the list awaits every method's")]
pub(super) async fn came_back(_app: &App, _provider: ProviderName, _parts: &Parts) -> Result<Answer, Refusal> {
    Err(Refusal::NotFound)
}
