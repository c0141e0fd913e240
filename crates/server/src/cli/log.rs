//! `latido-server log`: logs a food, an exercise or a metric over the REST API, as the `WhatsApp`
//! assistant Wallavi does. The dashboard shows it the moment it is logged.
//!
//! The values are sent as they were typed and judged by the server, so this command and the assistant
//! get the same answers.

use std::io::Write as _;

use clap::{Args, Subcommand};
use latido_devtools::demo;
use latido_import::local_time::{UnknownZone, Zone, noon};
use latido_protocol::{
    exercise::{ExerciseLog, ExerciseLogOne},
    food::{FoodLog, FoodLogOne},
    metric::{HealthMetric, HealthMetricOne},
    number::{DecimalMark, DurationUnit, ParsedNumber, parse_duration, parse_number},
    profile::{HealthProfileOne, PATH},
    record::Record,
    time::Timestamp,
};
use serde_json::{Value, json};

use super::client::{Client, ClientError};

#[derive(Args)]
pub struct LogArgs {
    /// Where the server is
    #[arg(long, env = "LATIDO_URL", default_value = "http://127.0.0.1:8787", global = true)]
    url: String,

    /// Who logs
    #[arg(long, env = "LATIDO_USER", default_value = demo::EMAIL, global = true, value_name = "EMAIL")]
    user: String,

    /// The password; the demo account's is known
    #[arg(long, env = "LATIDO_PASSWORD", hide_env_values = true, global = true)]
    password: Option<String>,

    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Log something eaten
    #[command(allow_negative_numbers = true)]
    Food {
        /// What it was, such as "Avena con leche"
        name: String,
        /// Energy in kcal
        #[arg(long, value_parser = number)]
        calories: f64,
        /// breakfast, lunch, dinner or snack
        #[arg(long)]
        meal: String,
        /// Grams
        #[arg(long, default_value_t = 0.0, value_parser = number)]
        protein: f64,
        /// Grams
        #[arg(long, default_value_t = 0.0, value_parser = number)]
        carbs: f64,
        /// Grams
        #[arg(long, default_value_t = 0.0, value_parser = number)]
        fat: f64,
        #[arg(long)]
        notes: Option<String>,
        /// When: 2026-11-21T08:15:00Z, or "2026-11-21 08:15" as the clocks of the profile's time zone show it;
        /// now if not given
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Log something done
    #[command(allow_negative_numbers = true)]
    Exercise {
        /// What it was, such as "Correr"
        activity: String,
        #[arg(long, value_parser = minutes)]
        minutes: f64,
        /// low, moderate or high
        #[arg(long, default_value = "moderate")]
        intensity: String,
        /// kcal burned
        #[arg(long, value_parser = number)]
        calories: Option<f64>,
        /// Kilometres
        #[arg(long, value_parser = number)]
        distance: Option<f64>,
        #[arg(long)]
        notes: Option<String>,
        /// When, as for a food
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Log something measured
    #[command(allow_negative_numbers = true)]
    Metric {
        /// weight, heartRate, bloodPressure, glucose, sleep, steps, spo2 or temperature
        kind: String,
        /// The value; of blood pressure the systolic
        #[arg(value_parser = number)]
        value: f64,
        /// Of blood pressure the diastolic
        #[arg(long, value_parser = number)]
        value2: Option<f64>,
        /// When, as for a food
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
}

/// A number as people write it, whatever their language: one that could be two is refused.
fn number(text: &str) -> Result<f64, String> {
    only(parse_number(text, DecimalMark::Unknown))
}

/// As [`number`], or hours and minutes such as `1:30`.
fn minutes(text: &str) -> Result<f64, String> {
    only(parse_duration(text, DecimalMark::Unknown, DurationUnit::Minutes))
}

fn only(parsed: ParsedNumber) -> Result<f64, String> {
    match parsed {
        ParsedNumber::Exact(value) => Ok(value),
        ParsedNumber::Ambiguous { as_thousands, as_decimal } => Err(format!(
            "this could be {as_thousands} or {as_decimal}; write {as_thousands}, or one digit more: {as_decimal:.4}"
        )),
        ParsedNumber::NotANumber => Err("this is not a number".to_owned()),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("say with --password, or in LATIDO_PASSWORD, what the password of {0} is. Nothing was logged.")]
    NoPassword(String),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("{0:?} is no time such as 2026-11-21T08:15:00Z or \"2026-11-21 08:15\". Nothing was logged.")]
    NotATime(String),
    #[error(transparent)]
    Zone(#[from] UnknownZone),
}

pub fn run(args: &LogArgs) -> Result<(), LogError> {
    let password = match &args.password {
        Some(password) => password,
        None if args.user == demo::EMAIL => demo::PASSWORD,
        None => return Err(LogError::NoPassword(args.user.clone())),
    };
    let client = Client::sign_in(&args.url, &args.user, password)?;
    let logged = log(&client, &args.what);
    client.sign_out();
    let _ = writeln!(std::io::stdout(), "Logged {}", logged?);
    Ok(())
}

/// Posts it, and says in a line what the server has made of it.
fn log(client: &Client, what: &What) -> Result<String, LogError> {
    let (What::Food { at, .. } | What::Exercise { at, .. } | What::Metric { at, .. }) = what;
    let at = at.as_deref().map(|at| instant(client, at)).transpose()?;
    match what {
        What::Food { name, calories, meal, protein, carbs, fat, notes, .. } => {
            let draft = json!({
                "loggedAt": at, "meal": meal, "name": name, "calories": calories, "proteinG": protein,
                "carbsG": carbs, "fatG": fat, "notes": notes, "source": "wallavi",
            });
            Ok(food_line(&client.create::<FoodLogOne>(FoodLog::PATH, &draft)?.food_log))
        }
        What::Exercise { activity, minutes, intensity, calories, distance, notes, .. } => {
            let draft = json!({
                "loggedAt": at, "activity": activity, "durationMin": minutes, "intensity": intensity,
                "caloriesBurned": calories, "distanceKm": distance, "notes": notes, "source": "wallavi",
            });
            Ok(exercise_line(&client.create::<ExerciseLogOne>(ExerciseLog::PATH, &draft)?.exercise_log))
        }
        What::Metric { kind, value, value2, .. } => {
            let draft: Value = json!({
                "measuredAt": at, "kind": kind, "value": value, "value2": value2, "source": "wallavi",
            });
            Ok(metric_line(&client.create::<HealthMetricOne>(HealthMetric::PATH, &draft)?.health_metric))
        }
    }
}

/// A time without a zone is one of the profile's.
fn instant(client: &Client, at: &str) -> Result<Timestamp, LogError> {
    if let Some(instant) = Timestamp::parse(at) {
        return Ok(instant);
    }
    let profile: HealthProfileOne = client.get(PATH)?;
    let zone = Zone::new(profile.health_profile.time_zone.as_str())?;
    zone.read(at, noon()).ok_or_else(|| LogError::NotATime(at.to_owned()))
}

fn food_line(food: &FoodLog) -> String {
    format!(
        "{}: {} kcal, {}, at {}",
        food.name.as_str(),
        food.calories.get(),
        food.meal.as_str(),
        food.logged_at
    )
}

fn exercise_line(exercise: &ExerciseLog) -> String {
    let distance =
        exercise.distance_km.map(|distance| format!(", {} km", distance.get())).unwrap_or_default();
    format!(
        "{}: {} min, {}{distance}, at {}",
        exercise.activity.as_str(),
        exercise.duration_min.get(),
        exercise.intensity.as_str(),
        exercise.logged_at
    )
}

fn metric_line(metric: &HealthMetric) -> String {
    let value2 = metric.value2.map(|value2| format!("/{value2}")).unwrap_or_default();
    format!("{}: {}{value2} {}, at {}", metric.kind.as_str(), metric.value, metric.unit, metric.measured_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_could_be_two_is_refused() {
        assert_eq!(number("350,5"), Ok(350.5));
        assert_eq!(number("1.500,5"), Ok(1500.5));
        assert_eq!(minutes("1:30"), Ok(90.0));
        assert_eq!(
            number("1.500").unwrap_err(),
            "this could be 1500 or 1.5; write 1500, or one digit more: 1.5000"
        );
        assert!(number("abc").is_err());
    }
}
