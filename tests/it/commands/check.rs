//! `idv check`: fit to start, or 78 and what to do.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use serde_json::Value;

use crate::support::process::{BINARY, Installation, write_secret};
use crate::support::token::TENANT;

mod oidc;

fn refused(installation: &Installation) -> String {
    let output = installation.command(&["check"]);
    assert_eq!(output.status.code(), Some(78), "{output:?}");
    let serve = installation.command(&["serve"]);
    assert!(!serve.status.success(), "nor does it start");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_sound_installation_is_fit() {
    let output = Installation::new().command(&["check"]);
    assert!(output.status.success(), "{output:?}");
    let output = Installation::new().command(&["check", "--json"]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["ok"], true);
}

#[test]
fn a_short_secret_is_refused_with_the_remedy() {
    let installation = Installation::new();
    write_secret(&installation.path("secret"), b"31 bytes are one byte too few..");
    let told = refused(&installation);
    assert!(told.contains("31 bytes") && told.contains("idv secret generate --out"), "{told}");
}

#[test]
fn a_final_line_end_is_no_part_of_a_secret() {
    let installation = Installation::new();
    write_secret(&installation.path("secret"), b"31 bytes are one byte too few..\n");
    assert!(refused(&installation).contains("31 bytes"));
    write_secret(&installation.path("secret"), b"32 bytes are exactly long enough\r\n");
    assert!(installation.command(&["check"]).status.success());
}

#[test]
fn a_secret_that_everyone_may_read_is_refused() {
    let installation = Installation::new();
    fs::set_permissions(installation.path("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refused(&installation).contains("chmod 600"));
}

#[test]
fn a_missing_secret_is_refused() {
    let installation = Installation::new();
    fs::remove_file(installation.path("secret")).unwrap();
    let told = refused(&installation);
    assert!(told.contains("cannot be read") && told.contains("idv secret generate --out"), "{told}");
}

#[test]
fn authorities_that_are_none_are_refused() {
    let installation = Installation::new();
    let path = installation.path("authorities.pem");
    let section = format!("[egress]\nauthorities = {{ file = \"{}\" }}\n", path.display());
    fs::write(installation.path("idv.toml"), installation.configuration() + &section).unwrap();
    let told = || {
        let output = installation.command(&["check"]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = told();
    assert!(code == Some(78) && text.contains("egress.authorities") && text.contains("cannot be read"), "{text}");
    fs::write(&path, "garbage").unwrap();
    let (code, text) = told();
    assert!(code == Some(78) && text.contains("is not a list of certificates in PEM"), "{text}");
    fs::copy(installation.path("certificate.pem"), &path).unwrap();
    assert_eq!(told().0, Some(0), "and nobody misses a way out that leads nowhere");
}

#[test]
fn two_tenants_cannot_share_a_secret() {
    let installation = Installation::new();
    let secret = installation.path("secret").display().to_string();
    let tenant =
        format!("[[tenants]]\ndomain = \"other.eu.auth0.test\"\ntoken_secrets = [{{ file = \"{secret}\" }}]\n");
    fs::write(installation.path("idv.toml"), installation.configuration() + &tenant).unwrap();
    assert!(refused(&installation).contains("another tenant"));
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let (installation, other) = (Installation::new(), Installation::new());
    fs::copy(other.path("key.pem"), installation.path("key.pem")).unwrap();
    assert!(refused(&installation).contains("do not fit"));
}

/// The key and the certificate that openssl makes by `options`, in PEM.
fn made_by_openssl(options: &[&str]) -> (String, String) {
    let directory = tempfile::TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name);
    let mut command = Command::new("openssl");
    command.args([
        "req",
        "-x509",
        "-noenc",
        "-days",
        "30",
        "-subj",
        "/CN=idv",
        "-addext",
        "subjectAltName=DNS:idv.example.test",
    ]);
    command.args(options).arg("-keyout").arg(path("key")).arg("-out").arg(path("certificate"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    (fs::read_to_string(path("key")).unwrap(), fs::read_to_string(path("certificate")).unwrap())
}

#[test]
fn a_key_of_a_kind_that_is_not_taken_is_told_by_its_kind_for_each_file() {
    for (options, of_certificate, of_key) in [
        (&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"][..], "ECDSA on P-521", "ECDSA on P-521"),
        (&["-newkey", "rsa:1024"], "RSA of 1024 bits", "of another kind or size"),
    ] {
        let installation = Installation::new();
        let (key, certificate) = made_by_openssl(options);
        write_secret(&installation.path("key.pem"), key.as_bytes());
        fs::write(installation.path("certificate.pem"), certificate).unwrap();
        let told = refused(&installation);
        assert!(told.contains(&format!("server.tls.certificate: the certificate's key is {of_certificate}")), "{told}");
        assert!(told.contains(&format!("server.tls.private_key: the key is {of_key}")), "{told}");
        assert!(told.contains("RSA of 2048 to 4096 bits"), "{told}");
    }
    for options in [
        &["-newkey", "rsa:2048"][..],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["-newkey", "ed25519"],
    ] {
        let installation = Installation::new();
        let (key, certificate) = made_by_openssl(options);
        write_secret(&installation.path("key.pem"), key.as_bytes());
        fs::write(installation.path("certificate.pem"), certificate).unwrap();
        let output = installation.command(&["check"]);
        assert!(output.status.success(), "{options:?}: {output:?}");
    }
}

#[test]
fn each_file_is_told_for_its_own_fault() {
    let installation = Installation::new();
    let path = |name: &str| installation.path(name).display().to_string();
    let (certificate, key) = (fs::read(path("certificate.pem")).unwrap(), fs::read(path("key.pem")).unwrap());
    write_secret(&installation.path("key.pem"), &certificate);
    fs::write(path("certificate.pem"), &key).unwrap();
    let told = refused(&installation);
    assert!(
        told.contains(&format!("file {}: server.tls.certificate: holds a private key", path("certificate.pem"))),
        "{told}"
    );
    assert!(told.contains(&format!("file {}: server.tls.private_key: holds a certificate", path("key.pem"))), "{told}");
    fs::write(path("certificate.pem"), [&b"\xef\xbb\xbf"[..], &certificate].concat()).unwrap();
    write_secret(&installation.path("key.pem"), &key);
    let told = refused(&installation);
    assert!(told.contains("byte order mark") && !told.contains("private_key"), "{told}");
}

#[test]
fn a_key_that_is_encrypted_is_told_with_the_command_that_decrypts_it() {
    let installation = Installation::new();
    let mut command = Command::new("openssl");
    command.args(["pkcs8", "-topk8", "-passout", "pass:secret", "-in"]).arg(installation.path("key.pem"));
    let encrypted = command.output().unwrap().stdout;
    assert!(String::from_utf8_lossy(&encrypted).contains("ENCRYPTED"));
    write_secret(&installation.path("key.pem"), &encrypted);
    let told = refused(&installation);
    assert!(told.contains("is encrypted") && told.contains("openssl pkey"), "{told}");
}

#[test]
fn a_certificate_without_its_intermediate_is_told() {
    let installation = Installation::new();
    let [root, middle] = ["Root", "Middle"].map(|name| {
        let mut parameters = rcgen::CertificateParams::new([]).unwrap();
        parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters
    });
    let root = rcgen::CertifiedIssuer::self_signed(root, rcgen::KeyPair::generate().unwrap()).unwrap();
    let middle = rcgen::CertifiedIssuer::signed_by(middle, rcgen::KeyPair::generate().unwrap(), &root).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let leaf =
        rcgen::CertificateParams::new(["idv.example.test".to_owned()]).unwrap().signed_by(&key, &middle).unwrap();
    write_secret(&installation.path("key.pem"), key.serialize_pem().as_bytes());
    fs::write(installation.path("root.pem"), root.pem()).unwrap();
    let check = |chain: String| {
        fs::write(installation.path("certificate.pem"), chain).unwrap();
        let mut command = installation.idv(&["check"]);
        let output =
            command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", installation.path("root.pem")).output().unwrap();
        assert!(output.status.success(), "a private authority may be known to everybody it is for: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let told = check(leaf.pem());
    assert!(told.contains("the chain ends before CN=Middle") && told.contains("fullchain.pem"), "{told}");
    let told = check(leaf.pem() + &middle.pem());
    assert!(!told.contains("the chain"), "{told}");
}

#[test]
fn a_certificate_for_another_host_is_told() {
    let installation = Installation::new();
    let text = installation.configuration().replace("https://idv.example.test", "https://other.example.test");
    fs::write(installation.path("idv.toml"), text).unwrap();
    let output = installation.command(&["check"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(String::from_utf8(output.stdout).unwrap().contains("does not cover other.example.test"));
}

#[test]
fn an_unknown_key_is_told_with_file_key_and_remedy() {
    let installation = Installation::new();
    fs::write(installation.path("idv.toml"), installation.configuration().replace("[store]", "[stoer]")).unwrap();
    let told = refused(&installation);
    assert!(told.contains("idv.toml") && told.contains("stoer") && told.contains("did you mean store?"), "{told}");
}

#[test]
fn the_environment_overrides_the_file() {
    let installation = Installation::new();
    let output = installation.idv(&["check"]).env("IDV_METHODS__DESK__ATTEMPTS", "99").output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("environment: methods.desk.attempts"), "{told}");
}

#[test]
fn a_secret_may_stand_in_a_variable_of_our_own_prefix() {
    let installation = Installation::new();
    let secret = format!("file = \"{}\"", installation.path("secret").display());
    fs::write(
        installation.path("idv.toml"),
        installation.configuration().replace(&secret, "env = \"IDV_TOKEN_SECRET\""),
    )
    .unwrap();
    let output = installation.idv(&["check"]).env("IDV_TOKEN_SECRET", "x".repeat(32)).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// The shipped unit and configuration, with everything of `/etc/idv` in a directory of the test's own.
struct Machine {
    installation: Installation,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { installation: Installation::new() };
        let shipped = |name: &str| {
            let text = fs::read_to_string(format!("{}/systemd/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            text.replace("/etc/idv/", &format!("{}/", machine.path("etc")))
                .replace("idv.example.com", "idv.example.test")
        };
        for directory in ["etc/tls", "units/idv.service.d", "units/service.d", "units/idv.socket.d"] {
            fs::create_dir_all(machine.path(directory)).unwrap();
        }
        machine.write("units/idv.service", &shipped("idv.service"));
        machine.write("units/idv.socket", &shipped("idv.socket"));
        machine.write("units/idv-failed.target", &shipped("idv-failed.target"));
        let store = format!("[store]\npath = \"{}\"\n", machine.path("store/idv.redb"));
        let control = format!("[control]\nsocket = \"{}\"\n", machine.path("control.sock"));
        machine.write("etc/idv.toml", &(shipped("idv.toml") + &store + &control));
        for (from, to) in
            [("secret", "token-secret"), ("certificate.pem", "tls/fullchain.pem"), ("key.pem", "tls/privkey.pem")]
        {
            fs::copy(machine.path(from), machine.path(&format!("etc/{to}"))).unwrap();
        }
        machine
    }

    fn path(&self, name: &str) -> String {
        self.installation.path(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// What `idv` says with the arguments, and its exit code. It trusts the installation's own certificate.
    fn idv(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let mut command = Command::new(BINARY);
        command.env("SYSTEMD_UNIT_PATH", self.path("units")).env_remove("CREDENTIALS_DIRECTORY");
        command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", self.path("certificate.pem"));
        let output = command.args(["--config", &self.path("etc/idv.toml")]).args(arguments).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    }

    fn refused(&self, told: &[&str]) {
        let (text, code) = self.idv(&["check"]);
        assert_eq!(code, Some(78), "{text}");
        let (of_doctor, code) = self.idv(&["doctor", "--offline"]);
        assert_eq!(code, Some(2), "{of_doctor}");
        for told in told {
            assert!(text.contains(told), "{told}: {text}");
            assert!(of_doctor.contains(told), "{told}: {of_doctor}");
        }
    }
}

#[test]
fn a_service_without_a_network_is_not_to_ask_others_by_itself() {
    let machine = Machine::new();
    let configuration = fs::read_to_string(machine.path("etc/idv.toml")).unwrap();
    let section = "[[methods.oidc]]\nname = \"eid\"\nlabel = \"eID\"\nissuer = \"https://id.example\"\nclient_id = \"idv\"\n\
                   client_secret = { credential = \"eid_secret\" }\naccept = { acr = [\"high\"] }\n";
    write_secret(machine.path("etc/eid-secret").as_ref(), &[b's'; 32]);
    let loaded = format!("[Service]\nLoadCredential=eid_secret:{}\n", machine.path("etc/eid-secret"));
    machine.write("units/idv.service.d/eid.conf", &loaded);
    let assert_fit = || {
        let (told, code) = machine.idv(&["check"]);
        assert_eq!(code, Some(0), "{told}");
    };
    machine.write("etc/idv.toml", &format!("{configuration}{section}"));
    assert_fit();
    machine.write("etc/idv.toml", &format!("{configuration}{section}[egress]\nvia = \"direct\"\n"));
    machine.refused(&["PrivateNetwork: leaves the service no network", "leave egress.via out"]);
    machine.write("units/idv.service.d/network.conf", "[Service]\nPrivateNetwork=no\n");
    assert_fit();
}

/// The check was content, and the service failed for good.
#[test]
fn what_the_unit_keeps_the_service_from_is_told_before_a_restart() {
    let machine = Machine::new();
    let configuration = fs::read_to_string(machine.path("etc/idv.toml")).unwrap();
    let assert_fit = || {
        let (told, code) = machine.idv(&["check"]);
        assert_eq!(code, Some(0), "{told}");
    };
    let enable = |unit: &str| {
        machine.write(&format!("units/{unit}"), "");
        symlink(machine.path(&format!("units/{unit}")), machine.path(&format!("units/idv.service.wants/{unit}")))
            .unwrap();
    };
    fs::create_dir(machine.path("units/idv.service.wants")).unwrap();
    machine.write("etc/idv.toml", &format!("{configuration}[ops]\nlisten = [\"127.0.0.1:9464\"]\n"));
    machine.refused(&["ops.listen: is 127.0.0.1:9464", "systemctl enable idv-ops.socket"]);
    enable("idv-ops.socket");
    assert_fit();
    let console = "[review]\nurl = \"https://idv-review.example.test\"\n";
    machine.write("etc/idv.toml", &format!("{configuration}{console}"));
    machine.refused(&["review.listen: is 127.0.0.1:8444", "systemctl enable idv-review.socket"]);
    enable("idv-review.socket");
    fs::create_dir(machine.path("pairs")).unwrap();
    machine.write("etc/idv.toml", &format!("{configuration}{console}pairs = \"{}\"\n", machine.path("pairs")));
    machine.refused(&["which review.pairs names", &format!("BindReadOnlyPaths={}", machine.path("pairs"))]);
    fs::create_dir(machine.path("etc/pairs")).unwrap();
    machine.write("etc/idv.toml", &format!("{configuration}{console}pairs = \"{}\"\n", machine.path("etc/pairs")));
    let (told, _) = machine.idv(&["check"]);
    assert!(!told.contains("pairs"), "the unit has the place of the sample: {told}");
}

#[test]
fn the_secret_that_the_unit_loads_is_shown() {
    let machine = Machine::new();
    let secret = fs::read_to_string(machine.path("etc/token-secret")).unwrap();
    assert_eq!(machine.idv(&["secret", "show"]), (secret + "\n", Some(0)));
}

#[test]
fn what_the_unit_loads_is_examined_before_a_restart() {
    let machine = Machine::new();
    assert_eq!(machine.idv(&["check"]), ("The configuration is fit to start with.\n".into(), Some(0)));
    let (told, _) = machine.idv(&["doctor", "--offline"]);
    assert!(
        told.contains("credentials: the files that") && told.contains("certificate: it covers idv.example.test"),
        "{told}"
    );
    assert_eq!(told.matches("PROBLEM").count(), 1, "none but that nothing runs: {told}");

    let chain = fs::read_to_string(machine.path("etc/tls/fullchain.pem")).unwrap();
    machine.write("etc/tls/fullchain.pem", "garbage");
    machine.refused(&[&format!(
        "file {}: server.tls.certificate: holds no certificate",
        machine.path("etc/tls/fullchain.pem")
    )]);
    machine.write("etc/tls/fullchain.pem", &chain);
    machine.write("etc/token-secret", "short");
    machine.refused(&["token-secret holds 5 bytes"]);
}

#[test]
fn a_file_that_the_unit_loads_and_that_is_missing_is_named_with_its_line() {
    let machine = Machine::new();
    machine.write("units/idv.service.d/logo.conf", "[Service]\nLoadCredential=logo:/nonexistent/logo.svg\n");
    machine.refused(&["LoadCredential=logo:/nonexistent/logo.svg: there is no such file"]);
    machine.write("units/idv.service.d/logo.conf", "");
    fs::remove_file(machine.path("etc/token-secret")).unwrap();
    machine.refused(&[
        &format!("LoadCredential=token_secret:{}: there is no such file", machine.path("etc/token-secret")),
        &format!("idv secret generate --out {}", machine.path("etc/token-secret")),
    ]);
}

#[test]
fn a_drop_in_that_takes_the_credentials_away_is_told() {
    let machine = Machine::new();
    machine.write("units/service.d/zzz-lxc-service.conf", "[Service]\nLoadCredential=\n");
    machine.refused(&["the service is not handed credential token_secret", "as drop-ins of LXC, LXD and Incus do"]);
}

#[test]
fn a_path_that_the_service_does_not_see_is_told_with_the_credential_that_is_made_of_it() {
    let machine = Machine::new();
    let shipped = fs::read_to_string(machine.path("etc/idv.toml")).unwrap();
    let key = machine.path("etc/tls/privkey.pem");
    machine.write("etc/idv.toml", &shipped.replace("{ credential = \"tls_key\" }", &format!("\"{key}\"")));
    machine.refused(&[&format!("the service does not see file {key}"), "write { credential = \"tls_key\" }"]);
    // What the service itself would say of it.
    let mut command = Command::new(BINARY);
    fs::create_dir(machine.path("running")).unwrap();
    command.env("SYSTEMD_UNIT_PATH", machine.path("units")).env("CREDENTIALS_DIRECTORY", machine.path("running"));
    machine.write("etc/idv.toml", &shipped.replace("{ credential = \"tls_key\" }", "\"/nonexistent/key.pem\""));
    let output = command.args(["--config", &machine.path("etc/idv.toml"), "check"]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("LoadCredential=NAME:/nonexistent/key.pem"), "{told}");

    machine.write("etc/idv.toml", &shipped.replace("{ credential = \"tls_key\" }", &format!("\"{key}\"")));
    let bind = format!("[Service]\nBindReadOnlyPaths={}\n", machine.path("etc/tls"));
    machine.write("units/idv.service.d/tls.conf", &bind);
    assert_eq!(machine.idv(&["check"]), ("The configuration is fit to start with.\n".into(), Some(0)));
}

#[test]
fn a_configuration_that_everyone_may_change_is_a_problem() {
    let machine = Machine::new();
    let told = || machine.idv(&["doctor", "--offline"]).0;
    let finding = format!("{} may be changed by everyone", machine.path("etc/idv.toml"));
    for (mode, is_told) in [(0o664, false), (0o666, true), (0o602, true), (0o644, false)] {
        fs::set_permissions(machine.path("etc/idv.toml"), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(told().contains(&finding), is_told, "{mode:o}: {}", told());
    }
}

#[test]
fn a_target_for_failures_that_was_not_installed_is_told() {
    let machine = Machine::new();
    let told = || machine.idv(&["doctor", "--offline"]).0;
    assert!(!told().contains("idv-failed.target"), "{}", told());
    fs::remove_file(machine.path("units/idv-failed.target")).unwrap();
    assert!(told().contains("warning  systemd: nothing leads from"), "{}", told());
}

#[test]
fn a_source_that_is_none_is_told_in_words_of_the_configuration() {
    let installation = Installation::new();
    let text = installation.configuration();
    let key = format!("private_key = \"{}\"", installation.path("key.pem").display());
    assert!(text.contains(&key), "{text}");
    for wrong in ["private_key = { crendential = \"tls_key\" }", "private_key = 7", "private_key = [\"a\"]"] {
        fs::write(installation.path("idv.toml"), text.replace(&key, wrong)).unwrap();
        let told = refused(&installation);
        assert!(told.contains("neither a path nor { credential = \"NAME\" }"), "{told}");
        assert!(told.contains("1 problem:") && !told.contains("is missing"), "{told}");
    }
}

#[test]
fn what_is_no_toml_is_told_in_one_line() {
    let installation = Installation::new();
    fs::write(installation.path("idv.toml"), "public_url = \"https://idv.example.test\"\ndomain = acme\n").unwrap();
    let output = installation.command(&["doctor", "--offline"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("line 2, column 10: invalid string: expected"), "{told}");
    assert_eq!((told.lines().count(), told.contains("\\u{")), (1, false), "{told}");
}

#[test]
fn another_file_than_the_units_is_examined_as_before() {
    let machine = Machine::new();
    fs::copy(machine.path("etc/idv.toml"), machine.path("other.toml")).unwrap();
    let (told, code) = machine.idv(&["check", "--config", &machine.path("other.toml")]);
    assert!(code == Some(78) && told.contains("is visible inside the service alone"), "{told}");
    // Inside the service, and for whoever wants to see what it has.
    fs::create_dir(machine.path("running")).unwrap();
    for (from, to) in [("secret", "token_secret"), ("certificate.pem", "tls_certificate"), ("key.pem", "tls_key")] {
        fs::copy(machine.path(from), machine.path(&format!("running/{to}"))).unwrap();
    }
    machine.write("etc/token-secret", "short");
    let mut command = Command::new(BINARY);
    command.env("SYSTEMD_UNIT_PATH", machine.path("units")).env("CREDENTIALS_DIRECTORY", machine.path("running"));
    let output = command.args(["--config", &machine.path("etc/idv.toml"), "check"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn plain_http_on_the_sockets_of_the_socket_unit_is_told() {
    let machine = Machine::new();
    let text = fs::read_to_string(machine.path("etc/idv.toml")).unwrap();
    let (before, rest) = text.split_once("[server.tls]").unwrap();
    let (_, after) = rest.split_once("[[tenants]]").unwrap();
    machine.write("etc/idv.toml", &format!("{before}[server]\nlisten = [\"127.0.0.1:8080\"]\n[[tenants]]{after}"));
    machine.refused(&["[::]:443 would carry people's data over the network in plain HTTP"]);
    machine.write("units/idv.socket.d/proxy.conf", "[Socket]\nListenStream=\nListenStream=vsock:2:80\n");
    machine.refused(&["vsock:2:80 is no address and no path"]);
    machine.write("units/idv.socket.d/proxy.conf", "[Socket]\nListenStream=\nListenStream=/run/idv-http.sock\n");
    assert_eq!(machine.idv(&["check"]).1, Some(0));
}

#[test]
fn upper_case_and_international_names_are_told_how_to_be_written() {
    let installation = Installation::new();
    let text = installation.configuration();
    for (url, told) in [
        ("https://IDV.example.test", "write it in lower case: https://idv.example.test"),
        ("https://prüfung.example.test", "write an international name in its xn-- form"),
    ] {
        fs::write(installation.path("idv.toml"), text.replace("https://idv.example.test", url)).unwrap();
        let refused = refused(&installation);
        assert!(refused.contains(told), "{refused}");
    }
    fs::write(installation.path("idv.toml"), &text).unwrap();
    // There is a store from the first change on.
    assert!(installation.command(&["desk", "issue", "--tenant", TENANT, "--subject", "auth0|1"]).status.success());
    for (name, told) in [
        (TENANT.to_uppercase(), format!("write it in lower case: {TENANT}")),
        (format!("https://{TENANT}/"), format!("write the bare host: {TENANT}")),
        ("prüfung.example".into(), "xn-- form".into()),
        ("other.example".into(), "see [[tenants]]".into()),
    ] {
        for command in [&["desk", "list"][..], &["link", "--subject", "auth0|1"], &["action", "--format", "terraform"]]
        {
            let output = installation.command(&[command, &["--tenant", &name]].concat());
            let text = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && text.contains(&told), "{command:?}: {text}");
        }
        let output = installation.command(&["doctor", "--offline", "--tenant", &name]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(&told), "{text}");
    }
}

#[test]
fn rules_for_documents_that_nobody_should_want_are_noted() {
    let installation = Installation::new();
    let notes = |section: &str| {
        let configuration = format!(
            "{}\n[methods.document]\nenabled = true\npolicy = \"urn:acme:policy\"\n{section}",
            installation.configuration()
        );
        fs::write(installation.path("idv.toml"), configuration).unwrap();
        let output = installation.command(&["check", "--json"]);
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(!told["problems"].to_string().contains("methods."), "{told}");
        told["notes"].to_string()
    };
    let console = "[review]\nurl = \"https://review.idv.test\"\n";
    let sound = notes(&format!("contact = \"privacy@acme.test\"\nkeep_approved_days = 365\n{console}"));
    assert!(!sound.contains("methods.document"), "{sound}");
    for (section, told) in [
        ("selfie = \"none\"", "without a selfie nobody compares the document with a person"),
        ("keep_rejected_days = 366", "keep_rejected_days: photos of documents and faces are kept for more than a year"),
        ("", "people are told of nobody to complain to"),
        ("", "without [review] cases can only be decided by root"),
        ("second = \"doubt\"", "two people decide where they sign in, and without [review] nobody can"),
    ] {
        let all = notes(section);
        assert!(all.contains(told), "{told}: {all}");
    }
}

/// The check called it fit, and the service did not start.
#[test]
fn a_place_where_photos_may_not_lie_is_told_before_a_start_depends_on_it() {
    let installation = Installation::new();
    let open = installation.path("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o750)).unwrap();
    let usual = installation.configuration();
    let document = |directory: &str, is_enabled: bool| {
        let policy = "policy = \"https://acme.test/policy\"";
        let evidence = format!("[evidence]\ndirectory = \"{directory}\"");
        let config = format!("{usual}[methods.document]\nenabled = {is_enabled}\n{policy}\n{evidence}\n");
        fs::write(installation.path("idv.toml"), config).unwrap();
    };
    for (directory, told) in [("/proc/evidence", "is on another file system"), (open.to_str().unwrap(), "chmod 700")] {
        document(directory, true);
        let text = refused(&installation);
        assert!(text.contains("evidence.directory") && text.contains(told), "{text}");
    }
    document("/proc/evidence", false);
    assert!(installation.command(&["check"]).status.success(), "where nobody sends photos it is no matter");
    document(installation.path("store/evidence").to_str().unwrap(), true);
    assert!(installation.command(&["check"]).status.success(), "what is not there yet is made");
    assert!(!installation.path("store/evidence").exists(), "and a check makes nothing");
}
