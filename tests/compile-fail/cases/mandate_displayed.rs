use auth::mandate::Mandate;

fn print(mandate: &Mandate<()>) -> String {
    format!("{mandate}")
}

fn main() {}
