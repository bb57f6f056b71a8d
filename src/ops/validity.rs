//! From when until when a certificate chain is good, and what that means today.

use rustls::pki_types::CertificateDer;
use serde::{Deserialize, Serialize};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::verification::time::{DAY, Timestamp};

/// With so many days left or fewer it should be renewed by now.
const RENEWAL_DAYS: u64 = 14;
const DAY_SECS: u64 = DAY.as_secs();

/// When every certificate of a chain is valid: from one second to another, both included (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// The first second.
    pub not_before: Timestamp,
    /// The last second.
    pub not_after: Timestamp,
}

/// What an instant is to a [`Validity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It comes before.
    NotYet,
    /// So many whole days are left.
    Good {
        /// Whole days.
        days: u64,
    },
    /// So many whole days are left, which is not long.
    Ending {
        /// Whole days.
        days: u64,
    },
    /// It comes after.
    Ended,
}

impl Validity {
    /// That of `chain`; none if that is not X.509.
    #[must_use]
    pub fn of(chain: &[CertificateDer<'_>]) -> Option<Self> {
        let of_one = |certificate: &CertificateDer<'_>| {
            let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
            let seconds = |time: i64| Timestamp::from_unix(u64::try_from(time).unwrap_or_default());
            let validity = certificate.validity();
            let (not_before, not_after) = (validity.not_before.timestamp(), validity.not_after.timestamp());
            Some(Self { not_before: seconds(not_before), not_after: seconds(not_after) })
        };
        let all = chain.iter().map(of_one).collect::<Option<Vec<_>>>()?;
        let not_before = all.iter().map(|one| one.not_before).max()?;
        let not_after = all.iter().map(|one| one.not_after).min()?;
        Some(Self { not_before, not_after })
    }

    /// What `now` is to it.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let left = now.until(self.not_after).as_secs();
        match left / DAY_SECS {
            _ if now < self.not_before => Standing::NotYet,
            _ if now > self.not_after => Standing::Ended,
            days if left <= RENEWAL_DAYS * DAY_SECS => Standing::Ending { days },
            days => Standing::Good { days },
        }
    }
}

impl Standing {
    /// What there is to say of it; none if nothing is.
    #[must_use]
    pub fn word(&self) -> Option<String> {
        match self {
            Self::NotYet => Some("the certificate is not valid yet".into()),
            Self::Ended => Some("the certificate is not valid now: it has expired".into()),
            Self::Ending { days: 1 } => Some("the certificate expires in a day".into()),
            Self::Ending { days } => Some(format!("the certificate expires in {days} days")),
            Self::Good { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = DAY_SECS;

    #[test]
    fn a_certificate_is_good_from_its_first_second_to_its_last_and_ends_in_fourteen_days() {
        let at = Timestamp::from_unix;
        let validity = Validity { not_before: at(1000), not_after: at(1000 + 90 * DAY) };
        let end = 1000 + 90 * DAY;
        for (now, standing) in [
            (999, Standing::NotYet),
            (1000, Standing::Good { days: 90 }),
            (end - 14 * DAY - 1, Standing::Good { days: 14 }),
            (end - 14 * DAY, Standing::Ending { days: 14 }),
            (end - DAY, Standing::Ending { days: 1 }),
            (end, Standing::Ending { days: 0 }),
            (end + 1, Standing::Ended),
        ] {
            assert_eq!(validity.standing(at(now)), standing, "{now}");
            assert_eq!(validity.standing(at(now)).word().is_none(), matches!(standing, Standing::Good { .. }));
        }
    }

    #[test]
    fn a_chain_is_good_while_all_of_it_is() {
        let made = |from, until| {
            let mut parameters = rcgen::CertificateParams::new(["idv.example.test".to_owned()]).unwrap();
            parameters.not_before = rcgen::date_time_ymd(from, 1, 1);
            parameters.not_after = rcgen::date_time_ymd(until, 1, 1);
            parameters.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().clone()
        };
        let year =
            |year| Timestamp::from_unix(u64::try_from(rcgen::date_time_ymd(year, 1, 1).unix_timestamp()).unwrap());
        let chain = [made(2020, 2090), made(2025, 2095), made(1960, 2080)];
        assert_eq!(Validity::of(&chain), Some(Validity { not_before: year(2025), not_after: year(2080) }));
        assert_eq!(Validity::of(&[]), None);
        assert_eq!(Validity::of(&[vec![0x30, 0].into()]), None);
    }
}
