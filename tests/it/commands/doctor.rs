//! `idv doctor`: a sound installation, and what can be wrong with one. The world outside is a proxy on loopback.

use std::collections::HashMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;
use std::time::{Duration, Instant};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use rcgen::{CertifiedKey, KeyPair};
use serde_json::{Value, json};

use crate::support::internet::{self, Place, Proxy};
use crate::support::process::{Installation, Service, now, write_secret};
use crate::support::token::TENANT;
use crate::support::wire::HOST;

const CUSTOM_DOMAIN: &str = "login.acme.test";
const STRONG: &[u8] = b"Yx0b3Zk9qT1u7mCwL5sVhR2eJ8aNfD4gPzKiOvQtB6E=\n";

/// An installation that serves, with a tenant in the world around it.
struct Scene {
    installation: Installation,
    service: Option<Service>,
    /// Who is where.
    places: HashMap<String, Place>,
}

/// What the doctor said.
struct Told {
    code: Option<i32>,
    findings: Vec<Value>,
    worst: String,
}

impl Told {
    fn find(&self, check: &str, level: &str) -> Vec<&str> {
        let is_meant = |finding: &&Value| finding["check"] == check && finding["level"] == level;
        self.findings.iter().filter(is_meant).map(|finding| finding["text"].as_str().unwrap()).collect()
    }

    /// The one problem that there is, of `check`, with `text` in it.
    fn has_one_problem(&self, check: &str, text: &str) {
        let problems: Vec<_> = self.findings.iter().filter(|finding| finding["level"] == "problem").collect();
        assert_eq!(problems.len(), 1, "{:#?}", self.findings);
        assert_eq!(problems[0]["check"], check, "{problems:?}");
        assert!(problems[0]["text"].as_str().unwrap().contains(text), "{problems:?}");
        assert!(!problems[0]["remedy"].as_str().unwrap().is_empty());
        assert_eq!(self.code, Some(2));
    }
}

/// What an Auth0 tenant answers whose clock is `ahead` of this machine's.
fn auth0(ahead: i64, issuer: &'static str) -> impl Fn(&str) -> String + Send + Sync + 'static {
    move |path| {
        let at = jiff::Timestamp::from_second(i64::try_from(now()).unwrap() + ahead).unwrap();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap();
        let (status, body) = match path {
            "/.well-known/openid-configuration" => ("200 OK", format!("{{\"issuer\":\"https://{issuer}/\"}}")),
            // A long page is a page all the same.
            "/continue" => ("400 Bad Request", "no login ".repeat(50_000)),
            _ => ("404 Not Found", String::new()),
        };
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nDate: {date}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    }
}

impl Scene {
    fn new() -> Self {
        Self::with_clock(0)
    }

    fn with_clock(ahead: i64) -> Self {
        let tenant = internet::certificate(&[TENANT, CUSTOM_DOMAIN], 2020, 2090);
        let at = Place::At(internet::serve(&tenant, auth0(ahead, TENANT)));
        let mut scene = Self::with_tenant(&tenant);
        scene.places.extend([(TENANT.to_owned(), at), (CUSTOM_DOMAIN.to_owned(), at)]);
        scene
    }

    /// A service whose machine trusts itself and `tenant`.
    fn with_tenant(tenant: &CertifiedKey<KeyPair>) -> Self {
        let installation = Installation::new();
        write_secret(&installation.path("secret"), STRONG);
        let custom = format!("domain = \"{TENANT}\"\ncustom_domains = [\"{CUSTOM_DOMAIN}\"]\n");
        let text = installation.configuration().replace(&format!("domain = \"{TENANT}\"\n"), &custom);
        fs::write(installation.path("idv.toml"), text).unwrap();
        let own = fs::read_to_string(installation.path("certificate.pem")).unwrap();
        fs::write(installation.path("trusted.pem"), own + &tenant.cert.pem()).unwrap();
        let service = installation.serve();
        let places = HashMap::from([(HOST.to_owned(), Place::At(service.address))]);
        Self { installation, service: Some(service), places }
    }

    fn proxy(&self) -> Proxy {
        Proxy::new(self.places.clone())
    }

    fn run(&self, proxy: &Proxy, arguments: &[&str]) -> Output {
        let mut command = self.installation.idv(&[&["doctor"], arguments].concat());
        for name in ["ALL_PROXY", "all_proxy", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"] {
            command.env_remove(name);
        }
        command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", self.installation.path("trusted.pem"));
        command.env("HTTPS_PROXY", format!("http://{}", proxy.address));
        command.output().unwrap()
    }

    fn told_by(&self, proxy: &Proxy, arguments: &[&str]) -> Told {
        let output = self.run(proxy, &[arguments, &["--json"]].concat());
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        Told {
            code: output.status.code(),
            findings: told["findings"].as_array().unwrap().clone(),
            worst: told["worst"].as_str().unwrap().to_owned(),
        }
    }

    fn told(&self) -> Told {
        self.told_by(&self.proxy(), &[])
    }
}

#[test]
fn a_sound_installation_has_no_problem() {
    let scene = Scene::new();
    let told = scene.told();
    let without_space: Vec<_> =
        told.findings.iter().filter(|f| f["level"] == "warning" && f["check"] != "store").collect();
    assert!(without_space.is_empty() && told.worst != "problem", "{:#?}", told.findings);
    assert!(told.code <= Some(1));
    assert!(told.find("public_url", "ok")[0].contains("reaches this service through the proxy"));
    assert_eq!(told.find("tenant", "ok").len(), 3, "the issuer, and /continue on both hosts");
    for check in ["configuration", "secret", "certificate", "control socket", "service", "ports", "clock"] {
        assert_eq!(told.find(check, "ok").len(), 1, "{check}: {:#?}", told.findings);
    }
    assert!(told.find("store", "ok").contains(&"it reads and writes"));
}

#[test]
fn people_read_one_line_per_finding() {
    let scene = Scene::new();
    write_secret(&scene.installation.path("secret"), "ab".repeat(32).as_bytes());
    let output = scene.run(&scene.proxy(), &["--offline"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text.lines().all(|line| ["ok ", "note ", "warning ", "PROBLEM "].iter().any(|level| line.starts_with(level)))
    );
    let line = text.lines().find(|line| line.starts_with("PROBLEM")).unwrap();
    assert!(
        line.contains("can be guessed: it repeats itself -> replace it without a failed login: idv secret rotate"),
        "{line}"
    );
}

#[test]
fn a_finding_for_scripts_has_check_level_text_and_remedy() {
    let scene = Scene::new();
    for finding in scene.told().findings {
        let keys: Vec<_> = finding.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["check", "level", "remedy", "text"]);
        let is_bad = ["warning", "problem"].contains(&finding["level"].as_str().unwrap());
        assert_eq!(finding["remedy"].is_string(), is_bad, "{finding}");
    }
}

#[test]
fn a_clock_beyond_the_leeway_is_a_problem() {
    Scene::with_clock(90).told().has_one_problem("clock", "behind");
    Scene::with_clock(-90).told().has_one_problem("clock", "ahead of");
    assert_eq!(Scene::with_clock(50).told().find("clock", "ok").len(), 1);
}

#[test]
fn another_process_at_public_url_is_told() {
    let mut scene = Scene::new();
    let other = Scene::new();
    // The other service has the same host, and a certificate that this machine trusts.
    scene.places.insert(HOST.into(), other.places[HOST]);
    let trusted = |scene: &Scene| fs::read_to_string(scene.installation.path("trusted.pem")).unwrap();
    fs::write(scene.installation.path("trusted.pem"), trusted(&scene) + &trusted(&other)).unwrap();
    scene.told().has_one_problem("public_url", "reaches something else");
}

/// The doctor was content, and no reviewer found the console.
#[test]
fn whether_operators_who_follow_review_url_come_to_the_service_is_told() {
    const CONSOLE: &str = "review.idv.example.test";
    let mut scene = Scene::new();
    scene.service = None;
    let CertifiedKey { cert, signing_key } = internet::certificate(&[HOST, CONSOLE], 2020, 2090);
    let path = |name: &str| scene.installation.path(name);
    fs::write(path("certificate.pem"), cert.pem()).unwrap();
    write_secret(&path("key.pem"), signing_key.serialize_pem().as_bytes());
    fs::write(path("trusted.pem"), fs::read_to_string(path("trusted.pem")).unwrap() + &cert.pem()).unwrap();
    let text = fs::read_to_string(path("idv.toml")).unwrap();
    let section = format!("[review]\nurl = \"https://{CONSOLE}\"\nlisten = [\"127.0.0.1:0\"]\n");
    fs::write(path("idv.toml"), text + &section).unwrap();
    let service = scene.installation.serve();
    let logins = Place::At(service.address);
    let at = service.log().lines().find(|line| line.contains("the console is open")).map(str::to_owned).unwrap();
    let at: Value = serde_json::from_str(&at).unwrap();
    scene.places.insert(HOST.into(), logins);
    scene.service = Some(service);
    let told = scene.told();
    assert!(told.find("review.url", "warning")[0].contains("the proxy refused"), "{:#?}", told.findings);
    assert_ne!(told.worst, "problem", "it may be for other machines alone");
    scene.places.insert(CONSOLE.into(), logins);
    assert!(scene.told().find("review.url", "warning")[0].contains("reaches something else"));
    scene.places.insert(CONSOLE.into(), Place::At(at["place"].as_str().unwrap().parse().unwrap()));
    let told = scene.told();
    assert!(told.find("review.url", "ok")[0].contains("reaches this service"), "{:#?}", told.findings);
    assert_eq!(told.find("public_url", "ok").len(), 1);
}

#[test]
fn a_host_that_the_proxy_refuses_is_told() {
    let mut scene = Scene::new();
    scene.places.remove(CUSTOM_DOMAIN);
    scene.told().has_one_problem("tenant", "the proxy refused");
}

#[test]
fn a_host_that_never_answers_is_given_up() {
    let mut scene = Scene::new();
    scene.places.insert(CUSTOM_DOMAIN.into(), Place::Silent);
    #[expect(clippy::disallowed_methods, reason = "the time limit is of the real clock")]
    let before = Instant::now();
    scene.told().has_one_problem("tenant", "did not answer in time");
    assert!(before.elapsed() < Duration::from_secs(15), "{:?}", before.elapsed());
}

#[test]
fn a_tenant_that_is_not_auth0_is_told() {
    let tenant = internet::certificate(&[TENANT, CUSTOM_DOMAIN], 2020, 2090);
    let mut scene = Scene::with_tenant(&tenant);
    let right = Place::At(internet::serve(&tenant, auth0(0, TENANT)));
    let wrong = |_: &str| "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned();
    let wrong = Place::At(internet::serve(&tenant, wrong));
    scene.places.extend([(TENANT.to_owned(), right), (CUSTOM_DOMAIN.to_owned(), wrong)]);
    scene.told().has_one_problem("tenant", "/continue answers 404");
}

#[test]
fn a_tenant_that_calls_itself_otherwise_is_told() {
    let tenant = internet::certificate(&[TENANT, CUSTOM_DOMAIN], 2020, 2090);
    let mut scene = Scene::with_tenant(&tenant);
    let at = Place::At(internet::serve(&tenant, auth0(0, "other.eu.auth0.test")));
    scene.places.extend([(TENANT.to_owned(), at), (CUSTOM_DOMAIN.to_owned(), at)]);
    scene.told().has_one_problem("tenant", "calls itself https://other.eu.auth0.test/");
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let tenant = internet::certificate(&[TENANT, CUSTOM_DOMAIN], 2020, 2090);
    let mut scene = Scene::with_tenant(&tenant);
    let elsewhere = |_: &str| {
        "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.test/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .into()
    };
    let at = Place::At(internet::serve(&tenant, elsewhere));
    scene.places.extend([TENANT, CUSTOM_DOMAIN, "elsewhere.test"].map(|host| (host.to_owned(), at)));
    let proxy = scene.proxy();
    scene.told_by(&proxy, &[]).has_one_problem("tenant", "has no discovery metadata: status 302");
    assert!(proxy.asked().contains(&TENANT.to_owned()) && !proxy.asked().contains(&"elsewhere.test".to_owned()));
}

#[test]
fn an_authority_that_this_machine_does_not_trust_is_told() {
    let scene = Scene::new();
    let own = fs::read(scene.installation.path("certificate.pem")).unwrap();
    fs::write(scene.installation.path("trusted.pem"), own).unwrap();
    let told = scene.told();
    let problems = told.find("tenant", "problem");
    assert_eq!(problems.len(), 3);
    assert!(problems.iter().all(|problem| problem.contains("its TLS is not sound")), "{problems:?}");
}

#[test]
fn an_expired_certificate_and_one_of_another_host_are_told() {
    for (host, until, text) in [(HOST, 2021, "is not valid now"), ("other.example.test", 2090, "does not cover")] {
        let scene = Scene::new();
        let CertifiedKey { cert, signing_key } = internet::certificate(&[host], 2020, until);
        fs::write(scene.installation.path("certificate.pem"), cert.pem()).unwrap();
        write_secret(&scene.installation.path("key.pem"), signing_key.serialize_pem().as_bytes());
        scene.told().has_one_problem("certificate", text);
    }
}

#[test]
fn a_certificate_that_was_renewed_and_not_loaded_is_told() {
    let scene = Scene::new();
    let examined = || scene.told_by(&scene.proxy(), &["--offline"]);
    assert!(examined().find("certificate", "warning").is_empty());
    let CertifiedKey { cert, signing_key } = internet::certificate(&[HOST], 2020, 2090);
    fs::write(scene.installation.path("certificate.pem"), cert.pem()).unwrap();
    write_secret(&scene.installation.path("key.pem"), signing_key.serialize_pem().as_bytes());
    fs::write(scene.installation.path("trusted.pem"), cert.pem()).unwrap();
    let told = examined();
    let warnings = told.find("certificate", "warning");
    assert_eq!(warnings, ["the service still serves another certificate than its files hold"], "{:#?}", told.findings);
    assert!(told.find("certificate", "ok").is_empty() && told.code == Some(1));
}

#[test]
fn a_weak_secret_is_told() {
    let scene = Scene::new();
    for (secret, level) in [(&[b'a'; 64][..], "problem"), (b"our own secret, made by hand in 2026", "warning")] {
        write_secret(&scene.installation.path("secret"), secret);
        let told = scene.told_by(&scene.proxy(), &["--offline"]);
        assert_eq!(told.find("secret", level).len(), 1, "{:#?}", told.findings);
        assert_eq!((told.worst.as_str(), told.code), (level, Some(if level == "problem" { 2 } else { 1 })));
    }
}

#[test]
fn offline_nothing_is_connected_to_but_the_control_socket() {
    let scene = Scene::new();
    let proxy = scene.proxy();
    let told = scene.told_by(&proxy, &["--offline"]);
    assert!(told.code <= Some(1), "{:#?}", told.findings);
    assert_eq!(told.find("network", "note"), ["not examined: --offline"]);
    assert!(told.find("store", "ok").contains(&"it reads and writes"));
    assert!(proxy.asked().is_empty());
}

#[test]
fn one_tenant_can_be_examined_alone() {
    let scene = Scene::new();
    let other = "[[tenants]]\ndomain = \"other.eu.auth0.test\"\ntoken_secrets = [{ file = \"SECRET\" }]\n";
    let secret = scene.installation.path("other-secret");
    write_secret(&secret, b"0mF3vJ8sQyLr2Kd7XbN5tGh1WcPz9AeUoVi4Tq6S");
    let text = fs::read_to_string(scene.installation.path("idv.toml")).unwrap();
    let text = text + &other.replace("SECRET", &secret.display().to_string());
    fs::write(scene.installation.path("idv.toml"), text).unwrap();
    let proxy = scene.proxy();
    assert!(scene.told_by(&proxy, &["--tenant", CUSTOM_DOMAIN]).code <= Some(1));
    assert!(!proxy.asked().contains(&"other.eu.auth0.test".to_owned()));
    scene.told_by(&proxy, &["--tenant", "nobody.auth0.test"]).has_one_problem("tenant", "is no tenant's host");
}

#[test]
fn a_service_that_does_not_run_is_told() {
    let mut scene = Scene::new();
    scene.service = None;
    let told = scene.told_by(&scene.proxy(), &["--offline"]);
    told.has_one_problem("service", "no service listens");
}

#[test]
fn a_control_socket_that_is_open_to_everyone_is_told() {
    let scene = Scene::new();
    fs::set_permissions(scene.installation.path("control.sock"), fs::Permissions::from_mode(0o666)).unwrap();
    scene.told_by(&scene.proxy(), &["--offline"]).has_one_problem("control socket", "open to everyone");
}

#[test]
fn every_problem_of_a_configuration_is_told() {
    let scene = Scene::new();
    let text = scene.installation.configuration().replace("[store]", "[stoer]").replace("listen =", "lisen =");
    fs::write(scene.installation.path("idv.toml"), text).unwrap();
    let told = scene.told();
    assert_eq!((told.code, told.find("configuration", "problem").len()), (Some(2), 2), "{:#?}", told.findings);
}

/// The next start would have failed.
#[test]
fn a_logo_that_keeps_the_service_from_starting_is_told() {
    let scene = Scene::new();
    let logo = scene.installation.path("logo.svg");
    let text =
        scene.installation.configuration() + &format!("[branding]\nname = \"Acme\"\nlogo = \"{}\"\n", logo.display());
    fs::write(scene.installation.path("idv.toml"), text).unwrap();
    let told = || scene.told_by(&scene.proxy(), &["--offline"]);
    told().has_one_problem("logo", "cannot be read");
    fs::write(&logo, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    assert!(told().find("logo", "problem").is_empty());
}

#[test]
fn without_a_proxy_names_are_resolved_here() {
    let mut installation = Installation::new();
    write_secret(&installation.path("secret"), STRONG);
    let certified = internet::certificate(&["localhost"], 2020, 2090);
    fs::write(installation.path("certificate.pem"), certified.cert.pem()).unwrap();
    write_secret(&installation.path("key.pem"), certified.signing_key.serialize_pem().as_bytes());
    fs::write(installation.path("trusted.pem"), certified.cert.pem()).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = installation.configuration().replace(&format!("https://{HOST}"), &format!("https://localhost:{port}"));
    fs::write(installation.path("idv.toml"), text.replace("127.0.0.1:0", &format!("127.0.0.1:{port}"))).unwrap();
    installation.certificate = certified.cert.der().clone();
    let service = installation.serve();
    let scene = Scene { installation, service: Some(service), places: HashMap::new() };
    let proxy = scene.proxy();
    let mut command = scene.installation.idv(&["doctor", "--json"]);
    command.env("HTTPS_PROXY", format!("http://{}", proxy.address)).env("NO_PROXY", "localhost");
    command.env("SSL_CERT_FILE", scene.installation.path("trusted.pem"));
    let told: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let findings = told["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["check"] == "public_url").unwrap();
    assert_eq!(finding["level"], "ok", "{finding}");
    assert!(!proxy.asked().contains(&"localhost".to_owned()));
}

const PROVIDER: &str = "id.example.test";

/// What a provider answers that signs by P-256, says so, and knows idv or does not.
fn provider(knows_us: bool) -> impl Fn(&str) -> String + Send + Sync + 'static {
    move |path| {
        let point = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                     7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
        let coordinate = |hex: &str| BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap());
        let (x, y) = (coordinate(&point[..64]), coordinate(&point[64..]));
        let error = if knows_us { "invalid_grant" } else { "invalid_client" };
        let (status, body) = match path {
            "/.well-known/openid-configuration" => (
                "200 OK",
                json!({
                    "issuer": format!("https://{PROVIDER}"),
                    "authorization_endpoint": format!("https://{PROVIDER}/authorize"),
                    "token_endpoint": format!("https://{PROVIDER}/token"),
                    "jwks_uri": format!("https://{PROVIDER}/keys"),
                    "id_token_signing_alg_values_supported": ["ES256"],
                }),
            ),
            "/keys" => ("200 OK", json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "1" }] })),
            _ => ("400 Bad Request", json!({ "error": error })),
        };
        let body = body.to_string();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }
}

impl Scene {
    /// The scene with a provider in it, which answers by `answer`.
    fn with_provider(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let mut scene = Self::new();
        let certificate = internet::certificate(&[PROVIDER], 2020, 2090);
        scene.places.insert(PROVIDER.to_owned(), Place::At(internet::serve(&certificate, answer)));
        let path = |name: &str| scene.installation.path(name).display().to_string();
        fs::write(path("authorities.pem"), certificate.cert.pem()).unwrap();
        write_secret(&scene.installation.path("client-secret"), STRONG);
        let section = format!(
            "[[methods.oidc]]\nname = \"eid\"\nlabel = \"eID\"\nissuer = \"https://{PROVIDER}\"\nclient_id = \"idv\"\n\
             client_secret = {{ file = \"{}\" }}\nalgorithms = [\"ES256\"]\n[methods.oidc.accept]\nlogin_alone = true\n\
             [egress]\nvia = \"direct\"\nauthorities = {{ file = \"{}\" }}\n",
            path("client-secret"),
            path("authorities.pem")
        );
        let text = fs::read_to_string(path("idv.toml")).unwrap() + &section;
        fs::write(path("idv.toml"), text).unwrap();
        drop(scene.service.take());
        scene.service = Some(scene.installation.serve());
        scene.places.insert(HOST.to_owned(), Place::At(scene.service.as_ref().unwrap().address));
        scene
    }
}

#[test]
fn a_provider_that_is_in_order_is_told_so_and_one_that_does_not_know_us_is_a_problem() {
    let told = Scene::with_provider(provider(true)).told();
    assert_eq!(told.find("provider", "problem"), [""; 0], "{:#?}", told.findings);
    for text in ["eid: it is an issuer", "eid: it has a key for ES256", "eid: it knows idv as its client"] {
        assert!(told.find("provider", "ok").iter().any(|found| found.contains(text)), "{text}: {:#?}", told.findings);
    }
    assert_eq!(told.find("clock", "note"), ["eid tells no date"]);
    let told = Scene::with_provider(provider(false)).told();
    told.has_one_problem("provider", "eid: it does not take idv for its client idv: invalid_client");
}

#[test]
fn a_provider_that_is_not_reached_is_a_problem_and_offline_it_is_not_asked() {
    let mut scene = Scene::with_provider(provider(true));
    scene.places.remove(PROVIDER);
    scene.told().has_one_problem("provider", "eid: its metadata is not reached: the proxy refused: status 403");
    let told = scene.told_by(&scene.proxy(), &["--offline"]);
    assert!(told.findings.iter().all(|finding| !finding["text"].as_str().unwrap().starts_with("eid")));
}

#[test]
fn a_way_out_that_is_missing_is_a_problem_without_asking_anybody() {
    let scene = Scene::with_provider(provider(true));
    let text = fs::read_to_string(scene.installation.path("idv.toml")).unwrap();
    let socket = format!("socket = \"{}\"", scene.installation.path("none.sock").display());
    fs::write(scene.installation.path("idv.toml"), text.replace("via = \"direct\"", &socket)).unwrap();
    let told = scene.told_by(&scene.proxy(), &["--offline"]);
    told.has_one_problem("egress", "through which the service asks others");
}
