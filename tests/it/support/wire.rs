//! Bytes on a TLS connection, as they are: for what no well-behaved client sends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

pub(crate) const HOST: &str = "idv.example.test";
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) type Wire = StreamOwned<ClientConnection, TcpStream>;

pub(crate) fn client_config(certificate: &CertificateDer<'static>, protocols: &[&[u8]]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Arc::new(config)
}

pub(crate) fn connect(address: SocketAddr, config: &Arc<ClientConfig>) -> std::io::Result<Wire> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(over(stream, config))
}

pub(crate) fn over(stream: TcpStream, config: &Arc<ClientConfig>) -> Wire {
    StreamOwned::new(ClientConnection::new(config.clone(), ServerName::try_from(HOST).unwrap()).unwrap(), stream)
}

/// What comes back until the other side closes. An end without TLS's own farewell is an end.
pub(crate) fn read_to_end(wire: &mut Wire) -> String {
    let mut bytes = Vec::new();
    let _ = wire.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends `request` on a connection of its own, and returns the whole answer.
pub(crate) fn exchange(
    address: SocketAddr,
    config: &Arc<ClientConfig>,
    request: &(impl AsRef<[u8]> + ?Sized),
) -> std::io::Result<String> {
    let mut wire = connect(address, config)?;
    wire.write_all(request.as_ref())?;
    Ok(read_to_end(&mut wire))
}

/// A GET that closes the connection.
pub(crate) fn get(path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n")
}

/// A submitted form that closes the connection.
pub(crate) fn post(path: &str, cookie: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// A photo for a form that closes the connection.
pub(crate) fn upload(path: &str, cookie: &str, file: &[u8]) -> Vec<u8> {
    let part = "--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n";
    let body = [part.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// The header `name` of an answer.
pub(crate) fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let prefix = format!("{name}: ");
    answer.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix(&prefix))
}
