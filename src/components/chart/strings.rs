//! What every chart says, whatever it shows.

use latido_protocol::values::Language;

use crate::i18n::Locale;

pub struct Strings {
    pub day: &'static str,
    pub average: fn(days: usize) -> String,
    pub total: &'static str,
    pub goal: &'static str,
    pub nothing: &'static str,
    pub table: &'static str,
    pub no_value: &'static str,
}

pub fn strings(locale: Locale) -> &'static Strings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: Strings = Strings {
    day: "Día",
    average: |days| format!("Media de {days} días"),
    total: "Total",
    goal: "Objetivo",
    nothing: "Sin datos en estas fechas",
    table: "Ver los datos en una tabla",
    no_value: "sin dato",
};

static EN: Strings = Strings {
    day: "Day",
    average: |days| format!("{days}-day average"),
    total: "Total",
    goal: "Goal",
    nothing: "No data in this period",
    table: "Show the data as a table",
    no_value: "no value",
};
