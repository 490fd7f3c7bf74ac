//! Okta's timestamps.

use crate::clock;

/// Seconds since 1970 as Okta writes them: ISO 8601, milliseconds, UTC.
pub(crate) fn iso(seconds: u64) -> String {
    clock::iso(seconds).replace('Z', ".000Z")
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn a_leap_day_and_the_day_after_it_are_written_as_such() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_709_164_800), "2024-02-29T00:00:00.000Z");
        assert_eq!(iso(1_709_251_199), "2024-02-29T23:59:59.000Z");
        assert_eq!(iso(1_709_251_200), "2024-03-01T00:00:00.000Z");
    }
}
