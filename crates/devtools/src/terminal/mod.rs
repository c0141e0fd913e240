//! The terminal of the chat command: what is typed, and what is shown above the line being written.

pub mod keyboard;
pub mod prompt;
