//! An installation with the largest logo that is allowed: the largest answer that there is.

use std::fs;

use super::process::{Installation, Service};
use super::wire;

pub(crate) const LOGO_BYTES: usize = 64 * 1024;

/// The service with that logo.
pub(crate) fn serve(installation: &Installation) -> Service {
    let path = installation.path("logo.png");
    let mut logo = b"\x89PNG\r\n\x1a\n".to_vec();
    logo.resize(LOGO_BYTES, 0);
    fs::write(&path, logo).unwrap();
    let branding = format!("[branding]\nname = \"Acme\"\nlogo = \"{}\"\n", path.display());
    fs::write(installation.path("idv.toml"), installation.configuration() + &branding).unwrap();
    installation.serve()
}

/// Where the logo is.
pub(crate) fn logo(service: &Service) -> String {
    let page = service.exchange(&wire::get("/", "")).unwrap();
    let (_, rest) = page.split_once("/assets/logo").expect("a page with the logo");
    format!("/assets/logo{}", rest.split_once('"').unwrap().0)
}
