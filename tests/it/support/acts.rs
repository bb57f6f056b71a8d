//! What tests do in the store's own words.

use std::time::Duration;

use idv::store::erase::Wish;
use idv::store::operators::By;
use idv::store::{Store, StoreError};
use idv::verification::account::Account;
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::command::{Command, Done, Task};
use idv::verification::decision::{Act, Actor, Answered, Step};
use idv::verification::erasure::Reason;
use idv::verification::identity::Identity;
use idv::verification::method::desk::{self, Code, IssuedCode, Policy, Standing, Told, Typed, Vouch};
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::provider::Registration;
use idv::verification::method::oidc::{self, Attested, Basis, Bindings};
use idv::verification::method::simulated::Choice;
use idv::verification::method::{Answer, Kind, Order, Reply};
use idv::verification::outcome::Status;
use idv::verification::session::Session;
use idv::verification::subject::{IdvId, Subject};
use idv::verification::tenant::Host;
use idv::verification::ticket::Ticket;
use idv::verification::time::Timestamp;

/// How long a result may be handed over.
pub(crate) const HAND_OVER: Duration = Duration::from_mins(15);

/// That a wrong code was typed, and so many attempts are left.
pub(crate) const fn wrong(attempts_left: u8) -> Answered {
    Answered::Told(Reply::Desk(Told::Wrong { attempts_left }))
}

/// That it was typed once more.
pub(crate) const fn again(attempts_left: u8) -> Answered {
    Answered::Told(Reply::Desk(Told::Again { attempts_left }))
}

/// That a code was right, and too late.
pub(crate) const TOO_LATE: Answered = Answered::Told(Reply::Desk(Told::TooLate));

/// What `session` does.
pub(crate) fn act(session: &Session<'_>, step: Step, new_id: IdvId, now: Timestamp) -> Act {
    let new_ticket = Ticket::from_random([1; 16]);
    let new_key = PersonKey::from_random([9; 16]);
    Act { actor: Actor::of(session), step, new_id, new_key, new_ticket, hand_over: HAND_OVER, now }
}

/// That `subject` is to be erased.
pub(crate) fn wish(subject: Subject, now: Timestamp) -> Wish {
    let by = By { account: Account::Root, claimed: Some("grace".into()) };
    Wish { subject, reason: Reason::Request, by, stranger: IdvId::from_random([0xee; 16]), now }
}

/// What is done for `subject` from `account`.
pub(crate) fn command(subject: Subject, account: Account, task: Task, now: Timestamp) -> Command {
    Command { subject, account, claimed: None, task, new_key: PersonKey::from_random([8; 16]), now }
}

/// What `provider` attests where a person whom it calls `identity` was verified: by the strict rules, without a conflict.
pub(crate) fn attested(provider: ProviderName, identity: Identity) -> Attested {
    Attested {
        provider,
        registration: registration(1),
        identity,
        basis: Basis { acr: Some("urn:example:high".into()), ..Basis::default() },
        verified_at: None,
        reference: None,
        mismatch: None,
        one_account: true,
        same_person: true,
    }
}

/// A registration at a provider.
pub(crate) fn registration(number: u8) -> Registration {
    postcard::from_bytes(&[number; 8]).unwrap()
}

/// The provider that tests are about.
pub(crate) fn acme() -> ProviderName {
    ProviderName::parse("acme").unwrap()
}

/// Person `number`, as a provider calls them.
pub(crate) fn identity(number: u8) -> Identity {
    postcard::from_bytes(&[number; 16]).unwrap()
}

pub(crate) trait Acts {
    async fn attest(&self, session: &Session<'_>, attested: Attested, new_id: IdvId, now: Timestamp) -> Acted;
    async fn order_bindings(&self, subject: Subject, order: oidc::Order) -> Result<bool, StoreError>;
    fn bindings(&self, subject: &Subject) -> Result<Bindings, StoreError>;
    async fn simulate(&self, session: &Session<'_>, status: Status, new_id: IdvId, now: Timestamp) -> Acted;
    async fn leave(&self, session: &Session<'_>, status: Status, new_id: IdvId, now: Timestamp) -> Acted;
    async fn answer_desk(
        &self,
        session: &Session<'_>,
        policy: Policy,
        code: Code,
        new_id: IdvId,
        now: Timestamp,
    ) -> Acted;
    async fn issue_code(
        &self,
        subject: Subject,
        code: Code,
        vouch: Vouch,
        policy: Policy,
    ) -> Result<Timestamp, StoreError>;
    async fn revoke_code(&self, subject: Subject) -> Result<bool, StoreError>;
    fn desks(
        &self,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Vec<(Subject, Standing)>, StoreError>;
}

type Acted = Result<Answered, StoreError>;

impl Acts for Store {
    async fn attest(&self, session: &Session<'_>, attested: Attested, new_id: IdvId, now: Timestamp) -> Acted {
        let step = Step::Answer(Answer::Oidc(attested));
        Ok(self.act(act(session, step, new_id, now)).await?.0)
    }

    async fn order_bindings(&self, subject: Subject, order: oidc::Order) -> Result<bool, StoreError> {
        let task = Task::Order(Order::Oidc(order));
        let now = Timestamp::from_unix(0);
        let (done, _) = self.carry_out(command(subject, Account::Root, task, now)).await?;
        Ok(done == Done::Changed)
    }

    fn bindings(&self, subject: &Subject) -> Result<Bindings, StoreError> {
        Ok(self.kept_of(Kind::Oidc, subject)?.into_oidc())
    }

    async fn simulate(&self, session: &Session<'_>, status: Status, new_id: IdvId, now: Timestamp) -> Acted {
        let choice = Choice::parse(status.as_str(), [2; 16]).unwrap();
        let step = Step::Answer(Answer::Simulated(choice));
        Ok(self.act(act(session, step, new_id, now)).await?.0)
    }

    async fn leave(&self, session: &Session<'_>, status: Status, new_id: IdvId, now: Timestamp) -> Acted {
        Ok(self.act(act(session, Step::Leave(status), new_id, now)).await?.0)
    }

    async fn answer_desk(
        &self,
        session: &Session<'_>,
        policy: Policy,
        code: Code,
        new_id: IdvId,
        now: Timestamp,
    ) -> Acted {
        let typed = Typed::new(&code, policy, &self.key(desk::KEY), &session.subject, session.id);
        let step = Step::Answer(Answer::Desk(typed));
        Ok(self.act(act(session, step, new_id, now)).await?.0)
    }

    async fn issue_code(
        &self,
        subject: Subject,
        code: Code,
        vouch: Vouch,
        policy: Policy,
    ) -> Result<Timestamp, StoreError> {
        let (account, now) = (vouch.account.clone(), vouch.issued_at);
        let expires_at = now.later(policy.code_lifetime);
        let hash = code.hash(&self.key(desk::KEY), &subject);
        let task = Task::Order(Order::Desk(desk::Order::Issue(IssuedCode { hash, expires_at, vouch })));
        let _done = self.carry_out(command(subject, account, task, now)).await?;
        Ok(expires_at)
    }

    async fn revoke_code(&self, subject: Subject) -> Result<bool, StoreError> {
        let task = Task::Order(Order::Desk(desk::Order::Revoke));
        let now = Timestamp::from_unix(0);
        let (done, _) = self.carry_out(command(subject, Account::Root, task, now)).await?;
        Ok(done == Done::Changed)
    }

    fn desks(
        &self,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Vec<(Subject, Standing)>, StoreError> {
        let listed = self.kept(Kind::Desk, tenant, after, limit)?;
        Ok(listed.into_iter().map(|(subject, kept)| (subject, kept.into_desk())).collect())
    }
}
