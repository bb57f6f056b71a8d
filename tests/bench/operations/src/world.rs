//! A whole application in this process, and a person who arrives at it. Nothing in it is left to chance or to the clock.

use anyhow::{Context, Result, bail, ensure};
use data_encoding::BASE64URL_NOPAD;
use http_body_util::Empty;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{ACCEPT_LANGUAGE, COOKIE, HOST, HeaderValue};
use idv::config::branding::Branding;
use idv::evidence::{Keeper, Place};
use idv::ops::allowance::Allowances;
use idv::ops::clock::Clock;
use idv::ops::count::Counters;
use idv::store::Store;
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::decision::{Act, Actor, Answered, Step};
use idv::verification::method::Answer as Given;
use idv::verification::method::Methods;
use idv::verification::method::desk::Policy;
use idv::verification::method::simulated::Choice;
use idv::verification::session::id::SessionId;
use idv::verification::session::{RANDOM_LENGTH, Sealer, Session, State};
use idv::verification::subject::IdvId;
use idv::verification::tenant::{ResultSubject, ReturnMethod, Tenant, Tenants, TokenKey, Whereabouts};
use idv::verification::ticket::Ticket;
use idv::verification::time::Timestamp;
use idv::verification::token::UntrustedToken;
use idv::web::{Answer, App, Assets, HandOffs, Handled, Live, Parties, Site, Tries, Uploads, Waits};
use ring::error::Unspecified;
use ring::{aead, hkdf, hmac};
use serde_json::{Value, json};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::task::{self, Poll, Waker};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinSet;

pub(crate) const AUTHORITY: &str = "idv.example.test";
pub(crate) const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
pub(crate) const RANDOM: [u8; RANDOM_LENGTH] = [7; RANDOM_LENGTH];
/// How long a result may be handed over.
const HAND_OVER: Duration = Duration::from_mins(15);
/// In a minute, for one subject: counted, and never reached.
const STARTS: NonZeroU32 = NonZeroU32::MAX;
const TENANT: &str = "acme.eu.auth0.test";
const SECRET: &[u8] = b"a secret of thirty-two bytes and some";
/// What Auth0 knows of the account, where the Action says so.
const PROFILE: &str =
    r#"{"given_name":"Ada","family_name":"Lovelace","birthdate":"1815-12-10","email":"ada@example.test"}"#;
/// 171 characters, about what Auth0 sends (contract 2).
const STATE_LENGTH: usize = 171;
/// How many used tokens a look-up passes by: more than one page of the store holds.
const USED: u32 = 256;

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    /// What stands before it, as in the service.
    live: Arc<Live>,
    /// A request token that nobody has used.
    pub(crate) token: String,
    /// The same with a profile.
    pub(crate) profiled: String,
    pub(crate) state: State,
    /// The tenant's secret.
    pub(crate) key: hmac::Key,
    _directory: TempDir,
}

impl World {
    pub(crate) fn create() -> Result<Self> {
        // As the service has it: what an operation takes is told with what counts it.
        Counters::default().enter();
        let directory = tempfile::tempdir()?;
        let (store, master) = Store::open(&directory.path().join("idv.redb"), [7; 32])?;
        let (evidence, beside) = (directory.path().join("evidence"), directory.path().join("idv.redb"));
        let place = Place { directory: evidence, store: beside, may_be_in_memory: true };
        let app = App {
            authority: AUTHORITY.into(),
            parties: Parties::new(&store),
            is_https: true,
            tenants: Tenants::new(vec![tenant()?]),
            methods: Methods {
                desk: Some(Policy { code_lifetime: Duration::from_hours(24), attempts: 5 }),
                simulated: false,
                oidc: Arc::default(),
                document: None,
            },
            store: store.clone(),
            sealer: Sealer::new(master.derive("session")),
            branding: Branding::default(),
            assets: Assets::new(&Branding::default(), None),
            presence: Arc::default(),
            starts: Allowances::new(Some(STARTS), [TENANT.into()]),
            submissions: Allowances::new(Some(STARTS), [TENANT.into()]),
            evidence: Arc::new(Keeper::new(store.clone(), place, 0)),
            pictures: None,
            hand_offs: HandOffs::default(),
            waits: Waits::default(),
            tries: Tries::default(),
            uploads: Uploads::default(),
            noise: Arc::default(),
            hand_over: HAND_OVER,
            clock: Clock::new(|| NOW),
        };
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
        let profile = seal_profile().ok().context("the profile is not sealed")?;
        let [token, profiled] = [None, Some(profile)].map(|profile| sign(&key, 0, profile));
        let state = State::try_from("s".repeat(STATE_LENGTH))?;
        let live = Arc::new(Live::new(app));
        Ok(Self { app: live.app(), live, token, profiled, state, key, _directory: directory })
    }

    /// The session that the token begins, and its cookie's value.
    pub(crate) fn begin(&self) -> Result<(SessionId, String)> {
        self.begin_with(&self.token)
    }

    /// Ends the logins of so many other people, all at once: what the commits take would blur a count.
    pub(crate) fn use_other_tokens(&self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut ends = JoinSet::new();
        for number in 1..=USED {
            let (id, sealed) = self.begin_with(&sign(&self.key, number, None))?;
            let app = Arc::clone(&self.app);
            let end = async move {
                let session = app.sealer.open(id, &sealed, &app.tenants).context("a session does not open")?;
                let idv_id = IdvId::from_random(u128::from(number).to_le_bytes());
                let step = Step::Answer(Given::Simulated(Choice::Success));
                Ok(app.store.act(act(&session, step, idv_id)).await?.0)
            };
            ends.spawn_on(end, runtime.handle());
        }
        let ended = runtime.block_on(ends.join_all()).into_iter().collect::<Result<Vec<_>>>()?;
        let all = ended.iter().all(|answer| matches!(answer, Answered::Concluded(_)));
        ensure!(all, "a login does not end");
        Ok(())
    }

    /// The request that Auth0 sends the person with.
    pub(crate) fn start(&self, token: &str) -> Result<Request<Empty<Bytes>>> {
        get(&format!("/id-verification?token={token}&state={}", self.state.as_str()))
    }

    /// The request for the page behind it.
    pub(crate) fn page(&self) -> Result<Request<Empty<Bytes>>> {
        let (id, sealed) = self.begin()?;
        let mut request = get(&format!("/session/{id}"))?;
        let cookie = HeaderValue::try_from(format!("__Host-idv-{id}={sealed}"))?;
        request.headers_mut().insert(COOKIE, cookie);
        Ok(request)
    }

    /// The router's answer. What waits for nothing is there at once.
    pub(crate) fn answer(&self, request: Request<Empty<Bytes>>) -> Result<Answer> {
        match self.live.handle(request, Duration::ZERO) {
            Handled::Now(answer) | Handled::Login(answer) | Handled::TurnedAway(answer) => Ok(answer),
            Handled::Later(mut answer) | Handled::Slowly(mut answer, _) => {
                match answer.as_mut().poll(&mut task::Context::from_waker(Waker::noop())) {
                    Poll::Ready(answer) => Ok(answer),
                    Poll::Pending => bail!("this request waits for the disk"),
                }
            }
        }
    }

    fn begin_with(&self, token: &str) -> Result<(SessionId, String)> {
        let request = UntrustedToken::parse(token)?.authenticate(&self.app.tenants, NOW)?;
        Ok(self.app.sealer.begin(request, self.state.clone(), RANDOM, NOW))
    }
}

/// What `session` does.
fn act(session: &Session<'_>, step: Step, new_id: IdvId) -> Act {
    let (new_key, new_ticket) = (PersonKey::from_random([7; 16]), Ticket::from_random([7; 16]));
    Act { actor: Actor::of(session), step, new_id, new_key, new_ticket, hand_over: HAND_OVER, now: NOW }
}

/// What a browser sends of itself.
fn get(target: &str) -> Result<Request<Empty<Bytes>>> {
    let request = Request::get(target).header(HOST, AUTHORITY).header(ACCEPT_LANGUAGE, "de-CH,de;q=0.9,en;q=0.8");
    Ok(request.body(Empty::new())?)
}

fn tenant() -> Result<Tenant> {
    Ok(Tenant {
        domain: TENANT.to_owned().try_into()?,
        custom_domains: vec![],
        whereabouts: Whereabouts::Internet,
        keys: vec![TokenKey::new(SECRET)],
        token_parameter: "token".into(),
        return_method: ReturnMethod::Redirect,
        result_subject: ResultSubject::UserId,
        clock_leeway: Duration::from_mins(1),
    })
}

/// The request token of person `number`, with the claims that Auth0 and the Action put in at a first login.
fn sign(key: &hmac::Key, number: u32, profile: Option<String>) -> String {
    let mut claims = json!({
        "iat": NOW.as_unix(),
        "iss": TENANT,
        "sub": format!("auth0|65f{number:021x}"),
        "exp": NOW.as_unix() + 600,
        "ip": "192.0.2.7",
        "continue_uri": format!("https://{TENANT}/continue"),
        "account_hint": "j•••@example.test",
        "jti": format!("mf3k2c9x-{number:011x}"),
    });
    if let Some(profile) = profile {
        claims["profile"] = Value::String(profile);
    }
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
    let tag = hmac::sign(key, signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
}

/// Seals the profile as the Action does.
fn seal_profile() -> Result<String, Unspecified> {
    let nonce = [7; aead::NONCE_LEN];
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(SECRET);
    let key = key.expand(&[b"idv profile 1"], &aead::AES_256_GCM).map(aead::UnboundKey::from)?;
    let mut sealed = PROFILE.as_bytes().to_vec();
    let unique = aead::Nonce::assume_unique_for_key(nonce);
    aead::LessSafeKey::new(key).seal_in_place_append_tag(unique, aead::Aad::empty(), &mut sealed)?;
    Ok(BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat()))
}
