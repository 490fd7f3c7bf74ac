//! What the types must make impossible, one case a file. The `.stderr` beside each says why the compiler refuses it: a
//! case that stops compiling for another reason proves nothing. `TRYBUILD=overwrite` writes them anew; read them then.

use std::process::Command;

/// The compiler whose words the `.stderr` files have. Another one refuses the same cases in other words.
const WORDS_OF: &str = "rustc 1.95.";

#[test]
fn none_of_the_cases_compiles() {
    let version = Command::new("rustc").arg("--version").output().expect("the compiler says its version").stdout;
    let version = String::from_utf8_lossy(&version).into_owned();
    if version.starts_with(WORDS_OF) {
        trybuild::TestCases::new().compile_fail("cases/*.rs");
    } else {
        println!("skipped: the cases' messages are those of {WORDS_OF}x, this is {version}");
    }
}
