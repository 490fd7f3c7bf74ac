use auth::jwt::Caller;

fn signs_in_here(caller: Caller) -> Caller {
    Caller { signs_in_here: true, ..caller }
}

fn main() {}
