//! What Auth0's account says of the person, for a method to compare with what somebody else says of them.
//!
//! A request token travels in a URL (contract 6), so the Action seals this: JSON under AES-256-GCM, with a key that derives
//! from the tenant's secret (contract 22). It is opened at the start, and is neither stored nor logged.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use jiff::civil::Date;
use ring::{aead, hkdf};
use thiserror::Error;
use zeroize::Zeroizing;

use super::json::{self, Value};

/// The longest JSON of a profile, in bytes.
pub(super) const LIMIT: usize = 512;
/// The longest of its texts, in bytes.
const TEXT_LIMIT: usize = 256;
/// The longest sealed profile, in symbols of base64url.
const SEALED_LIMIT: usize = (aead::NONCE_LEN + LIMIT + aead::MAX_TAG_LEN).div_ceil(3) * 4;

/// What the account says of the person; each of it may be missing. It wipes itself and prints nothing. A login without one
/// carries no more than the place of a pointer.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Profile(Box<Texts>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Texts {
    given_name: Option<Zeroizing<String>>,
    family_name: Option<Zeroizing<String>>,
    birthdate: Option<Zeroizing<String>>,
    email: Option<Zeroizing<String>>,
}

/// What the Action sealed does not open, or is no profile.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a profile that the tenant's secret sealed")]
pub struct NoProfile;

impl Profile {
    /// The given names, family name, birthdate and address that `texts` are; none if one of them cannot be that.
    pub(super) fn new(texts: [Option<&str>; 4]) -> Option<Self> {
        let [given_name, family_name, birthdate, email] = texts.map(|text| text.map(|text| text.to_owned().into()));
        Self(Box::new(Texts { given_name, family_name, birthdate, email })).checked()
    }

    /// The given names.
    #[must_use]
    pub fn given_name(&self) -> Option<&str> {
        self.0.given_name.as_ref().map(|text| text.as_str())
    }

    /// The family name.
    #[must_use]
    pub fn family_name(&self) -> Option<&str> {
        self.0.family_name.as_ref().map(|text| text.as_str())
    }

    /// The birthdate, as YYYY-MM-DD.
    #[must_use]
    pub fn birthdate(&self) -> Option<&str> {
        self.0.birthdate.as_ref().map(|text| text.as_str())
    }

    /// The verified address.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.0.email.as_ref().map(|text| text.as_str())
    }

    /// Reads the JSON that the Action sealed.
    fn read(text: &[u8]) -> Option<Self> {
        let mut profile = Self::default();
        let mut is_known = true;
        json::read_object(text, |name, value| {
            let member = match name {
                "given_name" => &mut profile.0.given_name,
                "family_name" => &mut profile.0.family_name,
                "birthdate" => &mut profile.0.birthdate,
                "email" => &mut profile.0.email,
                _ => return is_known = false,
            };
            match value {
                Value::Text(text) => *member = Some(text.into_owned().into()),
                Value::Number(_) | Value::Other => is_known = false,
            }
        })
        .ok()?;
        if is_known { profile.checked() } else { None }
    }

    fn checked(self) -> Option<Self> {
        let are_fit =
            [self.given_name(), self.family_name(), self.birthdate(), self.email()].into_iter().flatten().all(is_fit);
        (are_fit && self.birthdate().is_none_or(is_date)).then_some(self)
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(…)")
    }
}

fn is_fit(text: &str) -> bool {
    (1..=TEXT_LIMIT).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// Whether `text` is a day that there was or will be, as YYYY-MM-DD. In the year 0000, by which OpenID Connect means that
/// none is told (Core §5.1), there was none.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let is_of_form =
        |(place, byte): (usize, u8)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    let has_form = text.len() == 10 && text.bytes().enumerate().all(is_of_form);
    has_form && !text.starts_with("0000") && text.parse::<Date>().is_ok()
}

/// What a tenant's secret seals profiles with.
pub struct ProfileKey(aead::LessSafeKey);

impl ProfileKey {
    /// The key that derives from `secret`, by HKDF-SHA256 without a salt (RFC 5869).
    pub(super) fn derive(secret: &[u8]) -> Self {
        let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret);
        let key = key.expand(&[b"idv profile 1"], &aead::AES_256_GCM).map(aead::UnboundKey::from);
        Self(aead::LessSafeKey::new(key.expect("one block of output is always allowed")))
    }

    /// Opens what the Action sealed: nonce, ciphertext and tag as unpadded base64url.
    ///
    /// # Errors
    /// [`NoProfile`] if another key sealed it, or it is not one JSON object of a profile's members and no others.
    pub fn open(&self, sealed: &str) -> Result<Profile, NoProfile> {
        if sealed.len() > SEALED_LIMIT {
            return Err(NoProfile);
        }
        let mut bytes = Zeroizing::new(BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| NoProfile)?);
        let (nonce, sealed) = bytes.split_at_mut_checked(aead::NONCE_LEN).ok_or(NoProfile)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| NoProfile)?;
        let plain = self.0.open_in_place(nonce, aead::Aad::empty(), sealed).map_err(|_| NoProfile)?;
        Profile::read(plain).ok_or(NoProfile)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    const SECRET: &[u8] = b"a secret of thirty-two bytes and some";

    /// As the Action seals, and an Action that is none of ours may.
    fn seal(secret: &[u8], info: &'static [u8], plain: &[u8]) -> String {
        let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret);
        let info = [info];
        let key = aead::UnboundKey::from(key.expand(&info, &aead::AES_256_GCM).unwrap());
        let mut sealed = plain.to_vec();
        let nonce = aead::Nonce::assume_unique_for_key([7; 12]);
        aead::LessSafeKey::new(key).seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut sealed).unwrap();
        BASE64URL_NOPAD.encode(&[&[7; 12][..], &sealed].concat())
    }

    fn open(plain: &str) -> Result<Profile, NoProfile> {
        ProfileKey::derive(SECRET).open(&seal(SECRET, b"idv profile 1", plain.as_bytes()))
    }

    /// What Node.js and the trial's engine sealed; the tests of the Action (`tests/auth0`) open the same.
    #[derive(Deserialize)]
    struct Vector {
        secret: String,
        sealed: String,
        profile: serde_json::Map<String, serde_json::Value>,
    }

    #[test]
    fn what_the_action_sealed_in_node_and_in_the_trial_opens() {
        let mut profiles: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/auth0/profiles.json")).unwrap();
        let vectors: Vec<Vector> = serde_json::from_value(profiles["sealed"].take()).unwrap();
        assert_eq!(vectors.len(), 3);
        for Vector { secret, sealed, profile } in vectors {
            let opened = ProfileKey::derive(secret.as_bytes()).open(&sealed).unwrap();
            let expected = ["given_name", "family_name", "birthdate", "email"]
                .map(|name| profile.get(name).map(|text| text.as_str().unwrap()));
            assert_eq!([opened.given_name(), opened.family_name(), opened.birthdate(), opened.email()], expected);
        }
    }

    #[test]
    fn a_profile_has_what_was_sealed_and_stays_out_of_logs() {
        let profile = open(r#"{"email":"j\"@acme.example","family_name":"Müller"}"#).unwrap();
        let texts = [profile.given_name(), profile.family_name(), profile.birthdate(), profile.email()];
        assert_eq!(texts, [None, Some("Müller"), None, Some("j\"@acme.example")]);
        assert_eq!(format!("{profile:?}"), "Profile(…)");
        assert_eq!(open("{}").unwrap(), Profile::default());
    }

    #[test]
    fn what_another_key_sealed_does_not_open() {
        let key = ProfileKey::derive(SECRET);
        let plain = br#"{"family_name":"Doe"}"#;
        assert!(key.open(&seal(SECRET, b"idv profile 1", plain)).is_ok());
        let others: [(&[u8], &'static [u8]); 5] = [
            (b"the other tenant's secret, 32 bytes", b"idv profile 1"),
            (b"", b"idv profile 1"),
            (SECRET, b"idv profile 2"),
            (SECRET, b"idv profile"),
            (SECRET, b""),
        ];
        for (secret, info) in others {
            assert_eq!(key.open(&seal(secret, info, plain)), Err(NoProfile));
        }
    }

    #[test]
    fn what_was_cut_or_changed_anywhere_or_is_spelt_otherwise_does_not_open() {
        let key = ProfileKey::derive(SECRET);
        let sealed = seal(SECRET, b"idv profile 1", br#"{"family_name":"Doe"}"#);
        for length in 0..sealed.len() {
            assert_eq!(key.open(&sealed[..length]), Err(NoProfile), "the first {length}");
            assert_eq!(key.open(&sealed[sealed.len() - length..]), Err(NoProfile), "the last {length}");
        }
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(&BASE64URL_NOPAD.encode(&bytes)), Err(NoProfile), "bit {bit}");
        }
        for other in [format!("{sealed}="), format!("{sealed}A"), format!(" {sealed}"), format!("{sealed}\n")] {
            assert_eq!(key.open(&other), Err(NoProfile), "{other}");
        }
    }

    #[test]
    fn what_is_sealed_is_one_object_of_a_profiles_members_and_no_others() {
        for plain in [
            "",
            "[]",
            "null",
            r#""Doe""#,
            r#"{"family_name":"Doe","family_name":"Doe"}"#,
            r#"{"family_name":"Doe","email":"a@b","family_name":"Roe"}"#,
            r#"{"family_name":"Doe""#,
            r#"{"family_name":"Doe"}{}"#,
            r#"{"family\u005fname":"Doe"}"#,
            r#"{"name":"Doe"}"#,
            r#"{"Family_name":"Doe"}"#,
            r#"{"family_name":"Doe","sub":"auth0|1"}"#,
            r#"{"family_name":null}"#,
            r#"{"family_name":7}"#,
            r#"{"family_name":["Doe"]}"#,
            r#"{"family_name":{"value":"Doe"}}"#,
            r#"{"family_name":""}"#,
            r#"{"family_name":"Do\u0000e"}"#,
            r#"{"family_name":"Do\ne"}"#,
            r#"{"family_name":"Do\u0085e"}"#,
            r#"{"family_name":"Do\ud800e"}"#,
            r#"{"birthdate":"1990-02-30"}"#,
            r#"{"birthdate":"1990"}"#,
            r#"{"birthdate":" 1990-02-28"}"#,
        ] {
            assert_eq!(open(plain), Err(NoProfile), "{plain}");
        }
        let invalid = seal(SECRET, b"idv profile 1", b"{\"family_name\":\"\xff\"}");
        assert_eq!(ProfileKey::derive(SECRET).open(&invalid), Err(NoProfile));
    }

    #[test]
    fn the_longest_text_and_the_longest_profile_are_taken_and_one_byte_more_is_not() {
        let text = |length: usize| format!(r#"{{"given_name":"{}"}}"#, "x".repeat(length));
        assert_eq!(open(&text(256)).unwrap().given_name().map(str::len), Some(256));
        assert_eq!(open(&text(257)), Err(NoProfile));
        let whole = |length: usize| {
            let (before, after) = (format!(r#"{{"given_name":"{}","email":""#, "x".repeat(256)), r#""}"#);
            format!("{before}{}{after}", "y".repeat(length - before.len() - after.len()))
        };
        assert_eq!(whole(LIMIT).len(), LIMIT);
        assert!(open(&whole(LIMIT)).is_ok());
        assert_eq!(open(&whole(LIMIT + 1)), Err(NoProfile));
        let sealed = seal(SECRET, b"idv profile 1", whole(LIMIT).as_bytes());
        assert_eq!(sealed.len(), SEALED_LIMIT);
        assert_eq!(ProfileKey::derive(SECRET).open(&"A".repeat(4096)), Err(NoProfile));
    }

    #[test]
    fn a_date_is_one_that_there_was_in_one_spelling() {
        for good in ["1990-02-28", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "1990",
            "1990-02",
            "1990-2-28",
            "19900228",
            "1990-02-30",
            "1900-02-29",
            "1990-13-01",
            "1990-00-10",
            "1990-01-00",
            "0000-02-28",
            "-1990-02-28",
            "+990-02-28",
            "1990/02/28",
            "28.02.1990",
            "1990-02-28T",
            "1990-02-28 ",
            "١٩٩٠-٠٢-٢٨",
            "1990-W02-1",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
