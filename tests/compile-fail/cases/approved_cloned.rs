use auth::approval::Approved;

fn second(approved: &Approved) -> Approved {
    Approved::clone(approved)
}

fn main() {}
