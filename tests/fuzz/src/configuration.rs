//! `idv.toml`, and the look that it names.

use std::collections::HashSet;

use idv::config::branding::Logo;
use idv::config::colour::Colour;
use idv::config::listen::Listen;
use idv::config::load;
use idv::config::meant::TenantConfig;
use idv::config::sockets::Sockets;

/// Any text as `idv.toml`. What passes is served on addresses of the network with TLS or not at all, and no host names two.
pub(super) fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let config = match load::parse(text).0 {
        Ok(config) => config,
        Err(problems) => {
            assert!(!problems.0.is_empty());
            return assert!(problems.0.iter().all(|problem| !problem.remedy.is_empty()));
        }
    };
    let is_served = Sockets::configured(&config).problems(&config).is_empty();
    assert_eq!(is_served, config.tls.is_some() || config.listen.iter().all(Listen::is_local));
    assert!(!config.listen.is_empty() && !config.tenants.is_empty() && config.methods.iter().next().is_some());
    let hosts: Vec<_> = config.tenants.iter().flat_map(TenantConfig::hosts).collect();
    assert_eq!(hosts.iter().collect::<HashSet<_>>().len(), hosts.len());
    assert!(hosts.iter().all(|host| host.as_str() != config.public_url.host()));
    assert!(config.tenants.iter().all(|tenant| !tenant.token_secrets.is_empty() && tenant.token_parameter != "state"));
}

/// Any bytes as a logo. In what passes as a drawing an XML reader finds no style and no script.
pub(super) fn logo(data: &[u8]) {
    let Ok(Logo::Svg(drawing)) = Logo::parse(data) else { return };
    assert!(drawing.len() <= 64 * 1024);
    let drawing = std::str::from_utf8(&drawing).unwrap();
    let Ok(document) = roxmltree::Document::parse(drawing) else { return };
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name().to_ascii_lowercase();
        assert!(!["script", "style", "foreignobject"].contains(&name.as_str()), "<{name}>");
        assert!(!element.has_attribute("style"), "style on <{name}>");
    }
}

/// Any text as a colour. It is written back as it was read, and stands out from itself not at all.
pub(super) fn colour(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(colour) = Colour::parse(text) else { return };
    assert_eq!(colour.to_string(), text.to_ascii_lowercase());
    assert!((colour.contrast(colour) - 1.0).abs() < 1e-9);
    assert!(colour.contrast(colour.text_on()) >= 4.5);
}
