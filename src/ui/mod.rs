//! Components that know no feature.

pub mod announcer;
pub mod chart;
pub mod figure;
pub mod form;
pub mod icon;
pub mod lazy;
pub mod modal;
pub mod number_field;
pub mod skeleton;
pub mod stale;
pub mod theme_picker;
pub mod ticker;
pub mod typed;
pub mod view;
pub mod window;
