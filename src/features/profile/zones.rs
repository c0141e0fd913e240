//! The time zones to choose from: the likely ones first, then all by region, in the reader's language.

use gloo_timers::callback::Timeout;
use latido_protocol::values::Language;
use leptos::prelude::*;

use super::strings::strings;
use crate::{
    browser::{clock, timer::while_owned, zone},
    i18n::Locale,
    ui::view::reactive,
};

/// Where most who read a language live. Names that a browser does not know are left out.
const LIKELY_ES: [&str; 12] = [
    "Europe/Madrid",
    "Atlantic/Canary",
    "America/Mexico_City",
    "America/Bogota",
    "America/Lima",
    "America/Santiago",
    "America/Argentina/Buenos_Aires",
    "America/Buenos_Aires",
    "America/Caracas",
    "America/Guayaquil",
    "America/Montevideo",
    "America/New_York",
];
const LIKELY_EN: [&str; 9] = [
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "Australia/Sydney",
    "Pacific/Auckland",
];
/// Asking the browser for 418 names takes it a tenth of a second: the page is there first.
const NAMED_AFTER_MS: u32 = 400;

/// The options of a `<select>`. A city's first letters find it, as in every list of the browser's.
pub(super) fn zone_options(device: &str, locale: Locale) -> AnyView {
    let now = zone::name();
    let known = zone::all();
    let likely = likely(&now, device, locale.language, &known);
    let mut all = known;
    all.extend([now.clone(), device.to_owned(), "UTC".to_owned()]);
    all.sort_unstable();
    all.dedup();
    let is_named = RwSignal::new(false);
    while_owned(Timeout::new(NAMED_AFTER_MS, move || {
        is_named.try_set(true);
    }));
    reactive(move || {
        let is_named = is_named.get();
        let first = group(strings(locale).likely_zones, &likely, &now, locale, true);
        let regions = all.chunk_by(|one, next| region(one) == region(next)).map(|zones| {
            let name = zones.first().map_or("", |zone| region(zone));
            group((strings(locale).regions)(name), zones, "", locale, is_named)
        });
        view! { {first} {regions.collect_view()} }.into_any()
    })
}

fn group(name: &str, zones: &[String], selected: &str, locale: Locale, is_named: bool) -> AnyView {
    let option = |zone: &String| {
        let named = is_named.then(|| zone::described(zone, locale.language, clock::wall())).flatten();
        let label = match named {
            Some(named) => format!("{} – {named}", city(zone)),
            None => city(zone),
        };
        view! { <option value=zone.clone() selected=zone == selected>{label}</option> }.into_any()
    };
    view! { <optgroup label=name.to_owned()>{zones.iter().map(option).collect_view()}</optgroup> }.into_any()
}

/// The one that is chosen, the device's own, and those of a language, each once.
pub(crate) fn likely(now: &str, device: &str, language: Language, known: &[String]) -> Vec<String> {
    let of_language = match language {
        Language::Es => &LIKELY_ES[..],
        Language::En => &LIKELY_EN[..],
    };
    let mut likely = vec![now.to_owned()];
    let others = of_language.iter().copied().filter(|name| known.iter().any(|known| known == name));
    for name in std::iter::once(device).chain(others) {
        if !likely.iter().any(|listed| listed == name) {
            likely.push(name.to_owned());
        }
    }
    likely
}

fn region(zone: &str) -> &str {
    zone.split_once('/').map_or("", |(region, _)| region)
}

/// `Buenos Aires (Argentina)` of `America/Argentina/Buenos_Aires`.
pub(super) fn city(zone: &str) -> String {
    let mut parts = zone.rsplit('/');
    let mut city = parts.next().unwrap_or_default().replace('_', " ");
    if let (Some(region), Some(_)) = (parts.next(), parts.next()) {
        city.push_str(" (");
        city.push_str(&region.replace('_', " "));
        city.push(')');
    }
    city
}
