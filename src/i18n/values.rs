//! Strings of forms about typed numbers, and of pages about how a day's number is aggregated.

use latido_protocol::{day_rule::DayRule, values::Language};

use super::Locale;

pub struct ValueStrings {
    pub understood: fn(number: &str) -> String,
    pub which: fn(one: &str, other: &str) -> String,
    /// Beside a day's number.
    pub day_rule: fn(DayRule) -> &'static str,
    /// In the form, before another one is added to the day.
    pub several: fn(DayRule) -> &'static str,
    /// `ago` is a phrase of its own: yesterday, 3 days ago.
    pub far: fn(ago: &str, before: &str, typed: &str) -> String,
    pub save_anyway: &'static str,
    pub glucose_unit: &'static str,
}

pub fn strings(locale: Locale) -> &'static ValueStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: ValueStrings = ValueStrings {
    understood: |number| format!("Se entiende {number}"),
    which: |one, other| format!("¿{one} o {other}?"),
    day_rule: |rule| match rule {
        DayRule::Sum => "suma del día",
        DayRule::Last => "último del día",
        DayRule::Largest => "mayor del día",
        DayRule::Mean => "media del día",
    },
    several: |rule| match rule {
        DayRule::Sum => "Si hay varios en un día, se suman.",
        DayRule::Last => "Si hay varios en un día, cuenta el último.",
        DayRule::Largest => "Si hay varios en un día, cuenta el mayor: escribe el total.",
        DayRule::Mean => "Si hay varios en un día, cuenta la media.",
    },
    far: |ago, before, typed| format!("Último valor ({ago}): {before}. ¿Es correcto {typed}?"),
    save_anyway: "Sí, guardar",
    glucose_unit: "Unidad de glucosa",
};

static EN: ValueStrings = ValueStrings {
    understood: |number| format!("Understood as {number}"),
    which: |one, other| format!("{one} or {other}?"),
    day_rule: |rule| match rule {
        DayRule::Sum => "day's total",
        DayRule::Last => "day's last",
        DayRule::Largest => "day's highest",
        DayRule::Mean => "day's average",
    },
    several: |rule| match rule {
        DayRule::Sum => "Several in a day are added up.",
        DayRule::Last => "Of several in a day, the last counts.",
        DayRule::Largest => "Of several in a day, the highest counts: enter the total.",
        DayRule::Mean => "Of several in a day, the average counts.",
    },
    far: |ago, before, typed| format!("Last value ({ago}): {before}. Is {typed} right?"),
    save_anyway: "Yes, save",
    glucose_unit: "Glucose unit",
};
