//! Dates in policies: ISO 8601 as the
//! [date operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date)
//! take it, or seconds since 1970.

/// Milliseconds since 1970 of `2026-01-31`, `2026-01-31T12:00:00Z`, the same with `.5` or `+01:00`, or `1769860800`.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    if !text.is_empty() && text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<i64>().ok()?.checked_mul(1000);
    }
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let days = days(year, month, day)?;
    let milliseconds = time.map_or(Some(0), of_day)?;
    Some(days * 86_400_000 + milliseconds)
}

fn of_day(time: &str) -> Option<i64> {
    let at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(at)?;
    let (clock, fraction) = clock.split_once('.').map_or((clock, "0"), |(clock, fraction)| (clock, fraction));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    if hour > 23 || minute > 59 || second > 59 || fraction.len() > 9 {
        return None;
    }
    let all_digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction: i64 = Some(format!("{fraction:0<3}")).filter(|_| all_digits)?.get(..3)?.parse().ok()?;
    let offset = match zone.strip_prefix('Z') {
        Some("") => 0,
        Some(_) => return None,
        None => {
            let (sign, clock) =
                if let Some(clock) = zone.strip_prefix('+') { (1, clock) } else { (-1, zone.get(1..)?) };
            let [hours, minutes] = numbers(clock, ':', [2, 2])?;
            Some(sign * (hours * 60 + minutes)).filter(|_| hours <= 23 && minutes <= 59)?
        }
    };
    Some((hour * 3600 + minute * 60 + second - offset * 60) * 1000 + fraction)
}

/// Days since 1970 of a day that there is.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

/// Numbers of just so many digits between separators.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (place, wanted) in found.iter_mut().zip(digits) {
        let part =
            parts.next().filter(|part| part.len() == wanted && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *place = part.parse().ok()?;
    }
    if parts.next().is_none() { Some(found) } else { None }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;
    use crate::clock::iso;

    #[test]
    fn a_date_is_read_in_each_of_its_forms() {
        assert_eq!(milliseconds("2024-02-29T12:00:00Z"), Some(1_709_208_000_000));
        assert_eq!(milliseconds("2024-02-29T13:00:00+01:00"), Some(1_709_208_000_000));
        assert_eq!(milliseconds("2024-02-29T12:00:00.25Z"), Some(1_709_208_000_250));
        assert_eq!(milliseconds("2024-02-29"), Some(1_709_164_800_000));
        assert_eq!(milliseconds("1709208000"), Some(1_709_208_000_000));
        for seconds in [0, 951_782_400, 1_709_164_799, 1_735_689_599, 4_102_444_800] {
            assert_eq!(milliseconds(&iso(seconds)), i64::try_from(seconds * 1000).ok(), "{seconds}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in ["", "soon", "2023-02-29", "2024-13-01", "2024-02-29T24:00:00Z", "2024-02-29T12:00:00", "12:00:00Z"]
        {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
