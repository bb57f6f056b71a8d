//! What changes while people log in.

use std::fs;
use std::process::Command;

use super::{is_root, is_served, refused, reloaded, write_configuration};
use crate::support::process::{Installation, Login, Service, now, write_secret};
use crate::support::token::{self, SECRET, STATE, SUBJECT, TENANT};
use crate::support::wire;

const NEW_SECRET: &[u8] = b"another secret of thirty-two bytes";

/// Starts a login by a request token that is signed with `secret`; the answer if that is no redirect.
fn begin_by(service: &Service, secret: &[u8], jti: &str) -> Result<Login, String> {
    let claims = token::with(token::claims(now()), &serde_json::json!({ "jti": jti }));
    let token = token::sign_raw(token::HEADER, serde_json::Value::Object(claims).to_string().as_bytes(), secret);
    let start = wire::get(&format!("/id-verification?token={token}&state={STATE}"), "");
    let answer = service.exchange(&start).unwrap();
    let (Some(path), Some(cookie)) = (wire::header(&answer, "location"), wire::header(&answer, "set-cookie")) else {
        return Err(answer);
    };
    Ok(Login { path: path.to_owned(), cookie: cookie.split_once(';').unwrap().0.to_owned() })
}

fn ends(service: &Service, login: &Login) {
    let answer = service.submit(login, "cancel", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains(&format!("https://{TENANT}/continue")), "{answer}");
}

fn page(service: &Service, login: &Login) -> String {
    service.exchange(&wire::get(&login.path, &login.cookie)).unwrap()
}

#[test]
fn a_login_begun_before_each_step_of_a_rotation_ends_after_it() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    let file = |name: &str| format!("{{ file = \"{}\" }}", installation.path(name).display());
    let steps = installation.json(&["secret", "rotate"])["steps"].to_string();
    assert!(steps.contains("systemctl reload idv") && !steps.contains("restart"), "{steps}");
    write_secret(&installation.path("secret.2"), NEW_SECRET);
    let before = begin_by(&service, SECRET, "one").ok().unwrap();
    assert!(begin_by(&service, NEW_SECRET, "two").is_err());

    let both = format!("{}, {}", file("secret.2"), file("secret"));
    write_configuration(&installation, &installation.configuration().replace(&file("secret"), &both));
    assert_eq!(reloaded(&installation), ["tenants.0.token_secrets"]);
    ends(&service, &before);
    let between = [(SECRET, "three"), (NEW_SECRET, "four")].map(|(secret, jti)| begin_by(&service, secret, jti));
    let between = between.map(|login| login.ok().unwrap());

    write_configuration(&installation, &installation.configuration().replace(&file("secret"), &file("secret.2")));
    assert_eq!(reloaded(&installation), ["tenants.0.token_secrets"]);
    for login in &between {
        ends(&service, login);
    }
    assert!(begin_by(&service, SECRET, "five").is_err());
    ends(&service, &begin_by(&service, NEW_SECRET, "six").ok().unwrap());
    let told = installation.json(&["secret", "rotate", "--finish"]);
    assert_eq!(told["service"], true);
}

/// The secret's file has something else, and the configuration is as it was.
#[test]
fn another_secret_in_the_same_file_is_taken() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    write_secret(&installation.path("secret"), NEW_SECRET);
    let doctor = String::from_utf8(installation.command(&["doctor", "--offline"]).stdout).unwrap();
    assert!(doctor.contains("others than there are now: tenants.0.token_secrets"), "{doctor}");
    assert!(doctor.contains("systemctl reload idv"), "{doctor}");
    assert!(begin_by(&service, SECRET, "one").is_ok(), "asking changes nothing");
    assert_eq!(reloaded(&installation), ["tenants.0.token_secrets"]);
    assert!(begin_by(&service, SECRET, "two").is_err() && begin_by(&service, NEW_SECRET, "three").is_ok());
    let doctor = String::from_utf8(installation.command(&["doctor", "--offline"]).stdout).unwrap();
    assert!(!doctor.contains("others than there are now"), "{doctor}");
    assert_eq!(reloaded(&installation), Vec::<String>::new());
}

#[test]
fn providers_come_and_go_with_a_login_under_way() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    let text = installation.configuration();
    write_secret(&installation.path("eid-secret"), b"s3cret-of-a-provider");
    let provider = format!(
        "[[methods.oidc]]\nname = \"eid\"\nlabel = \"Example eID\"\nissuer = \"https://id.example.test\"\nclient_id = \"idv\"\n\
         client_secret = {{ file = \"{}\" }}\n[methods.oidc.accept]\nacr = [\"high\"]\n[egress]\nvia = \"direct\"\nauthorities = {{ file = \"{}\" }}\n",
        installation.path("eid-secret").display(),
        installation.path("certificate.pem").display(),
    );
    let [early, late] = ["early", "late"].map(|jti| service.begin(SUBJECT, jti));
    assert!(!page(&service, &early).contains("eID"));

    write_configuration(&installation, &(text.clone() + &provider));
    assert!(reloaded(&installation).contains(&"methods.oidc.0.client_secret".to_owned()));
    let shown = page(&service, &early);
    assert!(shown.contains("Continue with Example eID") || shown.contains("Example eID"), "{shown}");
    ends(&service, &early);

    write_configuration(&installation, &text);
    reloaded(&installation);
    assert!(!page(&service, &late).contains("eID"));
    let gone = service.submit(&late, "oidc/eid", "continue=1").unwrap();
    assert!(gone.starts_with("HTTP/1.1 4") && gone.contains("<main"), "{gone}");
    let back = service.exchange(&wire::get("/oidc/eid/callback?code=x&state=y", &late.cookie)).unwrap();
    assert!(back.starts_with("HTTP/1.1 404"), "{back}");
    ends(&service, &late);
}

#[test]
fn the_look_the_limits_and_the_tenants_change_in_flight() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    let text = installation.configuration();
    let login = service.begin(SUBJECT, "one");
    fs::write(installation.path("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>")
        .unwrap();
    let logo = installation.path("logo.svg").display().to_string();
    let branded = format!("{text}[branding]\nname = \"Acme\"\nlogo = \"{logo}\"\n");
    write_configuration(&installation, &branded);
    assert_eq!(reloaded(&installation), ["branding.logo", "branding.name"]);
    let shown = page(&service, &login);
    assert!(shown.contains("Acme") && shown.contains("/assets/logo"), "{shown}");
    fs::write(installation.path("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 2 2\"/>")
        .unwrap();
    assert_eq!(reloaded(&installation), ["branding.logo"]);

    let limited = text.replace("starts_per_subject = 0", "starts_per_subject = 2");
    write_configuration(&installation, &limited);
    assert_eq!(reloaded(&installation), ["branding.logo", "branding.name", "limits.starts_per_subject"]);
    let begun = |n: u32| service.try_begin("auth0|limited", &format!("limited-{n}")).is_ok();
    assert_eq!([begun(1), begun(2), begun(3)], [true, true, false]);
    write_configuration(&installation, &(limited.clone() + "[session]\nhand_over_secs = 0\n"));
    assert_eq!(reloaded(&installation), ["session.hand_over_secs"]);
    assert!(!begun(4), "what was spent stays spent where the limit does");
    write_configuration(&installation, &text.replace("connections_per_address = 0", "connections_per_address = 2"));
    reloaded(&installation);
    assert_eq!([is_served(&service), is_served(&service), is_served(&service)], [true, true, false]);
    write_configuration(&installation, &text);
    assert_eq!(reloaded(&installation), ["limits.connections_per_address"]);
    assert!(is_served(&service) && begun(5));

    let other = "[[tenants]]\ndomain = \"other.eu.auth0.test\"\n";
    write_configuration(
        &installation,
        &format!("{text}{other}token_secrets = [{{ file = \"{}\" }}]\n", installation.path("secret").display()),
    );
    assert!(refused(&installation).contains("is the secret of another tenant too"));
    write_secret(&installation.path("other"), NEW_SECRET);
    write_configuration(
        &installation,
        &format!("{text}{other}token_secrets = [{{ file = \"{}\" }}]\n", installation.path("other").display()),
    );
    assert_eq!(reloaded(&installation), ["tenants.1.domain", "tenants.1.token_secrets"]);
    // Operators have the same tenants as browsers.
    let link = installation.json(&["link", "--tenant", "other.eu.auth0.test", "--subject", SUBJECT]);
    let url = link["url"].as_str().unwrap().replace(&format!("https://{}", wire::HOST), "");
    assert!(service.exchange(&wire::get(&url, "")).unwrap().starts_with("HTTP/1.1 303"));
    ends(&service, &login);
}

/// What the service reads of the environment is its own, and was there at its start.
#[test]
fn the_environment_is_that_of_the_service() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let file = format!("{{ file = \"{}\" }}", installation.path("secret").display());
    write_configuration(&installation, &installation.configuration().replace(&file, "{ env = \"ITS_SECRET\" }"));
    let with = |command: &mut Command| {
        command.env("ITS_SECRET", str::from_utf8(SECRET).unwrap()).env("IDV_BRANDING__NAME", "Acme");
    };
    let mut command = installation.idv(&["serve"]);
    with(&mut command);
    let service = installation.serve_by(command);
    write_configuration(
        &installation,
        &(fs::read_to_string(installation.path("idv.toml")).unwrap()
            + "[branding]\nterms = \"https://acme.example/terms\"\n"),
    );
    let mut command = installation.idv(&["reload", "--json"]);
    with(&mut command);
    let told = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(told.contains("[\"branding.terms\"]"), "{told}");
    let login = service.begin(SUBJECT, "one");
    assert!(page(&service, &login).contains("Acme"));
}
