//! How much room something takes, for people.

/// So many `bytes` in mebibytes. What is there has one at least.
#[must_use]
pub fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_rounded_up_and_nothing_alone_is_nothing() {
        let told = [0, 1, 1 << 20, (1 << 20) + 1, 20 << 30].map(mebibytes);
        assert_eq!(told, ["0 MiB", "1 MiB", "1 MiB", "2 MiB", "20480 MiB"]);
        assert_eq!(mebibytes(u64::MAX), "17592186044416 MiB");
    }
}
