//! What pages are made of.

pub mod announcer;
pub mod chart;
pub mod connection_status;
pub mod filter;
pub mod form;
pub mod header;
pub mod icon;
pub mod lazy;
pub mod new_version;
pub mod outbox;
pub mod period_nav;
pub mod record_dialog;
pub mod record_form;
pub mod record_page;
pub mod row;
pub mod rows;
pub mod sections;
pub mod stale;
pub mod suggestions;
pub mod undo;
pub mod unread;
pub mod view;
pub mod window;
