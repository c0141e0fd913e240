//! The frame around every page: header, navigation, sign-in, and the notices above whatever page is shown.

pub mod app_shell;
pub mod auth_gate;
pub mod connection_status;
pub mod header;
pub mod new_version;
pub mod not_found;
pub mod outbox;
pub mod preferences;
pub mod sections;
pub mod sign_in;
