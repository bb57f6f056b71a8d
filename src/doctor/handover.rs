//! What the installed unit hands to the service at its next start: credentials, which the service sees alone, and sockets.
//! As root, the files that they are made of can be examined before a restart depends on them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::Ipv6Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::beside;
use super::finding::{Finding, Warning};
use super::memory::Memory;
use super::systemd::{Unit, is_enabled, is_same, is_yes};
use super::visible::Visible;
use crate::config::listen::Listen;
use crate::config::review::Review;
use crate::config::secret::{self, Source};
use crate::config::sockets::Sockets;
use crate::config::{Config, Problem};

const CHECK: &str = "credentials";

/// What the unit hands over.
pub struct Handover {
    pub(super) unit: PathBuf,
    credentials: BTreeMap<String, Origin>,
    /// Whether there may be others, under names that the unit does not have.
    has_imports: bool,
    /// The values of `ListenStream=`.
    streams: Vec<String>,
    visible: Visible,
    /// Whether it leaves the service a network.
    pub(super) has_network: bool,
    memory: Option<Memory>,
}

/// Where a credential comes from.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    /// A file that root can read.
    File(PathBuf),
    /// A place that only systemd knows how to read.
    Sealed,
}

/// `config` as the service will find it: with the files that the installed unit makes its credentials of, if it is known.
#[must_use]
pub fn resolved(config: Config, handover: Option<&Handover>) -> Config {
    match handover {
        Some(handover) => handover.resolve(config),
        None => config,
    }
}

impl Handover {
    /// What the installed unit hands over, if it is the one that loads the configuration at `config`; none inside the
    /// service, which has it already.
    #[must_use]
    pub fn installed(config: &Path) -> Option<Self> {
        if secret::credentials_directory().is_some() { None } else { Self::of_unit(config) }
    }

    /// The same for who is not inside the service, whatever the environment says: a command of the unit has that of the
    /// service.
    #[must_use]
    pub fn of_unit(config: &Path) -> Option<Self> {
        let service = Unit::installed("idv.service")?;
        loads(&service, config).then(|| Self::of(&service, Unit::installed("idv.socket").as_ref()))
    }

    fn of(service: &Unit, socket: Option<&Unit>) -> Self {
        let mut streams = Vec::new();
        for value in socket.iter().flat_map(|socket| socket.values("Socket", "ListenStream")) {
            // An empty value empties the list.
            if value.is_empty() { streams.clear() } else { streams.push(value.to_owned()) }
        }
        let has_imports = service.values("Service", "ImportCredential").any(|value| !value.is_empty());
        Self {
            unit: service.path.clone(),
            credentials: credentials(service),
            has_imports,
            streams,
            visible: Visible::of(service),
            has_network: !service.values("Service", "PrivateNetwork").last().is_some_and(is_yes),
            memory: Memory::of(service),
        }
    }

    /// The sockets that the service will be handed; none if it is handed none. Others than TCP and unix sockets are told.
    #[must_use]
    pub fn sockets(&self) -> Option<Result<Sockets, Problem>> {
        let refused = |stream: &str| Problem {
            place: "idv.socket".into(),
            key: "ListenStream".into(),
            problem: format!("{stream} is no address and no path, and the service will not take such a socket"),
            remedy: "write a port, IP:PORT, [IPv6]:PORT or /PATH".into(),
        };
        let places = self.streams.iter().map(|stream| place(stream).ok_or_else(|| refused(stream)));
        let sockets = |places| Sockets { places, is_handed_over: true };
        (!self.streams.is_empty()).then(|| places.collect::<Result<_, _>>().map(sockets))
    }

    /// `config` with the files in place of the credentials that are made of them, as far as this account may read them.
    #[must_use]
    pub fn resolve(&self, mut config: Config) -> Config {
        for source in config.sources_mut() {
            let Source::Credential(name) = &source else { continue };
            let origin = self.credentials.get(name).filter(|origin| !origin.is_special() && !origin.is_denied());
            if let Some(Origin::File(path)) = origin {
                *source = Source::File(path.clone());
            }
        }
        config
    }

    /// The files that systemd will not find, for which it does not start the service.
    #[must_use]
    pub fn missing(&self) -> Vec<Problem> {
        let is_missing = |path: &Path| fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
        let problem = |(name, origin): (&String, &Origin)| match origin {
            Origin::File(path) if is_missing(path) => Some(Problem {
                place: self.unit.display().to_string(),
                key: format!("LoadCredential={name}:{}", path.display()),
                problem: "there is no such file, and systemd will not start the service without it".into(),
                remedy: format!(
                    "put it there, or name the file where it is: LoadCredential={name}:FILE (systemctl edit idv)"
                ),
            }),
            _ => None,
        };
        self.credentials.iter().filter_map(problem).collect()
    }

    /// The credentials that `config` names, once [resolved](Self::resolve), and nobody hands over.
    #[must_use]
    pub fn unnamed(&self, config: &Config) -> Vec<Problem> {
        let problem = |source: &Source| match source {
            Source::Credential(name) if !self.hands_over(name) => Some(Problem {
                place: self.unit.display().to_string(),
                key: String::new(),
                problem: format!("the service is not handed {source}, which the configuration names"),
                remedy: secret::hand_over(name),
            }),
            _ => None,
        };
        config.clone().sources_mut().filter_map(|source| problem(source)).collect()
    }

    /// The files and directories that `config`, not yet [resolved](Self::resolve), names by their paths, and that the service
    /// does not see.
    #[must_use]
    pub fn unseen(&self, config: &Config) -> Vec<Problem> {
        let problem = |source: &Source| match source {
            Source::File(path) if !self.visible.has(path) => Some(Problem {
                place: self.unit.display().to_string(),
                key: String::new(),
                problem: format!("the service does not see {source}, which the configuration names by its path"),
                remedy: self.handed_over_instead(path),
            }),
            _ => None,
        };
        let directory = |(key, path): (&str, &Path)| Problem {
            place: self.unit.display().to_string(),
            key: String::new(),
            problem: format!("the service does not see {}, which {key} names", path.display()),
            remedy: format!(
                "write BindReadOnlyPaths={} under [Service] (systemctl edit idv), and let everybody read it",
                path.display()
            ),
        };
        let directories = config.review.iter().flat_map(Review::directories);
        let directories = directories.filter(|(_, path)| !self.visible.has(path)).map(directory);
        config.clone().sources_mut().filter_map(|source| problem(source)).chain(directories).collect()
    }

    /// What of `config` keeps the service from its next start: it has the service listen where the unit leaves it no network.
    #[must_use]
    pub fn unheard(&self, config: &Config) -> Vec<Problem> {
        if self.has_network { vec![] } else { beside::unheard(config, |unit| is_enabled(unit, "idv.service")) }
    }

    /// That `config` would keep more of the store in memory than fits what the service is let have, if it would.
    #[must_use]
    pub fn cramped(&self, config: &Config) -> Option<Warning> {
        self.memory.as_ref().and_then(|memory| memory.judge(config.cache_mib))
    }

    /// How the configuration gets at the file `path`.
    fn handed_over_instead(&self, path: &Path) -> String {
        let is_made_of_it = |origin: &Origin| matches!(origin, Origin::File(known) if known == path);
        match self.credentials.iter().find(|(_, origin)| is_made_of_it(origin)) {
            Some((name, _)) => format!("write {{ credential = \"{name}\" }} in its place"),
            None => format!(
                "write {{ credential = \"NAME\" }} in its place, and hand it over with LoadCredential=NAME:{} in the unit \
                 (systemctl edit idv)",
                path.display()
            ),
        }
    }

    /// Whether this account may not read what the service is handed.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.credentials.values().any(Origin::is_denied)
    }

    /// The files that everybody may write.
    fn open_to_all(&self) -> impl Iterator<Item = &Path> {
        let is_open = |path: &Path| fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o002 != 0);
        let files = self.credentials.values().filter_map(|origin| match origin {
            Origin::File(path) => Some(path.as_path()),
            Origin::Sealed => None,
        });
        files.filter(move |path| is_open(path))
    }

    fn hands_over(&self, name: &str) -> bool {
        // A directory is handed over file by file.
        let is_of = |known: &String| {
            name == known || name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('_'))
        };
        self.has_imports || self.credentials.keys().any(is_of)
    }
}

impl Origin {
    /// Whether what is there is a directory or a socket, of which systemd makes credentials in other ways.
    fn is_special(&self) -> bool {
        matches!(self, Self::File(path) if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()))
    }

    /// Whether it is there for others than this account.
    fn is_denied(&self) -> bool {
        let is_denied = |path| File::open(path).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied);
        matches!(self, Self::File(path) if is_denied(path))
    }
}

/// What keeps the service from serving `config` on the sockets that it will have: those that `handover` has for it, else its
/// own.
#[must_use]
pub fn socket_problems(config: &Config, handover: Option<&Handover>) -> Vec<Problem> {
    match handover.and_then(Handover::sockets) {
        Some(Ok(sockets)) => sockets.problems(config),
        Some(Err(problem)) => vec![problem],
        None => {
            let of_review = Sockets::configured_for_review(config);
            let of_review = of_review.iter().flat_map(|sockets| sockets.problems_of_review(config));
            Sockets::configured(config).problems(config).into_iter().chain(of_review).collect()
        }
    }
}

/// What the doctor says of it, and of what `config` expects of it.
pub(super) fn examine(handover: &Handover, config: Option<&Config>) -> Vec<Finding> {
    let unit = handover.unit.display();
    let unseen = config.map(|config| handover.unseen(config)).unwrap_or_default();
    let mut findings: Vec<_> =
        handover.missing().iter().chain(&unseen).map(|problem| Finding::of_configuration(CHECK, problem)).collect();
    let cramped = config.and_then(|config| handover.cramped(config));
    findings.extend(cramped.map(|warning| Finding::of_warning(CHECK, warning)));
    findings.extend(handover.open_to_all().map(|path| {
        let (text, path) = (format!("{} may be changed by everyone on this machine", path.display()), path.display());
        Finding::problem(CHECK, text, format!("run: chmod o-w {path}"))
    }));
    if handover.is_denied() {
        let text = format!("the files that {unit} loads are for root alone, and not examined: run this as root");
        findings.push(Finding::note(CHECK, text));
    } else if findings.is_empty() {
        findings.push(Finding::ok(CHECK, format!("the files that {unit} loads are there, and examined here")));
    }
    findings
}

/// Whether `service` reads the configuration at `config`, were it not for a line that takes its credentials away.
fn loads(service: &Unit, config: &Path) -> bool {
    service.section("Service").any(|(key, value)| match key {
        "LoadCredential" => value.split_once(':').is_some_and(|(_, path)| is_same(config, Path::new(path))),
        "ExecStart" => value.split_whitespace().any(|word| is_same(config, Path::new(word))),
        _ => false,
    })
}

/// The credentials by their names. An empty value empties a list, and the last line of a name counts.
fn credentials(service: &Unit) -> BTreeMap<String, Origin> {
    let (mut loaded, mut set) = (BTreeMap::new(), BTreeMap::new());
    for (key, value) in service.section("Service") {
        let list = match key {
            "LoadCredential" | "LoadCredentialEncrypted" => &mut loaded,
            "SetCredential" | "SetCredentialEncrypted" => &mut set,
            _ => continue,
        };
        let (name, from) = value.split_once(':').unwrap_or((value, ""));
        // A specifier or a name in systemd's own stores is not ours to look up.
        let is_plain = key == "LoadCredential" && from.starts_with('/') && !from.contains('%');
        match name {
            "" => list.clear(),
            _ => drop(list.insert(name.to_owned(), if is_plain { Origin::File(from.into()) } else { Origin::Sealed })),
        }
    }
    // What is set stands in where there is nothing to load, so that a missing file is no fault.
    loaded.extend(set);
    loaded
}

/// Where `ListenStream=` with `text` listens (systemd.socket(5)).
fn place(text: &str) -> Option<Listen> {
    match (text.strip_prefix('@'), text.parse::<u16>()) {
        (Some(name), _) => Some(Listen::Abstract(name.to_owned())),
        (_, Ok(port)) => Some(Listen::Address((Ipv6Addr::UNSPECIFIED, port).into())),
        _ if text.starts_with('/') => Some(Listen::Unix(text.into())),
        _ => text.parse().ok().map(Listen::Address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load::parse;

    const SERVICE: &str = include_str!("../../systemd/idv.service");
    const SOCKET: &str = include_str!("../../systemd/idv.socket");
    const CONFIG: &str = include_str!("../../systemd/idv.toml");

    fn handover(drop_in: &str) -> Handover {
        let service = Unit::of("/etc/systemd/system/idv.service", &[SERVICE, drop_in]);
        Handover::of(&service, Some(&Unit::of("idv.socket", &[SOCKET])))
    }

    fn sockets(drop_in: &str) -> Option<Result<Vec<String>, String>> {
        let socket = Unit::of("idv.socket", &[SOCKET, drop_in]);
        let handed = Handover::of(&Unit::of("idv.service", &[SERVICE]), Some(&socket)).sockets()?;
        Some(handed.map(|it| it.places.iter().map(ToString::to_string).collect()).map_err(|problem| problem.problem))
    }

    #[test]
    fn the_shipped_unit_loads_the_files_of_the_shipped_configuration() {
        let config = parse(CONFIG).0.unwrap();
        let handover = handover("");
        let resolved = handover.resolve(config.clone());
        let tls = resolved.tls.clone().unwrap();
        assert_eq!(tls.certificate, Source::File("/etc/idv/tls/fullchain.pem".into()));
        assert_eq!(tls.private_key, Source::File("/etc/idv/tls/privkey.pem".into()));
        assert_eq!(resolved.tenants[0].token_secrets, [Source::File("/etc/idv/token-secret".into())]);
        assert!(handover.unnamed(&resolved).is_empty());
        let service = Unit::of("idv.service", &[SERVICE]);
        assert!(loads(&service, Path::new("/etc/idv/idv.toml")) && !loads(&service, Path::new("/etc/idv/other.toml")));
    }

    #[test]
    fn a_drop_in_names_another_file_and_takes_credentials_away() {
        let elsewhere =
            handover("[Service]\nLoadCredential=token_secret:/srv/secret\nLoadCredential=logo:/srv/logo.svg\n");
        assert_eq!(elsewhere.credentials["token_secret"], Origin::File("/srv/secret".into()));
        assert_eq!(elsewhere.credentials["logo"], Origin::File("/srv/logo.svg".into()));
        // What images of LXC, LXD and Incus have in service.d.
        let emptied = handover("[Service]\nLoadCredential=\n");
        let config = emptied.resolve(parse(CONFIG).0.unwrap());
        let problems = emptied.unnamed(&config);
        assert_eq!(problems.len(), 3);
        assert!(
            problems.iter().all(|problem| problem.remedy.contains("LoadCredential=") && problem.remedy.contains("LXC"))
        );
        let service = Unit::of("idv.service", &[SERVICE, "[Service]\nLoadCredential=\n"]);
        assert!(loads(&service, Path::new("/etc/idv/idv.toml")), "it is the service's configuration all the same");
    }

    #[test]
    fn what_only_systemd_can_read_is_not_taken_for_a_file() {
        for line in [
            "LoadCredentialEncrypted=token_secret:/etc/idv/sealed",
            "LoadCredential=token_secret",
            "LoadCredential=token_secret:stored",
            "LoadCredential=token_secret:%E/idv/secret",
            "SetCredentialEncrypted=token_secret: abc",
            "SetCredential=token_secret:abc",
        ] {
            let handover = handover(&format!("[Service]\n{line}\n"));
            assert_eq!(handover.credentials["token_secret"], Origin::Sealed, "{line}");
            let config = handover.resolve(parse(CONFIG).0.unwrap());
            assert_eq!(config.tenants[0].token_secrets, [Source::Credential("token_secret".into())]);
            assert!(handover.unnamed(&config).is_empty(), "{line}");
        }
    }

    #[test]
    fn the_sockets_are_those_of_the_socket_unit() {
        assert_eq!(sockets("").unwrap().unwrap(), ["[::]:443"]);
        let drop_in =
            "[Socket]\nListenStream=\nListenStream=127.0.0.1:8080\nListenStream=/run/idv.sock\nListenStream=@idv\n";
        assert_eq!(sockets(drop_in).unwrap().unwrap(), ["127.0.0.1:8080", "unix:/run/idv.sock", "unix:@idv"]);
        assert!(sockets("[Socket]\nListenStream=vsock:2:443\n").unwrap().unwrap_err().contains("vsock:2:443"));
        assert!(sockets("[Socket]\nListenStream=\n").is_none());
    }

    #[test]
    fn a_directory_that_the_service_does_not_see_is_told_with_its_key() {
        for key in ["specimens", "pairs"] {
            let of =
                |path: &str| format!("{CONFIG}[review]\nurl = \"https://review.example.test\"\n{key} = \"{path}\"\n");
            let unseen = |path: &str, drop_in: &str| handover(drop_in).unseen(&parse(&of(path)).0.unwrap());
            let [problem] = &unseen("/srv/pictures", "")[..] else { panic!("one") };
            assert!(problem.problem.ends_with(&format!("/srv/pictures, which review.{key} names")));
            assert!(problem.remedy.starts_with("write BindReadOnlyPaths=/srv/pictures under [Service]"));
            assert!(unseen("/srv/pictures", "[Service]\nBindReadOnlyPaths=/srv/pictures\n").is_empty());
            assert!(unseen(&format!("/etc/idv/{key}"), "").is_empty(), "where the sample has it");
        }
    }

    #[test]
    fn files_that_are_missing_are_told() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = |name: &str| directory.path().join(name);
        let lines: Vec<_> = ["there", "gone"]
            .map(|name| format!("LoadCredential={name}:{}", path(&format!("{name}.now")).display()))
            .into();
        let service = Unit::of("idv.service", &[&format!("[Service]\n{}\n", lines.join("\n"))]);
        let handover = Handover::of(&service, None);
        fs::write(path("there.now"), "1").unwrap();
        let missing = handover.missing();
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].key, lines[1]);
    }
}
