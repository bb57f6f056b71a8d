//! `idv.toml`: complete, true, and wrong in every way.

use std::collections::BTreeSet;
use std::process::Output;
use std::sync::Arc;

use idv::config::branding::Branding;
use idv::config::load::parse;
use idv::config::sockets::Sockets;
use idv::config::{Config, Problems};
use idv::verification::method::document::policy::Second;
use idv::verification::method::document::{Policy, Selfie};

use crate::support::process::Installation;

mod oidc;

const SAMPLE: &str = include_str!("../../idv.toml");
const LEAST: &str = "public_url = \"https://idv.example.com\"\n[server]\nlisten = [\"127.0.0.1:8080\"]\n[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{ env = \"X\" }]\n";

fn problems(text: &str) -> Vec<(String, String, String)> {
    let Err(Problems(problems)) = parse(text).0 else { panic!("no problem in {text}") };
    problems.into_iter().map(|problem| (problem.key, problem.problem, problem.remedy)).collect()
}

/// Whether `line` is a key that is commented out.
fn is_commented_key(line: &str) -> bool {
    line.strip_prefix("# ").is_some_and(|rest| {
        rest.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    })
}

/// `text` with every key in it.
fn uncommented(text: &str) -> String {
    text.lines().map(|line| if is_commented_key(line) { &line[2..] } else { line }).collect::<Vec<_>>().join("\n")
}

/// `text` in two: without the section that begins with `head` and is commented out as a whole, and that section as it is to
/// be written.
fn without(text: &str, head: &str) -> (String, String) {
    let (before, rest) = text.split_once(&format!("# {head}\n")).unwrap();
    let (section, after) = rest.split_once("\n\n").unwrap();
    let section = section.lines().map(|line| line.strip_prefix('#').unwrap().trim_start_matches(' '));
    let section = section.collect::<Vec<_>>().join("\n");
    (format!("{before}\n{after}"), format!("{head}\n{section}\n"))
}

/// The sample without the sections that are commented out as a whole, and of these that of a provider.
fn in_parts() -> (String, String) {
    without(&without(SAMPLE, "[review]").0, "[[methods.oidc]]")
}

/// The console's section of the sample.
fn of_console() -> String {
    without(SAMPLE, "[review]").1
}

#[test]
fn the_sample_is_fit_and_its_commented_lines_are_the_defaults() {
    let (as_is, mut spelled_out): (Config, Config) =
        (parse(SAMPLE).0.unwrap(), parse(&uncommented(&in_parts().0)).0.unwrap());
    // Those of [branding] are examples: without them, there is none.
    assert_ne!(format!("{:?}", spelled_out.branding), format!("{:?}", Branding::default()));
    spelled_out.branding = Branding::default();
    // And so are these.
    assert!(spelled_out.egress.authorities.take().is_some());
    let rules = Arc::make_mut(&mut spelled_out.lasting.document);
    assert!(rules.of_tenants.is_empty(), "what a tenant has as all have it is not its own");
    let usual = Policy { framework: String::new(), contact: None, ..(*rules.usual).clone() };
    rules.usual = Arc::new(usual);
    assert_eq!(format!("{as_is:?}"), format!("{spelled_out:?}"));
    assert_ne!(SAMPLE, uncommented(SAMPLE));
}

#[test]
fn the_sample_has_every_key_that_exists() {
    let ((rest, section), console) = (in_parts(), of_console());
    let (_, keys) = parse(&format!("{rest}{section}{console}"));
    let table: toml::Table = uncommented(&format!("{rest}{section}{console}")).parse().unwrap();
    let mut written = BTreeSet::new();
    collect("", &toml::Value::Table(table), &mut written);
    assert_eq!(written, keys);
}

#[test]
fn the_samples_console_is_fit_and_its_commented_lines_are_defaults_or_examples() {
    let (rest, console) = (in_parts().0, of_console());
    let parsed = |section: &str| parse(&format!("{rest}{section}")).0.unwrap().review.unwrap();
    let as_is = parsed(&console);
    let commented = console.lines().filter(|line| is_commented_key(line));
    let examples = commented.filter(|line| parsed(&console.replacen(*line, &line[2..], 1)) != as_is);
    let examples: Vec<_> = examples.filter_map(|line| line[2..].split(" = ").next()).collect();
    assert_eq!(examples, ["specimens", "pairs", "desk", "supervisor", "amr"]);
}

fn collect(path: &str, value: &toml::Value, keys: &mut BTreeSet<String>) {
    let tables: Vec<&toml::Table> = match value {
        toml::Value::Table(table) if table.keys().any(|key| ["file", "env", "credential"].contains(&key.as_str())) => {
            vec![]
        }
        // Their keys are others' to choose.
        toml::Value::Table(_) if path.ends_with(".parameters") || path.ends_with(".values") => vec![],
        toml::Value::Table(table) => vec![table],
        toml::Value::Array(values) => {
            let is_section = |table: &&toml::Table| table.contains_key("domain") || table.contains_key("issuer");
            values.iter().filter_map(toml::Value::as_table).filter(is_section).collect()
        }
        _ => vec![],
    };
    for (key, value) in tables.into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        keys.insert(path.clone());
        collect(&path, value, keys);
    }
}

#[test]
fn all_problems_are_told_at_once_with_key_and_remedy() {
    let text = "public_ulr = \"https://x.example\"\n[server]\nlisten = [\"unix:@abstract\", \"nonsense\"]\n[methods.desk]\natempts = 3\ncode_lifetime_secs = \"long\"\n[[tenants]]\ndomain = \"https://acme.eu.auth0.com/\"\n";
    let problems = problems(text);
    let keys: Vec<_> = problems.iter().map(|(key, ..)| key.as_str()).collect();
    for key in [
        "public_url",
        "public_ulr",
        "server.listen",
        "methods.desk.atempts",
        "methods.desk.code_lifetime_secs",
        "tenants.0.token_secrets",
        "tenants.0.domain",
    ] {
        assert!(keys.contains(&key), "{key} in {keys:?}");
    }
    assert_eq!(keys.iter().filter(|key| **key == "server.listen").count(), 2);
    assert!(problems.iter().all(|(_, problem, remedy)| !problem.is_empty() && !remedy.is_empty()));
}

#[test]
fn problems_are_told_as_they_were_read_then_strange_keys_then_what_was_meant() {
    let rest = "[methods]\ndesks = 1\n[methods.desk]\nenabled = false\nattempts = 21\nlifetime = 1\n[limits]\nstarts_per_subject = \"few\"\nstarts = 1\n";
    let problems = problems(&format!("{}{rest}", LEAST.replace("listen =", "lisen =")));
    let keys: Vec<_> = problems.iter().map(|(key, ..)| key.as_str()).collect();
    let read = ["limits.starts_per_subject"];
    let strange = ["limits.starts", "methods.desk.lifetime", "methods.desks", "server.lisen"];
    let meant = ["methods.desk.attempts", "methods.desk.enabled"];
    assert_eq!(keys, [&read[..], &strange[..], &meant[..]].concat());
}

#[test]
fn at_least_one_method_is_enabled() {
    let with = |section: &str| format!("{LEAST}[methods.desk]\n{section}\n");
    let told = problems(&with("enabled = false"));
    let none = ("methods.desk.enabled", "leaves no method to verify anyone by", "enable at least one method");
    assert_eq!(told, [none].map(|(key, problem, remedy)| (key.into(), problem.into(), remedy.into())));
    // One that is enabled and wrong is told for what is wrong.
    let told = problems(&with("attempts = 0"));
    assert_eq!(told.iter().map(|(key, ..)| key.as_str()).collect::<Vec<_>>(), ["methods.desk.attempts"]);
    let methods = parse(&with("enabled = true")).0.unwrap().methods;
    assert!(methods.desk.is_some() && !methods.simulated, "no configuration simulates anything");
}

#[test]
fn the_way_out_leads_through_its_own_process_unless_somebody_says_otherwise() {
    use idv::config::egress::Via;
    let egress = |section: &str| parse(&format!("{LEAST}[egress]\n{section}\n")).0.unwrap().egress;
    assert_eq!((egress("").via, egress("").socket.to_str()), (Via::Socket, Some("/run/idv-egress/proxy.sock")));
    let named = egress(
        "via = \"direct\"\nprivate = [\"keycloak.internal\", \"10.0.0.1\"]\nauthorities = { credential = \"ca\" }",
    );
    let private: Vec<_> = named.private.iter().map(String::as_str).collect();
    assert_eq!((named.via, private), (Via::Direct, vec!["keycloak.internal", "10.0.0.1"]));
    assert_eq!(named.authorities.unwrap().to_string(), "credential ca");
    for (section, key, remedy) in [
        ("via = \"proxy\"", "egress.via", "write it as in the sample"),
        ("private = [\"Keycloak.internal\"]", "egress.private", "write it in lower case: keycloak.internal"),
        ("private = [\"https://keycloak.internal/\"]", "egress.private", "write the bare host: keycloak.internal"),
        ("private = [\"keycloak\"]", "egress.private", "write the bare host"),
        ("private = [\"*\"]", "egress.private", "write the bare host"),
        ("private = \"keycloak.internal\"", "egress.private", "write it as in the sample"),
        ("authorities = \"/etc/ca.pem\"", "egress.authorities", "write it as in the sample"),
        ("privat = []", "egress.privat", "did you mean egress.private?"),
    ] {
        let told = problems(&format!("{LEAST}[egress]\n{section}\n"));
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, key, "{section}");
        assert!(told[0].2.contains(remedy), "{told:?}");
    }
}

#[test]
fn as_much_of_the_store_is_kept_in_memory_as_a_machine_may_have() {
    let with = |cache_mib: &str| format!("{LEAST}[store]\ncache_mib = {cache_mib}\n");
    assert_eq!(parse(LEAST).0.unwrap().cache_mib, 64);
    for cache_mib in [16, 64, 1_048_576] {
        assert_eq!(parse(&with(&cache_mib.to_string())).0.unwrap().cache_mib, cache_mib);
    }
    for (cache_mib, remedy) in [
        ("15", "choose 16 to 1048576"),
        ("1048577", "choose 16 to 1048576"),
        ("-1", "write it as in the sample"),
        ("\"64 MiB\"", "write it as in the sample"),
    ] {
        let told = problems(&with(cache_mib));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].0 == "store.cache_mib" && told[0].2.contains(remedy), "{told:?}");
    }
}

/// It was removed at the start, or by the first backup, and nobody was told.
#[test]
fn the_store_is_not_called_as_what_is_beside_it() {
    let with = |path: &str| format!("{LEAST}[store]\npath = \"{path}\"\n");
    for path in ["/var/lib/idv/idv.anew", "/srv/people.copy", "idv.key", "/var/lib/idv/erased.log"] {
        let told = problems(&with(path));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].0 == "store.path" && told[0].2.contains("extension redb"), "{told:?}");
    }
    for path in ["/var/lib/idv/idv.redb", "/srv/people", "/srv/copy", "/srv/people.db"] {
        assert!(parse(&with(path)).0.is_ok(), "{path}");
    }
}

#[test]
fn an_unknown_key_names_the_nearest_known_one() {
    for (line, remedy) in [
        ("[servr]", "did you mean server?"),
        ("[server]\nlisen = []", "did you mean server.listen?"),
        ("[server.tls]\ncertifcate = \"x\"", "did you mean server.tls.certificate?"),
    ] {
        let text = format!("{line}\n");
        assert!(problems(&text).iter().any(|(.., told)| told == remedy), "{line}: {:?}", problems(&text));
    }
}

#[test]
fn plain_http_stays_on_this_machine() {
    let problems = |listen: &str| {
        let config = parse(&LEAST.replace("127.0.0.1:8080", listen)).0.unwrap();
        Sockets::configured(&config).problems(&config)
    };
    for listen in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80", "[::ffff:192.0.2.1]:80"] {
        let problems = problems(listen);
        assert_eq!(problems.len(), 1, "{listen}");
        assert!(problems[0].key == "server.listen" && problems[0].problem.contains("plain HTTP"), "{listen}");
    }
    for listen in ["127.0.0.1:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "unix:/run/idv/http.sock"] {
        assert!(problems(listen).is_empty(), "{listen}");
    }
}

#[test]
fn public_urls_are_taken_in_one_form_only() {
    for (url, authority) in [
        ("https://idv.example.com", "idv.example.com"),
        ("https://idv.example.com/", "idv.example.com"),
        ("https://idv.example.com:8443", "idv.example.com:8443"),
        ("https://idv.example.com:443", "idv.example.com"),
        ("http://localhost:8080", "localhost:8080"),
    ] {
        let config = parse(&LEAST.replace("https://idv.example.com", url)).0.unwrap();
        assert_eq!(config.public_url.authority(), authority);
    }
    for url in [
        "http://idv.example.com",
        "idv.example.com",
        "https://idv.example.com/path",
        "https://user@idv.example.com",
        "https://IDV.example.com",
        "https://idv.example.com:0",
        "https://idv.example.com:99999",
        "ftp://x.example",
        "https://",
    ] {
        assert!(
            problems(&LEAST.replace("https://idv.example.com", url)).iter().any(|(key, ..)| key == "public_url"),
            "{url}"
        );
    }
}

#[test]
fn a_host_belongs_to_one_tenant_and_never_to_idv() {
    let tenant = "[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{ env = \"Y\" }]\n";
    assert!(problems(&format!("{LEAST}{tenant}")).iter().any(|(_, problem, _)| problem.contains("named twice")));
    let own = LEAST.replace("acme.eu.auth0.com", "idv.example.com");
    assert!(problems(&own).iter().any(|(_, problem, _)| problem.contains("idv's own host")));
}

#[test]
fn numbers_have_bounds() {
    for line in
        ["attempts = 0", "attempts = 21", "code_lifetime_secs = 59", "code_lifetime_secs = 31536001", "enabled = false"]
    {
        assert!(!problems(&format!("{LEAST}[methods.desk]\n{line}\n")).is_empty(), "{line}");
    }
    assert!(!problems(&LEAST.replace("domain", "clock_leeway_secs = 301\ndomain")).is_empty());
    assert!(!problems(&LEAST.replace("domain", "token_parameter = \"state\"\ndomain")).is_empty());
    assert!(!problems(&LEAST.replace("domain", "return_method = \"post\"\ndomain")).is_empty());
}

#[test]
fn toml_that_is_none_is_told() {
    assert_eq!(problems("public_url = ").len(), 1);
}

/// Runs a command with the variable `name` in its environment.
fn with_variable(installation: &Installation, name: &str, value: &str, arguments: &[&str]) -> Output {
    let mut command = installation.idv(arguments);
    command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", installation.path("certificate.pem"));
    command.env(name, value).output().unwrap()
}

#[test]
fn variables_of_others_are_told_and_left_alone() {
    let installation = Installation::new();
    for (name, value) in [
        // Kubernetes, beside a Service called idv.
        ("IDV_PORT", "tcp://10.43.0.1:443"),
        ("IDV_PORT_443_TCP", "tcp://10.43.0.1:443"),
        ("IDV_PORT_443_TCP_ADDR", "10.43.0.1"),
        ("IDV_PORT_443_TCP_PORT", "443"),
        ("IDV_PORT_443_TCP_PROTO", "tcp"),
        ("IDV_SERVICE_HOST", "10.43.0.1"),
        ("IDV_SERVICE_PORT", "443"),
        ("IDV_SERVICE_PORT_HTTPS", "443"),
        // Beside Services called like our sections.
        ("IDV_SERVER_PORT", "tcp://10.43.0.1:443"),
        ("IDV_SERVER_SERVICE_HOST", "10.43.0.1"),
        ("IDV_SERVER_PORT_443_TCP", "tcp://10.43.0.1:443"),
        ("IDV_STORE_PORT", "tcp://10.43.0.1:443"),
        ("IDV_CONTROL_PORT", "tcp://10.43.0.1:443"),
        ("IDV_BRANDING_PORT", "tcp://10.43.0.1:443"),
        // A link of Docker.
        ("IDV_NAME", "/web/idv"),
        ("IDV_ENV_PATH", "/usr/bin"),
        // The guide's fields of the Action and of applications.
        ("IDV_DOMAIN", "idv.example.com"),
        ("IDV_EXPIRES_IN", "2592000"),
        ("IDV_REQUIRED", "true"),
        ("IDV_TOKEN_SECRET_2", "x"),
        // People's own.
        ("IDV_VERSION", "1"),
        ("IDV_HOME", "/opt/idv"),
        ("IDV_IMAGE", "idv:latest"),
        ("IDV_LOG_LEVEL", "debug"),
        ("idv_port", "443"),
    ] {
        let output = with_variable(&installation, name, value, &["check"]);
        assert!(output.status.success(), "{name}: {output:?}");
        let note = format!("the environment has what is no setting of idv, and is left alone: {}", name.to_uppercase());
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(told, format!("note: {note}\nThe configuration is fit to start with.\n"), "the name, and no value");
        assert!(
            with_variable(&installation, name, value, &["desk", "list", "--tenant", "x"]).status.code() != Some(78)
        );
    }
}

#[test]
fn the_doctor_tells_variables_of_others_too() {
    let installation = Installation::new();
    let output = with_variable(&installation, "IDV_PORT", "tcp://10.43.0.1:443", &["doctor", "--offline"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("note     configuration: the environment has what is no setting of idv"), "{told}");
    let without = with_variable(&installation, "OTHER_PORT", "443", &["check"]);
    assert_eq!(without.stdout, b"The configuration is fit to start with.\n", "nothing to tell without one");
}

#[test]
fn a_misspelt_setting_in_the_environment_is_not_taken_for_somebody_elses() {
    let installation = Installation::new();
    for (name, remedy) in [
        ("IDV_PUBLIC_ULR", "did you mean IDV_PUBLIC_URL?"),
        ("IDV_PUBLICURL", "did you mean IDV_PUBLIC_URL?"),
        ("IDV_PUBLIC_URI", "did you mean IDV_PUBLIC_URL?"),
        ("IDV_SERVER_LISTEN", "did you mean IDV_SERVER__LISTEN?"),
        ("IDV_SERVER__LISTN", "did you mean IDV_SERVER__LISTEN?"),
        ("IDV_SERVR__LISTEN", "did you mean IDV_SERVER?"),
        ("IDV_LISTEN", "did you mean IDV_SERVER__LISTEN?"),
        ("idv_listen", "did you mean IDV_SERVER__LISTEN?"),
        ("IDV_ATTEMPTS", "did you mean IDV_METHODS__DESK__ATTEMPTS?"),
        ("IDV_CONNECTION_PER_ADDRESS", "did you mean IDV_LIMITS__CONNECTIONS_PER_ADDRESS?"),
        ("IDV_LIMITS_STARTS_PER_SUBJET", "did you mean IDV_LIMITS__STARTS_PER_SUBJECT?"),
        ("IDV_SERVER_TLS_PRIVATE_KEY", "did you mean IDV_SERVER__TLS__PRIVATE_KEY?"),
        ("IDV_PORT__X", "remove it; known here: public_url"),
        ("IDV__SERVER__LISTEN", "did you mean IDV_SERVER?"),
    ] {
        let output = with_variable(&installation, name, "x", &["check"]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(78), "{name}: {told}");
        assert!(told.contains("environment: ") && told.contains(remedy), "{name}: {told}");
    }
}

#[test]
fn a_setting_in_the_environment_counts_in_any_letter_case() {
    let installation = Installation::new();
    for name in ["IDV_PUBLIC_URL", "idv_public_url", "Idv_Server__Listen"] {
        let output = with_variable(&installation, name, "nonsense", &["check"]);
        assert_eq!(output.status.code(), Some(78), "{name}");
        assert!(String::from_utf8(output.stdout).unwrap().contains("environment: "));
    }
}

#[test]
fn who_watches_comes_from_this_machine_alone_and_not_where_logins_come() {
    let listening = |ops: &str| format!("{LEAST}[ops]\nlisten = [{ops}]\n");
    assert!(parse(LEAST).0.unwrap().ops_listen.is_empty(), "nowhere, if nobody says where");
    for local in ["127.0.0.1:9464", "127.9.9.9:1", "[::1]:9464", "[::ffff:127.0.0.1]:9464", "unix:/run/idv/ops.sock"] {
        assert_eq!(parse(&listening(&format!("{local:?}"))).0.unwrap().ops_listen.len(), 1, "{local}");
    }
    let told = |ops: &str| {
        let [(key, problem, remedy)] = &problems(&listening(ops))[..] else { panic!("one problem with {ops}") };
        assert_eq!(key, "ops.listen");
        format!("{problem}; {remedy}")
    };
    for public in ["0.0.0.0:9464", "[::]:9464", "192.0.2.1:9464", "[::ffff:192.0.2.1]:9464", "10.0.0.1:9464"] {
        let told = told(&format!("{public:?}"));
        assert!(told.contains("would tell everybody how the service is") && told.contains("127.0.0.1:9464"), "{told}");
    }
    assert!(told("\"127.0.0.1:8080\"").contains("where logins come to"));
    assert!(told("\"unix:@idv\"").contains("name a path"));
    assert!(told("\"9464\"").contains("is no address"));
}

#[test]
fn a_tenant_has_rules_for_documents_of_its_own_and_all_else_as_everybody() {
    let with = |tenant: &str, rest: &str| {
        format!(
            "{LEAST}[tenants.document]\n{tenant}\n[methods.document]\nenabled = true\npolicy = \"urn:acme:policy\"\n{rest}"
        )
    };
    let text = with(
        "selfie = \"plain\"\nsecond = \"sample\"\nkeep_approved_days = 0\n",
        "rounds = 2\nsample_per_hundred = 30\n",
    );
    let rules = parse(&text).0.unwrap().methods.document.unwrap();
    let tenant = "acme.eu.auth0.com".to_owned().try_into().unwrap();
    let own = rules.of(&tenant);
    assert_eq!((own.selfie, own.second, own.keep_approved.as_secs()), (Selfie::Plain, Second::Sample(30), 0));
    assert_eq!((own.rounds, &own.framework, own.keep_rejected), (2, &rules.usual.framework, rules.usual.keep_rejected));
    assert_eq!(rules.usual.selfie, Selfie::CodeOnPaper);
    let other = "other.eu.auth0.com".to_owned().try_into().unwrap();
    assert!(Arc::ptr_eq(rules.of(&other), &rules.usual));
    for (tenant, rest, key) in [
        ("kinds = []", "", "tenants.0.document.kinds"),
        ("kinds = [\"visa\"]", "", "tenants.0.document.kinds"),
        ("answer_within_days = 30", "", "tenants.0.document.answer_within_days"),
        ("rounds = 2", "", "tenants.0.document.rounds"),
        ("", "deliver_within_days = 31", "methods.document.deliver_within_days"),
        ("", "issuers = [\"nl\"]", "methods.document.issuers"),
        ("", "contact = \"nobody\"", "methods.document.contact"),
        ("", "second = \"maybe\"", "methods.document.second"),
        ("", "selfie = \"mask\"", "methods.document.selfie"),
    ] {
        let told = problems(&with(tenant, rest));
        assert_eq!(told.iter().map(|(key, ..)| key.as_str()).collect::<Vec<_>>(), [key]);
    }
    let unnamed = problems(&format!("{LEAST}[methods.document]\nenabled = true\n"));
    assert_eq!(unnamed[0].0, "methods.document.policy");
    let support = format!("{LEAST}[branding]\nsupport = \"help@acme.example\"\n");
    let rules = parse(&support).0.unwrap();
    assert_eq!(rules.lasting.document.usual.contact.as_deref(), Some("help@acme.example"), "support answers");
    assert!(rules.methods.document.is_none(), "and what is kept has its time all the same");
}
