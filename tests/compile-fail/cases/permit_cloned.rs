use auth::approval::Permit;

fn second(permit: &Permit) -> Permit {
    Permit::clone(permit)
}

fn main() {}
