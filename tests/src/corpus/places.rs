//! The places of a response file: what a text in double braces stands for.

use std::collections::BTreeMap;

/// Of references and codes: no letters that could be taken for another.
const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ0123456789";

/// What the places of one response file were filled with so far.
#[derive(Default)]
pub(super) struct Places(BTreeMap<String, String>);

impl Places {
    /// Whether `actual` is `expected` with its places filled:
    ///
    /// - `{{reference}}`: the 12 characters of a call's reference;
    /// - `{{approval}}` and `{{code}}`: the 16 of an approval's reference and the 6 of a code, the same wherever the same
    ///   place stands; `{{code 2}}` is another place;
    /// - `{{seconds A-B}}`: a whole number from A to B.
    pub(super) fn fit(&mut self, expected: &str, actual: &str) -> bool {
        let Some((before, place, after)) = first_place(expected) else { return expected == actual };
        let Some(rest) = actual.strip_prefix(before) else { return false };
        let length = match length_of(place) {
            Some(length) => rest.bytes().take_while(|byte| LETTERS.contains(byte)).count().min(length),
            None => rest.bytes().take_while(u8::is_ascii_digit).count(),
        };
        rest.split_at_checked(length)
            .is_some_and(|(filling, rest)| self.is_filled(place, filling) && self.fit(after, rest))
    }

    fn is_filled(&mut self, place: &str, filling: &str) -> bool {
        match length_of(place) {
            None => is_in_range(place, filling),
            Some(length) if filling.len() != length => false,
            Some(_) if place == "reference" => true,
            Some(_) => self.0.entry(place.to_owned()).or_insert_with(|| filling.to_owned()) == filling,
        }
    }
}

fn first_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (place, after) = rest.split_once("}}")?;
    Some((before, place, after))
}

/// Nothing for a number.
fn length_of(place: &str) -> Option<usize> {
    match place.split(' ').next() {
        Some("reference") => Some(12),
        Some("approval") => Some(16),
        Some("code") => Some(6),
        _ => None,
    }
}

fn is_in_range(place: &str, filling: &str) -> bool {
    let range = place.strip_prefix("seconds ").and_then(|range| range.split_once('-'));
    let number = |text: &str| text.parse::<u64>().ok();
    range
        .and_then(|(least, most)| Some((number(least)?..=number(most)?).contains(&number(filling)?)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Places;

    fn fits(expected: &str, actual: &str) -> bool {
        Places::default().fit(expected, actual)
    }

    #[test]
    fn a_place_takes_what_it_stands_for_and_nothing_else() {
        assert!(fits("see {{reference}}.", "see ABCDEFGH2345."));
        assert!(!fits("see {{reference}}.", "see ABCDEFGH234."));
        assert!(!fits("see {{reference}}.", "see abcdefgh2345."));
        assert!(!fits("see {{reference}}.", "see {{reference}}."));
        assert!(fits("{{seconds 25-31}}, {{reference}}", "31, ABCDEFGH2345"));
        assert!(!fits("{{seconds 25-31}}", "32"));
        assert!(!fits("{{seconds 25-31}}", ""));
        assert!(!fits("as it is", "as it was"));
    }

    #[test]
    fn an_approval_and_a_code_are_the_same_wherever_they_stand() {
        assert!(fits("{{code}} {{approval}} {{code}}", "ABC234 AAAABBBBCCCCDDDD ABC234"));
        assert!(!fits("{{code}} {{code}}", "ABC234 ABC235"));
        assert!(fits("{{code}} {{code 2}}", "ABC234 ABC235"));
        let mut places = Places::default();
        assert!(places.fit("{{approval}}", "AAAABBBBCCCCDDDD"));
        assert!(!places.fit("{{approval}}", "AAAABBBBCCCCDDDE"), "in another text of the same file too");
    }
}
