use auth::approval::{Binding, Permit};

fn unasked(binding: Binding) -> Permit {
    Permit { binding }
}

fn main() {}
