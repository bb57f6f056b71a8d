//! Where the way out does not lead, whatever a name says.

use std::net::{IpAddr, TcpListener};
use std::time::Duration;

use idv::egress::Unreached;

use super::{ID, Provider, answer, door, each_way, egress, get};
use crate::support::internet;
use crate::support::names::NameServer;

/// A listener that must never be connected to, and its port.
struct Trap(TcpListener);

impl Trap {
    fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    fn is_untouched(&self) -> bool {
        self.0.accept().is_err()
    }
}

const ADDRESSES: [&str; 10] = [
    "127.0.0.1",
    "::1",
    "169.254.169.254",
    "10.0.0.1",
    "fc00::1",
    "0.0.0.0",
    "::",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
];

#[test]
fn a_host_that_is_not_listed_is_refused_and_not_looked_up() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    let port = provider.address.port();
    each_way(&provider.door(), |by, way| {
        let egress = egress(way, &provider.certified);
        for url in [
            format!("https://other.example.test:{port}/"),
            format!("https://{ID}/"),
            format!("https://a.{ID}:{port}/"),
            format!("https://127.0.0.1:{port}/"),
            format!("https://localhost:{port}/"),
            format!("https://[::ffff:127.0.0.1]:{port}/"),
        ] {
            assert_eq!(get(&egress, &url), Err(Unreached::NotListed), "{by}: {url}");
        }
    });
    assert_eq!(provider.names.asked("other.example.test"), 0);
}

#[test]
fn an_address_that_is_not_of_the_internet_is_refused_though_it_is_listed() {
    let trap = Trap::at("127.0.0.1:0");
    let listed: Vec<_> = ADDRESSES.iter().map(|address| (*address, trap.port())).collect();
    let certified = internet::certificate(&[ID], 2020, 2090);
    each_way(&door(&listed, &[], &NameServer::silent()), |by, way| {
        let egress = egress(way, &certified);
        for address in ADDRESSES {
            let host = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
            let asked = get(&egress, &format!("https://{host}:{}/", trap.port()));
            assert_eq!(asked, Err(Unreached::Prohibited), "{by}: {address}");
        }
    });
    assert!(trap.is_untouched());
}

#[test]
fn a_name_that_leads_to_such_an_address_is_refused() {
    let trap = Trap::at("127.0.0.1:0");
    let names = NameServer::new(|name, _| {
        let index: usize = name.strip_suffix(".example.test").unwrap()[1..].parse().unwrap();
        vec![ADDRESSES[index].parse().unwrap()]
    });
    let hosts: Vec<_> = (0..ADDRESSES.len()).map(|index| format!("n{index}.example.test")).collect();
    let listed: Vec<_> = hosts.iter().map(|host| (host.as_str(), trap.port())).collect();
    let certified = internet::certificate(&[ID], 2020, 2090);
    each_way(&door(&listed, &[], &names), |by, way| {
        let egress = egress(way, &certified);
        for host in &hosts {
            assert_eq!(
                get(&egress, &format!("https://{host}:{}/", trap.port())),
                Err(Unreached::Prohibited),
                "{by}: {host}"
            );
        }
    });
    assert!(trap.is_untouched());
}

#[test]
fn localhost_is_no_name_of_the_internet() {
    let trap = Trap::at("127.0.0.1:0");
    let certified = internet::certificate(&["localhost"], 2020, 2090);
    each_way(&door(&[("localhost", trap.port())], &[], &NameServer::silent()), |by, way| {
        let asked = get(&egress(way, &certified), &format!("https://localhost:{}/", trap.port()));
        assert_eq!(asked, Err(Unreached::Prohibited), "{by}");
    });
    assert!(trap.is_untouched());
}

#[test]
fn a_name_with_many_addresses_is_refused_where_none_may_be() {
    let trap = Trap::at("127.0.0.1:0");
    let names = NameServer::knowing(&[(ID, &["10.0.0.1", "127.0.0.1", "::1", "fd00::1"])]);
    let certified = internet::certificate(&[ID], 2020, 2090);
    each_way(&door(&[(ID, trap.port())], &[], &names), |by, way| {
        let asked = get(&egress(way, &certified), &format!("https://{ID}:{}/", trap.port()));
        assert_eq!(asked, Err(Unreached::Prohibited), "{by}");
    });
    assert!(trap.is_untouched());
}

#[test]
fn a_private_host_is_reached_at_the_address_that_may_be_and_no_other() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    // Those that are for nobody come first, and are passed over.
    let names = NameServer::knowing(&[(ID, &["0.0.0.0", "169.254.169.254", "127.0.0.1"])]);
    each_way(&door(&[(ID, provider.address.port())], &[ID], &names), |by, way| {
        assert_eq!(get(&egress(way, &provider.certified), &provider.url("/")).unwrap().body, "there", "{by}");
    });
}

/// A name server that says one thing to who judges and another to who connects: nobody asks it twice.
#[test]
fn a_name_that_leads_elsewhere_the_second_time_gains_nothing() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    let trap = Trap::at(&format!("127.0.0.9:{}", provider.address.port()));
    let names = NameServer::new(|_, count| {
        let address: &str = if count % 2 == 0 { "127.0.0.1" } else { "127.0.0.9" };
        vec![address.parse::<IpAddr>().unwrap()]
    });
    let door = door(&[(ID, provider.address.port())], &[ID], &names);
    assert_eq!(
        get(&egress(idv::egress::Way::Direct(door), &provider.certified), &provider.url("/")).unwrap().body,
        "there"
    );
    assert_eq!(names.asked(ID), 1);
    assert!(trap.is_untouched());
}

#[test]
fn whether_a_host_may_be_private_is_the_configurations_to_say() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    let names = NameServer::knowing(&[(ID, &["127.0.0.1"])]);
    let port = provider.address.port();
    for (private, is_reached) in [(&[ID][..], true), (&[][..], false)] {
        each_way(&door(&[(ID, port)], private, &names), |by, way| {
            let asked = get(&egress(way, &provider.certified), &provider.url("/"));
            assert_eq!(asked.is_ok(), is_reached, "{by}: {asked:?}");
            assert!(is_reached || asked == Err(Unreached::Prohibited), "{by}: {asked:?}");
        });
    }
}

#[test]
fn a_name_that_does_not_resolve_and_one_that_does_not_in_time_are_told_apart() {
    let certified = internet::certificate(&[ID], 2020, 2090);
    let url = format!("https://{ID}/");
    each_way(&door(&[(ID, 443)], &[], &NameServer::knowing(&[])), |by, way| {
        assert_eq!(get(&egress(way, &certified), &url), Err(Unreached::Unresolved), "{by}");
    });
    each_way(&door(&[(ID, 443)], &[], &NameServer::silent()), |by, way| {
        let asked = get(&egress(way, &certified), &url);
        assert_eq!(asked, Err(Unreached::ResolvedTooLate), "{by}");
    });
}

#[test]
fn of_several_addresses_the_first_that_takes_the_connection_is_asked() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    // Nobody listens at the first two.
    let names = NameServer::knowing(&[(ID, &["127.0.0.7", "127.0.0.8", "127.0.0.1"])]);
    each_way(&door(&[(ID, provider.address.port())], &[ID], &names), |by, way| {
        assert_eq!(get(&egress(way, &provider.certified), &provider.url("/")).unwrap().body, "there", "{by}");
    });
}

#[test]
fn a_port_at_which_nobody_listens_is_no_connection_and_may_be_asked_again() {
    let certified = internet::certificate(&[ID], 2020, 2090);
    let port = Trap::at("127.0.0.1:0").port();
    let names = NameServer::knowing(&[(ID, &["127.0.0.1"])]);
    each_way(&door(&[(ID, port)], &[ID], &names), |by, way| {
        let unreached = get(&egress(way, &certified), &format!("https://{ID}:{port}/")).unwrap_err();
        assert_eq!(unreached, Unreached::NotConnected(std::io::ErrorKind::ConnectionRefused), "{by}");
        assert!(unreached.is_of_connection() && !Unreached::Prohibited.is_of_connection());
    });
}

/// A listener whose queue is full takes no further connection, and says nothing.
#[test]
fn an_address_that_is_silent_leaves_time_for_the_others() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    let port = provider.address.port();
    let full = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    full.set_reuse_address(true).unwrap();
    let silent: std::net::SocketAddr = format!("127.0.0.9:{port}").parse().unwrap();
    full.bind(&silent.into()).unwrap();
    full.listen(0).unwrap();
    let waiting: Vec<_> =
        (0..4).filter_map(|_| std::net::TcpStream::connect_timeout(&silent, Duration::from_millis(100)).ok()).collect();
    assert!(waiting.len() < 4, "its queue is full");
    let names = NameServer::knowing(&[(ID, &["127.0.0.9", "127.0.0.1"])]);
    each_way(&door(&[(ID, port)], &[ID], &names), |by, way| {
        assert_eq!(get(&egress(way, &provider.certified), &provider.url("/")).unwrap().body, "there", "{by}");
    });
    let names = NameServer::knowing(&[(ID, &["127.0.0.9"])]);
    each_way(&door(&[(ID, port)], &[ID], &names), |by, way| {
        let asked = get(&egress(way, &provider.certified), &provider.url("/"));
        assert_eq!(asked, Err(Unreached::ConnectedTooLate), "{by}");
    });
}
