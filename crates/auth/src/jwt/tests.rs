//! Numbers in comments, J01 to J23 and I02 to I07, group the tests by the statement of RFC 8725, RFC 9068 or OpenID
//! Connect Core that they hold the code to.

mod access_token;
mod actor;
mod cache;
mod forge;
mod header;
mod id_token;
mod issuers;
mod key_set;
mod logout_token;
mod properties;
mod providers;
mod registered_claims;
mod shape;
mod signature;
