//! What the dashboard shows, one module a feature.

pub mod connections;
pub mod conversations;
pub mod deliveries;
pub mod equipment;
pub mod overview;
pub mod people;
pub mod profile;
pub mod records;
pub mod trends;
