use auth::approval::{Approved, Binding};

fn unasked(binding: Binding) -> Approved {
    Approved { binding, version: 3 }
}

fn main() {}
