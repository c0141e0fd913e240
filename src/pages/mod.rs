//! One page a file.

pub mod exercise;
pub mod food;
mod kinds;
pub mod metrics;
pub mod not_found;
pub mod overview;
pub mod sign_in;
