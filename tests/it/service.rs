//! The systemd units, and what the service tells its manager.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use idv::store::Store;
use rcgen::CertifiedKey;
use serde_json::Value;

use crate::support::internet;
use crate::support::process::{BINARY, Installation, Killed, write_secret};
use crate::support::watcher;
use crate::support::wire;

const UNITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/systemd");

#[test]
fn the_unit_is_rated_at_two_tenths_or_less() {
    is_rated("idv.service", 2);
}

/// It connects to others, and so to the internet: that alone is what sets it apart.
#[test]
fn the_unit_of_the_way_out_is_rated_at_one_or_less() {
    is_rated("idv-egress.service", 10);
}

fn is_rated(unit: &str, tenths: u8) {
    let mut command = Command::new("systemd-analyze");
    command.args(["security", "--offline=true", "--no-pager"]).arg(format!("--threshold={tenths}"));
    command.arg(format!("{UNITS}/{unit}"));
    let output = command.output().unwrap();
    let rating = String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned();
    println!("{rating}");
    assert!(output.status.success(), "{rating}");
}

#[test]
fn the_service_takes_the_socket_that_it_is_handed() {
    let installation = Installation::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut command = Command::new("systemd-socket-activate");
    command.args(["--listen", &address, BINARY, "--config"]).arg(installation.path("idv.toml")).arg("serve");
    let _activated = Killed(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let tls = wire::client_config(&installation.certificate, &[b"http/1.1"]);
    // The first connection starts the service, and is served by it.
    let answered = (0..100).any(|_| {
        let answer = wire::exchange(address.parse().unwrap(), &tls, &wire::get("/health", ""));
        let is_served = answer.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"));
        std::thread::sleep(Duration::from_millis(if is_served { 0 } else { 50 }));
        is_served
    });
    assert!(answered);
}

/// `idv` with the arguments, and with the sockets that the lines of Python in `sockets` make in a list `made`.
fn handed(sockets: &str, installation: &Installation, command: &str) -> Command {
    let script = format!(
        "import os, socket, sys\nmade = []\n{sockets}\nfar = [os.dup(one.fileno()) for one in made]\n\
         far = [os.dup2(one, 100 + number) for number, one in enumerate(far)]\n\
         for number, one in enumerate(far):\n    os.dup2(one, 3 + number)\n\
         os.environ.update(LISTEN_FDS=str(len(made)), LISTEN_PID=str(os.getpid()))\nos.execv(sys.argv[1], sys.argv[1:])"
    );
    let mut python = Command::new("python3");
    python.args(["-c", &script, BINARY, "--config"]).arg(installation.path("idv.toml")).arg(command);
    python
}

fn tcp(address: &str) -> String {
    let family = if address.starts_with('[') { "AF_INET6" } else { "AF_INET" };
    let (host, port) = address.rsplit_once(':').unwrap();
    let host = host.trim_matches(['[', ']']);
    format!("s = socket.socket(socket.{family}); s.bind((\"{host}\", {port})); s.listen(); made.append(s)\n")
}

fn unix(path: &str) -> String {
    let path = path.replace('@', "\\0");
    format!("s = socket.socket(socket.AF_UNIX); s.bind(\"{path}\"); s.listen(); made.append(s)\n")
}

/// An installation without `[server.tls]` that is told to listen on `listen`.
fn in_the_clear(listen: &str) -> Installation {
    let installation = Installation::new();
    let text = installation.configuration().replace("127.0.0.1:0", listen);
    let (before, rest) = text.split_once("[server.tls]").unwrap();
    let (_, after) = rest.split_once("[store]").unwrap();
    fs::write(installation.path("idv.toml"), format!("{before}[store]{after}")).unwrap();
    installation
}

/// A service that must not start: what it says.
fn refused(mut command: Command, code: i32) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    let told = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{told}");
    told
}

fn health(mut stream: impl Read + Write) -> bool {
    stream.write_all(wire::get("/health", "").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.starts_with("HTTP/1.1 200")
}

#[test]
fn plain_http_on_a_public_socket_that_is_handed_over_is_refused() {
    for public in ["0.0.0.0:0", "[::]:0", "[::ffff:0.0.0.0]:0"] {
        let installation = in_the_clear("127.0.0.1:0");
        let told = refused(handed(&(tcp("127.0.0.1:0") + &tcp(public)), &installation, "serve"), 78);
        assert!(told.contains("in plain HTTP") && told.contains("the service manager's socket"), "{told}");
    }
}

#[test]
fn plain_http_on_a_local_socket_that_is_handed_over_is_served_whatever_listen_says() {
    let installation = in_the_clear("0.0.0.0:443");
    let path = installation.path("http.sock").display().to_string();
    let service = installation.serve_by(handed(&(tcp("127.0.0.1:0") + &unix(&path)), &installation, "serve"));
    assert!(health(TcpStream::connect(service.address).unwrap()));
    assert!(health(UnixStream::connect(&path).unwrap()));
    let log = service.log();
    assert!(log.contains(&format!("\"path\":\"unix:{path}\"")), "{log}");
    assert!(log.contains("server.listen names this too") && log.contains("0.0.0.0:443"), "{log}");
    let told = installation.command(&["doctor", "--offline", "--json"]);
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains(&format!("unix:{path}")) && told.contains("server.listen names 0.0.0.0:443"), "{told}");
    assert!(!told.contains("plain HTTP"), "{told}");
}

/// As [`handed`], each socket by its name.
fn handed_by_name(sockets: &str, names: &str, installation: &Installation) -> Command {
    let mut command = handed(sockets, installation, "serve");
    command.env("LISTEN_FDNAMES", names);
    command
}

#[test]
fn sockets_that_are_handed_over_are_told_apart_by_their_names() {
    for (logins, is_first) in [("https", true), ("http", false), ("idv.socket", true)] {
        let installation = Installation::new();
        installation.be_watched();
        let watched = unix(&installation.path("handed.sock").display().to_string());
        let (sockets, names) = if is_first {
            (tcp("127.0.0.1:0") + &watched, format!("{logins}:ops"))
        } else {
            (watched + &tcp("127.0.0.1:0"), format!("ops:{logins}"))
        };
        let service = installation.serve_by(handed_by_name(&sockets, &names, &installation));
        assert!(service.exchange(&wire::get("/health", "")).unwrap().starts_with("HTTP/1.1 200"));
        let ask = |path: &str| watcher::ask(&installation.path("handed.sock"), &watcher::get(path)).unwrap();
        assert!(ask("/readyz").starts_with("HTTP/1.1 200") && ask("/id-verification").starts_with("HTTP/1.1 404"));
        assert!(service.exchange(&wire::get("/metrics", "")).unwrap().starts_with("HTTP/1.1 404"));
        assert!(!installation.watched_at().exists(), "they take the place of ops.listen");
        assert!(service.log().contains("ops.listen names this too"), "{}", service.log());
    }
}

#[test]
fn a_socket_for_the_console_is_its_own_and_one_without_a_console_is_nobodys() {
    let installation = Installation::new();
    let section = "[review]\nurl = \"https://review.example.test\"\nlisten = [\"unix:/proc/nowhere/review.sock\"]\n";
    let text = installation.configuration() + section;
    fs::write(installation.path("idv.toml"), &text).unwrap();
    let sockets = tcp("127.0.0.1:0") + &tcp("127.0.0.1:0");
    for names in ["https:review", "idv.socket:idv-review.socket"] {
        let service = installation.serve_by(handed_by_name(&sockets, names, &installation));
        let log = service.log();
        let line: Value =
            serde_json::from_str(log.lines().find(|line| line.contains("the console is")).unwrap()).unwrap();
        let at = line["place"].as_str().unwrap().parse().unwrap();
        let ask = |at| wire::exchange(at, &service.tls, &wire::get("/sign-in", "")).unwrap();
        assert!(ask(at).starts_with("HTTP/1.1 421") && ask(service.address).starts_with("HTTP/1.1 404"), "{names}");
    }
    let told = refused(handed(&tcp("127.0.0.1:0"), &installation, "serve"), 78);
    assert!(told.contains("review.listen") && told.contains("systemctl enable idv-review.socket"), "{told}");
    fs::write(installation.path("idv.toml"), installation.configuration()).unwrap();
    let service = installation.serve_by(handed_by_name(&sockets, "https:review", &installation));
    assert!(!service.log().contains("the console is"));
}

#[test]
fn a_socket_for_what_nobody_knows_is_refused_and_so_is_a_public_one_for_who_watches() {
    let installation = Installation::new();
    for (names, told) in [
        ("https:web", "the service manager's socket number 2 is called \\\"web\\\""),
        ("https", "the service manager's socket number 2 is called \\\"\\\""),
        ("https:idv-egress.socket", "FileDescriptorName= of its unit must be https or http"),
    ] {
        let said = refused(handed_by_name(&(tcp("127.0.0.1:0") + &tcp("127.0.0.1:0")), names, &installation), 1);
        assert!(said.contains(told), "{names}: {said}");
    }
    for public in ["0.0.0.0:0", "[::]:0"] {
        let said = refused(handed_by_name(&(tcp("127.0.0.1:0") + &tcp(public)), "https:ops", &installation), 78);
        assert!(said.contains("would tell everybody how the service is") && said.contains("idv-ops.socket"), "{said}");
    }
}

/// Once it was tried again for ever, and every connection waited.
#[test]
fn a_unit_that_may_not_listen_for_who_watches_fails_for_good_and_names_the_socket() {
    let installation = Installation::new();
    let text = installation.configuration() + "[ops]\nlisten = [\"unix:/proc/nowhere/ops.sock\"]\n";
    fs::write(installation.path("idv.toml"), text).unwrap();
    let told = refused(handed(&tcp("127.0.0.1:0"), &installation, "serve"), 78);
    assert!(told.contains("ops.listen") && told.contains("systemctl enable idv-ops.socket"), "{told}");
    let mut alone = Command::new(BINARY);
    alone.arg("--config").arg(installation.path("idv.toml")).arg("serve");
    let told = refused(alone, 1);
    assert!(told.contains("/proc/nowhere/ops.sock") && !told.contains("idv-ops.socket"), "{told}");
}

#[test]
fn a_unix_path_that_is_announced_is_listened_on() {
    let installation = Installation::new();
    let path = installation.path("http.sock").display().to_string();
    let text = installation.configuration().replace("\"127.0.0.1:0\"", &format!("\"127.0.0.1:0\", \"unix:{path}\""));
    fs::write(installation.path("idv.toml"), text).unwrap();
    let announced = format!("\"path\":\"unix:{path}\"");
    let service = installation.serve();
    assert!(service.log().contains(&announced) && UnixStream::connect(&path).is_ok());
    drop(service);
    fs::remove_file(&path).unwrap();
    let service = installation.serve_by(handed(&tcp("127.0.0.1:0"), &installation, "serve"));
    let log = service.log();
    assert!(!log.contains(&announced) && UnixStream::connect(&path).is_err(), "{log}");
    assert!(log.contains("server.listen names this too"), "{log}");
}

#[test]
fn an_abstract_socket_that_is_handed_over_is_served_and_announced() {
    let installation = in_the_clear("127.0.0.1:0");
    let name = installation.path("abstract").display().to_string();
    let service =
        installation.serve_by(handed(&(tcp("127.0.0.1:0") + &unix(&format!("@{name}"))), &installation, "serve"));
    assert!(service.log().contains(&format!("unix:@{name}")), "{}", service.log());
}

#[test]
fn a_socket_that_takes_no_connections_is_refused() {
    for socket in [
        "made.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))",
        "made.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))",
        "made.append(socket.socketpair()[0])",
        "made.append(socket.socket())",
        "made.append(open(\"/dev/null\"))",
    ] {
        let told = refused(handed(&(tcp("127.0.0.1:0") + socket), &Installation::new(), "serve"), 1);
        assert!(told.contains("socket number 2") && told.contains("ListenStream="), "{socket}: {told}");
    }
}

#[test]
fn a_second_service_on_the_same_port_is_refused() {
    let service = Installation::new().serve();
    let port = service.address.port();
    for listen in [format!("127.0.0.1:{port}"), format!("0.0.0.0:{port}"), format!("[::]:{port}")] {
        let second = Installation::new();
        fs::write(second.path("idv.toml"), second.configuration().replace("127.0.0.1:0", &listen)).unwrap();
        let told = refused(second.idv(&["serve"]), 1);
        assert!(told.contains(&format!("cannot listen on {listen}: another process listens there")), "{told}");
    }
    assert!(service.exchange(&wire::get("/health", "")).unwrap().starts_with("HTTP/1.1 200"));
}

#[test]
fn a_wildcard_and_an_address_within_it_are_one_services_own() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let installation = Installation::new();
    let listen = format!("\"127.0.0.1:{port}\", \"0.0.0.0:{port}\", \"[::]:{port}\", \"127.0.0.1:{port}\"");
    fs::write(installation.path("idv.toml"), installation.configuration().replace("\"127.0.0.1:0\"", &listen)).unwrap();
    let service = installation.serve();
    assert!(service.exchange(&wire::get("/health", "")).unwrap().starts_with("HTTP/1.1 200"));
}

/// The lines that a service leaves which must not start, each of them JSON.
fn last_words(installation: &Installation, code: i32) -> Vec<Value> {
    let told = refused(installation.idv(&["serve"]), code);
    told.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {told}"))).collect()
}

#[test]
fn what_keeps_the_service_from_starting_is_a_line_of_the_log_with_place_key_and_remedy() {
    let key = |installation: &Installation| format!("file {}", installation.path("key.pem").display());
    for (garbage, told) in [("garbage", "no private key in PEM"), ("-----BEGIN PRIVATE KEY-----\nMAA=\n", "is cut off")]
    {
        let installation = Installation::new();
        write_secret(&installation.path("key.pem"), garbage.as_bytes());
        let [line] = &last_words(&installation, 78)[..] else { panic!("one line") };
        assert_eq!((line["level"].as_str(), line["key"].as_str()), (Some("ERROR"), Some("server.tls.private_key")));
        assert_eq!(line["place"], key(&installation));
        assert!(line["problem"].as_str().unwrap().contains(told) && line["remedy"].is_string(), "{line}");
    }
    let (installation, other) = (Installation::new(), Installation::new());
    fs::copy(other.path("key.pem"), installation.path("key.pem")).unwrap();
    let [line] = &last_words(&installation, 78)[..] else { panic!("one line") };
    assert!(line["place"] == key(&installation) && line["problem"].as_str().unwrap().contains("do not fit"), "{line}");
    // Two problems of the configuration, then one that is none of it.
    let text = other.configuration();
    fs::write(other.path("idv.toml"), text.replace("[store]", "[stoer]").replace("listen =", "lisen =")).unwrap();
    let lines = last_words(&other, 78);
    assert!(lines.len() == 2 && lines.iter().all(|line| line["remedy"].is_string()), "{lines:?}");
    fs::write(other.path("idv.toml"), text.replace("store/idv.redb", "secret/idv.redb")).unwrap();
    let [line] = &last_words(&other, 1)[..] else { panic!("one line") };
    assert!(line["error"].as_str().unwrap().contains("cannot use") && line["message"] == "the service ends", "{line}");
}

/// It was started again ten times a second, for ever. What may pass has another code.
#[test]
fn a_store_that_only_a_person_can_mend_ends_the_service_with_a_code_of_its_own() {
    let spoil: [(&str, Spoil); 7] = [
        ("is damaged", |store| fs::write(store, [7; 10_000]).unwrap()),
        ("is damaged", |store| fs::write(store, "").unwrap()),
        ("is missing, and its key is not", |store| fs::remove_file(store).unwrap()),
        ("is missing: the store cannot be read", |store| fs::remove_file(store.with_extension("key")).unwrap()),
        ("is not a key", |store| fs::write(store.with_extension("key"), "short").unwrap()),
        ("is damaged, or does not fit the key", |store| fs::write(store.with_extension("key"), [9; 32]).unwrap()),
        ("may be read by others", |store| {
            fs::set_permissions(store.with_extension("key"), Permissions::from_mode(0o640)).unwrap();
        }),
    ];
    let ends = |spoil: Spoil, code, told: &str| {
        let installation = Installation::new();
        drop(Store::open(&installation.store, [7; 32]).unwrap());
        spoil(&installation.store);
        let [line] = &last_words(&installation, code)[..] else { panic!("one line") };
        assert!(line["error"].as_str().unwrap().contains(told), "{line}");
    };
    for (told, spoil) in spoil {
        ends(spoil, 65, told);
    }
    for spoil in [in_place_of_the_store, in_place_of_the_key] {
        ends(spoil, 1, "cannot use");
    }
}

type Spoil = fn(&Path);

fn in_place_of_the_store(store: &Path) {
    fs::remove_file(store).unwrap();
    fs::create_dir(store).unwrap();
}

fn in_place_of_the_key(store: &Path) {
    in_place_of_the_store(&store.with_extension("key"));
}

#[test]
fn what_was_handed_over_is_named_as_people_know_it() {
    let installation = Installation::new();
    let serve = || {
        let mut command = installation.idv(&["serve"]);
        command.env("CREDENTIALS_DIRECTORY", installation.directory.path());
        refused(command, 78)
    };
    let text = installation.configuration();
    for broken in [text.replace("[store]", "[stoer]"), text.replace("public_url = ", "public_url ")] {
        fs::write(installation.path("idv.toml"), broken).unwrap();
        let told = serve();
        let place = serde_json::from_str::<Value>(&told).unwrap()["place"].as_str().unwrap().to_owned();
        assert_eq!(place, "/etc/idv/idv.toml (or what else LoadCredential=idv.toml names)");
        assert!(!told.contains(&installation.path("idv.toml").display().to_string()), "{told}");
    }
    fs::remove_file(installation.path("idv.toml")).unwrap();
    let told = serve();
    assert!(told.contains("there is no configuration") && told.contains("LoadCredential=idv.toml:FILE"), "{told}");
    let secret =
        text.replace(&format!("file = \"{}\"", installation.path("secret").display()), "credential = \"nothing\"");
    fs::write(installation.path("idv.toml"), secret).unwrap();
    let told = serve();
    assert!(told.contains("credential nothing") && told.contains("LoadCredential=nothing:FILE"), "{told}");
}

#[test]
fn a_service_with_a_certificate_that_is_not_valid_says_so_and_serves() {
    for (from, until, word) in
        [(2020, 2021, Some("has expired")), (2090, 2091, Some("not valid yet")), (2020, 2090, None)]
    {
        let mut installation = Installation::new();
        let CertifiedKey { cert, signing_key } = internet::certificate(&[wire::HOST], from, until);
        fs::write(installation.path("certificate.pem"), cert.pem()).unwrap();
        write_secret(&installation.path("key.pem"), signing_key.serialize_pem().as_bytes());
        installation.certificate = cert.der().clone();
        let service = installation.serve();
        let log = service.log();
        match word {
            Some(word) => assert!(log.contains(word) && log.contains("\"WARN\""), "{log}"),
            None => assert!(!log.contains("the certificate"), "{log}"),
        }
    }
}

#[test]
fn the_service_manager_hears_ready_alive_and_stopping() {
    let installation = Installation::new();
    let path = installation.path("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut command = installation.idv(&["serve"]);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "400000");
    let mut service = installation.serve_by(command);
    let hear = || {
        let mut message = [0; 256];
        let length = manager.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).trim().to_owned()
    };
    // As soon as it is at the store, however long that takes.
    assert_eq!(hear(), "EXTEND_TIMEOUT_USEC=30000000");
    assert_eq!(hear(), "READY=1");
    // Twice, so that it goes on.
    assert_eq!([hear(), hear()], ["WATCHDOG=1", "WATCHDOG=1"]);
    service.signal("TERM");
    let mut last = hear();
    while last == "WATCHDOG=1" {
        last = hear();
    }
    assert_eq!(last, "STOPPING=1");
    assert!(service.child.wait().unwrap().success());
}

#[test]
fn a_service_whose_store_does_not_answer_is_not_called_alive() {
    // A stopped process tells nothing; that is what the watchdog is for. What must not happen is a heartbeat of its own
    // thread while the rest hangs: the heartbeat goes through every core's router and the store's writer.
    let installation = Installation::new();
    let path = installation.path("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_millis(1500))).unwrap();
    let mut command = installation.idv(&["serve"]);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "400000");
    let service = installation.serve_by(command);
    let writer = thread_named(service.child.id(), "idv-writer");
    let _hanging = hang(writer);
    let mut message = [0; 256];
    // Those that were on their way before; then silence.
    let silent = (0..20).any(|_| manager.recv(&mut message).is_err());
    assert!(silent, "no heartbeat without the writer");
}

/// The id of the thread of `process` with that name, once it has given itself the name.
fn thread_named(process: u32, name: &str) -> u32 {
    let find = || {
        let threads = fs::read_dir(format!("/proc/{process}/task")).unwrap();
        let mut ids = threads.map(|entry| entry.unwrap().file_name().to_string_lossy().parse().unwrap());
        ids.find(|id: &u32| {
            fs::read_to_string(format!("/proc/{process}/task/{id}/comm")).is_ok_and(|comm| comm.trim() == name)
        })
    };
    let found = (0..500).find_map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        find()
    });
    found.expect("a thread of that name")
}

/// Keeps one thread from running, as a disk that never answers would, until the guard is dropped.
fn hang(thread: u32) -> Killed {
    // PTRACE_SEIZE, then PTRACE_INTERRUPT: the thread stops, its process goes on.
    let script = format!(
        "import ctypes, time\nlibc = ctypes.CDLL(None)\nassert libc.ptrace(0x4206, {thread}, 0, 0) == 0\n\
         assert libc.ptrace(0x4207, {thread}, 0, 0) == 0\nprint('hung', flush=True)\ntime.sleep(60)"
    );
    let mut tracer = Command::new("python3").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(tracer.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "hung\n");
    Killed(tracer)
}
