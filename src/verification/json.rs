//! A strict reader of one JSON object, in place (RFC 8259).
//!
//! It exists because the token check must see what general parsers hide: a member that stands twice (RFC 7515 §4
//! forbids it in headers, RFC 8725 warns of it in claims), and it must not allocate. What it accepts, every JSON parser
//! accepts with the same values; it refuses more: names with escapes, deep nesting, too many members.

use std::borrow::Cow;

/// The most members an object may have. The Action sends ten.
const MEMBER_LIMIT: usize = 32;
/// The deepest nesting of a member that nobody reads.
const DEPTH_LIMIT: usize = 8;

/// Not one JSON object, or one with a name twice or with an escape, or beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// The value of a member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Text(Text<'a>),
    Number(&'a str),
    /// `true`, `false`, `null`, an array or an object: well-formed, and of no use to a token.
    Other,
}

/// A string as it stands between its quotes; its escapes are known to be sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    pub(super) fn decode(self) -> Cow<'a, str> {
        if !self.0.contains('\\') {
            return Cow::Borrowed(self.0);
        }
        let mut decoded = String::with_capacity(self.0.len());
        let mut scanner = Scanner { text: self.0, at: 0 };
        while let Some(c) = scanner.text[scanner.at..].chars().next() {
            scanner.at += c.len_utf8();
            // Soundness was seen by the scan; a plain character stands for itself.
            decoded.push(if c == '\\' { scanner.escape().unwrap_or(char::REPLACEMENT_CHARACTER) } else { c });
        }
        Cow::Owned(decoded)
    }
}

/// Hands each member of the object in `text` to `member`, in order.
pub(super) fn read_object<'a>(text: &'a [u8], mut member: impl FnMut(&'a str, Value<'a>)) -> Result<(), Malformed> {
    let text = std::str::from_utf8(text).map_err(|_| Malformed)?;
    let mut scanner = Scanner { text, at: 0 };
    let mut names = [""; MEMBER_LIMIT];
    let mut count = 0;
    scanner.open(b'{')?;
    if !scanner.take_after_space(b'}') {
        loop {
            let name = scanner.name()?;
            if count == MEMBER_LIMIT || names[..count].contains(&name) {
                return Err(Malformed);
            }
            names[count] = name;
            count += 1;
            member(name, scanner.value(DEPTH_LIMIT)?);
            if scanner.close_or_next(b'}')? {
                break;
            }
        }
    }
    scanner.space();
    if scanner.at == text.len() { Ok(()) } else { Err(Malformed) }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn take_after_space(&mut self, byte: u8) -> bool {
        self.space();
        self.take(byte)
    }

    fn open(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.take_after_space(byte) { Ok(()) } else { Err(Malformed) }
    }

    /// After an item: true at the `end`, false after a comma.
    fn close_or_next(&mut self, end: u8) -> Result<bool, Malformed> {
        if self.take_after_space(end) {
            return Ok(true);
        }
        if self.take(b',') { Ok(false) } else { Err(Malformed) }
    }

    fn name(&mut self) -> Result<&'a str, Malformed> {
        self.space();
        let Text(name) = self.string()?;
        if name.contains('\\') {
            return Err(Malformed);
        }
        self.open(b':')?;
        Ok(name)
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Malformed> {
        self.space();
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b'{' | b'[') => self.nested(depth),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value<'a>, Malformed> {
        let rest = &self.text[self.at..];
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word));
        self.at += word.ok_or(Malformed)?.len();
        Ok(Value::Other)
    }

    fn nested(&mut self, depth: usize) -> Result<Value<'a>, Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed)?;
        let (has_names, end) = if self.take(b'{') { (true, b'}') } else { (false, b']') };
        self.at += usize::from(!has_names);
        if self.take_after_space(end) {
            return Ok(Value::Other);
        }
        loop {
            if has_names {
                self.name()?;
            }
            self.value(depth)?;
            if self.close_or_next(end)? {
                return Ok(Value::Other);
            }
        }
    }

    fn string(&mut self) -> Result<Text<'a>, Malformed> {
        if !self.take(b'"') {
            return Err(Malformed);
        }
        let start = self.at;
        loop {
            match self.peek().ok_or(Malformed)? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    self.escape()?;
                }
                0..=0x1f => return Err(Malformed),
                _ => self.at += 1,
            }
        }
        let text = &self.text[start..self.at];
        self.at += 1;
        Ok(Text(text))
    }

    /// The character that an escape stands for, read behind its backslash.
    fn escape(&mut self) -> Result<char, Malformed> {
        let kind = self.peek().ok_or(Malformed)?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(Malformed),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, Malformed> {
        let first = self.code_unit()?;
        let scalar = if (0xd800..0xdc00).contains(&first) {
            if !(self.take(b'\\') && self.take(b'u')) {
                return Err(Malformed);
            }
            let second = self.code_unit()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(Malformed);
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(scalar).ok_or(Malformed)
    }

    fn code_unit(&mut self) -> Result<u32, Malformed> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Malformed)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Malformed);
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| Malformed)
    }

    fn number(&mut self) -> Result<&'a str, Malformed> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Vec<(String, Option<String>)>, Malformed> {
        let mut members = Vec::new();
        read_object(text.as_bytes(), |name, value| {
            let value = match value {
                Value::Text(text) => Some(text.decode().into_owned()),
                Value::Number(number) => Some(number.to_owned()),
                Value::Other => None,
            };
            members.push((name.to_owned(), value));
        })?;
        Ok(members)
    }

    #[test]
    fn members_are_read_with_their_escapes_resolved() {
        let members =
            read(r#" { "sub" : "CORP\\j\u00f6rg \ud83d\ude00" , "iat":12, "x":[{"y":null}], "z":{} } "#).unwrap();
        assert_eq!(members[0], ("sub".to_owned(), Some("CORP\\jörg 😀".to_owned())));
        assert_eq!(members[1], ("iat".to_owned(), Some("12".to_owned())));
        assert_eq!(members.len(), 4);
        assert_eq!(read("{}").unwrap(), vec![]);
    }

    #[test]
    fn every_escape_stands_for_its_character() {
        let members = read(r#"{"a":"\"\\\/\b\f\n\r\t"}"#).unwrap();
        assert_eq!(members[0].1.as_deref(), Some("\"\\/\u{8}\u{c}\n\r\t"));
    }

    #[test]
    fn a_number_is_taken_as_it_stands_in_each_of_its_forms() {
        for number in ["0", "-0", "12", "0.5", "-10.25", "1e3", "1E3", "1e+3", "1E-3", "0.5e3"] {
            assert_eq!(read(&format!("{{\"a\":{number}}}")).unwrap()[0].1.as_deref(), Some(number));
        }
    }

    #[test]
    fn what_a_lenient_parser_would_hide_is_refused() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(9), "]".repeat(9));
        let many = format!("{{{}}}", (0..33).map(|i| format!("\"m{i}\":1")).collect::<Vec<_>>().join(","));
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"\u0061":1}"#,
            "{",
            "",
            "[]",
            r#"{"a"}"#,
            r#"{"a":1,}"#,
            r#"{"a":01}"#,
            r#"{"a":+1}"#,
            r#"{"a":.5}"#,
            r#"{"a":1.}"#,
            r#"{"a":1e}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\udc00"}"#,
            r#"{"a":"\x"}"#,
            "{\"a\":\"\n\"}",
            r#"{"a":1} x"#,
            r#"{"a":tru}"#,
            r"{a:1}",
            r#"{"a":'x'}"#,
            &deep,
            &many,
        ] {
            assert_eq!(read(text), Err(Malformed), "{text}");
        }
        assert_eq!(read_object(b"{\"a\":\"\xff\"}", |_, _| ()), Err(Malformed));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_object(&bytes, |_, value| { if let Value::Text(text) = value { text.decode(); } });
        }

        #[test]
        fn what_it_accepts_serde_json_accepts_with_the_same_values(text in r#"\{("[ab]":(1|-0\.5e3|"[\\"nu0-9ad]{0,8}"|\[\]|null),?){0,3}\}"#) {
            if let Ok(members) = read(&text) {
                let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(object.len(), members.len());
                for (name, value) in members {
                    if let serde_json::Value::String(expected) = &object[&name] {
                        prop_assert_eq!(Some(expected), value.as_ref());
                    }
                }
            }
        }
    }
}
