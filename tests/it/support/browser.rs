//! A browser in front of the router: keeps cookies, follows nothing by itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Response, StatusCode};
use idv::web::{App, Handled, Site};

use super::token::STATE;
use super::world::block_on;

pub(crate) struct Browser<S = App> {
    pub(crate) site: Arc<S>,
    /// Whom it takes the site for.
    pub(crate) host: &'static str,
    /// The work that waits before its requests.
    pub(crate) waiting: Duration,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) headers: Vec<(String, String)>,
    /// From where its requests come, as `Sec-Fetch-Site` says: pages of ours. Older browsers do not say.
    pub(crate) came_from: Option<String>,
}

/// A response, read to its end. Of a picture, `body` is a likeness.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: String,
    pub(crate) bytes: Bytes,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("a redirect, not {}: {}", self.status, self.body))
    }

    /// The parameter `name` of the redirect.
    pub(crate) fn parameter(&self, name: &str) -> String {
        let (_, query) = self.location().split_once('?').unwrap();
        let value = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        value.unwrap_or_else(|| panic!("{name} in {}", self.location())).1.into_owned()
    }
}

impl Browser {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self::of(app, "idv.example.test")
    }

    /// Follows Auth0's redirect.
    pub(crate) fn start(&mut self, token: &str) -> Page {
        self.get(&format!("/id-verification?token={token}&state={STATE}"))
    }

    /// Starts, and returns the clean address.
    pub(crate) fn begin(&mut self, token: &str) -> String {
        let page = self.start(token);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        page.location().to_owned()
    }
}

impl<S: Site> Browser<S> {
    /// In front of `site`, which it knows by the name of `host`.
    pub(crate) fn of(site: Arc<S>, host: &'static str) -> Self {
        Self {
            site,
            host,
            waiting: Duration::ZERO,
            cookies: BTreeMap::new(),
            headers: Vec::new(),
            came_from: Some("same-origin".to_owned()),
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, "")
    }

    /// Comes to `back`, where a provider sends it with a code, and to where that is refused.
    pub(crate) fn come_back(&mut self, back: &str) -> Page {
        let page = self.get(back);
        let (place, _) = back.split_once('?').unwrap_or((back, ""));
        match page.header("location").map(str::to_owned) {
            Some(location) if location.starts_with(&format!("{place}?")) => self.get(&location),
            _ => page,
        }
    }

    /// Submits a form, as a browser does from a page of ours.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Page {
        self.send("POST", path, body)
    }

    /// Submits `file` as a browser does that was given it where a photo is asked for.
    pub(crate) fn upload(&mut self, path: &str, file: &[u8]) -> Page {
        let head = "--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"IMG_1.JPG\"\r\n\
                    Content-Type: image/jpeg\r\n\r\n";
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        self.submit("POST", path, "multipart/form-data; boundary=edge", body)
    }

    /// Submits a form of `fields` and files, each by the name of its input.
    pub(crate) fn submit_form(&mut self, path: &str, fields: &[(&str, String)], files: &[(&str, Vec<u8>)]) -> Page {
        self.submit("POST", path, "multipart/form-data; boundary=edge", form(fields, files))
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> Page {
        self.submit(method, path, "application/x-www-form-urlencoded", body.to_owned().into_bytes())
    }

    fn submit(&mut self, method: &str, path: &str, content_type: &str, body: Vec<u8>) -> Page {
        let mut request = Request::builder().method(method).uri(path).header("host", self.host);
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        if method == "POST" {
            request = request.header("content-type", content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(site) = &self.came_from {
            request = request.header("sec-fetch-site", site);
        }
        let page = respond_after(self.waiting, &self.site, request.body(Full::from(body)).unwrap());
        for cookie in page.headers.get_all("set-cookie") {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }
}

/// A form of `fields` and files, between `edge`.
pub(crate) fn form(fields: &[(&str, String)], files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, file) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"IMG_1.JPG\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        );
        body.extend_from_slice(&[head.as_bytes(), file, b"\r\n"].concat());
    }
    body.extend_from_slice(b"--edge--\r\n");
    body
}

/// The router's answer to `request`.
pub(crate) fn respond(app: &Arc<App>, request: Request<Full<Bytes>>) -> Page {
    respond_after(Duration::ZERO, app, request)
}

fn respond_after<S: Site>(waiting: Duration, site: &Arc<S>, request: Request<Full<Bytes>>) -> Page {
    let answer = match site.handle(request, waiting) {
        Handled::Now(answer) | Handled::Login(answer) | Handled::TurnedAway(answer) => answer,
        Handled::Later(answer) | Handled::Slowly(answer, _) => block_on(answer),
    };
    let (parts, body) = Response::into_parts(answer);
    let body = block_on(body.collect()).unwrap().to_bytes();
    let text = String::from_utf8_lossy(&body).into_owned();
    Page { status: parts.status, headers: parts.headers, body: text, bytes: body }
}
