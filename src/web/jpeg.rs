//! A photo as it is answered: it is opened by nothing but a page of ours, and runs and loads nothing wherever it is looked at.

use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};

use super::Answer;

const JPEG: HeaderValue = HeaderValue::from_static("image/jpeg");
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// The answer with `jpeg`, which is copied nowhere here.
pub(crate) fn answer(jpeg: Bytes) -> Answer {
    let mut answer = Answer::new(jpeg.into());
    answer.headers_mut().insert(header::CONTENT_TYPE, JPEG);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    answer
}
