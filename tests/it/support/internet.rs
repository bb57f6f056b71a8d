//! The world outside, on loopback: a proxy that knows a few hosts, and an Auth0 tenant behind it.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use idv::server::tls;
use rcgen::{CertificateParams, CertifiedKey, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConnection, StreamOwned};

/// A peer that says nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a host is to the proxy.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// It is there.
    At(SocketAddr),
    /// The connection never stands.
    Silent,
}

/// A proxy for CONNECT. Hosts that it does not know it refuses.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(crate) fn new(places: HashMap<String, Place>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (places, log) = (places.clone(), log.clone());
                thread::spawn(move || tunnel(stream, &places, &log));
            }
        });
        Self { address, asked }
    }

    /// The hosts that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn tunnel(stream: TcpStream, places: &HashMap<String, Place>, log: &Mutex<Vec<String>>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let head = read_head(&mut reader)?;
    let target = head.split_whitespace().nth(1).unwrap_or_default();
    let host = target.rsplit_once(':').map_or(target, |(host, _)| host);
    log.lock().unwrap().push(host.to_owned());
    let mut stream = stream;
    match places.get(host) {
        None => stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
        Some(Place::Silent) => reader.read(&mut [0]).map(drop),
        Some(Place::At(address)) => {
            let mut far = TcpStream::connect(address)?;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            let (mut near_in, mut far_out) = (stream.try_clone()?, far.try_clone()?);
            let back = thread::spawn(move || {
                let _ = io::copy(&mut far, &mut stream);
                let _ = stream.shutdown(Shutdown::Write);
            });
            let _ = io::copy(&mut near_in, &mut far_out);
            let _ = far_out.shutdown(Shutdown::Write);
            let _ = back.join();
            Ok(())
        }
    }
}

fn read_head(reader: &mut impl BufRead) -> io::Result<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head)
}

/// A key and a certificate for `hosts` that is good from `from` until `until`, both years.
pub(crate) fn certificate(hosts: &[&str], from: i32, until: i32) -> CertifiedKey<KeyPair> {
    let names: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut parameters = CertificateParams::new(names).unwrap();
    parameters.not_before = rcgen::date_time_ymd(from, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(until, 1, 1);
    let signing_key = KeyPair::generate().unwrap();
    CertifiedKey { cert: parameters.self_signed(&signing_key).unwrap(), signing_key }
}

/// Answers each request by HTTPS with what `answer` makes of its path: the whole response.
pub(crate) fn serve(
    certified: &CertifiedKey<KeyPair>,
    answer: impl Fn(&str) -> String + Send + Sync + 'static,
) -> SocketAddr {
    serve_whole(certified, move |head| answer(head.split_whitespace().nth(1).unwrap_or_default()))
}

/// The same with what `answer` makes of the request's whole head.
pub(crate) fn serve_whole(
    certified: &CertifiedKey<KeyPair>,
    answer: impl Fn(&str) -> String + Send + Sync + 'static,
) -> SocketAddr {
    attend(certified, move |mut reader| {
        let head = read_head(&mut reader)?;
        let stream = reader.get_mut();
        stream.write_all(answer(&head).as_bytes())?;
        stream.conn.send_close_notify();
        stream.flush()
    })
}

/// Answers each request by HTTPS with `answer`, and goes away without saying that this was all (RFC 8446 §6.1).
pub(crate) fn serve_and_break_off(certified: &CertifiedKey<KeyPair>, answer: &'static str) -> SocketAddr {
    attend(certified, move |mut reader| {
        read_head(&mut reader)?;
        let stream = reader.get_mut();
        stream.write_all(answer.as_bytes())?;
        stream.flush()
    })
}

/// Answers each request by HTTPS without end, a byte after each `pause`.
pub(crate) fn serve_slowly(certified: &CertifiedKey<KeyPair>, pause: Duration) -> SocketAddr {
    attend(certified, move |mut reader| {
        read_head(&mut reader)?;
        let stream = reader.get_mut();
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".iter().chain(std::iter::repeat_n(&b'a', 60_000))
        {
            stream.write_all(&[*byte])?;
            stream.flush()?;
            thread::sleep(pause);
        }
        Ok(())
    })
}

/// Does `work` with each connection by HTTPS.
fn attend(
    certified: &CertifiedKey<KeyPair>,
    work: impl Fn(BufReader<StreamOwned<ServerConnection, TcpStream>>) -> io::Result<()> + Send + Sync + 'static,
) -> SocketAddr {
    let chain: Vec<CertificateDer<'static>> = vec![certified.cert.der().clone()];
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let certified = rustls::sign::CertifiedKey::from_der(chain, key, &provider).unwrap();
    let config = tls::server_config(tls::Certificate::new(certified));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let work = Arc::new(work);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (config, work) = (config.clone(), work.clone());
            thread::spawn(move || -> io::Result<()> {
                stream.set_read_timeout(Some(PATIENCE))?;
                let connection = ServerConnection::new(config).map_err(io::Error::other)?;
                work(BufReader::new(StreamOwned::new(connection, stream)))
            });
        }
    });
    address
}
