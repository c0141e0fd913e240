//! Strings of the overview.

use latido_protocol::values::Language;

use super::Locale;

pub struct OverviewStrings {
    pub added: &'static str,
    pub changed: &'static str,
    pub person: &'static str,
    pub myself: &'static str,
    pub viewing: fn(name: &str) -> String,
    pub back_to_me: &'static str,
    pub this_week: &'static str,
    pub in_days: fn(by: &str, days: i64) -> String,
}

pub fn strings(locale: Locale) -> &'static OverviewStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: OverviewStrings = OverviewStrings {
    added: "Añadido",
    changed: "Cambiado",
    person: "Persona",
    myself: "Yo",
    viewing: |name| format!("Ves los datos de {name}. Solo esa persona puede cambiarlos."),
    back_to_me: "Volver a mis datos",
    this_week: "Los últimos siete días",
    in_days: |by, days| match days {
        1 => format!("{by} en 1 día"),
        days => format!("{by} en {days} días"),
    },
};

static EN: OverviewStrings = OverviewStrings {
    added: "Added",
    changed: "Changed",
    person: "Person",
    myself: "Myself",
    viewing: |name| format!("You see the data of {name}. Only they can change it."),
    back_to_me: "Back to my data",
    this_week: "The last seven days",
    in_days: |by, days| match days {
        1 => format!("{by} in 1 day"),
        days => format!("{by} in {days} days"),
    },
};
