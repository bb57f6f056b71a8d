//! nginx with a constant 303 of the same bytes: what most people put in front of anything.
//!
//! It takes part where it is installed (Debian: `nginx-light`); nothing of its own configuration is touched.

use crate::limit::{COOKIE, TARGET};
use crate::machine;
use crate::process::Process;
use crate::tls::Identity;
use anyhow::{Result, ensure};
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// How often, and how long apart, its port is tried until it listens.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Starts it in `directory`, and gives its address; nothing where it is not installed.
pub(crate) fn spawn(identity: &Identity, directory: &Path) -> Result<Option<(Process, SocketAddr)>> {
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    let file = directory.join("nginx.conf");
    fs::write(&file, configuration(identity, directory, address))?;
    let child = Command::new("nginx")
        .args(["-e", "stderr", "-g", "daemon off;", "-p"])
        .arg(directory)
        .arg("-c")
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn();
    let process = match child {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        child => Process::new(child?),
    };
    let listens = (0..TRIES).any(|_| {
        thread::sleep(PAUSE);
        TcpStream::connect(address).is_ok()
    });
    ensure!(listens, "nginx does not listen; what it said stands above");
    Ok(Some((process, address)))
}

/// Tuned as its manual says: a worker and a listening socket per core, no log, connections kept for ever, TLS as idv's.
fn configuration(identity: &Identity, directory: &Path, address: SocketAddr) -> String {
    format!(
        "worker_processes {cores};\n\
         pid {directory}/nginx.pid;\n\
         error_log stderr crit;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n\
         \x20 client_body_temp_path {directory}/c;\n  proxy_temp_path {directory}/p;\n\
         \x20 fastcgi_temp_path {directory}/f;\n  uwsgi_temp_path {directory}/u;\n  scgi_temp_path {directory}/s;\n\
         \x20 access_log off;\n  server_tokens off;\n  tcp_nodelay on;\n\
         \x20 keepalive_timeout 300;\n  keepalive_requests 1000000000;\n  http2_max_concurrent_streams 128;\n\
         \x20 server {{\n    listen {address} ssl http2 reuseport backlog=1024;\n\
         \x20   ssl_certificate {certificate};\n    ssl_certificate_key {key};\n\
         \x20   ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_prefer_server_ciphers on;\n\
         \x20   ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384;\n\
         \x20   ssl_conf_command NumTickets 1;\n    ssl_session_tickets on;\n    ssl_session_cache off;\n\
         \x20   add_header Set-Cookie \"{COOKIE}\";\n    add_header Cache-Control no-store;\n\
         \x20   location / {{ return 303 {TARGET}; }}\n\
         \x20 }}\n}}\n",
        cores = machine::cores(),
        directory = directory.display(),
        certificate = identity.certificate.display(),
        key = identity.private_key.display(),
    )
}
