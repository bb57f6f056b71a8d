//! What the process does for a person who is back from a provider whose answers are in memory: from the query and the cookie
//! that the browser brings to what the provider attests. Neither the network nor the store has a part in it.

use crate::provider::{self, ASKED_AT};
use crate::world::{AUTHORITY, NOW, World};
use anyhow::{Context, Result};
use idv::ops::random::{Generator, generator};
use idv::verification::identity;
use idv::verification::method::oidc::Attested;
use idv::verification::method::oidc::answer::{Answer, Code};
use idv::verification::method::oidc::attest::{Account, attest};
use idv::verification::method::oidc::claims::Claims;
use idv::verification::method::oidc::credentials::{ClientSecret, Credentials};
use idv::verification::method::oidc::fault::{Fault, Rejected};
use idv::verification::method::oidc::id_token::{self, Terms};
use idv::verification::method::oidc::jose::{Algorithm, ClientKey, KeySet, SigningAlgorithm};
use idv::verification::method::oidc::metadata::Metadata;
use idv::verification::method::oidc::provider::{Audience, Authentication, Provider};
use idv::verification::method::oidc::request::{Client, Posted};
use idv::verification::method::oidc::token::TokenResponse;
use idv::verification::method::oidc::transaction::{self, Seed, Transaction, TransactionId, Transactions};
use idv::verification::method::oidc::userinfo;
use idv::verification::profile::Profile;
use idv::verification::subject::Subject;
use idv::verification::token::UntrustedToken;
use ring::hmac;
use serde_json::json;

/// A key of the tests alone: ring makes no RSA keys.
const RSA: &[u8] = include_bytes!("../../../it/support/liar/rsa_2048.test_key.pem");
const SECRET: &str = "mQ3v0T9yKc2wYp5nB8sXr1dLfJ6hGz4u";
const JSON: Option<&str> = Some("application/json; charset=utf-8");

/// By what the provider signs.
#[derive(Clone, Copy)]
pub(crate) enum Signed {
    Rs256,
    Es256,
}

/// What shows that we are its client.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    Secret,
    Key,
}

/// A person who is back, and the provider.
pub(crate) struct Callback {
    provider: Provider,
    metadata: Metadata,
    keys: KeySet,
    credentials: Credentials,
    transactions: Transactions,
    identities: hmac::Key,
    random: Generator,
    subject: Subject,
    profile: Option<Box<Profile>>,
    /// What the browser brings.
    query: String,
    cookie: String,
    /// What the provider answers.
    tokens: String,
    userinfo: Option<String>,
}

impl Callback {
    pub(crate) fn new(world: &World, signed: Signed, has_userinfo: bool, shown: Shown) -> Result<Self> {
        let app = &world.app;
        let random = generator();
        let new_key = || ClientKey::from_pkcs8(&ClientKey::generate_p256(&random), &random);
        let (theirs, algorithm, signing) = match signed {
            Signed::Rs256 => (ClientKey::from_pkcs8(RSA, &random)?, Algorithm::Rs256, SigningAlgorithm::Rs256),
            Signed::Es256 => (new_key()?, Algorithm::Es256, SigningAlgorithm::Es256),
        };
        let (authentication, credentials) = match shown {
            Shown::Secret => {
                let secret = ClientSecret::new(SECRET.to_owned().into()).context("the secret is none")?;
                (Authentication::SecretBasic, Credentials::Secret(secret))
            }
            Shown::Key => {
                let authentication = Authentication::PrivateKey { audience: Audience::Issuer, algorithm: None };
                (authentication, Credentials::Keys(vec![new_key()?]))
            }
        };
        let provider = provider::section(algorithm, has_userinfo, authentication)?;
        let transaction = Transaction {
            session: world.begin()?.0,
            provider: provider.name,
            registration: provider.registration(),
            asked_at: ASKED_AT,
            seed: Seed::from_random([7; 32]),
            sent: vec![],
        };
        let id_token = theirs.sign(signing, &provider::id_token(&transaction.nonce()), "JWT", &random)?;
        let access_token = "a".repeat(43);
        let tokens = json!({
            "access_token": access_token, "token_type": "Bearer", "expires_in": 3600, "id_token": id_token,
        });
        // The one that signs, and the one that will next.
        let keys = json!({ "keys": [theirs.public_jwk(), new_key()?.public_jwk()] });
        let request = UntrustedToken::parse(&world.profiled)?.authenticate(&app.tenants, NOW)?;
        let (id, transactions) =
            (TransactionId::from_random([7; 16]), Transactions::new(app.store.key(transaction::KEY)));
        Ok(Self {
            metadata: provider::metadata(has_userinfo),
            keys: KeySet::parse(keys.to_string().as_bytes())?,
            credentials,
            identities: app.store.key(identity::KEY),
            random,
            subject: request.subject,
            profile: request.profile,
            query: format!("code={}&state={id}&iss=https%3A%2F%2Fop.example.test", "c".repeat(43)),
            cookie: transactions.seal(id, &transaction, [7; 12], ASKED_AT),
            tokens: tokens.to_string(),
            userinfo: has_userinfo.then(|| provider::userinfo().to_string()),
            transactions,
            provider,
        })
    }

    /// All of it, in the order of a callback.
    pub(crate) fn attest(&self) -> Result<Attested, Rejected> {
        let (code, transaction) = self.came_back()?;
        self.token_request(&code, &transaction)?;
        let tokens = TokenResponse::read(200, JSON, self.tokens.as_bytes())?;
        let nonce = transaction.nonce();
        let terms =
            Terms { nonce: &nonce, asked_at: transaction.asked_at, access_token: &tokens.access_token, now: NOW };
        let id_token = id_token::check(&tokens.id_token, &self.keys, &self.provider, &terms)?;
        let sub = id_token.text("sub").ok_or(Fault::IdTokenSub)?;
        let userinfo = self.userinfo.as_ref().map(|answer| userinfo::check(200, JSON, answer.as_bytes(), sub));
        let userinfo = userinfo.transpose()?;
        let claims = Claims { id_token, userinfo };
        let account =
            Account { tenant: &self.subject.tenant, profile: self.profile.as_deref(), sent: &transaction.sent };
        Ok(attest(&self.provider, &claims, account, &self.identities, NOW)?)
    }

    /// What the browser brings, opened.
    pub(crate) fn came_back(&self) -> Result<(Code, Transaction), Rejected> {
        let returned = Answer::read(&self.query)?;
        let id = TransactionId::parse(&returned.state).ok_or(Fault::StateUnknown)?;
        let transaction = self.transactions.open(id, &self.cookie).ok_or(Fault::StateUnknown)?;
        if transaction.registration != self.provider.registration() {
            return Err(Fault::OtherRegistration.into());
        }
        Ok((returned.check(&self.provider, self.metadata.announces_iss)?, transaction))
    }

    /// What the provider is sent for the code.
    pub(crate) fn token_request(&self, code: &Code, transaction: &Transaction) -> Result<Posted, Fault> {
        let Self { provider, metadata, credentials, random, .. } = self;
        let redirect_uri = format!("https://{AUTHORITY}/oidc/{}/callback", provider.name);
        Client { provider, metadata, credentials, now: NOW, random }.token_request(code, &redirect_uri, transaction)
    }
}
