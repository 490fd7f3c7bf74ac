use auth::decision::Check;

fn asked(check: Check) -> Check {
    check.asked_by("every".to_owned())
}

fn main() {}
