//! What operators ask, done in this process: of several tenants, and where providers are configured.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use idv::config::load;
use idv::config::sockets::Sockets;
use idv::control::audit::Purpose;
use idv::control::evidence::keeper;
use idv::control::examination::Examination;
use idv::control::method::oidc;
use idv::control::reload::Reloads;
use idv::control::running::Running;
use idv::control::{Office, Request};
use idv::monitoring::Readiness;
use idv::ops::clock::Clock;
use idv::store::Store;
use idv::verification::account::Account;
use idv::verification::method::oidc::Attested;
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::provider::Provider;
use idv::verification::session::Session;
use idv::verification::subject::Subject;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::acts::{Acts, acme, attested};
use crate::support::disk::Disk;
use crate::support::ledger::{self, Logins, identity_of, subject_of};
use crate::support::providers::{AT, is_verified, of_provider};
use crate::support::token::TENANT;
use crate::support::world::{OTHER_TENANT, block_on};

const CONFIG: &str = r#"
public_url = "https://idv.example.test"
server.listen = ["127.0.0.1:8001"]
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "NONE" }]
[[tenants]]
domain = "other.eu.auth0.test"
token_secrets = [{ env = "NONE" }]
"#;

/// A provider that is configured so.
fn provider(name: ProviderName, client_id: &str) -> Provider {
    let section = format!(
        "[[methods.oidc]]\nname = \"{name}\"\nlabel = \"Acme\"\nissuer = \"https://op.example.test\"\n\
         client_id = \"{client_id}\"\nclient_secret = {{ env = \"NONE\" }}\n[methods.oidc.accept]\nacr = [\"high\"]\n"
    );
    load::parse(&format!("{CONFIG}{section}")).0.unwrap().methods.oidc[0].clone()
}

/// The office of a service with these providers.
fn office(providers: &[Provider]) -> Office {
    let mut config = load::parse(CONFIG).0.unwrap();
    config.methods.oidc = providers.into();
    let sockets = Sockets::configured(&config);
    let store = Store::open_on(Disk::default(), &ledger::key()).unwrap();
    let readiness = Arc::new(Readiness::new(store.clone(), Clock::new(|| AT)));
    let running =
        Some(Running { presence: Arc::default(), sockets, certificate: None, reloads: Reloads::new().0, readiness });
    let evidence = keeper(&config, &store);
    Office { config, tenants: Err("none".into()), store, evidence, clock: Clock::new(|| AT), running }
}

fn ask(office: &Office, request: Request) -> Value {
    block_on(office.perform(request, Account::Root)).unwrap()
}

fn show(office: &Office, subject: &Subject) -> Value {
    let (tenant, subject) = (subject.tenant.to_string(), subject.user_id.as_str().to_owned());
    ask(office, Request::SubjectShow { tenant, subject })
}

/// What the service would have an operator see to.
fn remarks(office: &Office) -> Vec<(String, String)> {
    let told: Examination = serde_json::from_value(ask(office, Request::Examine)).unwrap();
    told.remarks.into_iter().map(|remark| (remark.text, remark.remedy)).collect()
}

/// Person `n`, known by `provider`.
fn bind(office: &Office, n: usize, provider: &Provider) {
    let told = Attested { registration: provider.registration(), ..attested(provider.name, identity_of(n)) };
    assert!(block_on(is_verified(&office.store, &of_provider(&Logins::new(), n, provider.name), told)));
}

#[test]
fn a_provider_is_forgotten_at_every_tenant() {
    let (office, logins) = (office(&[]), Logins::new());
    let elsewhere = Subject { tenant: OTHER_TENANT.to_owned().try_into().unwrap(), ..subject_of(2) };
    for (n, subject) in [(1, subject_of(1)), (2, elsewhere.clone())] {
        let session = Session { subject, ..logins.session(n, 0) };
        assert!(block_on(is_verified(&office.store, &session, attested(acme(), identity_of(n)))));
    }
    let forget = oidc::Request::Forget { provider: acme() };
    assert_eq!(ask(&office, Request::Method(forget.into())), json!({ "forgotten": 2 }));
    for subject in [subject_of(1), elsewhere] {
        assert!(office.store.bindings(&subject).unwrap().at(acme()).is_none());
    }
    assert_eq!([1, 2].map(|n| office.store.holder(&identity_of(n)).unwrap()), [None, None]);
}

#[test]
fn bindings_of_another_registration_than_todays_are_shown_counted_and_can_be_mended() {
    let (then, now) = (provider(acme(), "client-1"), provider(acme(), "client-2"));
    let gone = provider(ProviderName::parse("gone").unwrap(), "client-1");
    let office = office(std::slice::from_ref(&now));
    assert_eq!(remarks(&office), []);
    for n in [1, 2] {
        bind(&office, n, &then);
    }
    bind(&office, 3, &now);
    bind(&office, 4, &gone);
    let current = [1, 3, 4].map(|n| show(&office, &subject_of(n))["bindings"][0]["is_current"].clone());
    assert_eq!(current, [json!(false), json!(true), json!(null)]);
    let [(text, remedy)] = &remarks(&office)[..] else { panic!("one remark") };
    assert!(text.starts_with("2 people were bound to acme when its issuer, client_id or identity.pointer"), "{text}");
    assert!(remedy.ends_with(": idv oidc forget acme"), "{remedy}");
    let (tenant, subject) = (TENANT.to_owned(), String::from(subject_of(1).user_id));
    let unbind = oidc::Request::Unbind { tenant, subject, provider: acme() };
    assert_eq!(ask(&office, Request::Method(unbind.into())), json!({ "unbound": true }));
    assert!(remarks(&office)[0].0.starts_with("1 people"));
    // Whom the provider calls the same by both is bound by today's from then on.
    let told = Attested { registration: now.registration(), ..attested(acme(), identity_of(2)) };
    let logins = Logins::new();
    let session = Session { subject: subject_of(2), ..logins.session(9999, 0) };
    assert!(block_on(is_verified(&office.store, &session, told)));
    assert_eq!(remarks(&office), []);
}

#[test]
fn a_registration_is_of_an_issuer_a_client_and_what_names_a_person() {
    let one = provider(acme(), "client-1");
    let registration = one.registration();
    let mut others = [one.clone(), one.clone(), one.clone()];
    others[0].issuer.push('/');
    others[1].client_id.push('2');
    others[2].identity.pointer.push('2');
    assert!(others.iter().all(|other| other.registration() != registration));
    let same = Provider { label: "Another".into(), scopes: vec![], userinfo: true, ..one };
    assert_eq!(same.registration(), registration);
}

/// Whoever could say so without having made one would silence those who watch for it.
#[test]
fn that_a_backup_was_made_is_said_by_root_or_the_services_own_account_and_kept() {
    let office = office(&[]);
    for account in [Account::Member, Account::User { uid: 61_234, login: None }, Account::Unrecorded] {
        let refused = block_on(office.perform(Request::BackedUp, account)).unwrap_err();
        assert!(refused.to_string().contains("only root"), "{refused}");
    }
    assert_eq!(office.store.backed_up_at(), Ok(None));
    assert_eq!(ask(&office, Request::BackedUp), json!({ "backed_up_at": AT }));
    assert_eq!(office.store.backed_up_at(), Ok(Some(AT)));
}

/// Each renewal is an entry that names another key, and whoever verifies an export tries each.
#[test]
fn another_key_signs_where_root_says_so_or_the_services_own_account() {
    let office = office(&[]);
    let head = ask(&office, Request::AuditHead);
    for account in [Account::Member, Account::User { uid: 61_234, login: None }, Account::Unrecorded] {
        let refused = block_on(office.perform(Request::AuditRenew, account)).unwrap_err();
        assert!(refused.to_string().contains("only root"), "{refused}");
    }
    assert_eq!(ask(&office, Request::AuditHead), head, "nothing was written");
    assert_ne!(ask(&office, Request::AuditRenew)["public_key"], head["public_key"]);
}

/// It has each verdict: reviewers in the group of the desk would read what another came to in a case of which they are the second.
#[test]
fn the_audit_log_is_read_and_reported_of_by_root_or_the_services_own_account() {
    let office = office(&[]);
    let requests = [Purpose::Export, Purpose::Report].map(|purpose| Request::AuditOpen { purpose, tenant: None });
    let requests: Vec<_> = requests.into_iter().chain([Request::AuditPage { from: 0 }]).collect();
    let head = ask(&office, Request::AuditHead);
    for account in [Account::Member, Account::User { uid: 61_234, login: None }, Account::Unrecorded] {
        for request in &requests {
            let refused = block_on(office.perform(request.clone(), account.clone()));
            assert_eq!(refused.unwrap_err().name(), "not_theirs", "{account:?}, {request:?}");
        }
    }
    assert_eq!(ask(&office, Request::AuditHead), head, "nothing was written");
    for request in requests {
        ask(&office, request);
    }
}

/// The group of the control socket is for the desk.
#[test]
fn somebody_is_handed_out_and_erased_where_root_says_so_or_the_services_own_account() {
    let directory = TempDir::new().unwrap();
    // Who was erased is written beside it.
    let (store, _) = Store::open(&directory.path().join("idv.redb"), [7; 32]).unwrap();
    let office = Office { store, ..office(&[]) };
    assert!(block_on(Logins::new().complete(&office.store, 1)));
    let (tenant, subject) = (TENANT.to_owned(), subject_of(1).user_id.as_str().to_owned());
    let export = Request::SubjectExport { tenant: tenant.clone(), subject: subject.clone() };
    let erase = |reason: &str| Request::SubjectErase {
        tenant: tenant.clone(),
        subject: subject.clone(),
        reason: reason.to_owned(),
    };
    let entries = office.store.audit_edge().unwrap().size();
    for account in [Account::Member, Account::User { uid: 61_234, login: None }, Account::Unrecorded] {
        for request in [export.clone(), erase("request")] {
            let refused = block_on(office.perform(request, account.clone())).unwrap_err();
            assert!(refused.to_string().contains("only root"), "{refused}");
        }
    }
    let refused = block_on(office.perform(erase("Ada wants it"), Account::Root)).unwrap_err();
    assert_eq!(refused.to_string(), "\"Ada wants it\" is no reason");
    assert_eq!(office.store.audit_edge().unwrap().size(), entries, "nothing was written");
    assert_eq!(ask(&office, export)["known"]["checks"].as_array().unwrap().len(), 1);
    let done = block_on(office.perform(erase("request"), Account::Root)).unwrap();
    assert_eq!((&done["erased"], &done["checks"]), (&json!(true), &json!(1)));
    assert!(office.store.subject(&subject_of(1)).unwrap().is_none());
}

/// Whoever watches heard nothing, and the service was ended for it, while one thread read a log of years.
#[test]
fn the_whole_log_is_looked_through_beside_all_else_that_the_service_does() {
    let office = office(&[]);
    bind(&office, 1, &provider(acme(), "client-1"));
    let (tenant, subject) = (TENANT.to_owned(), String::from(subject_of(1).user_id));
    let has_entry = || {
        let entries = office.store.entries(0, 100).unwrap();
        entries.iter().any(|(_, line)| String::from_utf8_lossy(line).contains("subject-exported"))
    };
    block_on(async {
        let mut export = pin!(office.perform(Request::SubjectExport { tenant, subject }, Account::Root));
        assert!(poll_fn(|context| Poll::Ready(export.as_mut().poll(context).is_pending())).await);
        // Whatever was asked of the store before this is in it by then.
        office.store.prove_writable().await.unwrap();
        assert!(!has_entry(), "it waits for the log, and nothing waits for it");
        assert_eq!(export.await.unwrap()["audit"].as_array().unwrap().len(), 1);
    });
    assert!(has_entry());
}

/// Whoever had been verified for a tenant that was taken out could neither be handed what is known of them, nor be erased.
#[test]
fn of_a_tenant_that_is_configured_no_more_somebody_is_handed_out_and_erased_all_the_same() {
    let (directory, logins) = (TempDir::new().unwrap(), Logins::new());
    let store = Store::open(&directory.path().join("idv.redb"), [7; 32]).unwrap().0;
    let office = Office { store, ..office(&[]) };
    let gone = "gone.eu.auth0.test";
    let subject = Subject { tenant: gone.to_owned().try_into().unwrap(), ..subject_of(1) };
    let session = Session { subject, ..logins.session(1, 0) };
    assert!(block_on(is_verified(&office.store, &session, attested(acme(), identity_of(1)))));
    let (user_id, other) = (String::from(subject_of(1).user_id), String::from(subject_of(2).user_id));
    let export = |tenant: &str, subject: &str| {
        let request = Request::SubjectExport { tenant: tenant.into(), subject: subject.into() };
        block_on(office.perform(request, Account::Root)).map_err(|error| error.to_string())
    };
    let erase = || {
        let (tenant, subject, reason) = (gone.to_owned(), user_id.clone(), "left".to_owned());
        ask(&office, Request::SubjectErase { tenant, subject, reason })["erased"].clone()
    };
    let exported = export(gone, &user_id).unwrap();
    assert_eq!((exported["known"]["checks"].as_array().unwrap().len(), &exported["tenant"]), (1, &json!(gone)));
    for (tenant, subject) in [(gone, &other), ("gone.eu.auth0.tes", &user_id), ("no host", &user_id)] {
        let told = export(tenant, subject).unwrap_err();
        assert!(told.contains("is no tenant's host"), "{told}");
    }
    assert_eq!([erase(), erase()], [json!(true), json!(false)], "twice is harmless");
    assert!(export(gone, &user_id).is_err());
}
