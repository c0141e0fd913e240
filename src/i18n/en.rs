//! English.

use latido_protocol::{
    metric::MetricKind,
    values::{Intensity, Meal, Source, Units},
};

use super::CommonStrings;
use crate::api::error::ApiError;

pub static STRINGS: CommonStrings = CommonStrings {
    overview: "Overview",
    food: "Food",
    exercise: "Exercise",
    metrics: "Measurements",
    conversations: "Messages",
    unread: |count| format!("{count} unread"),
    equipment: "Devices",
    deliveries: "Deliveries",
    connections: "Connections",
    profile: "Profile",
    more: "More",
    navigation: "Sections",
    skip_to_content: "Skip to content",
    settings: "Settings",
    language: "Language",
    live: "Live",
    connecting: "Connecting",
    reconnecting: "Reconnecting",
    disconnected: "Disconnected",
    polling: "Delayed",
    retry: "Retry",
    connection: "Connection",
    reconnecting_in: |seconds, attempt, of| format!("Reconnecting in {seconds} s ({attempt}/{of})"),
    reconnecting_now: |attempt, of| {
        if attempt == 0 { "Reconnecting".to_owned() } else { format!("Reconnecting ({attempt}/{of})") }
    },
    today: "Today",
    yesterday: "Yesterday",
    day: "Day",
    loading: "Loading…",
    stale: "Could not refresh. This is the last that arrived; it is tried again by itself.",
    try_again: "Try now",
    nothing_eaten: "No food on this day",
    nothing_done: "No exercise on this day",
    nothing_measured: "No measurement on this day",
    log_hint: "Add it here or tell Wallavi on WhatsApp: it appears at once.",
    source: |source| match source {
        Source::Wallavi => "Wallavi",
        Source::Manual => "By hand",
        Source::Import => "Imported",
    },
    add: "Add",
    edit: "Edit",
    delete: "Delete",
    cancel: "Cancel",
    calories: "Energy (kcal)",
    protein: "Protein (g)",
    carbs: "Carbohydrates (g)",
    fat: "Fat (g)",
    minutes: "Duration (min)",
    calories_burned: "Energy burned (kcal)",
    distance: |units| match units {
        Units::Metric => "Distance (km)",
        Units::Imperial => "Distance (mi)",
    },
    meals: |meal| match meal {
        Meal::Breakfast => "Breakfast",
        Meal::Lunch => "Lunch",
        Meal::Dinner => "Dinner",
        Meal::Snack => "Snack",
    },
    intensities: |intensity| match intensity {
        Intensity::Low => "Light",
        Intensity::Moderate => "Moderate",
        Intensity::High => "Hard",
    },
    kinds: |kind| match kind {
        MetricKind::Weight => "Weight",
        MetricKind::HeartRate => "Heart rate",
        MetricKind::BloodPressure => "Blood pressure",
        MetricKind::Glucose => "Glucose",
        MetricKind::Sleep => "Sleep",
        MetricKind::Steps => "Steps",
        MetricKind::Spo2 => "Oxygen saturation",
        MetricKind::Temperature => "Temperature",
    },
    steps_unit: "steps",
    error: |error| match error {
        ApiError::Unreachable => "The server could not be reached.".to_owned(),
        ApiError::TimedOut => "The server took too long.".to_owned(),
        ApiError::SignedOut => "You have been signed out.".to_owned(),
        ApiError::Unreadable => "The server answered something that makes no sense.".to_owned(),
        ApiError::Refused(problem) if problem.status == 404 => {
            "The server does not have it (404).".to_owned()
        }
        ApiError::Refused(problem) if problem.status == 412 => {
            "Somebody changed it meanwhile. Close, look at the new one and edit again.".to_owned()
        }
        ApiError::Intercepted { status } => {
            format!("Something answered in the server's place (HTTP {status}).")
        }
        ApiError::Refused(problem) => format!("The server answered with an error (HTTP {}).", problem.status),
    },
    waiting: |count| format!("{count} to send"),
    outbox_full: "200 changes are waiting or were refused: there is no room for this one. What you typed is still here; try again when you are connected, or discard some.",
};
