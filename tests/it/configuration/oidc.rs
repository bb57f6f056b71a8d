//! `[[methods.oidc]]`: what it means, and everything that is refused.

use std::fs;
use std::time::Duration;

use idv::config::Config;
use idv::config::load::parse;
use idv::config::method::oidc::credentials::CredentialSources;
use idv::config::secret::Source;
use idv::verification::method::oidc::jose::{Algorithm, SigningAlgorithm};
use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::provider::{Audience, Authentication, Provider, RequestKind, Shape};
use serde_json::json;

use crate::support::process::{Installation, write_secret};

use super::{LEAST, in_parts, is_commented_key, problems};

/// A section that is fit, without its header and its tables.
const REQUIRED: &str = "name = \"eid\"\nlabel = \"eID\"\nissuer = \"https://id.example\"\nclient_id = \"idv\"\n";
const SECRET: &str = "client_secret = { env = \"EID_SECRET\" }\n";
const KEYS: &str = "client_auth = \"private_key_jwt\"\nclient_keys = [{ file = \"/etc/idv/oidc-key\" }]\n";
const ACCEPT: &str = "[methods.oidc.accept]\nacr = [\"high\"]\n";

/// The least of a section, with `keys` of its own and `tables` below it.
fn section(keys: &str, tables: &str) -> String {
    format!("[[methods.oidc]]\n{REQUIRED}{keys}{tables}")
}

/// What is told of a configuration with the section.
fn told(keys: &str, tables: &str) -> Vec<(String, String, String)> {
    problems(&format!("{LEAST}{}", section(keys, tables)))
}

fn config(sections: &str) -> Config {
    parse(&format!("{LEAST}{sections}")).0.unwrap_or_else(|problems| panic!("{problems}"))
}

fn provider(keys: &str, tables: &str) -> Provider {
    config(&section(keys, tables)).methods.oidc[0].clone()
}

/// That `keys` and `tables` are refused for one reason, at `key` of the section.
fn refused(keys: &str, tables: &str, key: &str, problem: &str, remedy: &str) {
    let told = told(keys, tables);
    let [(at, why, what)] = told.as_slice() else { panic!("{keys}{tables}: {told:?}") };
    assert_eq!(at, &format!("methods.oidc.0.{key}"), "{keys}{tables}");
    assert!(why.contains(problem) && what.contains(remedy), "{keys}{tables}: {why} -> {what}");
}

#[test]
fn the_samples_section_is_fit_and_its_commented_lines_are_defaults_or_examples() {
    let (rest, section) = in_parts();
    let parsed = |section: &str| parse(&format!("{rest}{section}")).0;
    let as_is = parsed(&section).unwrap();
    assert_eq!(as_is.methods.oidc[0].name.as_str(), "didit");
    let (mut examples, mut of_keys) = (vec![], vec![]);
    for line in section.lines().filter(|line| is_commented_key(line)) {
        let (key, _) = line[2..].split_once(" = ").unwrap();
        match parsed(&section.replacen(line, &line[2..], 1)) {
            Ok(with) if with.methods.oidc == as_is.methods.oidc => {}
            Ok(_) => examples.push(key),
            Err(_) => of_keys.push(key),
        }
    }
    let without_default = ["metadata", "request", "claims", "parameters", "login_hint", "max_age_secs"];
    assert_eq!(examples, [&without_default[..], &["acr", "values", "match", "expect"]].concat());
    // Those that a secret has no use for, and that belong together.
    assert_eq!(of_keys, ["client_keys", "assertion_audience", "assertion_algorithm"]);
    let by_keys = section.lines().filter(|line| !line.starts_with("client_secret")).map(|line| {
        let is_of_keys = is_commented_key(line) && of_keys.iter().any(|key| line[2..].starts_with(key));
        if is_of_keys { &line[2..] } else { line }
    });
    let by_keys = by_keys.collect::<Vec<_>>().join("\n");
    let by_keys = by_keys.replace("# client_auth = \"secret_basic\"", "client_auth = \"private_key_jwt\"");
    assert!(parsed(&by_keys).is_ok(), "{:?}", parsed(&by_keys).err());
}

#[test]
fn a_section_of_the_least_keys_means_what_the_standard_does() {
    let config = config(&section(SECRET, ACCEPT));
    let provider = &config.methods.oidc[0];
    assert_eq!((provider.name.as_str(), provider.label.as_str()), ("eid", "eID"));
    assert_eq!((provider.issuer.as_str(), provider.metadata.as_deref()), ("https://id.example", None));
    assert_eq!(provider.authorities, ["id.example"]);
    assert_eq!(provider.client_id, "idv");
    assert_eq!(provider.authentication, Authentication::SecretBasic);
    assert_eq!((provider.request, provider.verified_claims_as), (None, Shape::Array));
    assert_eq!((provider.scopes.as_slice(), provider.acr_values.as_slice()), (&["openid".to_owned()][..], &[][..]));
    assert_eq!((provider.claims.as_deref(), provider.parameters.as_slice()), (None, &[][..]));
    assert!(!provider.login_hint && !provider.userinfo && !provider.is_of_trial);
    assert_eq!((provider.max_age, provider.clock_leeway), (None, Duration::from_mins(1)));
    assert_eq!(provider.algorithms, [Algorithm::Rs256]);
    assert_eq!(provider.accept.acr, ["high"]);
    assert!(provider.accept.verified_claims.is_none() && provider.accept.values.is_empty());
    assert!(!provider.accept.login_alone);
    let identity = &provider.identity;
    assert_eq!((identity.pointer.as_str(), identity.one_account, identity.same_person), ("/sub", true, true));
    assert!(identity.matched.is_empty() && identity.expected.is_empty());
    let [credentials] = config.providers.as_slice() else { panic!("{:?}", config.providers) };
    assert_eq!(credentials.name, provider.name);
    assert_eq!(credentials.sources, CredentialSources::Secret(Source::Env("EID_SECRET".into())));
}

#[test]
fn every_key_means_what_it_says() {
    let keys = "metadata = \"https://config.example:8443/eid.json\"\nhosts = [\"keys.example\", \"id.example:443\", \"93.184.216.34:9000\"]\n\
        client_auth = \"private_key_jwt\"\nclient_keys = [{ file = \"/a\" }, { credential = \"b\" }]\n\
        assertion_audience = \"token_endpoint\"\nassertion_algorithm = \"PS256\"\nrequest = \"par\"\n\
        scopes = [\"openid\", \"profile\"]\nacr_values = [\"high\", \"low\"]\nclaims = '{\"userinfo\":{\"name\":null}}'\n\
        verified_claims_as = \"object\"\nparameters = { prompt = \"select_account\", vtr = '[\"Cl.Cm.P2\"]' }\n\
        login_hint = false\nmax_age_secs = 0\nuserinfo = \"json\"\nalgorithms = [\"ES256\", \"EdDSA\", \"ES256\"]\n\
        clock_leeway_secs = 300\n";
    let tables = "[methods.oidc.accept]\nacr = [\"high\"]\nvalues = { \"/a~1b\" = [\"x\", 2, true] }\nlogin_alone = true\n\
        verified_claims = { trust_framework = [\"eidas\"], assurance_level = [\"high\"], max_age_days = 3650 }\n\
        [methods.oidc.identity]\npointer = \"/national/number\"\none_account = false\nsame_person = false\n\
        match = [\"family_name\", \"birthdate\"]\nexpect = [\"given_name\", \"email\", \"email\"]\n";
    let config = config(&section(keys, tables));
    let provider = &config.methods.oidc[0];
    assert_eq!(provider.metadata.as_deref(), Some("https://config.example:8443/eid.json"));
    assert_eq!(provider.authorities, ["id.example", "config.example:8443", "keys.example", "93.184.216.34:9000"]);
    let destinations: Vec<_> = provider.destinations().collect();
    let expected = [("id.example", 443), ("config.example", 8443), ("keys.example", 443), ("93.184.216.34", 9000)];
    assert_eq!(destinations, expected);
    let algorithm = Some(SigningAlgorithm::Ps256);
    assert_eq!(provider.authentication, Authentication::PrivateKey { audience: Audience::TokenEndpoint, algorithm });
    let sources = vec![Source::File("/a".into()), Source::Credential("b".into())];
    assert_eq!(config.providers[0].sources, CredentialSources::Keys { sources, algorithm });
    assert_eq!((provider.request, provider.verified_claims_as), (Some(RequestKind::Pushed), Shape::Object));
    assert_eq!((provider.scopes.len(), provider.acr_values.len()), (2, 2));
    assert_eq!(provider.claims.as_deref(), Some("{\"userinfo\":{\"name\":null}}"));
    let parameters = [("prompt", "select_account"), ("vtr", "[\"Cl.Cm.P2\"]")];
    assert_eq!(provider.parameters, parameters.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(provider.userinfo && !provider.login_hint);
    assert_eq!((provider.max_age, provider.clock_leeway), (Some(Duration::ZERO), Duration::from_mins(5)));
    assert_eq!(provider.algorithms, [Algorithm::Es256, Algorithm::EdDsa]);
    assert_eq!(provider.accept.values, [("/a~1b".to_owned(), vec![json!("x"), json!(2), json!(true)])]);
    let claims = provider.accept.verified_claims.as_ref().unwrap();
    assert_eq!(
        (claims.trust_framework.as_slice(), claims.assurance_level.as_slice()),
        (&["eidas".to_owned()][..], &["high".to_owned()][..])
    );
    assert_eq!(claims.max_age, Some(Duration::from_hours(3650 * 24)));
    assert!(provider.accept.login_alone);
    let identity = &provider.identity;
    assert_eq!(
        (identity.pointer.as_str(), identity.one_account, identity.same_person),
        ("/national/number", false, false)
    );
    assert_eq!(identity.matched, [Name::FamilyName, Name::Birthdate]);
    assert_eq!(identity.expected, [Name::GivenName, Name::Email]);
}

#[test]
fn what_is_expected_is_pushed_and_names_the_account_unless_the_section_says_otherwise() {
    let expect = format!("{ACCEPT}[methods.oidc.identity]\nexpect = [\"family_name\"]\n");
    let provider = |keys: &str| provider(&format!("{SECRET}{keys}"), &expect);
    assert_eq!((provider("").request, provider("").login_hint), (Some(RequestKind::Pushed), true));
    assert!(!provider("login_hint = false\n").login_hint);
    let plain = format!("{SECRET}request = \"plain\"\n");
    refused(&plain, &expect, "request", "in the browser's address", "request = \"par\"");
    let claims = |part: &str| format!("{SECRET}claims = '{{\"{part}\":{{\"verified_claims\":null}}}}'\n");
    for part in ["id_token", "userinfo"] {
        refused(&claims(part), &expect, "claims", "as identity.expect does", "remove verified_claims");
        assert!(config(&section(&claims(part), ACCEPT)).methods.oidc[0].claims.is_some());
    }
}

#[test]
fn a_section_without_a_rule_that_says_what_means_verified_is_refused() {
    for tables in
        ["", "[methods.oidc.accept]\n", "[methods.oidc.accept]\nlogin_alone = false\n", "[methods.oidc.identity]\n"]
    {
        refused(SECRET, tables, "accept", "says of nothing that it means verified", "login_alone = true");
    }
    for line in [
        "acr = [\"high\"]",
        "values = { \"/ial\" = [2] }",
        "login_alone = true",
        "verified_claims = { trust_framework = [\"a\"], assurance_level = [\"b\"] }",
    ] {
        config(&section(SECRET, &format!("[methods.oidc.accept]\n{line}\n")));
    }
}

#[test]
fn a_login_alone_counts_at_no_broker_of_several_levels() {
    let levels = |values: &str| format!("{SECRET}acr_values = {values}\n");
    let alone = "[methods.oidc.accept]\nlogin_alone = true\n";
    let (one, two) = (levels("[\"a\"]"), levels("[\"a\", \"b\"]"));
    refused(&two, alone, "accept.login_alone", "any of acr_values", "accept.acr");
    config(&section(&one, alone));
    config(&section(&two, &format!("{alone}acr = [\"a\"]\n")));
}

#[test]
fn what_a_key_must_not_hold_is_refused_with_key_and_remedy() {
    let long = |length: usize| "l".repeat(length);
    for (key, value, problem, remedy) in [
        ("metadata", "\"http://id.example/m\"", "is not a URL that can be asked", "https://HOST/"),
        ("metadata", "\"https://user@id.example/m\"", "is not a URL", "https://HOST/"),
        ("hosts", "[\"https://keys.example\"]", "\"https://keys.example\" is not a host", "bare host"),
        ("hosts", "[\"Keys.example\"]", "\"Keys.example\" is not a host", "lower case"),
        ("hosts", "[\"keys.example/a\"]", "is not a host", "bare host"),
        ("hosts", "[\"keys.example:0\"]", "is not a host", "HOST:PORT"),
        ("hosts", "[\"[::1]\"]", "\"[::1]\" is not a host", "bare host"),
        ("hosts", "[\"\"]", "\"\" is not a host", "bare host"),
        ("request", "\"signed\"", "\"signed\" is not known", "known here: par, plain"),
        ("userinfo", "\"jwt\"", "\"jwt\" is not known", "known here: none, json"),
        ("verified_claims_as", "\"list\"", "\"list\" is not known", "array, object"),
        ("scopes", "[]", "lacks openid", "add \"openid\""),
        ("scopes", "[\"profile\"]", "lacks openid", "add \"openid\""),
        ("scopes", "[\"openid profile\", \"openid\"]", "\"openid profile\" is no scope", "without spaces"),
        ("scopes", "[\"openid\", \"\"]", "\"\" is no scope", "without spaces"),
        ("acr_values", "[\"a b\"]", "\"a b\" is no value", "without spaces"),
        ("claims", "'[]'", "is not a JSON object", "the text of a JSON object"),
        ("claims", "'{\"userinfo\":{\"a\":null,\"a\":null}}'", "with distinct names", "the text of a JSON object"),
        ("claims", "'{}'", "is an empty object", "leave it out"),
        ("claims", "'{\"id_token\":null}'", "that is no object", "the text of a JSON object"),
        ("max_age_secs", "315360001", "is out of range", "315360000"),
        ("algorithms", "[]", "is empty", "at least one"),
        ("algorithms", "[\"none\"]", "\"none\" is not known", "RS256, PS256, ES256, ES384, EdDSA"),
        ("algorithms", "[\"RS256\", \"HS256\"]", "\"HS256\" is not known", "RS256"),
        ("algorithms", "[\"rs256\"]", "\"rs256\" is not known", "RS256"),
        ("clock_leeway_secs", "301", "is out of range", "0 to 300"),
        ("clock_leeway_secs", "-1", "has the wrong type", "sample"),
        ("login_hint", "\"yes\"", "has the wrong type", "sample"),
    ] {
        refused(&format!("{SECRET}{key} = {value}\n"), ACCEPT, key, problem, remedy);
    }
    for (key, value) in [("max_age_secs", "315360000"), ("clock_leeway_secs", "300"), ("request", "\"plain\"")] {
        config(&section(&format!("{SECRET}{key} = {value}\n"), ACCEPT));
    }
    let hosts = |count: usize| format!("{SECRET}hosts = [{}]\n", "\"keys.example\",".repeat(count));
    config(&section(&hosts(16), ACCEPT));
    refused(&hosts(17), ACCEPT, "hosts", "too many", "at most 16");
    for (key, value, problem, remedy) in [
        ("name", "Eid", "1 to 32 characters of a-z, 0-9 and -", "it stands in URLs and records"),
        ("name", &long(33), "1 to 32 characters", "it stands in URLs and records"),
        ("label", "", "is not a label to show", "1 to 40 characters"),
        ("label", "  ", "is not a label to show", "1 to 40 characters"),
        ("label", &long(41), "is not a label to show", "1 to 40 characters"),
        ("label", "two\\nlines", "is not a label to show", "on one line"),
        ("issuer", "http://id.example", "is not the URL of an issuer", "exactly as in the provider's metadata"),
        ("issuer", "https://ID.example", "is not the URL of an issuer", "in lower case"),
        ("issuer", "https://id.example/?a", "is not the URL of an issuer", "without ? and #"),
        ("issuer", "https://id.example/#a", "is not the URL of an issuer", "without ? and #"),
        ("issuer", "https://[fd00::1]", "is not the URL of an issuer", "https://HOST/"),
        ("issuer", "id.example", "is not the URL of an issuer", "https://HOST/"),
        ("client_id", "", "is not a client's name", "1 to 512 characters"),
        ("client_id", " idv", "is not a client's name", "1 to 512 characters"),
        ("client_id", "ïdv", "is not a client's name", "ASCII"),
        ("client_id", &long(513), "is not a client's name", "1 to 512 characters"),
    ] {
        let text = format!("{LEAST}{}", with(key, value));
        let told = problems(&text);
        let [(at, why, what)] = told.as_slice() else { panic!("{key} = {value}: {told:?}") };
        assert_eq!(at, &format!("methods.oidc.0.{key}"), "{value}");
        assert!(why.contains(problem) && what.contains(remedy), "{key} = {value}: {why} -> {what}");
    }
    for (key, value) in [("name", long(32)), ("label", "é".repeat(40)), ("client_id", long(512))] {
        config(&with(key, &value));
    }
}

/// The least section, with another value of a key that it has.
fn with(key: &str, value: &str) -> String {
    let is_key = |line: &&str| line.starts_with(&format!("{key} ="));
    let section = section(SECRET, ACCEPT);
    let line = section.lines().find(is_key).unwrap();
    section.replace(line, &format!("{key} = \"{value}\""))
}

#[test]
fn what_must_stand_there_and_does_not_is_told_once_and_all_together() {
    let told = problems(&format!(
        "{LEAST}[[methods.oidc]]\nclient_auth = \"private_key_jwt\"\n[methods.oidc.accept]\nverified_claims = {{}}\n"
    ));
    let keys: Vec<_> = told.iter().map(|(key, ..)| key.strip_prefix("methods.oidc.0.").unwrap()).collect();
    let verified = ["accept.verified_claims.trust_framework", "accept.verified_claims.assurance_level"];
    assert_eq!(keys, [&["client_keys", "name", "label", "issuer", "client_id"][..], &verified].concat());
    assert!(told.iter().all(|(_, problem, remedy)| problem == "is missing" && !remedy.is_empty()), "{told:?}");
}

#[test]
fn credentials_are_exactly_those_that_the_client_authentication_needs() {
    for way in ["secret_basic", "secret_post"] {
        let auth = format!("client_auth = \"{way}\"\n");
        refused(&auth, ACCEPT, "client_secret", "is missing", "client_secret = { file =");
        config(&section(&format!("{auth}{SECRET}"), ACCEPT));
        for (key, value) in [
            ("client_keys", "[{ file = \"/a\" }]"),
            ("assertion_audience", "\"issuer\""),
            ("assertion_algorithm", "\"ES256\""),
        ] {
            let needless = format!("{auth}{SECRET}{key} = {value}\n");
            refused(&needless, ACCEPT, key, &format!("of no use to client_auth = \"{way}\""), "private_key_jwt");
        }
    }
    refused("client_auth = \"private_key_jwt\"\n", ACCEPT, "client_keys", "is missing", "idv oidc keys generate");
    refused(&format!("{KEYS}{SECRET}"), ACCEPT, "client_secret", "of no use", "remove it");
    refused(&KEYS.replace("{ file = \"/etc/idv/oidc-key\" }", ""), ACCEPT, "client_keys", "no key", "the first signs");
    let keys = |count: usize| KEYS.replace("[{", &format!("[{}{{", "{ file = \"/a\" },".repeat(count - 1)));
    config(&section(&keys(8), ACCEPT));
    refused(&keys(9), ACCEPT, "client_keys", "too many", "1 to 8");
    for (key, value, known) in [
        ("assertion_audience", "provider", "issuer, token_endpoint"),
        ("assertion_algorithm", "EdDSA", "RS256, PS256, ES256"),
    ] {
        refused(&format!("{KEYS}{key} = \"{value}\"\n"), ACCEPT, key, "is not known", known);
    }
    let none = "client_auth = \"none\"\n";
    refused(none, ACCEPT, "client_auth", "\"none\" is not known", "secret_basic, secret_post, private_key_jwt");
}

#[test]
fn a_secret_that_stands_in_the_configuration_itself_is_refused_and_not_repeated() {
    for line in [
        "client_secret = \"hunter2\"\n",
        "client_secret = { hunter2 = \"hunter2\" }\n",
        "client_secret = [\"hunter2\"]\n",
    ] {
        let told = told(line, ACCEPT);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].1.contains("{ file = \"PATH\" }") && !format!("{told:?}").contains("hunter2"), "{told:?}");
    }
    let told = problems(&LEAST.replace("[{ env = \"X\" }]", "[\"hunter2\"]"));
    assert!(!told.is_empty() && !format!("{told:?}").contains("hunter2"), "{told:?}");
}

#[test]
fn parameters_that_idv_sends_itself_are_not_for_the_configuration() {
    let parameter = |name: &str, value: &str| format!("{SECRET}parameters = {{ \"{name}\" = \"{value}\" }}\n");
    for name in [
        "state",
        "nonce",
        "redirect_uri",
        "response_type",
        "response_mode",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "code_challenge",
        "code_challenge_method",
        "code_verifier",
        "request",
        "request_uri",
        "scope",
        "claims",
        "acr_values",
        "max_age",
    ] {
        refused(&parameter(name, "x"), ACCEPT, &format!("parameters.{name}"), "is not yours to set", "");
    }
    let hint = parameter("login_hint", "ada@acme.example");
    refused(&hint, ACCEPT, "parameters.login_hint", "is not yours to set", "login_hint = true");
    let none = parameter("prompt", "consent none");
    refused(&none, ACCEPT, "parameters.prompt", "would ask nobody", "leave none out");
    refused(&parameter("a b", "x"), ACCEPT, "parameters", "\"a b\" is no parameter's name", "letters");
    refused(&parameter("a", ""), ACCEPT, "parameters.a", "is no parameter's value", "1 to 1024 bytes");
    refused(&parameter("a", &"v".repeat(1025)), ACCEPT, "parameters.a", "is no parameter's value", "1 to 1024 bytes");
    for (name, value) in
        [("vtr", "x"), ("claims_locales", "de"), ("ui_locales", "de-AT"), ("prompt", "login"), ("a", &"v".repeat(1024))]
    {
        config(&section(&parameter(name, value), ACCEPT));
    }
    let many = |count: usize| {
        let parameters: Vec<_> = (0..count).map(|number| format!("p{number} = \"x\"")).collect();
        format!("{SECRET}parameters = {{ {} }}\n", parameters.join(", "))
    };
    config(&section(&many(32), ACCEPT));
    refused(&many(33), ACCEPT, "parameters", "too many", "at most 32");
}

#[test]
fn rules_that_would_count_nothing_or_cannot_be_compared_are_refused() {
    for (line, key, problem, remedy) in [
        ("acr = []", "accept.acr", "nobody would be verified", "leave it out"),
        ("acr = [\"\"]", "accept.acr", "an empty text", "remove it"),
        ("values = {}", "accept.values", "is empty", "leave it out"),
        ("values = { \"/a\" = [] }", "accept.values", "lists nothing for \"/a\"", "list the values"),
        ("values = { \"/a\" = [1.5] }", "accept.values", "cannot be compared", "whole numbers"),
        ("values = { \"/a\" = [[1]] }", "accept.values", "cannot be compared", "a pointer leads to what is within"),
        ("values = { \"a\" = [1] }", "accept.values", "\"a\" is no JSON pointer", "\"/NAME\""),
        ("values = { \"\" = [1] }", "accept.values", "\"\" is no JSON pointer", "\"/NAME\""),
        ("values = { \"/a~2\" = [1] }", "accept.values", "is no JSON pointer", "~1 stands for /"),
        ("values = { \"/a~\" = [1] }", "accept.values", "is no JSON pointer", "~1 stands for /"),
        ("values = { \"/a\" = 1 }", "accept.values", "has the wrong type", "sample"),
        ("acr = \"high\"", "accept.acr", "has the wrong type", "sample"),
        (
            "acrs = [\"high\"]\nlogin_alone = true",
            "accept.acrs",
            "is not a known key",
            "did you mean methods.oidc.0.accept.acr?",
        ),
    ] {
        refused(SECRET, &format!("[methods.oidc.accept]\n{line}\n"), key, problem, remedy);
    }
    let claims = |rest: &str| format!("[methods.oidc.accept]\nverified_claims = {{ {rest} }}\n");
    let both = "trust_framework = [\"a\"], assurance_level = [\"b\"]";
    for (rest, key, problem) in [
        ("trust_framework = [\"a\"]".to_owned(), "assurance_level", "is missing"),
        ("assurance_level = [\"b\"]".to_owned(), "trust_framework", "is missing"),
        ("trust_framework = [], assurance_level = [\"b\"]".to_owned(), "trust_framework", "is empty"),
        ("trust_framework = [\"a\"], assurance_level = []".to_owned(), "assurance_level", "is empty"),
        (format!("{both}, max_age_days = 0"), "max_age_days", "is out of range"),
        (format!("{both}, max_age_days = 3651"), "max_age_days", "is out of range"),
        (format!("{both}, max_age_day = 1"), "max_age_day", "is not a known key"),
    ] {
        refused(SECRET, &claims(&rest), &format!("accept.verified_claims.{key}"), problem, "");
    }
    config(&section(SECRET, &claims(&format!("{both}, max_age_days = 1"))));
}

#[test]
fn an_identity_is_named_by_a_pointer_and_compared_by_names_that_are_known() {
    for (line, key, problem, remedy) in [
        ("pointer = \"sub\"", "pointer", "\"sub\" is no JSON pointer", "\"/NAME\""),
        ("pointer = \"\"", "pointer", "\"\" is no JSON pointer", "\"/NAME\""),
        // Whoever may change it at the provider would be whoever they like here.
        ("pointer = \"/email\"", "pointer", "\"/email\" changes, and may become another person's", "such as \"/sub\""),
        ("pointer = \"/person/upn\"", "pointer", "\"/person/upn\" changes", "such as \"/sub\""),
        ("match = [\"name\"]", "match", "\"name\" is not known", "given_name, family_name, birthdate, email"),
        ("expect = [\"sub\"]", "expect", "\"sub\" is not known", "given_name, family_name, birthdate, email"),
        (
            "same_persons = true",
            "same_persons",
            "is not a known key",
            "did you mean methods.oidc.0.identity.same_person?",
        ),
    ] {
        let tables = format!("{ACCEPT}[methods.oidc.identity]\n{line}\n");
        refused(SECRET, &tables, &format!("identity.{key}"), problem, remedy);
    }
}

#[test]
fn an_unknown_key_of_a_section_names_the_nearest_known_one() {
    refused(
        &format!("{SECRET}acr_value = [\"a\"]\n"),
        ACCEPT,
        "acr_value",
        "is not a known key",
        "methods.oidc.0.acr_values?",
    );
    let told = problems(&format!("{LEAST}[[methods.oidcs]]\nname = \"a\"\n"));
    assert!(told.iter().any(|(_, _, remedy)| remedy == "did you mean methods.oidc?"), "{told:?}");
}

#[test]
fn a_section_that_is_no_list_is_refused_and_not_passed_over() {
    for text in ["[methods.oidc]\nname = \"a\"\n", "[methods]\noidc = 1\n", "[methods]\noidc = [\"a\"]\n"] {
        let told = problems(&format!("{LEAST}{text}"));
        let list = |(key, problem, remedy): &(String, String, String)| {
            key == "methods.oidc" && problem == "is not a list of sections" && remedy.contains("[[methods.oidc]]")
        };
        assert!(told.len() == 1 && told.iter().all(list), "{text}: {told:?}");
    }
}

#[test]
fn two_providers_share_neither_name_nor_registration() {
    let other = |name: &str, client: &str| {
        section(SECRET, ACCEPT).replace("\"eid\"", &format!("\"{name}\"")).replace("\"idv\"", &format!("\"{client}\""))
    };
    let both = |name: &str, client: &str| format!("{LEAST}{}{}", section(SECRET, ACCEPT), other(name, client));
    let config = parse(&both("other", "other")).0.unwrap();
    let names: Vec<_> = config.methods.oidc.iter().map(|provider| provider.name.to_string()).collect();
    assert_eq!(names, ["eid", "other"]);
    for (name, client, key, problem) in [
        ("eid", "other", "methods.oidc.1.name", "is the name of methods.oidc.0 too"),
        ("other", "idv", "methods.oidc.1.client_id", "is registered with the same issuer by methods.oidc.0 too"),
    ] {
        let told = problems(&both(name, client));
        assert_eq!(
            told.iter().map(|(key, problem, _)| (key.as_str(), problem.as_str())).collect::<Vec<_>>(),
            [(key, problem)]
        );
        assert!(!told[0].2.is_empty());
    }
}

#[test]
fn there_are_sixteen_providers_at_most() {
    let sections = |count: usize| {
        let section = |number: usize| {
            section(SECRET, ACCEPT)
                .replace("eid", &format!("eid-{number}"))
                .replace("\"idv\"", &format!("\"{number}\""))
        };
        (0..count).map(section).collect::<String>()
    };
    assert_eq!(config(&sections(16)).methods.oidc.len(), 16);
    let told = problems(&format!("{LEAST}{}", sections(17)));
    assert_eq!(told.len(), 1);
    assert!(told[0].0 == "methods.oidc" && told[0].2.contains("at most 16"), "{told:?}");
}

#[test]
fn a_provider_is_a_method_too_so_the_desk_may_be_off() {
    let config = config(&format!("{}[methods.desk]\nenabled = false\n", section(SECRET, ACCEPT)));
    assert_eq!(config.methods.iter().map(|method| method.to_string()).collect::<Vec<_>>(), ["oidc:eid"]);
    // One that is there and wrong is told for what is wrong.
    let told = problems(&format!("{LEAST}{}[methods.desk]\nenabled = false\n", section("", ACCEPT)));
    assert_eq!(told.iter().map(|(key, ..)| key.as_str()).collect::<Vec<_>>(), ["methods.oidc.0.client_secret"]);
}

#[test]
fn everything_that_is_named_is_told_to_whoever_hands_it_over() {
    let keys = KEYS.replace("{ file = \"/etc/idv/oidc-key\" }", "{ credential = \"a\" }, { credential = \"b\" }");
    let other = section(&keys, ACCEPT).replace("eid", "other").replace("\"idv\"", "\"other\"");
    let mut config = config(&format!("{}{other}", section(SECRET, ACCEPT)));
    let sources: Vec<_> = config.sources_mut().map(|source| source.to_string()).collect();
    for source in ["environment variable EID_SECRET", "credential a", "credential b"] {
        assert!(sources.iter().any(|known| known == source), "{source} in {sources:?}");
    }
}

#[test]
fn a_provider_of_this_machine_or_by_an_address_is_reached_only_if_it_may_be() {
    let at =
        |host: &str| section(SECRET, ACCEPT).replace("https://id.example", &format!("https://{host}:8443/realms/a"));
    let private = |hosts: &str| format!("[egress]\nprivate = [{hosts}]\n");
    for host in ["localhost", "127.0.0.1", "10.0.0.7"] {
        let told = problems(&format!("{LEAST}{}", at(host)));
        let [(key, problem, remedy)] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(key, "egress.private");
        assert!(problem.contains(&format!("lacks {host}")) && remedy.contains(&format!("add \"{host}\"")), "{told:?}");
        let config = config(&format!("{}{}", at(host), private(&format!("\"{host}\""))));
        assert_eq!(config.destinations(), [(host.to_owned(), 8443)]);
    }
    for text in [at("169.254.169.254"), format!("{}{}", at("169.254.169.254"), private("\"169.254.169.254\""))] {
        let told = problems(&format!("{LEAST}{text}"));
        assert!(told.len() == 1 && told[0].1 == "169.254.169.254 is never asked", "{told:?}");
    }
    config(&at("93.184.216.34"));
    config(&at("keycloak.internal"));
}

#[test]
fn all_hosts_of_all_providers_are_where_the_way_out_leads() {
    let other = with("issuer", "https://other.example/a").replace("\"eid\"", "\"other\"");
    let config = config(&format!("{}{other}", section(&format!("{SECRET}hosts = [\"keys.example:8443\"]\n"), ACCEPT)));
    let hosts = [("id.example", 443), ("keys.example", 8443), ("other.example", 443)];
    assert_eq!(config.destinations(), hosts.map(|(host, port)| (host.to_owned(), port)));
}

/// The providers that are shown: a broker in the README, a vendor and a directory in that of `systemd/`, which has one more
/// that booted machines try.
fn examples() -> [&'static str; 3] {
    let readmes = [include_str!("../../../README.md"), include_str!("../../../systemd/README.md")];
    let blocks = readmes.into_iter().flat_map(|readme| readme.split("```toml\n").skip(1));
    let blocks = blocks.map(|rest| rest.split_once("```").unwrap().0);
    let is_shown = |block: &&str| block.contains("[[methods.oidc]]") && !block.contains("name = \"eid\"");
    let providers: Vec<_> = blocks.filter(is_shown).collect();
    providers.try_into().unwrap()
}

#[test]
fn the_examples_of_the_readme_mean_what_they_say() {
    let [broker, vendor, directory] = examples().map(|example| config(example).methods.oidc[0].clone());
    assert_eq!(broker.accept.acr, broker.acr_values);
    assert!(matches!(broker.authentication, Authentication::PrivateKey { .. }));
    assert_eq!((vendor.request, vendor.login_hint), (Some(RequestKind::Pushed), true));
    assert_eq!(vendor.identity.expected, [Name::GivenName, Name::FamilyName]);
    assert_eq!(vendor.accept.verified_claims.unwrap().assurance_level, ["VERIFIED"]);
    assert_eq!(directory.accept.values, [("/identity_verified".to_owned(), vec![json!(true)])]);
    assert_eq!((directory.max_age, directory.identity.matched), (Some(Duration::ZERO), vec![Name::FamilyName]));
}

#[test]
fn the_service_starts_with_each_example_of_the_readme() {
    for example in examples() {
        let installation = Installation::new();
        let key = installation.path("oidc_key");
        assert!(installation.command(&["oidc", "keys", "generate", "--out", key.to_str().unwrap()]).status.success());
        for secret in ["didit_secret", "keycloak_secret"] {
            write_secret(&installation.path(secret), b"0123456789abcdef0123456789abcdef");
        }
        let file = format!("{{ file = \"{}/", installation.directory.path().display());
        let example = example.replace("{ credential = \"", &file);
        fs::write(installation.path("idv.toml"), installation.configuration() + &example).unwrap();
        let with_authorities = |arguments: &[&str]| {
            let mut command = installation.idv(arguments);
            command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", installation.path("certificate.pem"));
            command
        };
        let check = with_authorities(&["check"]).output().unwrap();
        assert!(check.status.success(), "{check:?}");
        installation.serve_by(with_authorities(&["serve"]));
    }
}
