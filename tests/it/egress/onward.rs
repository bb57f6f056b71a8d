//! Through the proxy that this machine's environment names.

use std::collections::HashMap;
use std::io::ErrorKind;

use idv::egress::{Destinations, Door, Names, Onward, Unreached};

use super::{ID, Provider, answer, each_way, egress, get};
use crate::support::internet::{Place, Proxy};
use crate::support::names::NameServer;

/// A door to `hosts` at `port` through the proxy at `proxy`, none of which has a name.
fn door(hosts: &[&str], port: u16, proxy: &str, without: &str) -> Door {
    let destinations = Destinations::new(hosts.iter().map(|host| ((*host).to_owned(), port)), ["localhost"]);
    let names = Names::of_server(NameServer::knowing(&[]).address).unwrap();
    Door::of(destinations, names, Onward::parse(Some(proxy), without).unwrap())
}

#[test]
fn the_proxy_is_asked_for_a_host_by_its_name() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    let proxy = Proxy::new(HashMap::from([(ID.to_owned(), Place::At(provider.address))]));
    let door = door(&[ID], provider.address.port(), &format!("http://localhost:{}", proxy.address.port()), "");
    each_way(&door, |by, way| {
        assert_eq!(get(&egress(way, &provider.certified), &provider.url("/")).unwrap().body, "there", "{by}");
    });
    assert_eq!(proxy.asked(), [ID, ID]);
}

#[test]
fn the_proxy_is_not_asked_for_what_is_not_listed_nor_for_an_address_that_may_not_be() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    let port = provider.address.port();
    let everywhere = ["other.example.test", "169.254.169.254", "127.0.0.1"]
        .map(|host| (host.to_owned(), Place::At(provider.address)));
    let proxy = Proxy::new(HashMap::from(everywhere));
    let door = door(&[ID, "169.254.169.254", "127.0.0.1"], port, &proxy.address.to_string(), "");
    each_way(&door, |by, way| {
        let egress = egress(way, &provider.certified);
        assert_eq!(get(&egress, &format!("https://other.example.test:{port}/")), Err(Unreached::NotListed), "{by}");
        for address in ["169.254.169.254", "127.0.0.1"] {
            assert_eq!(get(&egress, &format!("https://{address}:{port}/")), Err(Unreached::Prohibited), "{by}");
        }
    });
    assert!(proxy.asked().is_empty());
}

#[test]
fn what_the_proxy_refuses_and_a_proxy_that_is_not_there_are_told_apart() {
    let provider = Provider::answering(|_| answer("200 OK", "", "there"));
    let port = provider.address.port();
    let proxy = Proxy::new(HashMap::new());
    each_way(&door(&[ID], port, &proxy.address.to_string(), ""), |by, way| {
        let asked = get(&egress(way, &provider.certified), &provider.url("/"));
        assert_eq!(asked, Err(Unreached::ProxyRefused(403)), "{by}");
    });
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for place in [nobody.to_string(), "nowhere.example.test:3128".into()] {
        each_way(&door(&[ID], port, &place, ""), |by, way| {
            let asked = get(&egress(way, &provider.certified), &provider.url("/"));
            assert_eq!(asked, Err(Unreached::ProxyNotReached), "{by}: {place}");
        });
    }
}

#[test]
fn a_host_of_no_proxy_is_judged_and_connected_to_here() {
    let proxy = Proxy::new(HashMap::new());
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let certified = crate::support::internet::certificate(&["localhost"], 2020, 2090);
    each_way(&door(&["localhost"], nobody, &proxy.address.to_string(), "localhost"), |by, way| {
        let asked = get(&egress(way, &certified), &format!("https://localhost:{nobody}/"));
        assert_eq!(asked, Err(Unreached::NotConnected(ErrorKind::ConnectionRefused)), "{by}");
    });
    assert!(proxy.asked().is_empty());
}
