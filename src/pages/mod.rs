//! One page a file.

pub mod connections;
pub mod conversations;
pub mod deliveries;
pub mod equipment;
pub mod exercise;
pub mod food;
mod kinds;
pub mod metrics;
pub mod not_found;
pub mod overview;
pub mod profile;
pub mod sign_in;
pub mod trends;
