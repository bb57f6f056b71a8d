//! The configuration as typed: every key with its type and its default, nothing understood yet.

use serde::Deserialize;

use super::reader::Reader;
use super::secret::Source;
use super::{egress, evidence, method, review};
use crate::ops::log::Format;
use crate::verification::tenant::{ResultSubject, ReturnMethod};

/// Where the command line talks to the service.
pub(super) const CONTROL_SOCKET: &str = "/run/idv/control.sock";

/// Everything in `idv.toml`.
pub(super) struct Typed {
    /// Where people reach the service, as a URL without a path. No default.
    pub(super) public_url: Option<String>,
    /// Addresses (`IP:PORT`) or `unix:/PATH`. Default: port 443 everywhere. Sockets of the service manager take their place.
    pub(super) listen: Vec<String>,
    /// The certificate chain, PEM. Without it the service speaks plain HTTP, on loopback and unix sockets only.
    pub(super) certificate: Option<PathOrSource>,
    /// The certificate's key, PEM.
    pub(super) private_key: Option<PathOrSource>,
    /// The store's file. Its key lies beside it, with the extension `key`.
    pub(super) store_path: String,
    /// How much of it is kept in memory.
    pub(super) cache_mib: usize,
    /// The socket on which the command line talks to the running service.
    pub(super) control_socket: String,
    /// Where who watches the service is answered: addresses of this machine alone, or `unix:/PATH`. Default: nowhere.
    pub(super) ops_listen: Vec<String>,
    /// To whom backups are encrypted. Default: nobody.
    pub(super) backup_recipients: Vec<String>,
    /// The Auth0 tenants. At least one.
    pub(super) tenants: Vec<TypedTenant>,
    /// How others are asked.
    pub(super) egress: egress::Typed,
    /// The operators' console. Default: none.
    pub(super) review: Option<review::Typed>,
    /// Where pictures are kept.
    pub(super) evidence: evidence::Typed,
    /// The methods' sections.
    pub(super) methods: method::Typed,
    /// How long a result that did not arrive may be handed over.
    pub(super) hand_over_secs: u64,
    /// How many connections one address may open in a minute.
    pub(super) connections_per_address: u32,
    /// How many connections one address may have open.
    pub(super) open_connections_per_address: u32,
    /// How many times a subject may start in a minute.
    pub(super) starts_per_subject: u32,
    /// How lines of the log are written. Default: `auto`.
    pub(super) log_format: Format,
    /// The organisation's look.
    pub(super) branding: TypedBranding,
}

/// `[branding]`. Default: none of it.
pub(super) struct TypedBranding {
    /// The organisation's name.
    pub(super) name: Option<String>,
    /// Its logo: SVG or PNG, at most 64 KiB.
    pub(super) logo: Option<PathOrSource>,
    /// Its colour, as `#rrggbb`.
    pub(super) accent: Option<String>,
    /// A mail address or a URL where people find help.
    pub(super) support: Option<String>,
    /// The URL of the privacy policy.
    pub(super) privacy: Option<String>,
    /// The URL of the terms of use.
    pub(super) terms: Option<String>,
}

/// One of `[[tenants]]`.
pub(super) struct TypedTenant {
    /// Where in the file, such as `tenants.0`.
    pub(super) path: String,
    /// The canonical host. No default.
    pub(super) domain: Option<String>,
    /// Further hosts. Default: none.
    pub(super) custom_domains: Vec<String>,
    /// The shared secrets, newest first. No default.
    pub(super) token_secrets: Option<Vec<Source>>,
    /// The parameter that carries the result token. Default: `token`.
    pub(super) token_parameter: String,
    /// `redirect` or `form_post`. Default: `redirect`.
    pub(super) return_method: ReturnMethod,
    /// `user_id` or `idv_id`. Default: `user_id`.
    pub(super) result_subject: ResultSubject,
    /// The clock difference that is tolerated. Default: 60.
    pub(super) clock_leeway_secs: u64,
    /// What methods do otherwise for it.
    pub(super) methods: method::TypedOfTenant,
}

/// A path, or a credential of the service manager.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "neither a path nor { credential = \"NAME\" }")]
pub(super) enum PathOrSource {
    Path(String),
    Source(Source),
}

impl From<PathOrSource> for Source {
    fn from(typed: PathOrSource) -> Self {
        match typed {
            PathOrSource::Path(path) => Self::File(path.into()),
            PathOrSource::Source(source) => source,
        }
    }
}

impl Typed {
    /// Reads everything. What is missing or has the wrong type is told and stands at its default.
    pub(super) fn read(root: Reader<'_>) -> Self {
        let public_url = root.required(
            "public_url",
            "name the URL where people reach idv, such as public_url = \"https://idv.example.com\"",
        );
        let server = root.table("server");
        let listen = server.optional("listen").unwrap_or_else(|| vec!["0.0.0.0:443".into()]);
        let tls = server.table("tls");
        let certificate = tls.optional("certificate");
        let private_key = tls.optional("private_key");
        let store = root.table("store");
        let store_path = store.optional("path").unwrap_or_else(|| "/var/lib/idv/idv.redb".into());
        let cache_mib = store.optional("cache_mib").unwrap_or(64);
        let control = root.table("control");
        let control_socket = control.optional("socket").unwrap_or_else(|| CONTROL_SOCKET.into());
        let ops = root.table("ops");
        let ops_listen = ops.optional("listen").unwrap_or_default();
        let backup = root.table("backup");
        let backup_recipients = backup.optional("recipients").unwrap_or_default();
        let (methods, methods_tables) = method::Typed::read(root.table("methods"));
        let egress = egress::Typed::read(root.table("egress"));
        let review = review::Typed::read(root.table("review"), root.has("review"));
        let evidence = evidence::Typed::read(root.table("evidence"));
        let session = root.table("session");
        let hand_over_secs = session.optional("hand_over_secs").unwrap_or(900);
        let limits = root.table("limits");
        let connections_per_address = limits.optional("connections_per_address").unwrap_or(6_000);
        let open_connections_per_address = limits.optional("open_connections_per_address").unwrap_or(2_000);
        let starts_per_subject = limits.optional("starts_per_subject").unwrap_or(30);
        let log = root.table("log");
        let log_format = log.optional("format").unwrap_or_default();
        let branding = TypedBranding::read(root.table("branding"));
        let tenants: Vec<_> = root.tables("tenants").into_iter().map(TypedTenant::read).collect();
        let sections = [log, limits, session].into_iter().chain(methods_tables);
        for section in sections.chain([ops, backup, control, store, tls, server]) {
            section.finish(|_| false);
        }
        // A variable that holds a secret may begin like ours, and is no key.
        let holds_secret = |key: &str| {
            let is_named = |source: &Source| matches!(source, Source::Env(name) if name.eq_ignore_ascii_case(&format!("idv_{key}")));
            let of_console = review.iter().flat_map(review::Typed::sources);
            let of_tenants = tenants.iter().flat_map(|tenant| &tenant.token_secrets).flatten();
            of_tenants.chain(methods.sources()).chain(of_console).any(is_named)
        };
        root.finish(holds_secret);
        Self {
            public_url,
            listen,
            certificate,
            private_key,
            store_path,
            cache_mib,
            control_socket,
            ops_listen,
            backup_recipients,
            tenants,
            egress,
            review,
            evidence,
            methods,
            hand_over_secs,
            connections_per_address,
            open_connections_per_address,
            starts_per_subject,
            log_format,
            branding,
        }
    }
}

impl TypedBranding {
    fn read(reader: Reader<'_>) -> Self {
        let branding = Self {
            name: reader.optional("name"),
            logo: reader.optional("logo"),
            accent: reader.optional("accent"),
            support: reader.optional("support"),
            privacy: reader.optional("privacy"),
            terms: reader.optional("terms"),
        };
        reader.finish(|_| false);
        branding
    }
}

impl TypedTenant {
    fn read(reader: Reader<'_>) -> Self {
        let methods = method::TypedOfTenant::read(&reader);
        let tenant = Self {
            path: reader.path("").trim_end_matches('.').to_owned(),
            domain: reader.required("domain", "name the tenant's host, such as domain = \"acme.eu.auth0.com\""),
            custom_domains: reader.optional("custom_domains").unwrap_or_default(),
            token_secrets: reader.required(
                "token_secrets",
                "name where the shared secret is, such as token_secrets = [{ file = \"/etc/idv/token-secret\" }]",
            ),
            token_parameter: reader.optional("token_parameter").unwrap_or_else(|| "token".into()),
            return_method: reader.optional("return_method").unwrap_or_default(),
            result_subject: reader.optional("result_subject").unwrap_or_default(),
            clock_leeway_secs: reader.optional("clock_leeway_secs").unwrap_or(60),
            methods,
        };
        reader.finish(|_| false);
        tenant
    }
}
