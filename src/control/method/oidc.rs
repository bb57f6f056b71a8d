//! Who people are at providers: it is shown, released, and held against how the providers are configured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::control::asker::Asker;
use crate::control::error::OperationError;
use crate::control::listing::PAGE;
use crate::control::office::Office;
use crate::control::operation::new_key;
use crate::control::remark::Remark;
use crate::ops::journal;
use crate::store::StoreError;
use crate::verification::command::{Command, Done, Task};
use crate::verification::event::Event;
use crate::verification::method::oidc::binding::{Binding, Bindings};
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::{Delegation, Order};
use crate::verification::method::{self, Kind, Method};
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;

/// How many are forgotten at once: enough to share a commit, and few enough that no login waits long for them.
const AT_ONCE: usize = 64;
/// How many pages of people are held against the configuration.
const PAGES: usize = 20;

/// What is asked. A provider that is no longer configured can be named too.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "operation", deny_unknown_fields)]
pub enum Request {
    /// Release who a subject is at a provider.
    #[serde(rename = "oidc_unbind")]
    Unbind {
        /// The tenant, by any of its hosts.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
        /// The provider.
        provider: ProviderName,
    },
    /// The same for everybody. Broken off, it can be asked again.
    #[serde(rename = "oidc_forget")]
    Forget {
        /// The provider.
        provider: ProviderName,
    },
}

impl Request {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Unbind { .. } => "oidc_unbind",
            Self::Forget { .. } => "oidc_forget",
        }
    }

    pub(super) const fn takes_long(&self) -> bool {
        matches!(self, Self::Forget { .. })
    }

    pub(super) async fn perform(self, office: &Office, asker: Asker) -> Result<Value, OperationError> {
        match self {
            Self::Unbind { tenant, subject, provider } => {
                let subject = office.subject(&tenant, subject)?;
                let command = command(office, subject, &asker, Order::Unbind(provider));
                let (done, _) = office.store.carry_out(command).await?;
                Ok(json!({ "unbound": done == Done::Changed }))
            }
            Self::Forget { provider } => Ok(json!({ "forgotten": forget(office, asker, provider).await? })),
        }
    }
}

fn command(office: &Office, subject: Subject, asker: &Asker, order: Order) -> Command {
    let Asker { account, claimed } = asker.clone();
    let task = Task::Order(method::Order::Oidc(order));
    Command { subject, account, claimed, task, new_key: new_key(), now: office.clock.now() }
}

/// What was forgotten so far. It is told of when this is dropped: however it ends, that much is gone.
struct Forgotten {
    asker: Asker,
    provider: ProviderName,
    subjects: u64,
}

impl Drop for Forgotten {
    fn drop(&mut self) {
        if self.subjects > 0 {
            journal::tell(&self.event());
        }
    }
}

impl Forgotten {
    fn event(&self) -> Event {
        let (account, method) = (self.asker.account.clone(), Method::Oidc(self.provider));
        Event::Forgotten { account, method, subjects: self.subjects }
    }
}

/// It is recorded before, of nobody yet, and after: broken off, the log has the beginning.
async fn forget(office: &Office, asker: Asker, provider: ProviderName) -> Result<u64, OperationError> {
    let mut forgotten = Forgotten { asker, provider, subjects: 0 };
    office.record(&forgotten.event(), &forgotten.asker).await?;
    for tenant in &office.config.tenants {
        let mut after = None;
        loop {
            let (people, next) = page(office, &tenant.domain, after.as_ref())?;
            let bound: Vec<_> = people.into_iter().filter(|(_, bindings)| bindings.at(provider).is_some()).collect();
            for some in bound.chunks(AT_ONCE) {
                forget_some(office, some, &mut forgotten).await?;
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
    }
    office.record(&forgotten.event(), &forgotten.asker).await?;
    Ok(forgotten.subjects)
}

async fn forget_some(
    office: &Office,
    people: &[(Subject, Bindings)],
    forgotten: &mut Forgotten,
) -> Result<(), StoreError> {
    let mut waiting = JoinSet::new();
    for (subject, _) in people {
        let order = Order::Forget(forgotten.provider);
        let (store, command) = (office.store.clone(), command(office, subject.clone(), &forgotten.asker, order));
        waiting.spawn(async move { store.carry_out(command).await });
    }
    let mut all = Ok(());
    while let Some(done) = waiting.join_next().await {
        match done.unwrap_or(Err(StoreError::Unavailable)) {
            Ok((done, _)) => forgotten.subjects += u64::from(done == Done::Changed),
            Err(error) => all = Err(error),
        }
    }
    all
}

/// People with who they are at providers; and after whom the next page begins, if this one is full.
type Page = (Vec<(Subject, Bindings)>, Option<Subject>);

/// The page of `tenant` that begins after `after`.
fn page(office: &Office, tenant: &Host, after: Option<&Subject>) -> Result<Page, StoreError> {
    let listed = office.store.kept(Kind::Oidc, tenant, after, PAGE)?;
    let next = listed.last().filter(|_| listed.len() == PAGE).map(|(subject, _)| subject.clone());
    Ok((listed.into_iter().map(|(subject, kept)| (subject, kept.into_oidc())).collect(), next))
}

/// Who a subject is at a provider, as operators see it.
#[derive(Serialize)]
struct ShownBinding {
    provider: ProviderName,
    bound_at: Timestamp,
    is_seen: bool,
    /// Whether it is by the registration of today; none where the provider is not configured.
    is_current: Option<bool>,
}

/// Who `subject` is at providers.
pub(super) fn bindings(office: &Office, subject: &Subject) -> Result<Value, StoreError> {
    let bindings = office.store.kept_of(Kind::Oidc, subject)?.into_oidc();
    let shown = bindings.iter().map(|binding| ShownBinding {
        provider: binding.provider,
        bound_at: binding.bound_at,
        is_seen: binding.is_seen,
        is_current: is_current(office, binding),
    });
    Ok(json!(shown.collect::<Vec<_>>()))
}

fn is_current(office: &Office, binding: &Binding) -> Option<bool> {
    let provider = office.config.methods.provider(binding.provider)?;
    Some(provider.registration() == binding.registration)
}

/// Whose the identity is by now that `delegation`, of a check of `subject`, was in conflict over; none where it is nobody
/// else's.
pub(super) fn holder(office: &Office, subject: &Subject, delegation: &Delegation) -> Result<Option<Value>, StoreError> {
    let Delegation { identity, conflict: Some(_), .. } = delegation else { return Ok(None) };
    let Some(holder) = office.store.holder(identity)?.filter(|holder| holder != subject) else { return Ok(None) };
    let bindings = office.store.kept_of(Kind::Oidc, &holder)?.into_oidc();
    let is_seen = bindings.iter().any(|binding| binding.identity == *identity && binding.is_seen);
    Ok(Some(json!({ "subject": holder.user_id, "is_seen": is_seen })))
}

/// Where people are bound by another registration than today's.
pub(super) fn remarks(office: &Office) -> Result<Vec<Remark>, StoreError> {
    let (mut outdated, mut pages, mut is_cut) = (BTreeMap::<_, usize>::new(), 0, false);
    for tenant in &office.config.tenants {
        let mut after = None;
        loop {
            is_cut = pages == PAGES;
            if is_cut {
                break;
            }
            pages += 1;
            let (people, next) = page(office, &tenant.domain, after.as_ref())?;
            let bindings = people.iter().flat_map(|(_, bindings)| bindings.iter());
            for binding in bindings.filter(|binding| is_current(office, binding) == Some(false)) {
                *outdated.entry(binding.provider).or_default() += 1;
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(outdated.into_iter().map(|(provider, people)| remark(provider, people, is_cut)).collect())
}

fn remark(provider: ProviderName, people: usize, is_cut: bool) -> Remark {
    let least = if is_cut { "at least " } else { "" };
    Remark {
        text: format!(
            "{least}{people} people were bound to {provider} when its issuer, client_id or identity.pointer was another; \
             whoever has another name there now is refused as another person"
        ),
        remedy: format!(
            "where that is so, have each bound anew by their next verification: idv oidc forget {provider}"
        ),
    }
}
