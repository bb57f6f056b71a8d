//! The parts of a submitted form (RFC 7578), found in the whole body at once; of most of our forms, its one file.
//!
//! Our own and not `multer`, which is the kept crate for it. Version 3.1.0 takes a `name=` within the name of a file for the
//! part's own, the first of two boundaries, a head of any length, and anything after the end; and it brings five crates, for
//! charsets and for streams that nobody reads here. The body is in memory anyway, the form is ours, and whatever is not exactly
//! that form is none.

use std::ops::Range;

use memchr::memmem;

/// The name of its field.
const NAME: &[u8] = b"photo";
/// The most parts.
const PARTS: usize = 16;
/// The longest head of a part: room for a file name of 255 characters of three bytes.
const HEAD_LIMIT: usize = 1024;
/// RFC 2046 §5.1.1.
const BOUNDARY_LIMIT: usize = 70;
const LINE_END: &[u8] = b"\r\n";

/// The boundary that the content type of a body names; none if that is no form with files, or names two.
#[must_use]
pub fn boundary(content_type: &[u8]) -> Option<&[u8]> {
    let mut parts = content_type.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    if !parts.next()?.eq_ignore_ascii_case(b"multipart/form-data") {
        return None;
    }
    let mut values = parts.filter_map(|parameter| {
        let (name, value) = split_once(parameter, b'=')?;
        name.eq_ignore_ascii_case(b"boundary").then_some(value)
    });
    let (value, None) = (values.next()?, values.next()) else { return None };
    let value = value.strip_prefix(b"\"").map_or(Some(value), |value| value.strip_suffix(b"\""))?;
    let is_boundary = (1..=BOUNDARY_LIMIT).contains(&value.len())
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(byte))
        && !value.ends_with(b" ");
    is_boundary.then_some(value)
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called.
    pub name: Vec<u8>,
    /// Whether it is a file. A browser sends an empty one for an input that was left alone.
    pub is_file: bool,
    /// Where in the body it is.
    pub content: Range<usize>,
}

/// Where in `body` the file is: of the parts between `boundary`, all named as ours are and all files, the only one that is not
/// empty.
#[must_use]
pub fn only_file(body: &[u8], boundary: &[u8]) -> Option<Range<usize>> {
    let mut only = None;
    for Part { name, is_file, content } in parts(body, boundary)? {
        if !is_file || name != NAME || (!content.is_empty() && only.replace(content).is_some()) {
            return None;
        }
    }
    only
}

/// The parts of `body` between `boundary`; none if they are too many, or one is of no form.
#[must_use]
pub fn parts(body: &[u8], boundary: &[u8]) -> Option<Vec<Part>> {
    let delimiter = [b"\r\n--", boundary].concat();
    let finder = memmem::Finder::new(&delimiter);
    // The first has no line before it.
    let mut at = delimiter.len() - LINE_END.len();
    if !body.starts_with(&delimiter[LINE_END.len()..]) {
        return None;
    }
    let mut parts = Vec::new();
    while !is_last(&body[at..])? {
        let head = at + LINE_END.len();
        let (name, is_file, length) = head_of(&body[head..])?;
        let content = head + length;
        let end = content + finder.find(&body[content..])?;
        if parts.len() == PARTS {
            return None;
        }
        parts.push(Part { name: name.to_vec(), is_file, content: content..end });
        at = end + delimiter.len();
    }
    Some(parts)
}

/// Whether the delimiter before `rest` is the last one; none if it is no delimiter.
fn is_last(rest: &[u8]) -> Option<bool> {
    match rest {
        b"--" | b"--\r\n" => Some(true),
        _ => rest.starts_with(LINE_END).then_some(false),
    }
}

/// What `part` is called, whether it is a file, and where its content begins.
fn head_of(part: &[u8]) -> Option<(&[u8], bool, usize)> {
    let head = &part[..part.len().min(HEAD_LIMIT)];
    let end = memmem::find(head, b"\r\n\r\n")?;
    let mut dispositions = head[..end].split(|byte| *byte == b'\n').filter_map(|line| {
        let (name, value) = split_once(line.trim_ascii(), b':')?;
        name.eq_ignore_ascii_case(b"content-disposition").then_some(value)
    });
    let (disposition, None) = (dispositions.next()?, dispositions.next()) else { return None };
    let (name, is_file) = named(disposition)?;
    Some((name, is_file, end + 2 * LINE_END.len()))
}

/// What a part is called, if by one name, and whether it is a file. How the file was called is nobody's business.
fn named(disposition: &[u8]) -> Option<(&[u8], bool)> {
    let (kind, mut rest) = split_once(disposition, b';').unwrap_or((disposition, b""));
    let (mut names, mut is_file) = (Vec::new(), false);
    while let Some((name, value, after)) = parameter(rest) {
        match name.to_ascii_lowercase().as_slice() {
            b"name" => names.push(value),
            b"filename" | b"filename*" => is_file = true,
            _ => {}
        }
        rest = after;
    }
    let is_form = kind.trim_ascii().eq_ignore_ascii_case(b"form-data") && rest.trim_ascii().is_empty();
    match names.as_slice() {
        [name] if is_form => Some((name, is_file)),
        _ => None,
    }
}

/// The name and the value of the first parameter of `text`, and what follows.
fn parameter(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (name, value) = split_once(text, b'=')?;
    let value = value.trim_ascii_start();
    let (value, after) = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.split_at(quote(quoted)?),
        None => value.split_at(value.iter().position(|byte| *byte == b';').unwrap_or(value.len())),
    };
    let after = after.strip_prefix(b"\"").unwrap_or(after).trim_ascii_start();
    let after = if after.is_empty() { after } else { after.strip_prefix(b";")? };
    Some((name.trim_ascii(), value.trim_ascii_end(), after))
}

/// Where the quote is that ends `text`. Browsers write one in a file's name as `%22`, others with a backslash before it; but a
/// name may end with a backslash.
fn quote(text: &[u8]) -> Option<usize> {
    let mut quotes = memchr::memchr_iter(b'"', text);
    quotes.find(|at| *at == 0 || text[at - 1] != b'\\' || text[at + 1..].trim_ascii().is_empty())
}

fn split_once(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let (before, after) = text.split_at(memchr::memchr(at, text)?);
    Some((before, &after[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDARY: &[u8] = b"----WebKitFormBoundary7MA4YWxkTrZu0gW";

    /// A part as browsers write one.
    fn part(disposition: &str, content: &str) -> String {
        format!(
            "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\nContent-Disposition: {disposition}\r\nContent-Type: image/jpeg\r\n\r\n{content}\r\n"
        )
    }

    fn photo(name: &str, content: &str) -> String {
        part(&format!("form-data; name=\"photo\"; filename=\"{name}\""), content)
    }

    fn found(parts: &[String]) -> Option<String> {
        let body = [parts.concat().as_str(), "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n"].concat();
        only_file(body.as_bytes(), BOUNDARY).map(|file| body[file].to_owned())
    }

    #[test]
    fn the_one_file_is_found_whatever_it_is_called() {
        let names = [
            "a.jpg",
            "",
            "blob",
            "Grüße ; name=x.jpg",
            "a%22b.jpg",
            "a\\\"b.jpg",
            "C:\\fakepath\\",
            "boundary=x",
            &"長".repeat(255),
        ];
        for name in names {
            assert_eq!(found(&[photo(name, "bytes")]).as_deref(), Some("bytes"), "{name}");
        }
        let spellings = [
            "form-data; filename=a.jpg; name=photo",
            "FORM-DATA ;NAME=\"photo\";FILENAME=\"a.jpg\"",
            "form-data; name=\"photo\"; filename*=UTF-8''a.jpg",
            "form-data; name=\"photo\"; filename=\"a\"; filename*=UTF-8''a.jpg;",
        ];
        for spelling in spellings {
            assert_eq!(found(&[part(spelling, "bytes")]).as_deref(), Some("bytes"), "{spelling}");
        }
    }

    #[test]
    fn of_two_inputs_the_one_that_was_left_alone_is_skipped() {
        assert_eq!(found(&[photo("", ""), photo("a.jpg", "bytes")]).as_deref(), Some("bytes"));
        assert_eq!(found(&[photo("a.jpg", "bytes"), photo("", "")]).as_deref(), Some("bytes"));
        assert_eq!(found(&[photo("", ""), photo("", "")]), None);
        assert_eq!(found(&[photo("a.jpg", "bytes"), photo("b.jpg", "bytes")]), None);
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn of_a_form_of_several_files_each_part_is_found_by_its_name() {
        let file =
            |name: &str, content: &str| part(&format!("form-data; name=\"{name}\"; filename=\"a.jpg\""), content);
        let field = |name: &str, content: &str| part(&format!("form-data; name=\"{name}\""), content);
        let of = |form: &[String]| {
            let body = [form.concat().as_str(), "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n"].concat();
            let found = parts(body.as_bytes(), BOUNDARY)?;
            let told = found
                .into_iter()
                .map(|part| (String::from_utf8(part.name).unwrap(), part.is_file, body[part.content].to_owned()));
            Some(told.collect::<Vec<_>>())
        };
        let form = [field("subject", "auth0|1"), file("front", "bytes"), file("back", "")];
        let expected = [("subject", false, "auth0|1"), ("front", true, "bytes"), ("back", true, "")];
        let expected = expected.map(|(name, is_file, content)| (name.to_owned(), is_file, content.to_owned()));
        assert_eq!(of(&form).as_deref(), Some(&expected[..]));
        assert_eq!(of(&[field("subject", "a"), part("form-data", "b")]), None, "one without a name");
        assert_eq!(of(&vec![field("a", "b"); PARTS]).map(|parts| parts.len()), Some(PARTS));
        assert_eq!(of(&vec![field("a", "b"); PARTS + 1]), None);
    }

    #[test]
    fn what_is_not_exactly_our_form_is_none() {
        let others = [
            "form-data; name=\"photo\"",
            "form-data; filename=\"a.jpg\"",
            "form-data; name=\"photos\"; filename=\"a.jpg\"",
            "form-data; name=\"PHOTO\"; filename=\"a.jpg\"",
            "form-data; name=\"photo\"; name=\"photo\"; filename=\"a.jpg\"",
            "form-data; name=\"other\"; name=\"photo\"; filename=\"a.jpg\"",
            "attachment; name=\"photo\"; filename=\"a.jpg\"",
            "form-data; name=\"photo\"; filename=\"a.jpg",
            "form-data; name=\"photo\"; filename=\"a.jpg\" x",
            "form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Disposition: form-data; name=\"x\"",
            "",
        ];
        for other in others {
            assert_eq!(found(&[part(other, "bytes")]), None, "{other}");
            assert_eq!(found(&[part(other, "bytes"), photo("a.jpg", "bytes")]), None, "{other}");
        }
    }

    /// A boundary is wherever a line begins with it (RFC 2046 §5.1.1), and nothing else is.
    #[test]
    fn a_file_may_have_anything_but_a_line_with_the_boundary() {
        let near = [
            "\r\n--",
            "------WebKitFormBoundary7MA4YWxkTrZu0gW--",
            "\r\n------WebKitFormBoundary7MA4YWxkTrZu0g",
            "\r\n\r\n",
            "\n",
        ];
        for content in near {
            assert_eq!(found(&[photo("a.jpg", content)]).as_deref(), Some(content), "{content:?}");
        }
        for content in
            ["\r\n------WebKitFormBoundary7MA4YWxkTrZu0gWx", "\r\n------WebKitFormBoundary7MA4YWxkTrZu0gW \r\n"]
        {
            assert_eq!(found(&[photo("a.jpg", content)]), None, "{content:?}");
        }
    }

    #[test]
    fn a_body_that_is_cut_anywhere_has_no_file() {
        let whole = photo("a.jpg", "bytes") + "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n";
        let without_last_line_end = whole.len() - 2;
        for length in 0..whole.len() {
            let file = only_file(&whole.as_bytes()[..length], BOUNDARY);
            assert_eq!(file.is_some(), length == without_last_line_end, "{length}");
        }
        assert_eq!(only_file((whole.clone() + "x").as_bytes(), BOUNDARY), None);
        assert_eq!(only_file((String::from("x") + &whole).as_bytes(), BOUNDARY), None);
    }

    #[test]
    fn the_head_of_a_part_has_a_limit() {
        let usual = photo("", "").len() - BOUNDARY.len() - "--\r\n\r\n".len();
        let longest = "x".repeat(HEAD_LIMIT - usual);
        assert_eq!(found(&[photo(&longest, "bytes")]).as_deref(), Some("bytes"));
        assert_eq!(found(&[photo(&(longest + "x"), "bytes")]), None);
    }

    #[test]
    fn a_boundary_is_that_of_one_form_with_files() {
        let longest = "b".repeat(70);
        for (content_type, expected) in [
            ("multipart/form-data; boundary=x", "x"),
            ("Multipart/Form-Data;Boundary=\"a b\"", "a b"),
            ("multipart/form-data; charset=utf-8; boundary='()+_,-./:=?0aZ", "'()+_,-./:=?0aZ"),
            (&format!("multipart/form-data; boundary={longest}"), &longest),
        ] {
            assert_eq!(boundary(content_type.as_bytes()), Some(expected.as_bytes()), "{content_type}");
        }
        for content_type in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\"x",
            "multipart/form-data; boundary=\"x \"",
            "multipart/form-data; boundary=x; boundary=x",
            "multipart/form-data; boundary=x; boundary=y",
            "multipart/form-data; boundary=x\"y",
            "multipart/form-data; boundary=\u{e4}",
            "multipart/mixed; boundary=x",
            "multipart/form-data, multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "",
            &format!("multipart/form-data; boundary=b{longest}"),
        ] {
            assert_eq!(boundary(content_type.as_bytes()), None, "{content_type}");
        }
    }
}
