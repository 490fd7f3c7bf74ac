//! Labels.

use super::check_label;
use crate::arguments::Undeclarable;

#[test]
fn a_label_that_a_phone_could_not_show_is_a_mistake_of_the_tools_author() {
    for label in
        ["", " a", "a ", "caf\u{e9}", "a/b", "a@b", "a\nb", "123456789012345678901234567890123456789012345678901"]
    {
        assert_eq!(check_label(label), Err(Undeclarable::Mislabelled(label)));
    }
    for label in ["Add to a group", "a", "A+b-c_d.e,f:g#1"] {
        assert_eq!(check_label(label), Ok(()));
    }
}
