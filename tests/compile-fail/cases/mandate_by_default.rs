use auth::mandate::Mandate;

fn from_nothing() -> Mandate<()> {
    Mandate::default()
}

fn main() {}
