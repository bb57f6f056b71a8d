//! How the photos of a decoy come: each way ends in a page that says what to do, and leaves nothing half loaded behind.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::{Request, StatusCode};
use idv::review::Console;
use idv::store::operators::By;
use idv::verification::account::Account;
use idv::verification::operator::{Role, SignedInBy, Task};
use idv::web::{Handled, Site};

use super::{RULES, both, camera, fields, submit};
use crate::support::browser::{Browser, form};
use crate::support::cases::Cases;
use crate::support::faulty::Fault;
use crate::support::world::block_on;

/// A body of which is counted how much is read.
struct Counted(Full<Bytes>, Arc<AtomicUsize>);

impl Body for Counted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let polled = Pin::new(&mut self.0).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.1.fetch_add(frame.data_ref().map_or(0, Bytes::len), Ordering::Relaxed);
        }
        polled
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// A browser that still sent photos showed no answer.
#[test]
fn who_signed_in_too_long_ago_has_their_photos_read_to_the_end_and_who_never_did_has_not() {
    const SIZE: usize = 1 << 20;
    let cases = Cases::with(RULES);
    let stale = cases.signed_in_by(SignedInBy::Provider, "sven", &[Role::Supervisor], None);
    let (name, token) = stale.cookies.iter().next().unwrap();
    let answered = |cookie: &str| {
        let read = Arc::new(AtomicUsize::new(0));
        let body = Counted(Full::new(Bytes::from(vec![0; SIZE])), read.clone());
        let request = Request::post("/decoys")
            .header("host", stale.host)
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=edge");
        let answer = match stale.site.handle(request.body(body).unwrap(), Duration::ZERO) {
            Handled::Later(answer) | Handled::Slowly(answer, _) => block_on(answer),
            _ => panic!("it is answered at once"),
        };
        (answer.status(), read.load(Ordering::Relaxed))
    };
    assert_eq!(answered(&format!("{name}={token}")), (StatusCode::FORBIDDEN, SIZE));
    assert_eq!(answered(&format!("{name}={}", "A".repeat(token.len()))), (StatusCode::UNAUTHORIZED, 0));
}

/// By a form of photos it was found out who is known here, and no entry said that anybody had asked; and the photos lay about.
#[test]
fn that_somebody_is_known_is_told_with_an_entry_and_leaves_no_photo() {
    let cases = Cases::with(RULES);
    cases.send(3);
    let mut susan = cases.supervisor("susan");
    let (before, searched) = (cases.files(), || cases.entries("case-searched").len());
    let known = submit(&mut susan, &fields(3, "right"), &both());
    assert!(known.body.contains("Something is known of this account"), "{}", known.body);
    assert_eq!((cases.files(), searched()), (before, 1));
    let unsaid = submit(&mut susan, &fields(1, ""), &both());
    assert_eq!((unsaid.status, searched()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "nothing was told of anybody");
    assert_eq!(submit(&mut susan, &fields(1, "right"), &both()).location(), "/decoys?loaded");
    assert_eq!((cases.files(), searched()), (before + 2, 1));
}

#[test]
fn of_two_fields_of_a_name_neither_counts_and_nobody_types_as_much_as_photos_have() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    for (name, value) in [("truth", "wrong"), ("subject", "auth0|9"), ("agreed", "on")] {
        let twice: Vec<_> = fields(1, "right").into_iter().chain([(name, value.to_owned())]).collect();
        let page = submit(&mut susan, &twice, &both());
        assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{name}: {}", page.body);
    }
    let twice = [both(), vec![("front", camera())]].concat();
    assert_eq!(submit(&mut susan, &fields(1, "right"), &twice).status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for (length, status) in [(8000, StatusCode::UNPROCESSABLE_ENTITY), (9 << 20, StatusCode::PAYLOAD_TOO_LARGE)] {
        let mut long = fields(1, "right");
        long[1].1 = "<".repeat(length);
        let page = submit(&mut susan, &long, &both());
        assert_eq!(page.status, status, "{length}");
        assert!(page.body.len() < 60_000, "{length}: {}", page.body.len());
    }
    assert_eq!(cases.store().next_number().unwrap(), 1, "nothing was loaded");
}

#[test]
fn a_photo_that_is_too_large_is_said_and_more_than_all_may_have_is_not_read() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    let large = [camera(), vec![0; 12 * 1024 * 1024]].concat();
    let one = submit(&mut susan, &fields(1, "right"), &[("front", large.clone()), ("selfie", camera())]);
    assert!(one.body.contains("Side with the portrait: a photo may have 12 MB"), "{}", one.body);
    let all = ["front", "selfie", "back", "posing"].map(|name| (name, large.clone()));
    let all = submit(&mut susan, &fields(1, "right"), &all);
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(all.body.contains("a photo may have 12 MB"), "{}", all.body);
}

/// A body in two halves, of which the second may not come, and what is done before it.
struct Uneven {
    halves: VecDeque<io::Result<Bytes>>,
    length: u64,
    between: Option<Box<dyn FnOnce() + Send>>,
}

impl Uneven {
    fn new(body: Vec<u8>, is_whole: bool, between: impl FnOnce() + Send + 'static) -> Self {
        let (length, body) = (body.len() as u64, Bytes::from(body));
        let first = body.slice(..body.len() / 2);
        let second = if is_whole { Ok(body.slice(first.len()..)) } else { Err(ErrorKind::ConnectionReset.into()) };
        Self { halves: [Ok(first), second].into(), length, between: Some(Box::new(between)) }
    }
}

impl Body for Uneven {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let half = self.halves.pop_front();
        if self.halves.is_empty()
            && let Some(between) = self.between.take()
        {
            between();
        }
        Poll::Ready(half.map(|half| half.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

/// What is answered to `body`, sent in the session of `browser`.
fn answered(browser: &Browser<Console>, body: Uneven) -> (StatusCode, String) {
    let (name, token) = browser.cookies.iter().next().unwrap();
    let request = Request::post("/decoys")
        .header("host", browser.host)
        .header("cookie", format!("{name}={token}"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=edge");
    let answer = match browser.site.handle(request.body(body).unwrap(), Duration::ZERO) {
        Handled::Later(answer) | Handled::Slowly(answer, _) => block_on(answer),
        _ => panic!("it is answered at once"),
    };
    let status = answer.status();
    let body = block_on(answer.into_body().collect()).unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// That nothing is loaded, and nothing is left of any photo.
fn assert_none(cases: &Cases, said: &str) {
    assert_eq!((cases.store().next_number().unwrap(), cases.swept()), (1, 0), "{said}");
}

/// Whoever had begun to send photos loaded a decoy minutes after they were revoked.
#[test]
fn a_session_that_ends_while_photos_come_loads_nothing_and_says_so() {
    let cases = Cases::with(RULES);
    let (clock, store, now) = (cases.clock(), cases.store().clone(), cases.now());
    let rest = move || {
        clock.fetch_add(31 * 60, Ordering::SeqCst);
    };
    let revoke = move || {
        let (name, by) = ("susan".to_owned().try_into().unwrap(), By { account: Account::Root, claimed: None });
        let revoked = thread::spawn(move || block_on(store.change_operator(name, Task::Revoke, by, now)).unwrap().0);
        assert!(revoked.join().unwrap().is_ok());
    };
    let ends: [Box<dyn FnOnce() + Send>; 2] = [Box::new(rest), Box::new(revoke)];
    for end in ends {
        let susan = cases.supervisor("susan");
        let (status, page) = answered(&susan, Uneven::new(form(&fields(1, "right"), &both()), true, end));
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{page}");
        assert!(page.contains("Your session is over") && page.contains("/sign-in"), "{page}");
        assert_none(&cases, "it is over");
    }
}

#[test]
fn a_body_that_breaks_off_leaves_nothing_behind_and_the_next_is_taken() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    let whole = form(&fields(1, "right"), &both());
    let (status, page) = answered(&susan, Uneven::new(whole, false, || {}));
    assert_eq!(status, StatusCode::BAD_REQUEST, "{page}");
    assert!(page.contains("Go back and try once more"), "{page}");
    assert_none(&cases, "it broke off");
    // As after a reload in the middle.
    assert_eq!(susan.get("/decoys").status, StatusCode::OK);
    assert_eq!(submit(&mut susan, &fields(1, "right"), &both()).location(), "/decoys?loaded");
}

#[test]
fn of_two_bodies_that_one_supervisor_sends_at_once_the_second_waits_for_the_first() {
    let cases = Cases::with(RULES);
    let susan = cases.supervisor("susan");
    let (begun, has_begun) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let between = move || {
        begun.send(()).unwrap();
        goes_on.recv().unwrap();
    };
    let first = Uneven::new(form(&fields(1, "right"), &both()), true, between);
    let second = Uneven::new(form(&fields(2, "right"), &both()), true, || {});
    let statuses = thread::scope(|scope| {
        let first = scope.spawn(|| answered(&susan, first).0);
        has_begun.recv().unwrap();
        let second = scope.spawn(|| answered(&susan, second).0);
        go_on.send(()).unwrap();
        [first, second].map(|sent| sent.join().unwrap())
    });
    assert_eq!(statuses, [StatusCode::SEE_OTHER; 2]);
    assert_eq!([1, 2].map(|n| cases.dossier(n).number), [1, 2]);
}

#[test]
fn a_disk_that_is_full_at_any_photo_is_told_and_leaves_nothing_behind() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    for left in 0..20 {
        cases.faulty().plan(left, Fault::Full);
        let page = submit(&mut susan, &fields(1, "right"), &both());
        if !cases.faulty().heal() {
            assert_eq!(page.location(), "/decoys?loaded");
            assert!(left >= 2, "at either photo");
            return;
        }
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{left}: {}", page.body);
        assert!(page.body.contains("No photos can be taken in just now. Whoever runs idv finds out why"), "{left}");
        assert!(page.body.contains(fields(1, "right")[1].1.as_str()), "what was typed is kept");
        assert_none(&cases, "the disk was full");
    }
    panic!("it never came through");
}

#[test]
fn without_the_keys_of_photos_none_is_loaded_and_what_was_typed_is_kept() {
    let cases = Cases::with(RULES).without_keys();
    let page = submit(&mut cases.supervisor("susan"), &fields(1, "wrong"), &both());
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    assert!(page.body.contains("No photos can be taken in just now") && page.body.contains("checked"), "{}", page.body);
    assert_eq!((cases.store().next_number().unwrap(), cases.files()), (1, 0));
}

/// A JPEG that says that it has the most pixels which one can say.
fn vast() -> Vec<u8> {
    let mut jpeg = camera();
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    jpeg
}

#[test]
fn a_file_that_is_no_photo_of_a_camera_is_named_with_what_to_do_about_it() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    for (file, said) in [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "this is no JPEG, whatever its name says. Save it as one"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "this is no JPEG, whatever its name says. Save it as one"),
        (vast(), "this photo has too many pixels. Save it smaller"),
        (camera()[..9000].to_vec(), "this is no photo that can be read. Take another"),
    ] {
        let page = submit(&mut susan, &fields(1, "right"), &[("front", camera()), ("selfie", file)]);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", page.body);
        assert!(page.body.contains(&format!("Person: {said}")), "{said}: {}", page.body);
        assert_none(&cases, said);
    }
}
