use auth::decision::Decision;

fn from_nothing() -> Decision {
    Decision::default()
}

fn main() {}
