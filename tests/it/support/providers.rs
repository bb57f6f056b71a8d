//! People who are bound to providers, in the store of an installation whose service does not run.

use std::path::Path;

use idv::ops::random;
use idv::store::Store;
use idv::verification::decision::Answered;
use idv::verification::method::oidc::Attested;
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::session::Session;
use idv::verification::subject::{IdvId, Subject};
use idv::verification::time::Timestamp;

use super::acts::{Acts, attested};
use super::ledger::{Logins, identity_of, subject_of};
use super::world::{BEGINNING, block_on, together};

/// When everybody is verified.
pub(crate) const AT: Timestamp = Timestamp::from_unix(BEGINNING + 1);

/// Has `provider` attest that each of `people` is who they are, in the store at `path`.
pub(crate) fn bind(path: &Path, provider: ProviderName, people: impl Iterator<Item = usize>) {
    let (store, _) = Store::open(path, random::bytes()).unwrap();
    let (store, logins) = (&store, &Logins::new());
    block_on(together(people.map(|n| async move {
        let told = attested(provider, identity_of(n));
        assert!(is_verified(store, &of_provider(logins, n, provider), told).await, "person {n}");
    })));
}

/// Whether `session` ends with a success if `told` is brought to it.
pub(crate) async fn is_verified(store: &Store, session: &Session<'_>, told: Attested) -> bool {
    match store.attest(session, told, IdvId::from_random(random::bytes()), AT).await {
        Ok(Answered::Concluded(outcome)) => outcome.verified.is_some(),
        other => panic!("{other:?}"),
    }
}

/// The session in which person `n` is verified by `provider`.
pub(crate) fn of_provider(logins: &Logins, n: usize, provider: ProviderName) -> Session<'_> {
    let which = provider.as_str().bytes().fold(0, u8::wrapping_add);
    let session = logins.session(n * 256 + usize::from(which), 0);
    Session { subject: subject_of(n), ..session }
}

/// How many of `people` are bound to `provider`; of each it is known to whom their identity belongs.
pub(crate) fn bound(store: &Store, provider: ProviderName, people: impl Iterator<Item = Subject>) -> usize {
    let is_bound = |person: &Subject| {
        let bindings = store.bindings(person).unwrap();
        bindings.at(provider).inspect(|binding| {
            assert_eq!(store.holder(&binding.identity).unwrap().as_ref(), Some(person));
        });
        bindings.at(provider).is_some()
    };
    people.filter(is_bound).count()
}
