//! What the API demands of a request's texts before it looks at any model: the patterns of `openfga/v1/*.proto`, as the
//! server's validator reads them. `\s` there is ASCII's, and lengths are counted in letters.

use super::tuple::Tuple;

fn space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}

fn within(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.chars().count())
}

/// `^[^:#@\s]{1,most}$`, of types (254), relations and conditions (50).
pub(super) fn is_name(text: &str, most: usize) -> bool {
    within(text, 1, most) && !text.contains(|c: char| matches!(c, ':' | '#' | '@') || space(c))
}

/// `^[^\s]{2,most}$`.
fn is_unspaced(text: &str, most: usize) -> bool {
    within(text, 2, most) && !text.contains(space)
}

/// A tuple to write, to delete, or beside a question. What is left out is refused later, under the model.
pub(super) fn tuple(tuple: &Tuple) -> Result<(), String> {
    if tuple.user.len() > 512 {
        return Err("invalid TupleKey.User: value length must be at most 512 bytes".to_owned());
    }
    relation_and_object(tuple, |text| text.is_empty())
}

/// The tuple key of a question. Nothing may be left out.
pub(super) fn question(tuple: &Tuple) -> Result<(), String> {
    if !is_unspaced(&tuple.user, 512) {
        return Err(r#"invalid TupleKey.User: value does not match regex pattern "^[^\\s]{2,512}$""#.to_owned());
    }
    relation_and_object(tuple, |_| false)
}

fn relation_and_object(tuple: &Tuple, absent: impl Fn(&str) -> bool) -> Result<(), String> {
    if !absent(&tuple.relation) && !is_name(&tuple.relation, 50) {
        return Err(r#"invalid TupleKey.Relation: value does not match regex pattern "^[^:#@\\s]{1,50}$""#.to_owned());
    }
    if !absent(&tuple.object) && !is_unspaced(&tuple.object, 256) {
        return Err(r#"invalid TupleKey.Object: value does not match regex pattern "^[^\\s]{2,256}$""#.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_names_all_three_and_a_tuple_may_leave_that_to_the_model() {
        for (bent, question_takes, tuple_takes) in [
            (Tuple::new("user:a", "r", "o:1"), true, true),
            (Tuple::new("", "r", "o:1"), false, true),
            (Tuple::new("user:a", "", "o:1"), false, true),
            (Tuple::new("user:a", "r", ""), false, true),
            (Tuple::new("user:a b", "r", "o:1"), false, true),
            (Tuple::new("user:a", "r", "o: 1"), false, false),
            (Tuple::new("user:a", "r r", "o:1"), false, false),
            (Tuple::new("user:a", "r", &format!("o:{}", "ë".repeat(254))), true, true),
            (Tuple::new("user:a", "r", &format!("o:{}", "ë".repeat(255))), false, false),
            (Tuple::new(&format!("user:{}", "ë".repeat(254)), "r", "o:1"), true, false),
        ] {
            assert_eq!((question(&bent).is_ok(), tuple(&bent).is_ok()), (question_takes, tuple_takes), "{bent}");
        }
    }
}
