//! The provider of the tests' own: an honest flow ends well, what is wrong is refused, and every lie can be told.

use std::collections::{BTreeSet, HashSet};
use std::io::{Read, Write};
use std::net::TcpStream;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use hyper::HeaderMap;
use idv::verification::method::oidc::fault::Fault;
use ring::digest::{SHA256, digest};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConnection, StreamOwned};
use serde_json::{Value, json};

use crate::support::liar::keys::{ALGORITHMS, Key, encode};
use crate::support::liar::lies::{ODDITIES, lies};
use crate::support::liar::{Authentication, Liar, Par, Registration};
use crate::support::wire;

const NOW: u64 = 1_800_000_000;
const CLIENT: &str = "https://idv.example.test/client";
const REDIRECT: &str = "https://idv.example.test/oidc/liar/callback";
const SECRET: &str = "the-client's+secret:100%=&/odd,and:long";
const STATE: &str = "a-state-of-22-letters.";
const NONCE: &str = "a-nonce-that-nobody-could-have-guessed-ever";
const VERIFIER: &str = "a-verifier-of-forty-three-letters-or-more-x";

/// How a client may prove who it is.
const WAYS: [&str; 5] = ["basic", "post", "ES256", "RS256", "PS256"];

/// With a new key, if that is its way.
fn authentication(way: &'static str) -> (Authentication, Option<Key>) {
    match way {
        "basic" => (Authentication::Basic(SECRET.into()), None),
        "post" => (Authentication::Post(SECRET.into()), None),
        algorithm => {
            let key = Key::for_algorithm(algorithm);
            (Authentication::Assertion { jwk: key.jwk("ours", algorithm), algorithm }, Some(key))
        }
    }
}

fn registration(authentication: Authentication, algorithm: &'static str, par: Par) -> Registration {
    Registration { client_id: CLIENT.into(), redirect_uri: REDIRECT.into(), authentication, algorithm, par }
}

fn basic(par: Par) -> Liar {
    Liar::start(registration(Authentication::Basic(SECRET.into()), "ES256", par), || NOW)
}

/// A client that is as short as it can be. Fields that a test changes make it wrong.
struct Client<'a> {
    liar: &'a Liar,
    authentication: Authentication,
    key: Option<Key>,
    /// By what of its requests is replaced.
    changes: Vec<(&'static str, &'static str)>,
    assertion: Value,
    agent: &'static str,
}

type Form = Vec<(String, String)>;

impl<'a> Client<'a> {
    fn new(liar: &'a Liar, authentication: Authentication, key: Option<Key>) -> Self {
        let jti = encode(idv::ops::random::bytes::<16>());
        let assertion = json!({ "iss": CLIENT, "sub": CLIENT, "aud": liar.issuer, "jti": jti, "exp": NOW + 60 });
        Self { liar, authentication, key, changes: vec![], assertion, agent: "idv/test" }
    }

    fn of(liar: &'a Liar) -> Self {
        Self::new(liar, Authentication::Basic(SECRET.into()), None)
    }

    fn change(&self, form: &[(&str, &str)]) -> Form {
        let change = |&(name, value): &(&str, &str)| {
            let changed = self.changes.iter().find(|(changed, _)| *changed == name);
            (name.to_owned(), changed.map_or(value, |(_, value)| value).to_owned())
        };
        form.iter().map(change).filter(|(_, value)| value != "-").collect()
    }

    fn request(&self) -> Form {
        let challenge = encode(digest(&SHA256, VERIFIER.as_bytes()));
        self.change(&[
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("redirect_uri", REDIRECT),
            ("scope", "openid profile"),
            ("state", STATE),
            ("nonce", NONCE),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("claims", r#"{"userinfo":{"name":null}}"#),
        ])
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("user-agent", self.agent.parse().unwrap());
        headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        if let Authentication::Basic(secret) = &self.authentication {
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encode(CLIENT), encode(secret));
            headers.insert("authorization", format!("Basic {}", BASE64.encode(pair.as_bytes())).parse().unwrap());
        }
        headers
    }

    /// Posts `form` with what proves who this is.
    fn post(&self, path: &str, mut form: Form) -> Result<Value, String> {
        form.retain(|(name, _)| name != "client_id");
        form.push(("client_id".into(), CLIENT.into()));
        match &self.authentication {
            Authentication::Basic(_) => {}
            Authentication::Post(secret) => form.push(("client_secret".into(), secret.clone())),
            Authentication::Assertion { algorithm, .. } => {
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                form.push(("client_assertion_type".into(), kind.into()));
                form.push(("client_assertion".into(), self.sign(algorithm)));
            }
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let reply = self.liar.answer("POST", path, &self.headers(), body.as_bytes());
        let value: Value = serde_json::from_slice(&reply.body).map_err(|error| format!("{error}: {reply:?}"))?;
        if reply.status < 300 { Ok(value) } else { Err(value["error_description"].as_str().unwrap_or_default().into()) }
    }

    fn sign(&self, algorithm: &str) -> String {
        let header = json!({ "alg": algorithm, "typ": "JWT" }).to_string();
        let signed = format!("{}.{}", encode(header), encode(self.assertion.to_string()));
        let signature = self.key.as_ref().unwrap().sign(algorithm, signed.as_bytes());
        format!("{signed}.{}", encode(signature))
    }

    /// Where the browser is sent: by a pushed request, or by one in the address.
    fn address(&mut self, pushed: bool) -> Result<String, String> {
        let mut query = self.request();
        if pushed {
            let answer = self.post("/par", query)?;
            self.renew();
            query = vec![("client_id".into(), CLIENT.into())];
            query.push(("request_uri".into(), answer["request_uri"].as_str().unwrap().into()));
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        Ok(format!("{}/authorize?{query}", self.liar.issuer))
    }

    /// No assertion serves twice.
    fn renew(&mut self) {
        self.assertion["jti"] = encode(idv::ops::random::bytes::<16>()).into();
    }

    fn exchange(&self, code: &str) -> Result<Value, String> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        self.post("/token", self.change(&form))
    }

    fn userinfo(&self, access_token: &str) -> Value {
        serde_json::from_slice(&self.liar.answer("GET", "/userinfo", &bearer(access_token), b"").body).unwrap()
    }

    /// The whole way: the token response, or what was wrong.
    fn run(&mut self, pushed: bool) -> Result<Value, String> {
        let address = self.address(pushed)?;
        let reply = self.liar.answer("GET", address.strip_prefix(&self.liar.issuer).unwrap(), &HeaderMap::new(), b"");
        if reply.status != 303 {
            return Err(String::from_utf8_lossy(&reply.body).into_owned());
        }
        assert!(reply.headers[0].1.contains(&format!("&state={STATE}")));
        self.exchange(&code(&reply.headers[0].1))
    }
}

/// The code that a browser brings back.
fn code(location: &str) -> String {
    let (_, query) = location.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").unwrap().1.into_owned()
}

fn bearer(access_token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("user-agent", "idv/test".parse().unwrap());
    // What no header can hold is no access token.
    headers.insert(
        "authorization",
        format!("Bearer {access_token}").parse().unwrap_or_else(|_| "Bearer".parse().unwrap()),
    );
    headers
}

/// The claims of a token, whoever signed it.
fn claims(tokens: &Value) -> Value {
    let payload = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

#[test]
fn an_honest_flow_ends_with_claims() {
    for algorithm in ALGORITHMS {
        for way in WAYS {
            for (par, pushed) in
                [(Par::Absent, false), (Par::Offered, false), (Par::Offered, true), (Par::Required, true)]
            {
                let (authentication, key) = authentication(way);
                let liar = Liar::start(registration(authentication.clone(), algorithm, par), || NOW);
                let mut client = Client::new(&liar, authentication, key);
                let tokens = client.run(pushed).unwrap();
                assert_eq!(claims(&tokens)["nonce"], NONCE);
                assert_eq!(client.userinfo(tokens["access_token"].as_str().unwrap())["sub"], claims(&tokens)["sub"]);
                assert_eq!(liar.complaints(), Vec::<String>::new());
                assert_eq!(liar.asked("/par").len(), usize::from(pushed));
                let asked = &liar.asked("/token")[0];
                assert_eq!(asked.parameter("code_verifier"), Some(VERIFIER));
                assert_eq!(asked.headers["user-agent"], "idv/test");
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_request_is_refused() {
    let wrong = [
        ("response_type", "code id_token"),
        ("redirect_uri", "https://idv.example.test/oidc/liar/callback/"),
        ("scope", "profile"),
        ("state", "short"),
        ("nonce", "-"),
        ("code_challenge", "-"),
        ("code_challenge", "short"),
        ("code_challenge_method", "plain"),
        ("claims", "{}"),
        ("claims", "[]"),
    ];
    for change in wrong {
        for (par, pushed) in [(Par::Absent, false), (Par::Required, true)] {
            let liar = basic(par);
            let mut client = Client { changes: vec![change], ..Client::of(&liar) };
            assert!(client.run(pushed).is_err(), "{change:?}");
            assert_eq!(liar.complaints().len(), 1, "{change:?}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_token_request_is_refused() {
    for change in [
        ("code", "another"),
        ("code_verifier", &NONCE[1..]),
        ("redirect_uri", "https://other.example/"),
        ("grant_type", "password"),
    ] {
        let liar = basic(Par::Absent);
        let mut client = Client::of(&liar);
        let address = client.address(false).unwrap();
        let code = code(&liar.visit(&address));
        client.changes = vec![change];
        assert!(client.exchange(&code).is_err(), "{change:?}");
    }
}

#[test]
fn a_code_and_a_pushed_request_serve_once() {
    let liar = basic(Par::Required);
    let mut client = Client::of(&liar);
    let address = client.address(true).unwrap();
    let code = code(&liar.visit(&address));
    client.exchange(&code).unwrap();
    assert_eq!(client.exchange(&code).unwrap_err(), "the code is unknown, or was used");
    let again = liar.answer("GET", address.strip_prefix(&liar.issuer).unwrap(), &HeaderMap::new(), b"");
    assert_eq!(again.status, 400);
}

#[test]
fn a_request_that_is_not_pushed_is_refused_where_it_must_be() {
    assert!(Client::of(&basic(Par::Required)).run(false).is_err());
}

#[test]
fn a_client_that_does_not_prove_who_it_is_is_refused() {
    let wrong = |way: &'static str| match authentication(way) {
        (Authentication::Basic(_), _) => (Authentication::Basic("wrong".into()), None),
        (Authentication::Post(_), _) => (Authentication::Post("wrong".into()), None),
        other => other,
    };
    for way in WAYS {
        let liar = Liar::start(registration(authentication(way).0, "ES256", Par::Absent), || NOW);
        let (authentication, key) = wrong(way);
        let key = key.map(|_| Key::for_algorithm(if way == "ES256" { "ES256" } else { "ES384" }));
        assert!(Client::new(&liar, authentication, key).run(false).is_err(), "{way}");
    }
}

#[test]
fn an_assertion_that_is_not_as_it_must_be_is_refused() {
    let wrong = [
        ("aud", json!("https://other.example")),
        ("sub", json!("another-client")),
        ("exp", json!(NOW + 61)),
        ("exp", json!(NOW)),
        ("jti", json!("short")),
    ];
    for (name, value) in wrong {
        let (authentication, key) = authentication("ES256");
        let liar = Liar::start(registration(authentication.clone(), "ES256", Par::Absent), || NOW);
        let mut client = Client::new(&liar, authentication, key);
        client.assertion[name] = value;
        assert!(client.run(false).is_err(), "{name}");
    }
}

#[test]
fn an_assertion_serves_once() {
    let (authentication, key) = authentication("ES256");
    let liar = Liar::start(registration(authentication.clone(), "ES256", Par::Absent), || NOW);
    let mut client = Client::new(&liar, authentication, key);
    client.run(false).unwrap();
    assert_eq!(client.run(false).unwrap_err(), "the assertion was there before");
}

#[test]
fn a_caller_that_does_not_say_what_it_is_is_refused() {
    let liar = basic(Par::Absent);
    let mut client = Client { agent: "", ..Client::of(&liar) };
    assert_eq!(client.run(false).unwrap_err(), "no User-Agent");
}

#[test]
fn another_key_and_another_person_are_told_from_then_on() {
    for algorithm in ALGORITHMS {
        let liar = Liar::start(registration(Authentication::Basic(SECRET.into()), algorithm, Par::Absent), || NOW);
        let keys = || liar.answer("GET", "/jwks", &Client::of(&liar).headers(), b"").body;
        let before = keys();
        liar.rotate();
        liar.change_person(|person| person["id_token"]["sub"] = "another".into());
        assert_ne!(keys(), before);
        assert_eq!(claims(&Client::of(&liar).run(false).unwrap())["sub"], "another");
    }
}

#[test]
fn every_lie_can_be_told_by_every_algorithm() {
    for algorithm in ALGORITHMS {
        let liar = Liar::start(registration(Authentication::Basic(SECRET.into()), algorithm, Par::Required), || NOW);
        let mut client = Client::of(&liar);
        for lie in lies().chain(ODDITIES) {
            let address = client.address(true).unwrap();
            liar.tell(lie);
            for path in ["/.well-known/openid-configuration", "/jwks"] {
                liar.answer("GET", path, &client.headers(), b"");
            }
            let _ = client.post("/par", client.request());
            liar.visit(&address);
            liar.be_honest();
            let code = code(&liar.visit(&client.address(true).unwrap()));
            liar.tell(lie);
            let access_token =
                client.exchange(&code).ok().and_then(|tokens| tokens["access_token"].as_str().map(str::to_owned));
            liar.answer("GET", "/userinfo", &bearer(&access_token.unwrap_or_default()), b"");
            liar.be_honest();
        }
        assert_eq!(claims(&client.run(true).unwrap())["nonce"], NONCE);
    }
}

#[test]
fn no_two_lies_have_one_name() {
    let names: HashSet<_> = lies().chain(ODDITIES).map(|lie| (lie.cause, lie.name)).collect();
    assert_eq!(names.len(), lies().count() + ODDITIES.len());
    assert!(lies().count() >= 90, "{}", lies().count());
    assert!(lies().all(|lie| !lie.cause.is_empty()));
}

#[test]
fn every_fault_of_a_provider_is_told_by_a_lie() {
    // What is no answer of a provider: another section's, another tab's, ours, or of before and after it.
    let others = [
        "client_key",
        "request_too_long",
        "provider_down",
        "other_provider",
        "other_registration",
        "interrupted",
        "match_unknown_here",
        "match_unknown_there",
        "too_late",
        "busy",
    ];
    let all: BTreeSet<_> =
        Fault::ALL.iter().map(|fault| fault.as_str()).filter(|name| !others.contains(name)).collect();
    assert_eq!(lies().map(|lie| lie.cause).collect::<BTreeSet<_>>(), all);
}

#[test]
fn it_is_reached_by_https_of_its_own_authority() {
    let liar = basic(Par::Absent);
    let address = liar.issuer.strip_prefix("https://").unwrap();
    let authority = CertificateDer::from_pem_slice(liar.authority.as_bytes()).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(wire::client_config(&authority, &[]), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address).unwrap());
    let head = format!(
        "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: {address}\r\nUser-Agent: idv/test\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let (_, body) = std::str::from_utf8(&answer).unwrap().split_once("\r\n\r\n").unwrap();
    assert_eq!(serde_json::from_str::<Value>(body).unwrap()["issuer"], liar.issuer.as_str());
}
