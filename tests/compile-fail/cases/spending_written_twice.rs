use auth::approval::{Permit, Spending};

fn two(spending: Spending) -> [Permit; 2] {
    [spending.written().1, spending.written().1]
}

fn main() {}
