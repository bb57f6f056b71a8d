//! What a connection's bytes are as HTTP/1.1 by the letter of RFC 9112, where it leaves no choice or the safe one.

/// The targets of the requests in `bytes`, in order, up to the first that must be refused or has no complete head. The
/// last one's body may be missing: it can be answered before that has come.
pub(crate) fn requests(mut bytes: &[u8]) -> Vec<String> {
    let mut targets = Vec::new();
    while let Some((target, rest)) = request(bytes) {
        targets.push(target);
        bytes = rest;
    }
    targets
}

/// The first request's target, and what follows its body, if anything.
fn request(bytes: &[u8]) -> Option<(String, &[u8])> {
    let mut rest = bytes;
    // §2.2: an empty line before a request is passed over.
    while let Some(next) = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")) {
        rest = next;
    }
    let (target, version) = target(line(&mut rest)?)?;
    let (mut hosts, mut length, mut in_chunks) = (0, None, false);
    loop {
        let line = line(&mut rest)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = field(line)?;
        match name.as_str() {
            "host" => hosts += 1,
            // §6.1, §7: once, `chunked` alone, and not in HTTP/1.0.
            "transfer-encoding" => {
                let is_known = value.eq_ignore_ascii_case(b"chunked") && version == "HTTP/1.1";
                if !is_known || in_chunks {
                    return None;
                }
                in_chunks = true;
            }
            // §6.3, RFC 9110 §8.6: a number; the same twice is one.
            "content-length" => {
                let number = Some(value).filter(|value| value.iter().all(u8::is_ascii_digit))?;
                let number = std::str::from_utf8(number).ok()?.parse::<usize>().ok()?;
                if length.replace(number).is_some_and(|other| other != number) {
                    return None;
                }
            }
            _ => {}
        }
    }
    // §3.2: exactly one, and none or one in HTTP/1.0.
    let is_right = hosts == 1 || (hosts == 0 && version == "HTTP/1.0");
    // §6.3: idv takes nothing for the next request once it has read chunks, with a length beside them or without.
    let rest = if in_chunks { &[] } else { rest.get(length.unwrap_or(0)..).unwrap_or_default() };
    is_right.then_some((target, rest))
}

/// A line without its end, which may be a line feed alone (§2.2); nothing else controls anything (§5.5).
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
    *rest = &rest[end + 1..];
    let is_text = |byte: &u8| !byte.is_ascii_control() || *byte == b'\t';
    line.iter().all(is_text).then_some(line)
}

/// §3: three words with a space between each. Returns the second and the third.
fn target(line: &[u8]) -> Option<(String, &str)> {
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_method = !method.is_empty() && method.bytes().all(is_token);
    let is_request = is_method && target.starts_with('/') && ["HTTP/1.1", "HTTP/1.0"].contains(&version);
    (is_request && words.next().is_none()).then(|| (target.to_owned(), version))
}

/// §5.1: a name, a colon, nothing between, nothing before.
fn field(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
    let is_name = !name.is_empty() && name.iter().copied().all(is_token);
    is_name.then(|| (String::from_utf8_lossy(name).to_ascii_lowercase(), value))
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
