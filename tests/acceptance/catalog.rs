//! What is told about a function's tools is what the function has.

use acceptance::World;

#[tokio::test]
async fn the_tools_that_a_function_lists_are_those_that_it_has_registered() {
    let world = World::start_cold(&[]).await;
    assert_eq!(world.okta_groups().await.entries(), okta_groups::catalog().unwrap().entries());
    assert_eq!(world.ciba_initiator_entries().await, ciba_initiator::catalog().unwrap().entries());
}
