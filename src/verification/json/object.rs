//! One object in place, for the token check: nothing is copied but a text with an escape.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Depth, Malformed, read_whole};

/// The most members an object may have. A request token has some fifteen: the Action's nine, and those of Auth0.
const MEMBER_LIMIT: usize = 32;

/// The value of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::verification) enum Value<'a> {
    Text(Cow<'a, str>),
    /// A whole number that stands as one, without sign, fraction or exponent.
    Number(u64),
    /// Any other number, `true`, `false`, `null`, an array or an object: well-formed, and of no use to a token.
    Other,
}

/// Hands each member of the object in `text` to `member`, in order. A name with an escape is refused.
pub(in crate::verification) fn read_object<'a>(
    text: &'a [u8],
    member: impl FnMut(&'a str, Value<'a>),
) -> Result<(), Malformed> {
    read_whole(text, |reader| reader.deserialize_map(Object(member)))
}

/// Reads an object whose members go to somebody.
struct Object<F>(F);

impl<'a, F: FnMut(&'a str, Value<'a>)> Visitor<'a> for Object<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, object: A) -> Result<(), A::Error> {
        members(object, Depth::IN_A_MEMBER, self.0)
    }
}

/// Reads an object with distinct names. One with an escape cannot be borrowed, so it is refused.
fn members<'a, A: MapAccess<'a>>(
    mut object: A,
    depth: Depth,
    mut member: impl FnMut(&'a str, Value<'a>),
) -> Result<(), A::Error> {
    let mut names = [""; MEMBER_LIMIT];
    let mut count = 0;
    while let Some(name) = object.next_key()? {
        if count == MEMBER_LIMIT || names[..count].contains(&name) {
            return Err(A::Error::custom("a name twice, or too many"));
        }
        names[count] = name;
        count += 1;
        member(name, object.next_value_seed(Any { depth })?);
    }
    Ok(())
}

/// Reads any value, and looks at nothing in it.
struct Any {
    depth: Depth,
}

impl<'a> DeserializeSeed<'a> for Any {
    type Value = Value<'a>;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<Value<'a>, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Any {
    type Value = Value<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Value<'a>, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'a>, E> {
        Ok(Value::Text(text.to_owned().into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'a>, E> {
        Ok(Value::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_unit<E>(self) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Value<'a>, A::Error> {
        let depth = self.depth.inner()?;
        while array.next_element_seed(Any { depth })?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'a>>(self, object: A) -> Result<Value<'a>, A::Error> {
        members(object, self.depth.inner()?, |_, _| ())?;
        Ok(Value::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Vec<(&str, Value<'_>)>, Malformed> {
        let mut members = Vec::new();
        read_object(text.as_bytes(), |name, value| members.push((name, value)))?;
        Ok(members)
    }

    fn text(text: &str) -> Value<'_> {
        Value::Text(text.into())
    }

    #[test]
    fn members_are_read_with_their_escapes_resolved() {
        let members =
            read(r#" { "sub" : "CORP\\j\u00f6rg \ud83d\ude00" , "iat":12, "x":[{"y":null}], "z":{} } "#).unwrap();
        assert_eq!(members[0], ("sub", text("CORP\\jörg 😀")));
        assert_eq!(members[1..], [("iat", Value::Number(12)), ("x", Value::Other), ("z", Value::Other)]);
        assert_eq!(read("{}").unwrap(), vec![]);
    }

    #[test]
    fn only_a_text_with_an_escape_is_copied() {
        let members = read(r#"{"a":"jörg","b":"j\u00f6rg","c":""}"#).unwrap();
        let copied = members.iter().map(|(_, value)| matches!(value, Value::Text(Cow::Owned(_))));
        assert_eq!(copied.collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn every_escape_stands_for_its_character() {
        let members = read(r#"{"a":"\"\\\/\b\f\n\r\t"}"#).unwrap();
        assert_eq!(members[0].1, text("\"\\/\u{8}\u{c}\n\r\t"));
    }

    #[test]
    fn a_number_in_any_form_is_taken_and_only_a_whole_one_has_a_value() {
        for whole in [0, 12, 1_800_000_000, u64::MAX] {
            assert_eq!(read(&format!("{{\"a\":{whole}}}")).unwrap(), [("a", Value::Number(whole))]);
        }
        for other in
            ["-0", "-12", "0.5", "-10.25", "12.0", "1e3", "1E3", "1e+3", "1E-3", "0.5e3", "18446744073709551616"]
        {
            assert_eq!(read(&format!("{{\"a\":{other}}}")).unwrap(), [("a", Value::Other)], "{other}");
        }
    }

    #[test]
    fn what_a_lenient_parser_would_hide_is_refused() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[{"b":[{"a":1,"b":2,"a":1}]}]}"#,
            r#"{"\u0061":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"\u0061":1}}"#,
            "{",
            "",
            "[]",
            r#"{"a"}"#,
            r#"{"a":1,}"#,
            r#"{"a":1 "b":2}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":01}"#,
            r#"{"a":-}"#,
            r#"{"a":+1}"#,
            r#"{"a":.5}"#,
            r#"{"a":1.}"#,
            r#"{"a":1e}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\udc00"}"#,
            r#"{"a":"\ud800\u0041"}"#,
            r#"{"a":"\ud800\ud800"}"#,
            r#"{"a":"\u00g0"}"#,
            r#"{"x":["\ud800"]}"#,
            r#"{"a":"\x"}"#,
            "{\"a\":\"\n\"}",
            "{\"x\":[\"\u{1f}\"]}",
            "\u{feff}{}",
            "{}\0",
            "{\u{a0}}",
            r#"{"a":1} x"#,
            r#"{"a":1}{}"#,
            r#"{"a":tru}"#,
            r"{a:1}",
            r#"{"a":'x'}"#,
            r#"{"a":NaN}"#,
            r#"{"a":1/**/}"#,
        ] {
            assert_eq!(read(text), Err(Malformed), "{text}");
        }
        for bytes in [&b"{\"a\":\"\xff\"}"[..], b"{\"\xff\":1}", b"{\"x\":[\"\xed\xa0\x80\"]}", b"{\"a\":1}\xff"] {
            assert_eq!(read_object(bytes, |_, _| ()), Err(Malformed));
        }
    }

    #[test]
    fn the_limits_hold_in_what_nobody_reads_too() {
        let deep = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let deep_objects = |depth: usize| format!("{{\"a\":{}1{}}}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let many = |count| format!("{{{}}}", (0..count).map(|i| format!("\"m{i}\":1")).collect::<Vec<_>>().join(","));
        let many_within = |count| format!("{{\"a\":{}}}", many(count));
        for (taken, refused) in [
            (deep(8), deep(9)),
            (deep_objects(8), deep_objects(9)),
            (many(32), many(33)),
            (many_within(32), many_within(33)),
        ] {
            assert!(read(&taken).is_ok(), "{taken}");
            assert_eq!(read(&refused), Err(Malformed), "{refused}");
        }
    }

    /// A value, and whether all names in it are distinct.
    fn any_value() -> impl Strategy<Value = (String, bool)> {
        let leaf = prop_oneof![Just("1"), Just("-0.5e3"), Just("\"a\""), Just("null"), Just("{}")];
        leaf.prop_map(|leaf| (leaf.to_owned(), true)).prop_recursive(3, 24, 3, |inner| {
            let array = prop::collection::vec(inner.clone(), 0..3).prop_map(|items| {
                let texts: Vec<_> = items.iter().map(|(text, _)| text.as_str()).collect();
                (format!("[{}]", texts.join(", ")), items.iter().all(|(_, distinct)| *distinct))
            });
            prop_oneof![array, any_object(inner)]
        })
    }

    fn any_object(value: impl Strategy<Value = (String, bool)>) -> impl Strategy<Value = (String, bool)> {
        prop::collection::vec(("[abc]", value), 0..4).prop_map(|members| {
            let names: std::collections::HashSet<_> = members.iter().map(|(name, _)| name).collect();
            let distinct = names.len() == members.len() && members.iter().all(|(_, (_, distinct))| *distinct);
            let texts: Vec<_> = members.iter().map(|(name, (value, _))| format!("\"{name}\" : {value}")).collect();
            (format!("{{{}}}", texts.join(",")), distinct)
        })
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_object(&bytes, |_, _| ());
        }

        #[test]
        fn an_object_is_read_exactly_if_no_name_in_it_stands_twice((text, distinct) in any_object(any_value())) {
            prop_assert_eq!(read(&text).is_ok(), distinct, "{}", text);
        }

        #[test]
        fn what_it_accepts_serde_json_accepts_with_the_same_values(text in r#"\{("[ab]":(1|-0\.5e3|"[\\"nu0-9ad]{0,8}"|\[\]|null),?){0,3}\}"#) {
            if let Ok(members) = read(&text) {
                let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(object.len(), members.len());
                for (name, value) in members {
                    match (&object[name], value) {
                        (serde_json::Value::String(expected), Value::Text(value)) => prop_assert_eq!(expected, &value),
                        (expected, Value::Number(value)) => prop_assert_eq!(expected.as_u64(), Some(value)),
                        (expected, value) => prop_assert!(!expected.is_string() && value == Value::Other),
                    }
                }
            }
        }
    }
}
