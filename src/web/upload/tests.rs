//! Photos by themselves, without a connection.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use data_encoding::BASE64URL_NOPAD;
use hyper::Request;
use hyper::body::{Frame, SizeHint};

use super::super::terms::PHOTO;
use super::*;

mod wire;

const PIECE: usize = 64 * 1024;
const MEBIBYTE: usize = 1024 * 1024;
/// For what is refused at once.
const AT_ONCE: Patience = Patience { wait: Duration::ZERO, ..PATIENCE };
const BEFORE: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n";
const AFTER: &[u8] = b"\r\n--b--\r\n";

fn session(number: u8) -> SessionId {
    SessionId::parse(&BASE64URL_NOPAD.encode(&[number; 16])).unwrap()
}

/// A form with one photo, of so many bytes in all.
fn form(length: usize) -> Bytes {
    let photo = vec![0xff; length - BEFORE.len() - AFTER.len()];
    [BEFORE, &photo, AFTER].concat().into()
}

/// A body that comes in pieces, and may break off, or never end.
struct Pieces {
    length: Option<u64>,
    left: VecDeque<Bytes>,
    end: Option<io::Result<()>>,
    taken: Arc<AtomicUsize>,
}

impl Pieces {
    fn new(pieces: impl IntoIterator<Item = Bytes>, length: Option<u64>) -> Self {
        Self { length, left: pieces.into_iter().collect(), end: Some(Ok(())), taken: Arc::default() }
    }

    /// One that says how long it is.
    fn whole(body: &Bytes) -> Self {
        let piece = |at: usize| body.slice(at..(at + PIECE).min(body.len()));
        Self::new((0..body.len()).step_by(PIECE).map(piece), Some(body.len() as u64))
    }

    /// One that does not.
    fn chunked(body: &Bytes) -> Self {
        Self { length: None, ..Self::whole(body) }
    }

    fn endless(self) -> Self {
        Self { end: None, ..self }
    }

    fn broken(self) -> Self {
        Self { end: Some(Err(io::ErrorKind::UnexpectedEof.into())), ..self }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(piece) = self.left.pop_front() {
            self.taken.fetch_add(piece.len(), Ordering::Relaxed);
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        match self.end.take() {
            None => Poll::Pending,
            Some(Ok(())) => Poll::Ready(None),
            Some(Err(error)) => Poll::Ready(Some(Err(error))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}

fn head(fields: &[(&str, &str)]) -> Parts {
    let mut request = Request::post("/");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn usual() -> Parts {
    head(&[("content-type", "multipart/form-data; boundary=b")])
}

async fn photo(uploads: &Uploads, of: u8, body: Pieces) -> Result<Photo, NoPhoto> {
    let parts = usual();
    Form { parts: &parts, body, terms: &PHOTO }.photo(uploads, session(of)).await
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Whether it still waits.
fn waits<T>(future: Pin<&mut impl Future<Output = T>>) -> bool {
    future.poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

#[test]
fn a_photo_may_have_what_the_route_takes_and_no_byte_more() {
    let limit = PHOTO.body_limit;
    for body_of in [Pieces::whole, Pieces::chunked] {
        let photo_of = |length| run(photo(&Uploads::default(), 1, body_of(&form(length))));
        assert_eq!(photo_of(limit).unwrap().len(), limit - BEFORE.len() - AFTER.len());
        assert!(matches!(photo_of(limit + 1), Err(NoPhoto::TooLarge)));
    }
}

#[test]
fn of_a_body_that_says_that_it_is_too_large_nothing_is_read() {
    let body = Pieces::whole(&form(PHOTO.body_limit + 1));
    let taken = body.taken.clone();
    assert!(matches!(run(photo(&Uploads::default(), 1, body)), Err(NoPhoto::TooLarge)));
    assert_eq!(taken.load(Ordering::Relaxed), 0);
}

#[test]
fn what_has_no_photo_is_told_so() {
    for body in [BEFORE, b"", b"--b--\r\n", &[BEFORE, AFTER].concat(), &form(1000)[..999 - AFTER.len()]] {
        let none = run(photo(&Uploads::default(), 1, Pieces::whole(&Bytes::copy_from_slice(body))));
        assert!(matches!(none, Err(NoPhoto::None)), "{body:?}");
    }
    for fields in [
        &[][..],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[("content-type", "multipart/form-data; boundary=b"), ("content-type", "multipart/form-data; boundary=b")],
    ] {
        let parts = head(fields);
        let form = Form { parts: &parts, body: Pieces::whole(&form(1000)), terms: &PHOTO };
        let none = run(form.photo(&Uploads::default(), session(1)));
        assert!(matches!(none, Err(NoPhoto::Refused(Refusal::NotAForm))), "{fields:?}");
    }
}

#[test]
fn a_body_that_breaks_off_is_no_photo_and_the_next_try_is_one() {
    let (uploads, whole) = (Uploads::of(1000, PATIENCE), form(1000));
    for length in (0..1000).step_by(100) {
        let broken = Pieces::new([whole.slice(..length)], Some(1000)).broken();
        let none = run(photo(&uploads, 1, broken));
        assert!(matches!(none, Err(NoPhoto::Refused(Refusal::Malformed(_)))), "{length}");
        assert!(run(photo(&uploads, 1, Pieces::whole(&whole))).is_ok(), "{length}");
    }
}

#[test]
fn whoever_waits_for_room_has_had_nothing_read_and_is_refused_in_time() {
    let (uploads, whole) = (Uploads::of(2999, AT_ONCE), form(1000));
    run(async {
        let mut held = Vec::new();
        for of in 1..=2 {
            held.push(photo(&uploads, of, Pieces::whole(&whole)).await.unwrap());
        }
        let body = Pieces::whole(&whole);
        let taken = body.taken.clone();
        let refused = photo(&uploads, 3, body).await;
        assert!(matches!(refused, Err(NoPhoto::Refused(Refusal::PhotoWaits))));
        assert_eq!(taken.load(Ordering::Relaxed), 0);
        // As soon as one is done with.
        held.pop();
        assert!(photo(&uploads, 3, Pieces::whole(&whole)).await.is_ok());
    });
}

#[test]
fn a_body_that_does_not_say_how_long_it_is_has_room_for_the_longest() {
    let (limit, whole) = (PHOTO.body_limit, form(1000));
    let tried = |room| run(photo(&Uploads::of(room, AT_ONCE), 1, Pieces::chunked(&whole)));
    assert!(tried(limit).is_ok());
    assert!(matches!(tried(limit - 1), Err(NoPhoto::Refused(Refusal::PhotoWaits))));
}

#[test]
fn of_a_session_one_comes_at_a_time_and_others_do_not_wait_for_it() {
    let (uploads, whole) = (Uploads::of(MEBIBYTE, PATIENCE), form(1000));
    run(async {
        let first = photo(&uploads, 1, Pieces::whole(&whole)).await.unwrap();
        let mut second = pin!(photo(&uploads, 1, Pieces::whole(&whole)));
        assert!(waits(second.as_mut()));
        assert!(photo(&uploads, 2, Pieces::whole(&whole)).await.is_ok());
        assert!(waits(second.as_mut()));
        drop(first);
        assert!(second.await.is_ok());
    });
}

#[test]
fn whoever_goes_away_in_the_middle_leaves_room_and_place() {
    let (uploads, whole) = (Uploads::of(1000, AT_ONCE), form(1000));
    run(async {
        {
            let mut gone = pin!(photo(&uploads, 1, Pieces::new([whole.slice(..500)], Some(1000)).endless()));
            assert!(waits(gone.as_mut()));
            assert!(photo(&uploads, 2, Pieces::whole(&whole)).await.is_err(), "there is no room beside it");
        }
        assert!(photo(&uploads, 1, Pieces::whole(&whole)).await.is_ok());
    });
}

#[test]
fn whoever_waits_is_served_in_turn() {
    let (uploads, whole) = (Uploads::of(1000, PATIENCE), form(1000));
    run(async {
        let first = photo(&uploads, 1, Pieces::whole(&whole)).await.unwrap();
        let mut large = pin!(photo(&uploads, 2, Pieces::whole(&whole)));
        let small = form(200);
        let mut small = pin!(photo(&uploads, 3, Pieces::whole(&small)));
        assert!(waits(large.as_mut()) && waits(small.as_mut()));
        drop(first);
        let large = large.await.unwrap();
        assert!(waits(small.as_mut()), "a small one does not go ahead of a large one for ever");
        drop(large);
        assert!(small.await.is_ok());
    });
}

#[test]
fn a_body_is_late_if_it_will_not_be_whole_in_two_minutes_at_its_rate() {
    let (length, whole) = (12 * MEBIBYTE, Duration::from_mins(2));
    let after = |seconds, come| is_late(come, length, Duration::from_secs(seconds), whole);
    for seconds in [3, 60, 119] {
        let least = (length * seconds).div_ceil(120);
        let seconds = seconds as u64;
        assert!(after(seconds, least - 1) && !after(seconds, least), "{seconds}");
    }
}

/// Eight that send nothing of twelve mebibytes each held all room for as long as they liked.
#[test]
fn whoever_is_late_makes_way_for_who_waits_and_has_all_its_time_if_nobody_does() {
    let moment = Duration::from_millis(10);
    let patience = Patience { grace: 3 * moment, look: moment, ..PATIENCE };
    let (uploads, whole) = (Uploads::of(1000, patience), form(1000));
    run(async {
        let slow = || Pieces::new([whole.slice(..10)], Some(1000)).endless();
        let mut alone = pin!(photo(&uploads, 1, slow()));
        assert!(timeout(10 * moment, alone.as_mut()).await.is_err(), "nobody waits");
        let (slow, quick) = tokio::join!(alone, photo(&uploads, 2, Pieces::whole(&whole)));
        assert!(matches!(slow, Err(NoPhoto::Refused(Refusal::PhotoWaits))));
        assert!(quick.is_ok());
    });
}

/// How much of a `body` is read before it is refused.
async fn seen_out(uploads: &Uploads, of: u8, parts: &Parts, body: Pieces) -> usize {
    let taken = body.taken.clone();
    see_out(uploads, session(of).into(), parts, body, &PHOTO).await;
    taken.load(Ordering::Relaxed)
}

#[test]
fn what_is_refused_is_read_to_its_end_up_to_a_limit() {
    let limit = usize::try_from(PHOTO.discard_limit).unwrap();
    let (uploads, body) = (Uploads::default(), Bytes::from(vec![0; limit + 1]));
    run(async {
        assert_eq!(seen_out(&uploads, 1, &usual(), Pieces::whole(&body.slice(1..))).await, limit);
        assert_eq!(seen_out(&uploads, 1, &usual(), Pieces::whole(&body)).await, 0);
        assert_eq!(
            seen_out(&uploads, 1, &usual(), Pieces::chunked(&body.slice(..100))).await,
            0,
            "it has no known end"
        );
        let asks = head(&[("expect", "100-continue")]);
        assert_eq!(seen_out(&uploads, 1, &asks, Pieces::whole(&body.slice(..100))).await, 0, "it is told not to send");
        let usual_terms = Pieces::whole(&body.slice(..100));
        let taken = usual_terms.taken.clone();
        see_out(&uploads, session(1).into(), &usual(), usual_terms, &terms::USUAL).await;
        assert_eq!(taken.load(Ordering::Relaxed), 0, "elsewhere, nothing is");
    });
}

/// Who held one connection for two minutes by a body that was refused held a hundred.
#[test]
fn of_a_session_one_body_is_seen_out_at_a_time() {
    let (uploads, body) = (Uploads::default(), Bytes::from(vec![0; 100]));
    run(async {
        let parts = usual();
        let mut first = pin!(see_out(&uploads, session(1).into(), &parts, Pieces::whole(&body).endless(), &PHOTO));
        assert!(waits(first.as_mut()));
        assert_eq!(seen_out(&uploads, 1, &parts, Pieces::whole(&body)).await, 0);
        assert_eq!(seen_out(&uploads, 2, &parts, Pieces::whole(&body)).await, 100);
    });
}
