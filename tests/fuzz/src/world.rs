//! One tenant, one application and one instant, always the same, so that a finding is found again.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Request, StatusCode};
use idv::config::branding::Branding;
use idv::evidence::{Keeper, Place};
use idv::ops::allowance::Allowances;
use idv::ops::clock::Clock;
use idv::store::Store;
use idv::verification::method::Methods;
use idv::verification::method::desk::Policy;
use idv::verification::session::{RANDOM_LENGTH, Sealer, State};
use idv::verification::tenant::{ResultSubject, ReturnMethod, Tenant, Tenants, TokenKey, Whereabouts};
use idv::verification::time::Timestamp;
use idv::verification::token::UntrustedToken;
use idv::web::{App, Assets, HandOffs, Handled, Parties, Site, Tries, Uploads, Waits};
use ring::hmac;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

pub(super) const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
pub(super) const TENANT: &str = "acme.eu.auth0.test";
pub(super) const CUSTOM_DOMAIN: &str = "login.acme.test";
pub(super) const POLICY: Policy = Policy { code_lifetime: Duration::from_hours(24), attempts: 5 };
pub(super) const SECRET: &[u8] = b"a secret of thirty-two bytes and some";
const ROOT: &[u8] = b"the root of the session keys";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

pub(super) static TENANTS: LazyLock<Tenants> = LazyLock::new(tenants);
pub(super) static APP: LazyLock<Arc<App>> = LazyLock::new(app);
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());

pub(super) fn tenants() -> Tenants {
    Tenants::new(vec![Tenant {
        domain: TENANT.to_owned().try_into().unwrap(),
        custom_domains: vec![CUSTOM_DOMAIN.to_owned().try_into().unwrap()],
        whereabouts: Whereabouts::Internet,
        keys: vec![TokenKey::new(SECRET)],
        token_parameter: "token".into(),
        return_method: ReturnMethod::Redirect,
        result_subject: ResultSubject::UserId,
        clock_leeway: Duration::from_mins(1),
    }])
}

/// A store whose file has no name any more: it is gone with the process.
pub(super) fn store() -> Store {
    let directory = TempDir::new().unwrap();
    Store::open(&directory.path().join("idv.redb"), [7; 32]).unwrap().0
}

/// No photos are asked for.
fn evidence() -> Arc<Keeper> {
    let place = Place { directory: "evidence".into(), store: "idv.redb".into(), may_be_in_memory: true };
    Arc::new(Keeper::new(store(), place, 0))
}

fn app() -> Arc<App> {
    Arc::new(App {
        authority: "idv.example.test".into(),
        parties: Parties::new(&store()),
        is_https: true,
        tenants: tenants(),
        methods: Methods { desk: Some(POLICY), simulated: true, oidc: Arc::default(), document: None },
        store: store(),
        sealer: sealer(),
        branding: Branding::default(),
        assets: Assets::new(&Branding::default(), None),
        presence: Arc::default(),
        starts: Allowances::new(None, []),
        submissions: Allowances::new(None, []),
        evidence: evidence(),
        pictures: None,
        hand_offs: HandOffs::default(),
        waits: Waits::default(),
        tries: Tries::default(),
        uploads: Uploads::default(),
        noise: Arc::default(),
        hand_over: Duration::from_mins(15),
        clock: Clock::new(|| NOW),
    })
}

pub(super) fn root() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, ROOT)
}

pub(super) fn sealer() -> Sealer {
    Sealer::new(root())
}

/// A token of any header and payload, with the tag that is right for it.
pub(super) fn sign(header: &[u8], payload: &[u8]) -> String {
    let signed = format!("{}.{}", BASE64URL_NOPAD.encode(header), BASE64URL_NOPAD.encode(payload));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
}

/// A token as it should be, with any header.
pub(super) fn token_with_header(header: &[u8]) -> String {
    sign(header, claims("header").as_bytes())
}

/// A token as it should be, with any payload.
pub(super) fn token_with_payload(payload: &[u8]) -> String {
    sign(HEADER.as_bytes(), payload)
}

/// A token as it should be. Each target has one of its own name: what one does must not hide what another finds.
pub(super) fn good_token(name: &str) -> String {
    token_with_payload(claims(name).as_bytes())
}

fn claims(name: &str) -> String {
    format!(r#"{{"iss":"{TENANT}","sub":"auth0|{name}","iat":1800000000,"exp":1800000900}}"#)
}

/// The session that `token` begins: its id and the value of its cookie.
pub(super) fn begin(token: &str) -> (String, String) {
    let request = UntrustedToken::parse(token).unwrap().authenticate(&TENANTS, NOW).unwrap();
    let state = State::try_from("state".to_owned()).unwrap();
    let (id, sealed) = sealer().begin(request, state, [9; RANDOM_LENGTH], NOW);
    (id.to_string(), sealed)
}

/// What the router answers to `request`, with a body of bytes.
pub(super) fn respond(request: Request<Full<Bytes>>) -> (StatusCode, HeaderMap, Bytes) {
    let answer = match APP.handle(request, Duration::ZERO) {
        Handled::Now(answer) | Handled::Login(answer) | Handled::TurnedAway(answer) => answer,
        Handled::Later(answer) | Handled::Slowly(answer, _) => block_on(answer),
    };
    let (parts, body) = answer.into_parts();
    (parts.status, parts.headers, block_on(body.collect()).unwrap().to_bytes())
}

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.block_on(future)
}
