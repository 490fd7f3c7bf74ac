//! What the types must make impossible, one case a file. The `.stderr` beside each says why the compiler refuses it: a
//! case that stops compiling for another reason proves nothing. `TRYBUILD=overwrite` writes them anew; read them then.

#[test]
fn none_of_the_cases_compiles() {
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}
