use auth::decision::{Check, Decision};

fn invented(check: Check) -> Decision {
    Decision::new(check, true)
}

fn main() {}
