//! Strings of every chart.

use latido_protocol::values::Language;

use crate::i18n::Locale;

pub struct ChartStrings {
    pub day: &'static str,
    pub average: fn(days: usize) -> String,
    pub total: &'static str,
    pub goal: &'static str,
    pub nothing: &'static str,
    pub table: &'static str,
    pub no_value: &'static str,
}

pub fn strings(locale: Locale) -> &'static ChartStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: ChartStrings = ChartStrings {
    day: "Día",
    average: |days| format!("Media de {days} días"),
    total: "Total",
    goal: "Objetivo",
    nothing: "Sin datos en estas fechas",
    table: "Ver los datos en una tabla",
    no_value: "sin dato",
};

static EN: ChartStrings = ChartStrings {
    day: "Day",
    average: |days| format!("{days}-day average"),
    total: "Total",
    goal: "Goal",
    nothing: "No data in this period",
    table: "Show the data as a table",
    no_value: "no value",
};
