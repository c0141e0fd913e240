//! Records of food, exercise and metrics: pages, rows, forms, and what differs by kind.

pub mod editing;
mod exercise;
pub mod filter;
mod food;
mod kinds;
mod metrics;
pub mod period_nav;
pub mod record_dialog;
pub mod record_form;
pub mod record_page;
pub mod row;
pub mod rows;
pub mod shown;
pub mod suggestions;
mod totals;
pub mod undo;
pub mod unfinished;
mod unusual;
