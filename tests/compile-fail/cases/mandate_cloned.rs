use auth::mandate::Mandate;

fn second(mandate: &Mandate<()>) -> Mandate<()> {
    Mandate::clone(mandate)
}

fn main() {}
