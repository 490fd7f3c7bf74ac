use auth::secret::Secret;

fn same(one: &Secret, other: &Secret) -> bool {
    one == other
}

fn main() {}
