//! Somebody who is verified by document: their browser, their photos, and what reviewers come to.

use std::sync::Arc;

use hyper::StatusCode;
use idv::verification::account::Account;
use idv::verification::command::{Done, Task};
use idv::verification::method::document::checklist::{Response, questions};
use idv::verification::method::document::dossier::{Reviewer, Verdict};
use idv::verification::method::document::kind::Cue;
use idv::verification::method::document::reason::{AskReason, RejectReason};
use idv::verification::method::document::review::{Conclusion, Deed, Order, Powers};
use idv::verification::method::document::{Dossier, Policy, Slot, Standing};
use idv::verification::method::{self, Kind};
use jpeg_encoder::{ColorType, Encoder};
use serde_json::{Value, json};

use super::acts::command;
use super::album;
use super::browser::{Browser, Page};
use super::token::{self, SECRET, SUBJECT};
use super::world::{World, block_on, subject};

/// An applicant in front of a browser.
pub(crate) struct Applicant<'w> {
    pub(crate) world: &'w World,
    pub(crate) browser: Browser,
    /// Where their session is.
    pub(crate) session: String,
}

/// A photo unlike one of any other `seed`.
pub(crate) fn photo(seed: u8) -> Vec<u8> {
    photo_of(seed, 600, 600)
}

/// The same of this size.
pub(crate) fn photo_of(seed: u8, width: u16, height: u16) -> Vec<u8> {
    let pixel = |x: u16, y: u16| {
        let [x, y] = [x, y].map(|side| u8::try_from(side / 8 % 256).unwrap());
        [x ^ seed, y.wrapping_add(seed), x.wrapping_mul(3) ^ y]
    };
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 85).encode(&pixels, width, height, ColorType::Rgb).unwrap();
    jpeg
}

/// The rules of these tests, which are those of pictures.
pub(crate) fn rules() -> Policy {
    album::rules()
}

impl<'w> Applicant<'w> {
    /// One who begins a login.
    pub(crate) fn new(world: &'w World, jti: &str) -> Self {
        Self::with(world, jti, &json!({}))
    }

    /// One whose request token has `asks` beside what is usual.
    pub(crate) fn with(world: &'w World, jti: &str, asks: &Value) -> Self {
        let usual = json!({ "jti": jti, "last_check": 0 });
        let token = token::sign(&token::with(token::with(token::claims(world.now()), &usual), asks));
        let mut browser = world.browser();
        let session = browser.begin(&token);
        Self { world, browser, session }
    }

    pub(crate) fn address(&self, step: &str) -> String {
        format!("{}/document{step}", self.session)
    }

    /// The page of `step`.
    pub(crate) fn get(&mut self, step: &str) -> Page {
        let address = self.address(step);
        self.browser.get(&address)
    }

    /// What is answered to a form at `step`.
    pub(crate) fn post(&mut self, step: &str, form: &str) -> Page {
        let address = self.address(step);
        self.browser.post(&address, form)
    }

    /// What is answered to a photo for `slot`.
    pub(crate) fn send(&mut self, slot: &str, file: &[u8]) -> Page {
        let address = self.address(&format!("/{slot}"));
        self.browser.upload(&address, file)
    }

    /// The page that a redirect leads to, which is below the method's address at `step`.
    pub(crate) fn follow(&mut self, page: &Page, step: &str) -> Page {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        assert_eq!(page.location(), self.address(step));
        let location = page.location().to_owned();
        self.browser.get(&location)
    }

    /// They agree, and have a document of `kind`.
    pub(crate) fn agree(&mut self, kind: &str) -> Page {
        let notice = value(&self.get("/begin"), "notice");
        self.post("/begin", &format!("consent=yes&kind={kind}&notice={notice}"))
    }

    /// They take a photo and want it so.
    pub(crate) fn take(&mut self, slot: &str, seed: u8) -> Page {
        let sent = self.send(slot, &photo(seed));
        let check = self.follow(&sent, &format!("/{slot}/check"));
        let object = value(&check, "object");
        self.post(&format!("/{slot}/keep"), &format!("object={object}"))
    }

    /// They have all photos of a passport, and send them.
    pub(crate) fn send_passport(&mut self, seed: u8) -> Page {
        self.agree("passport");
        self.take("front", seed);
        self.take("selfie", seed.wrapping_add(1));
        self.post("/send", "")
    }

    /// They leave their session in this `way`, while what they sent is pending. Returns the ticket that they have then.
    pub(crate) fn leave(&mut self, way: &str) -> String {
        let back = self.browser.post(&format!("{}/{way}", self.session), "");
        let result = token::open(&back.parameter("token"), SECRET);
        assert_eq!(result["status"], "pending", "{way}");
        result["ticket"].as_str().unwrap().to_owned()
    }

    pub(crate) fn dossier(&self) -> Option<Dossier> {
        dossier(self.world)
    }
}

pub(crate) fn standing(world: &World) -> Standing {
    world.app.store.kept_of(Kind::Document, &subject(SUBJECT)).unwrap().into_document()
}

/// The attempt of the usual subject.
pub(crate) fn dossier(world: &World) -> Option<Dossier> {
    standing(world).dossier.map(|dossier| *dossier)
}

/// The value of the field `name` of a form on `page`.
pub(crate) fn value(page: &Page, name: &str) -> String {
    let (_, rest) =
        page.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{}", page.body));
    rest.split_once('"').unwrap().0.to_owned()
}

/// What a reviewer at the machine comes to.
pub(crate) fn decide(world: &World, verdict: Verdict) -> Done {
    let dossier = dossier(world).unwrap();
    let response = if matches!(verdict, Verdict::Reject(_)) { Response::No } else { Response::Yes };
    let conclusion = Conclusion {
        verdict,
        checklist: questions(&dossier).map(|item| (item, response)).collect(),
        inner: vec![],
        note: None,
        wants_second: false,
        revision: dossier.revision,
        digests: dossier.digests(),
        are_whole: true,
        cue: Cue::from_random([5; 4]),
    };
    order(world, Deed::Decide(Box::new(conclusion)))
}

pub(crate) fn ask_again(world: &World, wanted: &[(Slot, AskReason)]) -> Done {
    decide(world, Verdict::AskAgain(wanted.into()))
}

pub(crate) fn reject(world: &World, reasons: &[RejectReason]) -> Done {
    decide(world, Verdict::Reject(reasons.into()))
}

/// What is done with the case of the usual subject.
pub(crate) fn order(world: &World, deed: Deed) -> Done {
    let by = Reviewer { account: Account::Root, claimed: Some("reviewer".into()) };
    let powers = Powers { is_supervisor: true, is_signed_in: false, subject: None };
    let rules = Arc::new(rules());
    let order = Order { number: dossier(world).unwrap().number, by, rules, powers, deed };
    let task = Task::Order(method::Order::Document(order));
    let command = command(subject(SUBJECT), Account::Root, task, world.app.clock.now());
    block_on(world.app.store.carry_out(command)).unwrap().0
}
