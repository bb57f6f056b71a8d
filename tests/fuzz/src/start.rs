//! The query of a start.

use http_body_util::Full;
use hyper::{Request, StatusCode};
use idv::verification::session::id::SessionId;

use super::world::{APP, good_token, respond};

/// Any parameters beside a good token. A start that goes through has one state, as another reader decodes it.
pub(super) fn query(data: &[u8]) {
    let Ok(parameters) = std::str::from_utf8(data) else { return };
    let query = format!("token={}&{parameters}", good_token("query"));
    let request = Request::builder().uri(format!("/id-verification?{query}")).header("host", "idv.example.test");
    let Ok(request) = request.body(Full::default()) else { return };
    // The URL's own reader ends it at a fragment.
    let query = request.uri().query().unwrap().to_owned();
    let (status, headers, _) = respond(request);
    if status != StatusCode::SEE_OTHER {
        assert!(status.is_client_error() && !headers.contains_key("set-cookie"), "{status}");
        return;
    }
    let id = headers["location"].to_str().unwrap().strip_prefix("/session/").unwrap().to_owned();
    let cookie = headers["set-cookie"].to_str().unwrap();
    let (_, sealed) = cookie.split_once(';').unwrap().0.split_once('=').unwrap();
    let session = APP.sealer.open(SessionId::parse(&id).unwrap(), sealed, &APP.tenants).unwrap();
    // Other readers take a plus for a space, which is right in a form and wrong here.
    let query = query.replace('+', "%2B");
    let found: Vec<_> = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "state").collect();
    assert_eq!(found.iter().map(|(_, state)| state.as_ref()).collect::<Vec<_>>(), [session.state.as_str()]);
}
