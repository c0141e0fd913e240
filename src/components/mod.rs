//! What pages are made of.

pub mod connection_status;
pub mod day_nav;
pub mod day_page;
pub mod form;
pub mod header;
pub mod icon;
pub mod outbox;
pub mod record_dialog;
pub mod rows;
pub mod sections;
pub mod view;
