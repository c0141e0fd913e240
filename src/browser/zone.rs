//! Civil time in the reader's zone: the reading of a clock at an instant, and the instant of a reading. Every zone's
//! history comes from the browser's `Intl`.
//!
//! The zone is the profile's, not the device's: a person who travels keeps their days, and a coach's browser
//! elsewhere changes nothing. Until the profile is known it is the last one known here, else the device's.

use std::cell::{Cell, RefCell, RefMut};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use latido_protocol::{time::Timestamp, values::Language};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::{get_maybe_tracked, storage, track};

const STORAGE_KEY: &str = "latido.timeZone";

pub const HOUR_MS: i64 = 3_600_000;

struct Zone {
    name: ArcRwSignal<String>,
    /// Made at first use, and anew for another zone.
    clock: RefCell<Option<Function>>,
    /// Counts the changes of the zone.
    changes: Cell<u32>,
}

thread_local! {
    static ZONE: Zone =
        Zone { name: ArcRwSignal::new(last_known()), clock: const { RefCell::new(None) }, changes: Cell::new(0) };
}

/// A cache of what was computed in the reader's zone. It is empty again after a change of zone.
pub(super) struct ZoneCache<T> {
    entries: RefCell<Vec<T>>,
    /// [`Zone::changes`] when the entries were made.
    made_at: Cell<u32>,
}

impl<T> ZoneCache<T> {
    pub const fn new() -> Self {
        Self { entries: RefCell::new(Vec::new()), made_at: Cell::new(0) }
    }

    pub fn borrow_mut(&self) -> RefMut<'_, Vec<T>> {
        let changes = ZONE.with(|zone| zone.changes.get());
        if self.made_at.replace(changes) != changes {
            self.entries.take();
        }
        self.entries.borrow_mut()
    }
}

/// The IANA name of the reader's zone. Tracked inside a reactive context.
pub fn name() -> String {
    ZONE.with(|zone| get_maybe_tracked(&zone.name))
}

/// Tracks the zone inside a reactive context.
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
    ZONE.with(|zone| {
        zone.clock.replace(Some(clock));
        zone.changes.set(zone.changes.get() + 1);
        zone.name.set(name.to_owned());
    });
    true
}

/// Resets the zone to the device's at sign-out.
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

/// Whether the device's clock shows something else at this instant than the reader's.
pub fn differs_from_device(at: Timestamp) -> bool {
    let device = at.unix_ms() - date(at).get_timezone_offset() as i64 * 60_000;
    reading(at) != device
}

/// `Buenos Aires` of `America/Argentina/Buenos_Aires`.
pub fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or_default().replace('_', " ")
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

/// What people of a language call a zone, `hora de Colombia`; `None` where the browser has no name for it.
pub fn described(zone: &str, language: Language, at: Timestamp) -> Option<String> {
    let options = Object::new();
    for (name, value) in [("timeZone", zone), ("timeZoneName", "longGeneric")] {
        Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    let language = JsValue::from_str(language.as_str());
    let format = Reflect::construct(&intl("DateTimeFormat")?, &Array::of2(&language, &options)).ok()?;
    let parts: Function = get(&format, "formatToParts")?.dyn_into().ok()?;
    let parts: Array = parts.call1(&format, &date(at)).ok()?.dyn_into().ok()?;
    let is_name = |part: &JsValue| get(part, "type").is_some_and(|kind| kind == "timeZoneName");
    parts.iter().find(is_name).and_then(|part| get(&part, "value")?.as_string())
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name)).ok()
}

/// What the clock on the wall shows at an instant, as the instant at which it shows so in UTC.
pub fn reading(instant: Timestamp) -> i64 {
    // Tracks the zone, also where its clock is cached.
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
