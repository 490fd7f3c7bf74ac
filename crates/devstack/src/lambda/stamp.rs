//! Request ids, trace ids and times as AWS writes them.

use aws_lc_rs::rand;

fn random_hex<const N: usize>() -> String {
    let mut bytes = [0_u8; N];
    // The kernel's generator does not fail once it is seeded.
    let _filled = rand::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A random UUID (version 4), lower case.
pub(crate) fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    let _filled = rand::fill(&mut bytes);
    let bits = u128::from_be_bytes(bytes);
    let bits = (bits & !(0xf << 76) | (4 << 76)) & !(0b11 << 62) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    let mut text = String::with_capacity(36);
    for (place, digit) in hex.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

/// An X-Ray trace header, not sampled.
pub(crate) fn trace_id(now_ms: u64) -> String {
    format!("Root=1-{:08x}-{};Parent={};Sampled=0", now_ms / 1000, random_hex::<12>(), random_hex::<8>())
}

/// RFC 3339 in UTC with milliseconds, as in `2026-11-22T03:15:34.120Z`.
pub(crate) fn iso(ms: u64) -> String {
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1000)
}

/// Year, month and day of a day counted from 1970-01-01, proleptic Gregorian: eras of 400 years that begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{iso, uuid};

    #[test]
    fn known_times_are_written_as_the_standard_does() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso(1_795_317_334_120), "2026-11-22T03:15:34.120Z");
    }

    #[test]
    fn an_id_is_a_version_4_uuid_and_new_each_time() {
        let id = uuid();
        assert_eq!(id.len(), 36);
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(id.chars().nth(14), Some('4'));
        assert!(matches!(id.chars().nth(19), Some('8' | '9' | 'a' | 'b')));
        assert_ne!(id, uuid());
    }
}
