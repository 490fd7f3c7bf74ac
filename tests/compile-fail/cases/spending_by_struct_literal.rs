use auth::approval::{Acting, Spending};

fn unapproved(acting: Acting) -> Spending {
    Spending { acting, version: 3 }
}

fn main() {}
