//! Whether the installed unit lets the service have the memory that its configuration asks for (systemd.resource-control(5)).

use super::finding::Warning;
use super::systemd::Unit;

const MIB: u64 = 1024 * 1024;
const LIMITS: [&str; 2] = ["MemoryHigh", "MemoryMax"];

/// The least of what a unit lets its service have.
pub(super) struct Memory {
    /// The setting, and its value as it stands there.
    setting: String,
    bytes: u64,
}

impl Memory {
    /// What `service` is let have; none where that is all of the machine's, or a part of it.
    pub(super) fn of(service: &Unit) -> Option<Self> {
        let limit = |key: &str| {
            let value = service.values("Service", key).last()?;
            Some(Self { setting: format!("{key}={value}"), bytes: bytes(value)? })
        };
        LIMITS.into_iter().filter_map(limit).min_by_key(|limit| limit.bytes)
    }

    /// What there is to say where `cache_mib` MiB are more than half of it: connections and all else need the rest.
    pub(super) fn judge(&self, cache_mib: usize) -> Option<Warning> {
        let is_too_much = (cache_mib as u64).saturating_mul(2 * MIB) > self.bytes;
        is_too_much.then(|| {
            let text = format!("store.cache_mib = {cache_mib} takes more than half of {} of the unit", self.setting);
            Warning::new(text, "raise MemoryHigh= and MemoryMax= (systemctl edit idv), or lower it")
        })
    }
}

/// A number of bytes as systemd writes it.
fn bytes(value: &str) -> Option<u64> {
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    let shift = match unit.trim() {
        "" | "B" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../systemd/idv.service");

    fn told(drop_in: &str, cache_mib: usize) -> Option<String> {
        let unit = Unit::of("idv.service", &[SHIPPED, drop_in]);
        Memory::of(&unit)?.judge(cache_mib).map(|warning| warning.to_string())
    }

    #[test]
    fn a_cache_of_more_than_half_of_what_the_unit_allows_is_told() {
        assert_eq!(told("", 512), None);
        let expected = "store.cache_mib = 513 takes more than half of MemoryHigh=1G of the unit; raise MemoryHigh= and \
                        MemoryMax= (systemctl edit idv), or lower it";
        assert_eq!(told("", 513).unwrap(), expected);
        assert!(told("[Service]\nMemoryMax=200M\n", 101).unwrap().contains("MemoryMax=200M"));
    }

    #[test]
    fn a_limit_that_was_raised_or_taken_away_counts() {
        assert_eq!(told("[Service]\nMemoryHigh=10G\nMemoryMax=12G\n", 5 * 1024), None);
        assert!(told("[Service]\nMemoryHigh=10G\nMemoryMax=12G\n", 5 * 1024 + 1).is_some());
        assert_eq!(told("[Service]\nMemoryHigh=infinity\nMemoryMax=\n", 1 << 20), None);
        assert_eq!(told("[Service]\nMemoryHigh=80%\nMemoryMax=infinity\n", 1 << 20), None);
    }
}
