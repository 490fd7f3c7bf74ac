use upstream_aws::Fence;

fn second(fence: &Fence) -> Fence {
    Fence::clone(fence)
}

fn main() {}
