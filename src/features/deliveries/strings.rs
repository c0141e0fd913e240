//! Strings of this page.

use latido_protocol::values::Language;

use super::announcer::Come;
use crate::{
    browser::format::{is_one, number},
    i18n::Locale,
};

pub struct DeliveriesStrings {
    pub title: &'static str,
    pub summary: &'static str,
    pub total: &'static str,
    pub pending: &'static str,
    pub delivered: &'static str,
    pub failed: &'static str,
    pub success: &'static str,
    pub by_status: &'static str,
    pub all: &'static str,
    pub kind: &'static str,
    pub all_kinds: &'static str,
    pub message: &'static str,
    pub read_receipt: &'static str,
    pub unknown_kind: &'static str,
    pub status_pending: &'static str,
    pub status_delivered: &'static str,
    pub status_failed: &'static str,
    pub latency: &'static str,
    pub more: &'static str,
    pub more_failed: &'static str,
    pub nothing_sent: &'static str,
    pub nothing_sent_hint: &'static str,
    pub nothing_like_that: &'static str,
    pub nothing_like_that_hint: &'static str,
    pub come: fn(Come) -> String,
}

pub fn strings(locale: Locale) -> &'static DeliveriesStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

/// A number of things, in singular or plural, or nothing of none.
fn count(language: Language, count: u64, one: &str, many: &str) -> Option<String> {
    let noun = if is_one(language, count) { one } else { many };
    (count > 0).then(|| format!("{} {noun}", number(language, count as f64)))
}

fn sentence(parts: [Option<String>; 2]) -> String {
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

static ES: DeliveriesStrings = DeliveriesStrings {
    title: "Entregas",
    summary: "Resumen",
    total: "Total",
    pending: "Pendientes",
    delivered: "Entregadas",
    failed: "Fallidas",
    success: "Tasa de éxito",
    by_status: "Por estado",
    all: "Todas",
    kind: "Tipo",
    all_kinds: "Todos los tipos",
    message: "Mensaje",
    read_receipt: "Confirmación de lectura",
    unknown_kind: "Entrega",
    status_pending: "Pendiente",
    status_delivered: "Entregada",
    status_failed: "Fallida",
    latency: "Tardó",
    more: "Ver más",
    more_failed: "Lo que ya ves sigue aquí.",
    nothing_sent: "Todavía no se ha enviado nada",
    nothing_sent_hint: "Cada mensaje que escribas en Mensajes aparecerá aquí con lo que fue de él.",
    nothing_like_that: "Ninguna entrega así",
    nothing_like_that_hint: "Elige otro estado u otro tipo; las nuevas aparecerán solas.",
    come: |come| {
        sentence([
            count(Language::Es, come.created, "entrega nueva", "entregas nuevas"),
            count(Language::Es, come.failed, "entrega fallida", "entregas fallidas"),
        ])
    },
};

static EN: DeliveriesStrings = DeliveriesStrings {
    title: "Deliveries",
    summary: "Summary",
    total: "Total",
    pending: "Pending",
    delivered: "Delivered",
    failed: "Failed",
    success: "Success rate",
    by_status: "By status",
    all: "All",
    kind: "Type",
    all_kinds: "All types",
    message: "Message",
    read_receipt: "Read receipt",
    unknown_kind: "Delivery",
    status_pending: "Pending",
    status_delivered: "Delivered",
    status_failed: "Failed",
    latency: "Took",
    more: "Show more",
    more_failed: "What you see is still here.",
    nothing_sent: "Nothing was sent yet",
    nothing_sent_hint: "Every message you write in Messages appears here with what became of it.",
    nothing_like_that: "No such delivery",
    nothing_like_that_hint: "Choose another status or type; new ones appear by themselves.",
    come: |come| {
        sentence([
            count(Language::En, come.created, "new delivery", "new deliveries"),
            count(Language::En, come.failed, "failed delivery", "failed deliveries"),
        ])
    },
};
