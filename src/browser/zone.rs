//! Civil time where the reader lives: what a clock on the wall shows there at an instant, and which instant
//! a reading means. Every zone's history is in the browser's `Intl`; this asks it, and does no more.
//!
//! The zone is the profile's, not the device's: a person who travels keeps their days, and a coach's browser
//! elsewhere changes nothing. Until the profile is known it is the last one known here, else the device's.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use latido_protocol::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::{day, format, storage, track, tracked};

const STORAGE_KEY: &str = "latido.timeZone";

pub const HOUR_MS: i64 = 3_600_000;

struct Zone {
    name: ArcRwSignal<String>,
    /// Made at first use, and anew for another zone.
    clock: RefCell<Option<Function>>,
}

thread_local! {
    static ZONE: Zone =
        Zone { name: ArcRwSignal::new(last_known()), clock: const { RefCell::new(None) } };
}

/// An IANA name. Whoever asks while being followed is asked again when it changes.
pub fn name() -> String {
    ZONE.with(|zone| tracked(&zone.name))
}

/// Whoever is followed here follows the zone.
pub(super) fn follow() {
    ZONE.with(|zone| track(&zone.name));
}

/// Reads every time and day in this zone from now on, and in the next page before the profile is there;
/// `false` for one that the browser does not know.
pub fn set(name: &str) -> bool {
    if ZONE.with(|zone| zone.name.with_untracked(|now| now == name)) {
        return true;
    }
    let Some(clock) = clock(name) else { return false };
    storage::set(STORAGE_KEY, name);
    format::forget();
    day::forget();
    ZONE.with(|zone| {
        zone.clock.replace(Some(clock));
        zone.name.set(name.to_owned());
    });
    true
}

/// Nobody's zone any more but the device's.
pub fn reset() {
    set(&of_the_device());
    storage::remove(STORAGE_KEY);
}

fn last_known() -> String {
    let known = storage::get(STORAGE_KEY).filter(|name| clock(name).is_some());
    known.unwrap_or_else(of_the_device)
}

pub fn of_the_device() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let name = Reflect::get(&format.resolved_options(), &JsValue::from_str("timeZone"));
    name.ok().and_then(|name| name.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

/// The zones that the browser knows, by name; empty where it cannot list them.
pub fn all() -> Vec<String> {
    let list = || {
        let names = intl("supportedValuesOf")?.call1(&JsValue::NULL, &JsValue::from_str("timeZone"));
        let names: Array = names.ok()?.dyn_into().ok()?;
        Some(names.iter().filter_map(|name| name.as_string()).collect())
    };
    list().unwrap_or_default()
}

/// What the clock on the wall shows at an instant, as the instant at which it shows so in UTC.
pub fn reading(instant: Timestamp) -> i64 {
    // So that whoever is followed here follows the zone.
    let name = name();
    let text = ZONE.with(|zone| {
        let mut known = zone.clock.borrow_mut();
        if known.is_none() {
            *known = clock(&name);
        }
        let text = known.as_ref()?.call1(&JsValue::UNDEFINED, &date(instant)).ok()?;
        text.as_string()
    });
    // Without a clock it is UTC.
    text.and_then(|text| read(&text)).unwrap_or(instant.unix_ms()) + instant.unix_ms().rem_euclid(1000)
}

/// The first instant at which the clock shows this reading; if it skips it, the first one after. Around a
/// change of the clock there are two offsets to choose between, so those on both sides are tried.
pub fn instant_of(reading_ms: i64) -> Timestamp {
    let offset = |at: i64| reading(Timestamp::from_unix_ms(at)) - at;
    let about = reading_ms - offset(reading_ms);
    let (before, after) = (offset(about - 3 * HOUR_MS), offset(about + 3 * HOUR_MS));
    // Almost always, and worth a short cut: asking is slow.
    if before == after {
        return Timestamp::from_unix_ms(reading_ms - before);
    }
    let either = [before, after].map(|offset| reading_ms - offset);
    let first = either.into_iter().filter(|at| at + offset(*at) >= reading_ms).min();
    Timestamp::from_unix_ms(first.unwrap_or(about))
}

pub(super) fn date(instant: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(instant.unix_ms() as f64))
}

/// Writes `11/21/2026, 08:15:00`. The numbers are for us, so the language is always the same. `None` for a
/// zone that the browser does not know, which its constructor answers with an exception.
fn clock(zone: &str) -> Option<Function> {
    let options = Object::new();
    let parts = ["month", "day", "hour", "minute", "second"].map(|part| (part, "2-digit"));
    let rest = [("timeZone", zone), ("hourCycle", "h23"), ("year", "numeric")];
    for (name, value) in rest.into_iter().chain(parts) {
        Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    let make: Function = intl("DateTimeFormat")?;
    let format = Reflect::construct(&make, &Array::of2(&JsValue::from_str("en-US"), &options)).ok()?;
    Reflect::get(&format, &JsValue::from_str("format")).ok()?.dyn_into().ok()
}

fn intl(name: &str) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
    Reflect::get(&intl, &JsValue::from_str(name)).ok()?.dyn_into().ok()
}

/// The readings are in whole seconds.
fn read(text: &str) -> Option<i64> {
    let mut parts = text.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut next = || parts.next()?.parse::<i64>().ok();
    let (month, day, year) = (next()?, next()?, next()?);
    let (hour, minute, second) = (next()?, next()?, next()?);
    let midnight = Timestamp::from_utc_date(year, month, day);
    Some(midnight.unix_ms() + hour * HOUR_MS + minute * 60_000 + second * 1000)
}
