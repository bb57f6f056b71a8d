//! A whole text as a tree, for what has members of others' choosing: claims, metadata, keys.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{Depth, Malformed, read_whole};

/// The most members that all objects of a tree may have together.
const MEMBER_LIMIT: usize = 256;

/// The value that `text` is, as `serde_json` has it. Whole numbers of 64 bits are exact.
///
/// # Errors
/// [`Malformed`]: also where a name stands twice in an object, however it is spelled, where an array or object stands
/// deeper than 8 in a member of the outermost, and where there are more than 256 members in all.
pub fn tree(text: &[u8]) -> Result<Value, Malformed> {
    tree_of(text, MEMBER_LIMIT)
}

/// As [`tree`], of up to so many `members` in all.
pub(in crate::verification) fn tree_of(text: &[u8], mut members: usize) -> Result<Value, Malformed> {
    let depth = Depth(Depth::IN_A_MEMBER.0 + 1);
    read_whole(text, |reader| Tree { depth, members_left: &mut members }.deserialize(reader))
}

/// Reads a value with all that is in it.
struct Tree<'a> {
    depth: Depth,
    members_left: &'a mut usize,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Value, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Value, A::Error> {
        let depth = self.depth.inner()?;
        let mut items = Vec::new();
        while let Some(item) = array.next_element_seed(Tree { depth, members_left: self.members_left })? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let depth = self.depth.inner()?;
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            if members.contains_key(&name) || *self.members_left == 0 {
                return Err(A::Error::custom("a name twice, or too many"));
            }
            *self.members_left -= 1;
            let value = object.next_value_seed(Tree { depth, members_left: self.members_left })?;
            members.insert(name, value);
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, Malformed> {
        tree(text.as_bytes())
    }

    #[test]
    fn a_tree_is_read_with_all_that_is_in_it() {
        let text = r#" { "a" : [1, -2, 0.5, "j\u00f6rg", true, null, {}], "\u0062": {"c": []} } "#;
        assert_eq!(read(text), Ok(json!({"a": [1, -2, 0.5, "jörg", true, null, {}], "b": {"c": []}})));
        for (text, value) in [("null", json!(null)), ("[]", json!([])), (r#""a""#, json!("a")), ("1", json!(1))] {
            assert_eq!(read(text), Ok(value));
        }
    }

    #[test]
    fn a_whole_number_of_64_bits_is_exact() {
        for number in [0, 9_007_199_254_740_993, u64::MAX] {
            assert_eq!(read(&number.to_string()).unwrap().as_u64(), Some(number));
        }
        assert_eq!(read(&i64::MIN.to_string()).unwrap().as_i64(), Some(i64::MIN));
        for other in ["-0", "12.0", "1e3", "18446744073709551616", "-9223372036854775809"] {
            let number = read(other).unwrap();
            assert!(number.is_f64(), "{other}");
        }
        assert_eq!(read("1e999"), Err(Malformed));
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_at_any_depth_and_in_any_spelling() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"\u0061":1,"a":2}"#,
            r#"{"x":{"a":1,"b":2,"a":1}}"#,
            r#"[{"x":[{"a":{},"a":{}}]}]"#,
        ] {
            assert_eq!(read(text), Err(Malformed), "{text}");
        }
        assert!(read(r#"[{"a":1},{"a":{"a":1}}]"#).is_ok());
    }

    #[test]
    fn what_is_not_one_value_is_refused() {
        for text in ["", " ", "{", "{}{}", "{} x", "[1,]", "{\"a\":1,}", "\u{feff}{}", "{}\0", "NaN", "\"\\ud800\""] {
            assert_eq!(read(text), Err(Malformed), "{text}");
        }
        for bytes in [&b"\"\xff\""[..], b"{\"\xff\":1}", b"\"\xed\xa0\x80\""] {
            assert_eq!(tree(bytes), Err(Malformed));
        }
    }

    fn object(names: std::ops::Range<usize>) -> String {
        let members: Vec<_> = names.map(|name| format!("\"m{name}\":1")).collect();
        format!("{{{}}}", members.join(","))
    }

    #[test]
    fn the_limits_hold_exactly() {
        let arrays = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let objects = |depth: usize| format!("{{\"a\":{}1{}}}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let spread = |count: usize| format!("[{},{}]", object(0..100), object(100..count));
        for (taken, refused) in [
            (arrays(8), arrays(9)),
            (objects(8), objects(9)),
            (object(0..256), object(0..257)),
            (spread(256), spread(257)),
        ] {
            assert!(read(&taken).is_ok(), "{taken}");
            assert_eq!(read(&refused), Err(Malformed), "{refused}");
        }
        assert!(tree_of(object(0..3).as_bytes(), 3).is_ok());
        assert_eq!(tree_of(object(0..3).as_bytes(), 2), Err(Malformed));
    }

    /// A text of JSON as a tree of others would write it, and whether all names in each object are distinct.
    fn any_value() -> impl Strategy<Value = (String, bool)> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(|number| number.to_string()),
            any::<u64>().prop_map(|number| number.to_string()),
            any::<f64>().prop_filter("JSON", |number| number.is_finite()).prop_map(|number| format!("{number:e}")),
            any::<String>().prop_map(|text| Value::from(text).to_string()),
            Just("null".to_owned()),
            Just(" false".to_owned()),
        ];
        leaf.prop_map(|leaf| (leaf, true)).prop_recursive(6, 48, 4, |inner| {
            let array = prop::collection::vec(inner.clone(), 0..4).prop_map(|items| {
                let texts: Vec<_> = items.iter().map(|(text, _)| text.as_str()).collect();
                (format!("[{}]", texts.join(", ")), items.iter().all(|(_, distinct)| *distinct))
            });
            let name = prop_oneof![Just("a"), Just("b"), Just("c"), Just(r"\u0061"), Just(r"\u0062")];
            let object = prop::collection::vec((name, inner), 0..4).prop_map(|members| {
                let names = members.iter().map(|(name, _)| name.replace(r"\u0061", "a").replace(r"\u0062", "b"));
                let names: std::collections::BTreeSet<_> = names.collect();
                let distinct = names.len() == members.len() && members.iter().all(|(_, (_, distinct))| *distinct);
                let texts: Vec<_> = members.iter().map(|(name, (value, _))| format!("\"{name}\" : {value}")).collect();
                (format!("{{{}}}", texts.join(",")), distinct)
            });
            prop_oneof![array, object]
        })
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = tree(&bytes);
        }

        #[test]
        fn it_reads_what_serde_json_reads_with_equal_values_unless_a_name_stands_twice((text, distinct) in any_value()) {
            let expected: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read(&text), if distinct { Ok(expected) } else { Err(Malformed) }, "{}", text);
        }

        #[test]
        fn it_reads_nothing_that_serde_json_does_not(text in r#"[\[\]{}",:0-9.eE+\-\\untrfalsb ]{0,12}"#) {
            prop_assert_eq!(read(&text).ok(), serde_json::from_str(&text).ok());
        }
    }
}
