//! The configuration as meant: valid and typed. Secrets are named here, and read by who needs them.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::branding::{self, Branding};
use super::egress::Egress;
use super::evidence::Evidence;
use super::listen::{self, Listen};
use super::method::{self, ProviderConfig};
use super::problem::Problem;
use super::public_url::PublicUrl;
use super::reader::Findings;
use super::review::Review;
use super::secret::Source;
use super::settings::Written;
use super::spelling;
use super::typed::{Typed, TypedTenant};
use crate::archive::{Recipient, RecipientError};
use crate::ops::log::Format;
use crate::store::file::is_beside;
use crate::verification::method::{Credentials, Methods, ProviderName};
use crate::verification::tenant::{Host, ResultSubject, ReturnMethod, Tenant, Tenants, TokenKey, Whereabouts};

/// Everything that the service needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it was read from, as people know it.
    pub place: String,
    /// As it was written there.
    pub written: Written,
    /// Where people reach the service.
    pub public_url: PublicUrl,
    /// Where it listens.
    pub listen: Vec<Listen>,
    /// With which certificate; none for plain HTTP, which only loopback and unix sockets may carry.
    pub tls: Option<TlsSource>,
    /// The store's file.
    pub store_path: PathBuf,
    /// How much of it is kept in memory, in MiB.
    pub cache_mib: usize,
    /// The socket of the command line.
    pub control_socket: PathBuf,
    /// Where who watches the service is answered; nowhere where it is empty.
    pub ops_listen: Vec<Listen>,
    /// To whom every backup is encrypted; nobody where it is not.
    pub backup_recipients: Vec<Recipient>,
    /// The tenants, their secrets still unread.
    pub tenants: Vec<TenantConfig>,
    /// How others are asked.
    pub egress: Egress,
    /// The operators' console, if there is one.
    pub review: Option<Review>,
    /// Where pictures are kept.
    pub evidence: Evidence,
    /// The methods that are enabled. At least one.
    pub methods: Methods,
    /// The providers among them, in their order, their credentials still unread.
    pub providers: Vec<ProviderConfig>,
    /// The rules of methods that keep something for a time, be they enabled or not.
    pub lasting: method::Lasting,
    /// How long a result that did not arrive may be handed over; not at all, if that is no time.
    pub hand_over: Duration,
    /// What nobody may do too often.
    pub limits: Limits,
    /// How lines of the log are written.
    pub log_format: Format,
    /// The organisation's look.
    pub branding: Branding,
    /// Variables of the environment that begin like ours, name no key and are not like any: somebody else's.
    pub strangers: Vec<String>,
}

/// How often something may be done, in a minute where nothing else is said; none is without a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections that one address opens.
    pub connections_per_address: Option<NonZeroU32>,
    /// Connections that one address has open at once.
    pub open_connections_per_address: Option<NonZeroU32>,
    /// Starts for one subject.
    pub starts_per_subject: Option<NonZeroU32>,
}

/// How much of the store may be kept in memory: enough for what a commit changes, and no more than any machine has.
const CACHE_MIB: RangeInclusive<usize> = 16..=1024 * 1024;
/// The longest that a result may be handed over: as long as its session is known to the browser.
const HAND_OVER_LIMIT: Duration = Duration::from_mins(15);
/// How many forms a subject may submit for each start.
const FORMS: NonZeroU32 = NonZeroU32::new(4).expect("it is four");

impl Limits {
    /// Forms that one subject submits, in a minute.
    #[must_use]
    pub fn submissions_per_subject(&self) -> Option<NonZeroU32> {
        self.starts_per_subject.map(|starts| starts.saturating_mul(FORMS))
    }
}

/// Where certificate and key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSource {
    /// The certificate chain, PEM.
    pub certificate: Source,
    /// Its key, PEM.
    pub private_key: Source,
}

/// A tenant, its secrets still unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantConfig {
    /// The canonical host.
    pub domain: Host,
    /// Further hosts.
    pub custom_domains: Vec<Host>,
    /// Where the shared secrets are, newest first. At least one.
    pub token_secrets: Vec<Source>,
    /// The parameter that carries the result token.
    pub token_parameter: String,
    /// How the browser carries it.
    pub return_method: ReturnMethod,
    /// Its `sub`.
    pub result_subject: ResultSubject,
    /// The tolerated clock difference.
    pub clock_leeway: Duration,
}

impl Config {
    /// What `typed` means; none if something that nothing can stand in for is wrong, which `findings` then tells.
    pub(super) fn convert(mut typed: Typed, findings: &Findings<'_>) -> Option<Self> {
        let public_url = typed.public_url.as_deref();
        let public_url =
            public_url.and_then(|text| PublicUrl::of(text, "public_url", "people can be sent to", findings));
        let tls = convert_tls(&typed, findings);
        let listen = listen::convert(&typed.listen, "server.listen", findings);
        if typed.listen.is_empty() {
            findings.add("server.listen", "is empty", "name at least one address, such as \"0.0.0.0:443\"");
        }
        let ops_listen = listen::convert(&typed.ops_listen, "ops.listen", findings);
        listen::check_ops(&ops_listen, &listen, findings);
        let backup_recipients = convert_recipients(&typed.backup_recipients, findings);
        let egress = typed.egress.convert(findings);
        let evidence = typed.evidence.convert(Path::new(&typed.store_path), findings);
        let support = typed.branding.support.clone();
        let method::Meant { methods, providers, lasting } =
            typed.methods.convert(&mut typed.tenants, support.as_deref(), findings);
        method::check_addresses(&methods, &egress.private, findings);
        if Duration::from_secs(typed.hand_over_secs) > HAND_OVER_LIMIT {
            let remedy = "choose 0 (never) to 900, a quarter of an hour: so long a session that has ended is known to its browser";
            findings.add("session.hand_over_secs", "is out of range", remedy);
        }
        if is_beside(Path::new(&typed.store_path)) {
            let problem =
                "is what another file of a store is called, and the store would be removed or written over as that";
            findings.add("store.path", problem, "give it the extension redb");
        }
        if !CACHE_MIB.contains(&typed.cache_mib) {
            let remedy = format!("choose {} to {}", CACHE_MIB.start(), CACHE_MIB.end());
            findings.add("store.cache_mib", "is out of range", remedy);
        }
        let limits = Limits {
            connections_per_address: NonZeroU32::new(typed.connections_per_address),
            open_connections_per_address: NonZeroU32::new(typed.open_connections_per_address),
            starts_per_subject: NonZeroU32::new(typed.starts_per_subject),
        };
        let branding = branding::convert(typed.branding, findings);
        if typed.tenants.is_empty() {
            findings.add("tenants", "is missing", "add a section [[tenants]] with domain and token_secrets");
        }
        let tenants: Vec<_> = typed.tenants.into_iter().filter_map(|tenant| convert_tenant(tenant, findings)).collect();
        let public_url = public_url?;
        check_hosts(&tenants, &public_url, findings);
        let review = typed.review.and_then(|review| review.convert(&egress.private, findings));
        if let Some(review) = &review {
            review.check_apart(&public_url, [&listen, &ops_listen], &tenants, findings);
        }
        let (store_path, control_socket) = (typed.store_path.into(), typed.control_socket.into());
        Some(Self {
            place: findings.file().to_owned(),
            written: Written::default(),
            public_url,
            listen,
            tls,
            store_path,
            cache_mib: typed.cache_mib,
            control_socket,
            ops_listen,
            backup_recipients,
            tenants,
            egress,
            review,
            evidence,
            methods,
            providers,
            lasting,
            hand_over: Duration::from_secs(typed.hand_over_secs),
            limits,
            log_format: typed.log_format,
            branding,
            strangers: findings.strangers(),
        })
    }

    /// What there is to say of the [`strangers`](Self::strangers), if there are any.
    #[must_use]
    pub fn tell_strangers(&self) -> Option<String> {
        let names = self.strangers.join(", ");
        (!names.is_empty())
            .then(|| format!("the environment has what is no setting of idv, and is left alone: {names}"))
    }

    /// Where browsers reach the service, by the keys that say so: the certificate covers each of these hosts.
    #[must_use]
    pub fn urls(&self) -> Vec<(&'static str, &PublicUrl)> {
        let of_console = self.review.iter().map(|review| ("review.url", &review.url));
        std::iter::once(("public_url", &self.public_url)).chain(of_console).collect()
    }

    /// The tenant that has `host` among its own.
    #[must_use]
    pub fn tenant(&self, host: &str) -> Option<&TenantConfig> {
        self.tenants.iter().find(|tenant| tenant.hosts().any(|known| known.as_str() == host))
    }

    /// The hosts, with their ports, that others than browsers are asked at: all that the way out leads to.
    #[must_use]
    pub fn destinations(&self) -> Vec<(String, u16)> {
        let of_console = self.review.iter().filter_map(|review| review.sign_in.as_ref());
        let of_console = of_console.flat_map(|sign_in| sign_in.provider.destinations());
        self.methods.destinations().chain(of_console.map(|(host, port)| (host.to_owned(), port))).collect()
    }

    /// Every place from which something is read that is not of the configuration itself.
    pub fn sources_mut(&mut self) -> impl Iterator<Item = &mut Source> {
        self.keyed_sources_mut().flat_map(|(_, sources)| sources)
    }

    /// The same, with the keys that name them.
    pub fn keyed_sources_mut(&mut self) -> impl Iterator<Item = (String, &mut [Source])> {
        let one = |key: &str, source| (key.to_owned(), std::slice::from_mut(source));
        let tls = self.tls.iter_mut().flat_map(move |TlsSource { certificate, private_key }| {
            [one("server.tls.certificate", certificate), one("server.tls.private_key", private_key)]
        });
        let secrets = self
            .tenants
            .iter_mut()
            .enumerate()
            .map(|(index, tenant)| (format!("tenants.{index}.token_secrets"), tenant.token_secrets.as_mut_slice()));
        let credentials = self.providers.iter_mut().map(ProviderConfig::sources_mut);
        let logo = self.branding.logo.iter_mut().map(move |source| one("branding.logo", source));
        let authorities = self.egress.authorities.iter_mut().map(move |source| one("egress.authorities", source));
        let console = self.review.iter_mut().filter_map(|review| review.sign_in.as_mut());
        let console = console.map(|sign_in| sign_in.credentials.sources_mut());
        tls.chain(secrets).chain(credentials).chain(logo).chain(authorities).chain(console)
    }

    /// Reads the tenants' secrets.
    ///
    /// # Errors
    /// Every secret that is missing, short, exposed, or shared by two tenants: whoever holds it could pass one tenant's
    /// people off as another's.
    pub fn read_tenants(&self) -> Result<Tenants, Vec<Problem>> {
        let (mut problems, mut seen) = (Vec::new(), Vec::new());
        let mut tenants = Vec::new();
        for (index, tenant) in self.tenants.iter().enumerate() {
            let mut keys = Vec::new();
            for source in &tenant.token_secrets {
                let key = format!("tenants.{index}.token_secrets");
                match source.read_token_secret() {
                    Err(error) => problems.push(Problem {
                        place: source.to_string(),
                        key,
                        problem: error.to_string(),
                        remedy: error.remedy(),
                    }),
                    Ok(secret) if seen.iter().any(|(other, known)| *other != index && *known == secret) => problems
                        .push(Problem {
                            place: source.to_string(),
                            key,
                            problem: "is the secret of another tenant too".into(),
                            remedy: "give each tenant a secret of its own".into(),
                        }),
                    Ok(secret) => {
                        keys.push(TokenKey::new(&secret));
                        seen.push((index, secret));
                    }
                }
            }
            tenants.push(tenant.with_keys(keys));
        }
        if problems.is_empty() { Ok(Tenants::new(tenants)) } else { Err(problems) }
    }

    /// Reads what shows the provider of the console, where operators sign in by one, that we are its client.
    ///
    /// # Errors
    /// As [`read_providers`](Self::read_providers).
    pub fn read_sign_in(&self) -> Result<Option<Credentials>, Vec<Problem>> {
        let sign_in = self.review.as_ref().and_then(|review| review.sign_in.as_ref());
        sign_in.map(|sign_in| sign_in.credentials.read()).transpose()
    }

    /// Reads what shows the providers that we are their client.
    ///
    /// # Errors
    /// Every secret or key that is missing, exposed, malformed, or not for what it has to sign.
    pub fn read_providers(&self) -> Result<Vec<(ProviderName, Credentials)>, Vec<Problem>> {
        method::read_providers(&self.providers)
    }
}

impl TenantConfig {
    /// All hosts of the tenant, the canonical one first.
    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        std::iter::once(&self.domain).chain(&self.custom_domains)
    }

    fn with_keys(&self, keys: Vec<TokenKey>) -> Tenant {
        Tenant {
            domain: self.domain.clone(),
            custom_domains: self.custom_domains.clone(),
            whereabouts: Whereabouts::Internet,
            keys,
            token_parameter: self.token_parameter.clone(),
            return_method: self.return_method,
            result_subject: self.result_subject,
            clock_leeway: self.clock_leeway,
        }
    }
}

fn convert_tls(typed: &Typed, findings: &Findings<'_>) -> Option<TlsSource> {
    match (typed.certificate.clone(), typed.private_key.clone()) {
        (Some(certificate), Some(private_key)) => {
            Some(TlsSource { certificate: certificate.into(), private_key: private_key.into() })
        }
        (None, None) => None,
        (certificate, _) => {
            let missing = if certificate.is_none() { "certificate" } else { "private_key" };
            let key = format!("server.tls.{missing}");
            // What stands there and could not be read was told.
            if !findings.has(&key) {
                findings.add(&key, "is missing", "name both certificate and private_key");
            }
            None
        }
    }
}

fn convert_recipients(typed: &[String], findings: &Findings<'_>) -> Vec<Recipient> {
    let tell = |(index, error): (usize, RecipientError)| {
        findings.add("backup.recipients", format!("number {} {error}", index + 1), error.remedy());
    };
    let parsed = typed.iter().enumerate().map(|(index, text)| text.parse().map_err(|error| (index, error)));
    parsed.filter_map(|recipient| recipient.map_err(tell).ok()).collect()
}

fn convert_tenant(typed: TypedTenant, findings: &Findings<'_>) -> Option<TenantConfig> {
    let key = |name: &str| format!("{}.{name}", typed.path);
    let host = |name: &str, text: String| {
        let remedy = spelling::of_host(&text).unwrap_or_else(|| {
            "write the bare host in lower case, such as \"acme.eu.auth0.com\" (international names in their xn-- form)".into()
        });
        Host::try_from(text).map_err(|error| findings.add(&key(name), error.to_string(), remedy)).ok()
    };
    let custom_domains = typed.custom_domains.into_iter().filter_map(|text| host("custom_domains", text)).collect();
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if typed.token_parameter.is_empty()
        || !typed.token_parameter.bytes().all(is_name)
        || typed.token_parameter == "state"
    {
        findings.add(
            &key("token_parameter"),
            "is no parameter name",
            "use letters, digits, _ and -, and not \"state\"",
        );
    }
    if typed.clock_leeway_secs > 300 {
        findings.add(&key("clock_leeway_secs"), "is out of range", "choose 0 to 300; set the machine's clock by NTP");
    }
    if typed.token_secrets.as_ref().is_some_and(Vec::is_empty) {
        findings.add(&key("token_secrets"), "is empty", "name where the shared secret is");
    }
    let domain = typed.domain.and_then(|text| host("domain", text))?;
    Some(TenantConfig {
        domain,
        custom_domains,
        token_secrets: typed.token_secrets.unwrap_or_default(),
        token_parameter: typed.token_parameter,
        return_method: typed.return_method,
        result_subject: typed.result_subject,
        clock_leeway: Duration::from_secs(typed.clock_leeway_secs),
    })
}

/// Each host names one tenant, and none is idv's own: else a result token could pass for a request.
fn check_hosts(tenants: &[TenantConfig], public_url: &PublicUrl, findings: &Findings<'_>) {
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for (index, tenant) in tenants.iter().enumerate() {
        let key = format!("tenants.{index}.domain");
        for host in tenant.hosts() {
            if host.as_str() == public_url.host() {
                findings.add(
                    &key,
                    format!("{host} is idv's own host"),
                    "name Auth0's hosts here, and idv's in public_url",
                );
            }
            if owners.insert(host.as_str(), index).is_some() {
                findings.add(&key, format!("{host} is named twice"), "name each host once, under one tenant");
            }
        }
    }
}
