//! What the units say, read as text: which systemd knows it, and what it comes to. `tests/systemd` boots them.

use std::fs;
use std::path::PathBuf;

const UNITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/systemd");
/// Ubuntu 22.04's. Before 249.8 the directories above a bind mount take the service's `UMask=`, before 248 there is no
/// `READY=1` from inside `RootDirectory=`.
const OLDEST: u16 = 249;
/// The release that introduced each directive: "Added in version" of the manual pages of systemd 257, its NEWS where
/// several share one paragraph. 0 is for those that are older than the manual's notes.
const INTRODUCED: [(u16, &str); 29] = [
    (0, "Backlog CapabilityBoundingSet Conflicts DevicePolicy DirectoryMode ExecStart Group LimitCORE LimitNOFILE"),
    (0, "ListenStream NotifyAccess PrivateNetwork PrivateTmp Restart RestartSec RootDirectory Sockets SocketMode"),
    (0, "ExecReload ExecStartPre IOSchedulingClass Nice PathChanged RootDirectoryStartOnly Service Type UMask Wants"),
    (0, "WatchdogSec"),
    (187, "NoNewPrivileges SystemCallFilter"),
    (188, "TimeoutStartSec TimeoutStopSec"),
    (189, "RestartPreventExitStatus"),
    (197, "OnCalendar"),
    (201, "After Also BindsTo Description OnFailure PartOf Requires WantedBy"),
    (209, "PrivateDevices SystemCallArchitectures SystemCallErrorNumber"),
    (211, "RestrictAddressFamilies RuntimeDirectory StateDirectory"),
    (212, "Persistent"),
    (214, "ProtectHome ProtectSystem RemoveOnStop SocketGroup"),
    (216, "NoDelay"),
    (227, "FileDescriptorName TasksMax"),
    (229, "AmbientCapabilities RandomizedDelaySec StartLimitIntervalSec"),
    (231, "InaccessiblePaths MemoryDenyWriteExecute MemoryHigh MemoryMax ReadWritePaths RestrictRealtime"),
    (232, "DynamicUser PrivateUsers ProtectControlGroups ProtectKernelModules ProtectKernelTunables RemoveIPC"),
    (233, "BindReadOnlyPaths MountAPIVFS RestrictNamespaces"),
    (234, "RuntimeDirectoryMode StateDirectoryMode"),
    (235, "IPAddressAllow IPAddressDeny KeyringMode LockPersonality"),
    (239, "PrivateMounts"),
    (240, "WatchdogSignal"),
    (242, "ProtectHostname RestrictSUIDSGID"),
    (243, "OOMPolicy"),
    (244, "ProtectKernelLogs"),
    (245, "ProtectClock"),
    (247, "LoadCredential ProcSubset ProtectProc"),
    (248, "ExecPaths NoExecPaths PrivateIPC"),
];

/// What an older systemd may leave out with a warning, and why it is right without.
const NEEDLESS_BEFORE: [(u16, &str, &str); 1] =
    [(254, "RestartMode", "only from then on does a restart lead to OnFailure=, unless this is `direct`")];

#[test]
fn the_oldest_systemd_knows_every_directive() {
    for (file, unit) in units() {
        assert!(!settings(&unit).is_empty(), "{file}");
        for (key, _) in settings(&unit) {
            if NEEDLESS_BEFORE.iter().any(|(_, known, _)| *known == key) {
                continue;
            }
            let introduced = INTRODUCED.iter().find(|(_, keys)| keys.split(' ').any(|known| known == key));
            let (release, _) = introduced.unwrap_or_else(|| panic!("{file}: {key} is not in the table"));
            assert!(*release <= OLDEST, "{file}: {key} needs systemd {release}");
        }
    }
}

#[test]
fn no_value_needs_a_specifier_that_came_later() {
    // %d is of systemd 251: 249 takes it as it stands, and finds no configuration there.
    for (file, unit) in units() {
        assert!(settings(&unit).iter().all(|(_, value)| !value.contains('%')), "{file}");
    }
    for (file, command) in [("idv.service", "serve"), ("idv-egress.service", "egress")] {
        let expected = format!("/usr/bin/idv --config ${{CREDENTIALS_DIRECTORY}}/idv.toml {command}");
        assert_eq!(values(&read(file), "ExecStart"), [expected]);
    }
}

#[test]
fn what_only_a_person_can_mend_fails_for_good_and_no_connection_wakes_it() {
    let service = read("idv.service");
    let prevented = values(&service, "RestartPreventExitStatus").concat();
    for status in ["65", "78", "203", "217", "226", "243"] {
        assert!(prevented.split(' ').any(|listed| listed == status), "{status} is started again and again");
    }
    assert!(!prevented.split(' ').any(|listed| listed == "1"), "a failure that may pass is tried again");
    assert_eq!(values(&service, "OnFailure"), ["idv-failed.target"]);
    assert_eq!(values(&read("idv-failed.target"), "Conflicts"), ["idv.socket"]);
    // Whoever starts the service starts the socket.
    assert_eq!(values(&service, "Requires"), ["idv.socket"]);
}

#[test]
fn no_number_of_starts_leaves_a_unit_down() {
    let others =
        ["idv-egress.service", "idv-egress.socket", "idv-ops.socket", "idv-reload.service", "idv-review.socket"];
    for file in ["idv.service", "idv.socket", "idv-failed.target"].into_iter().chain(others) {
        assert_eq!(values(&read(file), "StartLimitIntervalSec"), ["0"], "{file}");
    }
}

#[test]
fn who_watches_asks_on_a_socket_of_this_machine_that_wakes_no_service_that_was_stopped() {
    let socket = read("idv-ops.socket");
    assert_eq!(values(&socket, "ListenStream"), ["127.0.0.1:9464"]);
    assert_eq!((values(&socket, "FileDescriptorName"), values(&socket, "Service")), (vec!["ops"], vec!["idv.service"]));
    assert_eq!((values(&socket, "BindsTo"), values(&socket, "After")), (vec!["idv.socket"], vec!["idv.socket"]));
    // To a service that runs already it is not handed.
    assert_eq!(values(&socket, "WantedBy"), ["idv.service"]);
}

#[test]
fn operators_come_by_a_socket_of_their_own_that_wakes_no_service_that_was_stopped() {
    let socket = read("idv-review.socket");
    assert_eq!(values(&socket, "ListenStream"), ["127.0.0.1:8444"], "nobody else's, until somebody says so");
    let (name, service) = (values(&socket, "FileDescriptorName"), values(&socket, "Service"));
    assert_eq!((name, service), (vec!["review"], vec!["idv.service"]));
    assert_eq!((values(&socket, "BindsTo"), values(&socket, "After")), (vec!["idv.socket"], vec!["idv.socket"]));
    assert_eq!(values(&socket, "WantedBy"), ["idv.service"]);
}

#[test]
fn after_a_crash_it_starts_at_once_and_its_socket_stays() {
    let service = read("idv.service");
    // Where a restart is a failure on the way (systemd 254 and later), it would take the socket along.
    assert_eq!(values(&service, "RestartMode"), ["direct"]);
    assert_eq!(values(&service, "Restart"), ["always"]);
    assert_eq!(values(&service, "RestartSec"), ["100ms"]);
}

#[test]
fn a_reload_runs_as_root_with_the_machines_files_and_its_exit_code_tells() {
    let service = read("idv.service");
    let [reload, way_out] = values(&service, "ExecReload")[..] else { panic!("two commands") };
    assert_eq!(reload, "+/usr/bin/idv --config /etc/idv/idv.toml reload");
    // Without a way out there is nobody to tell.
    assert_eq!(way_out, "-+/usr/bin/systemctl kill --signal=HUP idv-egress.service");
    // Else a command with a plus would be put into the root directory too (systemd's issue 43010).
    assert_eq!(values(&service, "RootDirectoryStartOnly"), ["yes"]);
    // What older ones do not know would make it another type without a word.
    assert_eq!(values(&service, "Type"), ["notify"]);
}

#[test]
fn the_files_that_are_watched_are_those_that_are_handed_over() {
    let (service, path) = (read("idv.service"), read("idv-reload.path"));
    let watched = values(&path, "PathChanged");
    let handed = values(&service, "LoadCredential");
    let of_tls = handed.iter().filter_map(|credential| credential.strip_prefix("tls_")?.split_once(':'));
    assert_eq!(of_tls.map(|(_, path)| path).collect::<Vec<_>>(), watched);
}

#[test]
fn the_group_has_not_the_services_own_name() {
    // A group with the name of the dynamic user stops it: 217/USER, "already exists".
    let service = read("idv.service");
    assert_eq!((values(&service, "DynamicUser"), values(&service, "User")), (vec!["yes"], vec![]));
    assert_eq!(values(&service, "Group"), ["idv-desk"]);
}

#[test]
fn the_way_out_is_where_the_configuration_looks_for_it_and_comes_and_goes_in_a_directory_that_stays() {
    let socket = read("idv-egress.socket");
    let [place] = values(&socket, "ListenStream")[..] else { panic!("one socket") };
    let text = "public_url = \"https://idv.example.com\"\n[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{ env = \"X\" }]\n";
    let config = idv::config::load::parse(text).0.unwrap();
    assert_eq!(config.egress.socket.to_str(), Some(place));
    let service = read("idv.service");
    let bound = format!("-{}", config.egress.socket.parent().unwrap().display());
    assert!(values(&service, "BindReadOnlyPaths").contains(&bound.as_str()));
    // The directory is there before the service, or it would not be bound; and nobody needs the way out to log in.
    assert_eq!(values(&service, "After"), ["idv.socket idv-egress.socket"]);
    assert_eq!(values(&service, "Wants"), ["idv-egress.socket"]);
    assert_eq!(
        (values(&socket, "SocketGroup"), values(&socket, "SocketMode")),
        (values(&service, "Group"), vec!["0660"])
    );
}

#[test]
fn the_way_out_is_confined_as_the_service_but_for_its_network_and_is_handed_no_secret() {
    let (service, way_out) = (read("idv.service"), read("idv-egress.service"));
    assert_eq!(values(&way_out, "LoadCredential"), ["idv.toml:/etc/idv/idv.toml"]);
    // It has the idv.toml that the service has.
    assert_eq!(values(&way_out, "PartOf"), ["idv.service"]);
    assert_eq!(values(&way_out, "RestrictAddressFamilies"), ["AF_INET AF_INET6 AF_UNIX"]);
    assert_eq!(values(&way_out, "IPAddressDeny"), ["link-local multicast"]);
    assert_eq!(values(&way_out, "BindReadOnlyPaths"), ["/usr/bin/idv", "-/etc/resolv.conf", "-/etc/hosts"]);
    for absent in ["StateDirectory", "RuntimeDirectory", "Group", "User", "ReadWritePaths", "BindPaths", "Environment"]
    {
        assert_eq!(values(&way_out, absent), Vec::<&str>::new(), "{absent}");
    }
    let confining = service.split_once("# What it cannot do").unwrap().1.split_once("[Install]").unwrap().0;
    let others = ["BindReadOnlyPaths", "PrivateNetwork", "IPAddressDeny", "RestrictAddressFamilies"];
    for (key, _) in settings(confining).into_iter().filter(|(key, _)| !others.contains(key)) {
        assert_eq!(values(&way_out, key), values(&service, key), "{key}");
    }
    // Systemd tries it again, and meanwhile no connection does.
    assert_eq!((values(&way_out, "Restart"), values(&way_out, "RestartSec")), (vec!["on-failure"], vec!["1s"]));
}

/// Every night, once a night, and the night after the machine was off.
#[test]
fn a_backup_is_made_every_night_by_root_with_no_network_and_two_places_to_write_to() {
    let (timer, backup) = (read("idv-backup.timer"), read("idv-backup.service"));
    let when = ["OnCalendar", "RandomizedDelaySec", "Persistent", "WantedBy"].map(|key| values(&timer, key).concat());
    assert_eq!(when, ["daily", "1h", "yes", "timers.target"]);
    assert_eq!(values(&backup, "ExecStart"), ["/usr/bin/idv backup --keep 14 /var/backups/idv"]);
    assert_eq!(values(&backup, "Type"), ["oneshot"]);
    let places = ["-/var/lib/idv -/var/lib/private/idv -/var/backups/idv"];
    assert_eq!(
        (values(&backup, "ProtectSystem"), values(&backup, "ReadWritePaths")),
        (vec!["strict"], places.to_vec())
    );
    // What root needs to read the store of an account that only the service's manager knows, and to act as that beside it.
    let rights = ["CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_SETUID CAP_SETGID"];
    assert_eq!(values(&backup, "CapabilityBoundingSet"), rights);
    let service = read("idv.service");
    for key in ["PrivateNetwork", "IPAddressDeny", "RestrictAddressFamilies", "MemoryDenyWriteExecute", "ProtectProc"] {
        assert_eq!(values(&backup, key), values(&service, key), "{key}");
    }
}

#[test]
fn the_service_sees_the_authorities_of_debian_rhel_and_suse() {
    let service = read("idv.service");
    for place in ["/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted", "/var/lib/ca-certificates"] {
        assert!(values(&service, "BindReadOnlyPaths").contains(&format!("-{place}").as_str()), "{place}");
    }
}

#[test]
fn behind_a_proxy_everything_is_handed_over_but_the_certificate() {
    let unit = read("idv.service");
    let (all, behind) = (values(&unit, "LoadCredential"), read("behind-a-proxy/idv.service.conf"));
    let mut kept = all;
    kept.retain(|credential| !credential.starts_with("tls_"));
    // The first, an empty one, takes away those of the unit.
    assert_eq!(values(&behind, "LoadCredential"), [&[""], kept.as_slice()].concat());
    let socket = read("behind-a-proxy/idv.socket.conf");
    assert_eq!(values(&socket, "ListenStream"), ["", "/run/idv-http.sock"]);
    assert_eq!(values(&socket, "SocketMode"), ["0660"]);
}

/// Every unit and drop-in, by its path below `systemd/`.
fn units() -> Vec<(String, String)> {
    let names = |directory: &str| {
        let entries = fs::read_dir(PathBuf::from(UNITS).join(directory)).unwrap();
        let paths = entries.map(|entry| format!("{directory}{}", entry.unwrap().file_name().display()));
        paths.collect::<Vec<_>>()
    };
    let mut files = [names(""), names("behind-a-proxy/")].concat();
    files.retain(|file| {
        [".service", ".socket", ".path", ".target", ".timer", ".service.conf", ".socket.conf"]
            .iter()
            .any(|end| file.ends_with(end))
    });
    assert_eq!(files.len(), 13, "{files:?}");
    files.into_iter().map(|file| (file.clone(), read(&file))).collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(PathBuf::from(UNITS).join(file)).unwrap()
}

/// The directives of all sections and their values, in their order.
fn settings(unit: &str) -> Vec<(&str, &str)> {
    unit.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('=')).collect()
}

fn values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    settings(unit).into_iter().filter(|(known, _)| *known == key).map(|(_, value)| value).collect()
}
