//! `/oidc/NAME/callback`: somebody is back from a provider, with an answer that counts in their own browser alone, and once.

use std::sync::Arc;

use hyper::http::request::Parts;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{Step, again, record, redirect_uri, tell};
use crate::party::answering::Came;
use crate::party::{CameBack, Party};
use crate::verification::decision::{self, Answered};
use crate::verification::method::oidc::answer::Answer as Returned;
use crate::verification::method::oidc::attest::{self, Account};
use crate::verification::method::oidc::fault::{Fault, Kind, Rejected};
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::transaction::{Transaction, TransactionId};
use crate::verification::method::{self, Method};
use crate::verification::profile::Profile;
use crate::web::error::Refusal;
use crate::web::visit::{Standing, Visit};
use crate::web::{Answer, App, cookie, finish, page};

/// `GET /oidc/NAME/callback`: somebody is back.
///
/// What is refused is refused at an address without its code: who finished what another began, and does not know it, could
/// be talked into reading out where they ended, and in the other's browser that code would be good.
pub(in crate::web::method) async fn came_back(
    app: &Arc<App>,
    provider: ProviderName,
    parts: &Parts,
) -> Result<Answer, Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    match answered(app, provider, parts, query).await {
        Err(Refusal::Answered(_) | Refusal::NoSession) if without_code(query) != query => {
            let address = format!("/{}/callback?{}", Method::Oidc(provider).address(), without_code(query));
            Ok(page::see_other(&address))
        }
        answer => answer,
    }
}

/// What of the `query` of a refused answer is refused for the same: which transaction it claims to belong to, if that can
/// be told, since of what is dealt with the fault is remembered.
fn without_code(query: &str) -> String {
    match Returned::read(query) {
        Ok(returned) => format!("state={}", returned.state),
        Err(Fault::AnswerMalformed) => "state&state".to_owned(),
        Err(_) => "state".to_owned(),
    }
}

async fn answered(app: &Arc<App>, provider: ProviderName, parts: &Parts, query: &str) -> Result<Answer, Refusal> {
    let asked = Step { provider }.party(app)?;
    let returned = Returned::read(query)?;
    let id = TransactionId::parse(&returned.state).ok_or(Fault::StateUnknown)?;
    let transaction = cookie::transaction(app, id, &parts.headers).ok_or(Fault::StateUnknown)?;
    if transaction.provider != provider {
        return Err(Fault::OtherProvider.into());
    }
    if transaction.registration != asked.provider.registration() {
        return Err(Fault::OtherRegistration.into());
    }
    let visit = Visit::open(app, transaction.session, parts)?;
    if let Standing::Concluded(outcome) = visit.standing().await? {
        return Ok(finish::send_back(&visit, &outcome));
    }
    visit.check_offered(Method::Oidc(provider))?;
    let profile = cookie::profile(app, transaction.session, &parts.headers);
    let deal = || deal(app.clone(), parts.clone(), returned, transaction.clone(), profile);
    let Ok(came) = timeout(super::WAIT, app.parties.answering.once(id, visit.now, deal)).await else {
        // It goes on, and who asks by its name alone waits for it on.
        return Ok(page::see_other(&format!("/{}/callback?state={id}", Method::Oidc(provider).address())));
    };
    let answer = match came {
        Came::Decided(answered) => finish::close(&visit, &answered)?,
        Came::Fault(fault) if fault.kind() == Kind::Refused => return Err(fault.into()),
        // The transaction's cookie stays: a provider to which the person goes back may send them here once more.
        Came::Fault(fault) => again(&visit, provider, fault),
        Came::Store(error) => return Err(error.into()),
    };
    Ok(answer)
}

/// Deals with what somebody came back with. It goes on to its end, even if they have gone meanwhile.
async fn deal(
    app: Arc<App>,
    parts: Parts,
    returned: Returned,
    transaction: Transaction,
    profile: Option<Profile>,
) -> Came<Answered> {
    let Ok(visit) = Visit::open(&app, transaction.session, &parts) else { return Came::Fault(Fault::StateUnknown) };
    let Some(asked) = app.parties.party(transaction.provider) else { return Came::Fault(Fault::OtherProvider) };
    let code = returned.code().map(|code| Zeroizing::new(code.to_owned()));
    match attest(&visit, asked, returned, &transaction, profile.as_ref()).await {
        Ok(attested) => match visit.act(decision::Step::Answer(method::Answer::Oidc(attested))).await {
            Ok((answered, _happened)) => Came::Decided(answered),
            Err(Refusal::Store(error)) => Came::Store(error),
            Err(_) => Came::Fault(Fault::Interrupted),
        },
        Err(rejected) => {
            tell(&visit, asked, &rejected, code.as_ref().map(|code| code.as_str()));
            match record(&visit, asked, &rejected).await {
                Ok(()) => Came::Fault(rejected.fault),
                Err(error) => Came::Store(error),
            }
        }
    }
}

async fn attest(
    visit: &Visit<'_>,
    party: &Party,
    returned: Returned,
    transaction: &Transaction,
    profile: Option<&Profile>,
) -> Result<method::oidc::Attested, Rejected> {
    let &Visit { app, ref session, .. } = visit;
    let _turn = party.turn().await;
    let metadata = party.metadata(app.clock.now()).await?;
    let code = returned.check(&party.provider, metadata.announces_iss)?;
    let redirect_uri = redirect_uri(app, transaction.provider);
    let provider = &party.provider;
    let came = CameBack { provider, code: &code, redirect_uri: &redirect_uri, transaction, clock: &app.clock };
    let (claims, now) = party.claims(&metadata, came).await?;
    let account = Account { tenant: &session.subject.tenant, profile, sent: &transaction.sent };
    Ok(attest::attest(&party.provider, &claims, account, &app.parties.identities, now)?)
}
