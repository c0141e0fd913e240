//! Every string a person can read, and the sentences that are built from numbers.

use latido_protocol::{
    metric::MetricKind,
    values::{Intensity, Meal, Source, Units},
};

use crate::api::error::ApiError;

pub struct CommonStrings {
    // The shell
    pub overview: &'static str,
    pub food: &'static str,
    pub exercise: &'static str,
    pub metrics: &'static str,
    pub conversations: &'static str,
    pub unread: fn(u32) -> String,
    pub equipment: &'static str,
    pub deliveries: &'static str,
    pub connections: &'static str,
    pub profile: &'static str,
    pub more: &'static str,
    pub navigation: &'static str,
    pub skip_to_content: &'static str,
    pub settings: &'static str,
    pub language: &'static str,
    // Signing in
    // Connection
    pub live: &'static str,
    pub connecting: &'static str,
    pub reconnecting: &'static str,
    pub disconnected: &'static str,
    pub polling: &'static str,
    pub retry: &'static str,
    pub connection: &'static str,
    pub reconnecting_in: fn(seconds: i64, attempt: u32, of: u32) -> String,
    pub reconnecting_now: fn(attempt: u32, of: u32) -> String,
    // Days and lists
    pub today: &'static str,
    pub yesterday: &'static str,
    pub day: &'static str,
    pub loading: &'static str,
    pub stale: &'static str,
    pub try_again: &'static str,
    pub nothing_eaten: &'static str,
    pub nothing_done: &'static str,
    pub nothing_measured: &'static str,
    pub log_hint: &'static str,
    pub source: fn(Source) -> &'static str,
    // Actions
    pub add: &'static str,
    pub edit: &'static str,
    pub delete: &'static str,
    pub cancel: &'static str,
    // Fields
    pub calories: &'static str,
    pub protein: &'static str,
    pub carbs: &'static str,
    pub fat: &'static str,
    pub minutes: &'static str,
    pub calories_burned: &'static str,
    pub distance: fn(Units) -> &'static str,
    pub meals: fn(Meal) -> &'static str,
    pub intensities: fn(Intensity) -> &'static str,
    pub kinds: fn(MetricKind) -> &'static str,
    pub steps_unit: &'static str,
    // Overview
    // What went wrong
    pub error: fn(&ApiError) -> String,
    // Writes that wait, and those that were refused
    pub waiting: fn(count: &str) -> String,
    pub outbox_full: &'static str,
}
