//! A store under a load of numbered logins, and the question what has become of each.

use idv::store::Store;
use idv::store::master_key::MasterKey;
use idv::verification::account::Account;
use idv::verification::asks::Asks;
use idv::verification::decision::Answered;
use idv::verification::identity::Identity;
use idv::verification::method::desk::{Code, Vouch};
use idv::verification::outcome::Status;
use idv::verification::session::id::SessionId;
use idv::verification::session::{Session, State};
use idv::verification::spent::Use;
use idv::verification::subject::{IdvId, Subject};
use idv::verification::tenant::Tenant;
use idv::verification::time::Timestamp;
use idv::verification::token::{TokenId, VerificationRequest};

use super::acts::{Acts, acme, attested};
use super::world::{BEGINNING, POLICY, subject, tenant};

/// The key of every store on a disk in memory.
pub(crate) fn key() -> MasterKey {
    MasterKey::new([7; 32])
}

/// Login number `n`: a subject of its own, a token of its own.
pub(crate) struct Logins {
    tenant: Tenant,
    /// Whether every second one is completed by a provider, who knows each person by a name of their own.
    is_mixed: bool,
}

/// What a store knows of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing at all.
    Nothing,
    /// One successful check, and that the token is used for it.
    Completed,
}

impl Logins {
    pub(crate) fn new() -> Self {
        Self { tenant: tenant(), is_mixed: false }
    }

    /// Logins of which every second one binds its subject.
    pub(crate) fn mixed() -> Self {
        Self { is_mixed: true, ..Self::new() }
    }

    fn binds(&self, n: usize) -> bool {
        self.is_mixed && n % 2 == 1
    }

    /// Session `which` of login `n`.
    pub(crate) fn session(&self, n: usize, which: u8) -> Session<'_> {
        let mut token = [0; 16];
        token[..8].copy_from_slice(&(n as u64).to_be_bytes());
        let mut id = token;
        id[15] = which;
        let id = SessionId::parse(&data_encoding::BASE64URL_NOPAD.encode(&id)).unwrap();
        let request = VerificationRequest {
            tenant: &self.tenant,
            return_to: self.tenant.return_address(self.tenant.domain.as_str()).unwrap(),
            key_id: self.tenant.keys[0].id(),
            token_id: TokenId(token),
            subject: subject_of(n),
            issued_at: Timestamp::from_unix(BEGINNING),
            account_hint: None,
            ui_locales: None,
            asks: Asks::default(),
            profile: None,
        };
        Session::begin(id, request, State::try_from("state".to_owned()).unwrap())
    }

    /// Completes login `n`. True if that was acknowledged.
    pub(crate) async fn complete(&self, store: &Store, n: usize) -> bool {
        let now = Timestamp::from_unix(BEGINNING + 1);
        let session = self.session(n, 0);
        let answer = if self.binds(n) {
            store.attest(&session, attested(acme(), identity_of(n)), idv_id(n), now).await
        } else {
            store.simulate(&session, Status::Success, idv_id(n), now).await
        };
        matches!(answer, Ok(Answered::Concluded(_)))
    }

    /// Issues the code of login `n`.
    pub(crate) async fn issue(&self, store: &Store, n: usize) -> bool {
        let vouch =
            Vouch { by: "desk".into(), account: Account::Root, issued_at: Timestamp::from_unix(BEGINNING), note: None };
        store.issue_code(subject_of(n), code(n), vouch, POLICY).await.is_ok()
    }

    /// What `store` knows of login `n`.
    ///
    /// # Panics
    /// Where it knows half of it, or twice.
    pub(crate) fn known(&self, store: &Store, n: usize) -> Known {
        let session = self.session(n, 0);
        let record = store.subject(&session.subject).unwrap();
        let used = store.token_use(session.issued_at, session.token_id).unwrap();
        let is_bound = record.is_some() && self.binds(n);
        assert_eq!(store.bindings(&session.subject).unwrap().at(acme()).is_some(), is_bound, "login {n}");
        let holder = store.holder(&identity_of(n)).unwrap();
        assert_eq!(holder.as_ref(), Some(&session.subject).filter(|_| is_bound), "login {n}");
        match (record, used) {
            (None, Use::Unused) => Known::Nothing,
            (Some(record), Use::Concluded(id, outcome)) => {
                assert_eq!((id, outcome.status, outcome.idv_id), (session.id, Status::Success, idv_id(n)));
                assert_eq!(record.idv_id, idv_id(n));
                let checks = store.checks(&record, 10).unwrap();
                assert_eq!(checks.len(), 1, "login {n} has one check");
                assert_eq!((&checks[0].subject, checks[0].status), (&session.subject, Status::Success));
                Known::Completed
            }
            half => panic!("of login {n} only half is known: {half:?}"),
        }
    }
}

pub(crate) fn subject_of(n: usize) -> Subject {
    subject(&format!("auth0|{n:06}"))
}

pub(crate) fn code(n: usize) -> Code {
    Code::from_random((n as u128 + 1).to_le_bytes())
}

/// Who person `n` is to a provider.
pub(crate) fn identity_of(n: usize) -> Identity {
    postcard::from_bytes(&(n as u128 + 1).to_be_bytes()).unwrap()
}

fn idv_id(n: usize) -> IdvId {
    IdvId::from_random((n as u128).to_be_bytes())
}
