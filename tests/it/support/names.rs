//! A name server on loopback that answers what a test says (RFC 1035).

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

const A: u16 = 1;
const AAAA: u16 = 28;

/// How often a name and a type were asked for.
type Asked = Arc<Mutex<HashMap<(String, u16), usize>>>;

/// A name server.
pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    asked: Asked,
}

impl NameServer {
    /// One that answers with the addresses that `answer` has for a name which is asked for the so-manieth time. Nothing may be
    /// kept of it.
    pub(crate) fn new(answer: impl Fn(&str, usize) -> Vec<IpAddr> + Send + 'static) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Asked::default();
        let log = asked.clone();
        thread::spawn(move || {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query) {
                let (name, kind, end) = question(&query[..length]);
                let count = {
                    let mut log = log.lock().unwrap();
                    let count = log.entry((name.clone(), kind)).or_default();
                    *count += 1;
                    *count - 1
                };
                let mut addresses = answer(&name, count);
                addresses.retain(|address| kind == if address.is_ipv4() { A } else { AAAA });
                let _ = socket.send_to(&response(&query[..end], kind, &addresses), from);
            }
        });
        Self { address, asked }
    }

    /// One that knows each of `names` by its addresses.
    pub(crate) fn knowing(names: &[(&str, &[&str])]) -> Self {
        let parse = |addresses: &[&str]| addresses.iter().map(|address| address.parse().unwrap()).collect::<Vec<_>>();
        let known: HashMap<_, _> = names.iter().map(|(name, known)| ((*name).to_owned(), parse(known))).collect();
        Self::new(move |name, _| known.get(name).cloned().unwrap_or_default())
    }

    /// One that never answers.
    pub(crate) fn silent() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        thread::spawn(move || while socket.recv_from(&mut [0; 512]).is_ok() {});
        Self { address, asked: Asked::default() }
    }

    /// How often the IPv4 addresses of `name` were asked for.
    pub(crate) fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap().get(&(name.to_owned(), A)).copied().unwrap_or_default()
    }
}

/// The name, the type, and where the question ends.
fn question(query: &[u8]) -> (String, u16, usize) {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] != 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    (labels.join("."), u16::from_be_bytes([query[at + 1], query[at + 2]]), at + 5)
}

fn response(question: &[u8], kind: u16, addresses: &[IpAddr]) -> Vec<u8> {
    let mut response = question.to_vec();
    let count = u16::try_from(addresses.len()).unwrap();
    // An authoritative answer with one question, so many answers, and nothing else.
    response[2..4].copy_from_slice(&[0x85, 0x80]);
    response[4..6].copy_from_slice(&1_u16.to_be_bytes());
    response[6..8].copy_from_slice(&count.to_be_bytes());
    response[8..12].fill(0);
    for address in addresses {
        let bytes = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        response.extend([0xc0, 12]);
        response.extend(kind.to_be_bytes());
        response.extend([0, 1, 0, 0, 0, 0]);
        response.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
        response.extend(bytes);
    }
    response
}
