//! Managed connections: the server's own links to device sources.

pub mod address;
pub mod connector;
pub mod dial;
pub mod fleet;
pub mod generic;
pub mod journal;
pub mod link;
pub mod machine;
pub mod shelly;
