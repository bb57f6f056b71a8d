//! A line on the control socket.

use std::sync::LazyLock;

use idv::config::load;
use idv::control::evidence::keeper;
use idv::control::{Asked, Asker, Office};
use idv::ops::clock::Clock;
use idv::verification::account::Account;

use super::world::{NOW, block_on, store, tenants};

const CONFIG: &str = r#"
public_url = "https://idv.example.test"
server.listen = ["127.0.0.1:8001"]
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "NONE" }]
"#;

static OFFICE: LazyLock<Office> = LazyLock::new(|| {
    let (config, store) = (load::parse(CONFIG).0.unwrap(), store());
    let evidence = keeper(&config, &store);
    Office { config, tenants: Ok(tenants()), store, evidence, clock: Clock::new(|| NOW), running: None }
});

/// Any line. What is understood is done or refused with words, and understood the same when it is written again.
pub(super) fn line(data: &[u8]) {
    let Ok(line) = std::str::from_utf8(data) else { return };
    let Ok(understood) = serde_json::from_str::<Asked>(line) else { return };
    let written = understood.line().unwrap();
    let again: Asked = serde_json::from_slice(&written).unwrap();
    assert_eq!(again.line().unwrap(), written);
    let Ok(asker) = Asker::new(Account::Member, understood.claimed) else { return };
    match block_on(OFFICE.perform(understood.request, asker)) {
        Ok(done) => assert!(done.is_object()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
