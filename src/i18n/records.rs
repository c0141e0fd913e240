//! Strings of the pages of food, exercise and metrics.

use latido_protocol::values::Language;

use super::Locale;

pub struct RecordsStrings {
    pub period: &'static str,
    pub spans: [&'static str; 4],
    pub last_days: fn(count: i32) -> String,
    pub days_until: fn(count: i32, day: &str) -> String,
    pub earlier: &'static str,
    pub later: &'static str,
    pub daily_average: &'static str,
    pub search: &'static str,
    pub all_meals: &'static str,
    pub all_intensities: &'static str,
    pub all_kinds: &'static str,
    pub nothing_found: &'static str,
    pub nothing_found_hint: &'static str,
    pub clear_search: &'static str,
    pub cut: fn(count: &str) -> String,
    pub nothing_then: &'static str,
    pub new_rows: fn(count: usize) -> String,
}

pub fn strings(locale: Locale) -> &'static RecordsStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: RecordsStrings = RecordsStrings {
    period: "Periodo",
    spans: ["Día", "Semana", "Mes", "Año"],
    last_days: |count| format!("Últimos {count} días"),
    days_until: |count, day| format!("{count} días hasta el {day}"),
    earlier: "Antes",
    later: "Después",
    daily_average: "Media por día",
    search: "Buscar",
    all_meals: "Todas las comidas",
    all_intensities: "Toda intensidad",
    all_kinds: "Todas las medidas",
    nothing_found: "Nada coincide con la búsqueda",
    nothing_found_hint: "Prueba con otra palabra o con un periodo más largo.",
    clear_search: "Quitar la búsqueda",
    cut: |count| format!("Se muestran los {count} registros más recientes. Elige un periodo más corto."),
    nothing_then: "Nada en estas fechas",
    new_rows: |count| match count {
        1 => "Hay un registro nuevo".to_owned(),
        count => format!("Hay {count} registros nuevos"),
    },
};

static EN: RecordsStrings = RecordsStrings {
    period: "Period",
    spans: ["Day", "Week", "Month", "Year"],
    last_days: |count| format!("Last {count} days"),
    days_until: |count, day| format!("{count} days until {day}"),
    earlier: "Earlier",
    later: "Later",
    daily_average: "Average per day",
    search: "Search",
    all_meals: "All meals",
    all_intensities: "Any intensity",
    all_kinds: "All measurements",
    nothing_found: "Nothing matches the search",
    nothing_found_hint: "Try another word or a longer period.",
    clear_search: "Clear the search",
    cut: |count| format!("The newest {count} entries are shown. Choose a shorter period."),
    nothing_then: "Nothing in this period",
    new_rows: |count| match count {
        1 => "There is a new entry".to_owned(),
        count => format!("There are {count} new entries"),
    },
};
