//! How much time a call has.

use std::time::Duration;

/// 2001-01-01T00:00:00Z in milliseconds since 1970. Hosts for local runs are known to send 0 or a duration instead of a
/// time.
const EARLIEST_MS: u64 = 978_307_200_000;

/// The longest time-out that Lambda gives, and 5 s for clocks that differ.
const LONGEST_MS: u64 = (15 * 60 + 5) * 1000;

/// What the answer itself needs: to be built, sent and logged.
const RESERVE: Duration = Duration::from_millis(500);

/// How long a call may take that starts at `now_ms` and has to be answered by `deadline_ms`, both in milliseconds since
/// 1970: the time between them less 500 ms. A deadline that cannot be true (past, before 2001, or further off than
/// Lambda's longest time-out) is not believed, and the `configured` time-out stands in for it.
#[must_use]
pub fn budget(deadline_ms: u64, now_ms: u64, configured: Duration) -> Duration {
    let left = deadline_ms.saturating_sub(now_ms);
    let believed = deadline_ms >= EARLIEST_MS && (1..=LONGEST_MS).contains(&left);
    let left = if believed { Duration::from_millis(left) } else { configured };
    left.saturating_sub(RESERVE)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::budget;

    const NOW: u64 = 1_790_000_000_000;
    const CONFIGURED: Duration = Duration::from_secs(30);

    fn left(deadline_ms: u64, now_ms: u64) -> u128 {
        budget(deadline_ms, now_ms, CONFIGURED).as_millis()
    }

    #[test]
    fn half_a_second_is_kept_for_the_answer() {
        assert_eq!(left(NOW + 10_000, NOW), 9_500);
        assert_eq!(left(NOW + 501, NOW), 1);
        assert_eq!(left(NOW + 905_000, NOW), 904_500);
    }

    #[test]
    fn too_little_time_is_no_time() {
        assert_eq!(left(NOW + 500, NOW), 0);
        assert_eq!(left(NOW + 1, NOW), 0);
        assert_eq!(budget(0, NOW, Duration::from_millis(400)), Duration::ZERO);
    }

    #[test]
    fn a_deadline_that_cannot_be_true_means_the_configured_time() {
        for deadline in [0, 30_000, 978_307_199_999, NOW - 1, NOW, NOW + 905_001, u64::MAX] {
            assert_eq!(left(deadline, NOW), 29_500, "{deadline}");
        }
    }

    #[test]
    fn a_clock_before_the_deadline_s_century_does_not_make_a_duration_a_time() {
        assert_eq!(left(30_000, 0), 29_500);
    }
}
