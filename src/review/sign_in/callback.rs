//! `/callback`: somebody is back from the provider, with an answer that counts in their own browser alone, and once.

use std::sync::Arc;
use std::time::Duration;

use hyper::header;
use hyper::http::request::Parts;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{Denied, Freshness, SignIn, WAIT, onward, redirect_uri, turn_back};
use crate::ops::{random, text};
use crate::party::CameBack;
use crate::party::answering::Came;
use crate::review::refusal::Refusal;
use crate::review::{Console, cookie, gate, home};
use crate::store::StoreError;
use crate::verification::method::oidc::answer::Answer as Returned;
use crate::verification::method::oidc::fault::{Fault, Rejected};
use crate::verification::method::oidc::transaction::{Transaction, TransactionId};
use crate::verification::operator::SignedInBy;
use crate::verification::operator::recognition::Recognized;
use crate::verification::operator::session::OperatorToken;
use crate::web::Answer;

/// How long the way there and back may take: providers let people take ten minutes.
const WAY: Duration = Duration::from_mins(15);

/// `GET /callback`. After whatever went wrong the browser is sent on to a page of ours, so that no code stays in its address
/// bar or history.
pub(in crate::review) async fn came_back(console: &Arc<Console>, parts: &Parts) -> Result<Answer, Refusal> {
    console.sign_in()?;
    let (returned, id, transaction) = match returned(console, parts) {
        Ok(returned) => returned,
        Err(fault) => return Ok(turn_back(console, &fault.into())),
    };
    let sign_in = console.sign_in()?;
    let deal = || deal(console.clone(), returned, transaction);
    let Ok(came) = timeout(WAIT, sign_in.answering.once(id, console.office.clock.now(), deal)).await else {
        return Ok(turn_back(console, &Fault::TokenUnreachable.into()));
    };
    let mut answer = match came {
        Came::Decided(Ok(token)) => {
            let _happened = gate::end_former(console, &parts.headers, token).await?;
            let place = home::after_sign_in(console, token);
            let mut answer = onward(console, ["welcome-title", "welcome-text"], place);
            answer.headers_mut().append(header::SET_COOKIE, cookie::set(console, token));
            answer
        }
        Came::Decided(Err(denied)) => turn_back(console, &denied),
        Came::Fault(fault) => turn_back(console, &fault.into()),
        Came::Store(error) => return Err(error.into()),
    };
    answer.headers_mut().append(header::SET_COOKIE, cookie::take_way_away(console));
    Ok(answer)
}

/// A1 to A3: what came back, and the way that this browser set out on.
fn returned(console: &Console, parts: &Parts) -> Result<(Returned, TransactionId, Transaction<Freshness>), Fault> {
    let sign_in = console.sign_in.as_ref().ok_or(Fault::StateUnknown)?;
    let returned = Returned::read(parts.uri.query().unwrap_or_default())?;
    let id = TransactionId::parse(&returned.state).ok_or(Fault::StateUnknown)?;
    let sealed = cookie::way(console, &parts.headers).ok_or(Fault::StateUnknown)?;
    let transaction: Transaction<Freshness> = sign_in.transactions.open(id, sealed).ok_or(Fault::StateUnknown)?;
    if transaction.registration != sign_in.party.provider.registration() {
        return Err(Fault::OtherRegistration);
    }
    let is_in_time = console.office.clock.now() < transaction.asked_at.later(WAY);
    if is_in_time { Ok((returned, id, transaction)) } else { Err(Fault::Interrupted) }
}

/// Deals with what somebody came back with. It goes on to its end, even if they have gone meanwhile.
async fn deal(
    console: Arc<Console>,
    returned: Returned,
    transaction: Transaction<Freshness>,
) -> Came<Result<OperatorToken, Denied>> {
    let Some(sign_in) = &console.sign_in else { return Came::Fault(Fault::OtherProvider) };
    let code = returned.code().map(|code| Zeroizing::new(code.to_owned()));
    let recognized = match recognize(&console, sign_in, returned, &transaction).await {
        Ok(recognized) => recognized,
        Err(Denied::Rejected(rejected)) => {
            // Nothing that the provider repeats of its code is told.
            let detail = rejected.detail_without(code.as_deref().map(String::as_str));
            let rejected = Rejected { detail, ..rejected };
            return Came::Decided(Err(rejected.into()));
        }
        Err(denied) => return Came::Decided(Err(denied)),
    };
    let by = match transaction.session {
        Freshness::Any => SignedInBy::Provider,
        Freshness::Anew => SignedInBy::Anew,
    };
    match begin(&console, recognized, by).await {
        Ok(decided) => Came::Decided(decided),
        Err(error) => Came::Store(error),
    }
}

async fn recognize(
    console: &Console,
    sign_in: &SignIn,
    returned: Returned,
    transaction: &Transaction<Freshness>,
) -> Result<Recognized, Denied> {
    let (party, office) = (&sign_in.party, &console.office);
    let _turn = party.turn().await;
    let metadata = party.metadata(office.clock.now()).await?;
    let code = returned.check(&party.provider, metadata.announces_iss)?;
    let redirect_uri = redirect_uri(console);
    let provider = sign_in.provider(transaction.session);
    let came = CameBack { provider, code: &code, redirect_uri: &redirect_uri, transaction, clock: &office.clock };
    let (claims, now) = party.claims(&metadata, came).await?;
    let tenant = |host: &str| office.config.tenant(host).map(|tenant| tenant.domain.clone());
    let mut recognized = sign_in.terms.recognize(&party.provider, &claims, &sign_in.identities, tenant, now)?;
    recognized.names.retain(|name| text::unseen(name.as_str()).is_none() && !text::is_read_both_ways(name.as_str()));
    Ok(recognized)
}

async fn begin(
    console: &Console,
    recognized: Recognized,
    by: SignedInBy,
) -> Result<Result<OperatorToken, Denied>, StoreError> {
    let (store, now) = (&console.office.store, console.office.clock.now());
    store.examined().await?;
    let token = OperatorToken::from_random(random::bytes());
    let (signed_in, _happened) = store.sign_in_by_provider(recognized, by, token.session(), now).await?;
    Ok(signed_in.map(|_| token).map_err(Denied::from))
}
