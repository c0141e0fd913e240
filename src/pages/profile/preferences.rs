//! How it is read: what is chosen here holds at once, and is saved at once.

use latido_protocol::{
    profile::{HealthProfile, HealthProfileDraft},
    values::{Language, TimeZone, Units},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{save::Saving, strings::strings};
use crate::{
    api::error::ApiError,
    app::LanguageChoice,
    browser::{units, zone},
    components::{
        header::ThemePicker,
        view::{click, text, typed, when},
    },
    i18n::{self, Locale, use_locale},
};

#[component]
pub fn Preferences(profile: ArcRwSignal<Option<HealthProfile>>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let prefer = Prefer {
        saving: Saving { api: expect_context(), queries: expect_context() },
        profile,
        failure: ArcRwSignal::new(None),
    };
    let failed = {
        let failure = prefer.failure.clone();
        let shown = failure.clone();
        when(
            move || failure.with(Option::is_some),
            move || {
                let failure = shown.clone();
                let why = text(move || failure.get().as_ref().map(locale.strings.error).unwrap_or_default());
                view! { <p class="note error" role="alert">{why} " " {strings.preference_not_saved}</p> }
                    .into_any()
            },
        )
    };
    view! {
        <section class="card settings" data-testid="preferences">
            <div class="settings-head">
                <h2>{strings.reading}</h2>
                <p class="quiet">{strings.reading_hint}</p>
            </div>
            <div class="settings-fields">
                <UnitsPicker prefer=prefer.clone()/>
                <ZonePicker prefer=prefer.clone()/>
                <LanguagePreference prefer/>
                <ThemePicker/>
                {failed}
            </div>
        </section>
    }
    .into_any()
}

/// Saves one choice. Should that fail, the page goes back to what is saved, and says so.
#[derive(Clone)]
struct Prefer {
    saving: Saving,
    profile: ArcRwSignal<Option<HealthProfile>>,
    failure: ArcRwSignal<Option<ApiError>>,
}

impl Prefer {
    fn save(&self, change: Box<dyn Fn(&mut HealthProfileDraft)>) {
        let prefer = self.clone();
        let Some(newest) = self.profile.get_untracked() else { return };
        self.failure.set(None);
        spawn_local(async move {
            if let Err(error) = prefer.saving.change(newest, &*change).await {
                if let Some(saved) = prefer.profile.get_untracked() {
                    units::set(saved.units);
                    zone::set(saved.time_zone.as_str());
                }
                prefer.failure.set(Some(error));
            }
        });
    }
}

#[component]
fn UnitsPicker(prefer: Prefer) -> impl IntoView {
    let strings = strings(use_locale());
    let choose = typed(move |word| {
        if let Ok(chosen) = Units::parse(&word) {
            units::set(chosen);
            prefer.save(Box::new(move |draft| draft.units = chosen));
        }
    });
    let now = units::units();
    view! {
        <label class="field">
            <span>{strings.units}</span>
            <select name="units" prop:value=text(|| units::units().as_str().to_owned()) on:change=choose>
                <option value="metric" selected=now == Units::Metric>{strings.metric}</option>
                <option value="imperial" selected=now == Units::Imperial>{strings.imperial}</option>
            </select>
        </label>
    }
    .into_any()
}

#[component]
fn ZonePicker(prefer: Prefer) -> impl IntoView {
    let strings = strings(use_locale());
    let choose = move |name: String| {
        if let Ok(chosen) = TimeZone::new(&name)
            && zone::set(&name)
        {
            prefer.save(Box::new(move |draft| draft.time_zone = chosen.clone()));
        }
    };
    let device = zone::of_the_device();
    let elsewhere = {
        let (choose, device) = (choose.clone(), device.clone());
        let shown = device.clone();
        when(
            move || zone::name() != device,
            move || {
                let (choose, device) = (choose.clone(), shown.clone());
                let label = (strings.use_device_zone)(&city(&device));
                view! {
                    <button
                        type="button"
                        class="button small"
                        data-testid="device-zone"
                        on:click=click(move || choose(device.clone()))
                    >
                        {label}
                    </button>
                }
                .into_any()
            },
        )
    };
    view! {
        <div class="field">
            <label class="field">
                <span>{strings.time_zone} " " <small>{strings.time_zone_hint}</small></span>
                <select name="timeZone" prop:value=text(zone::name) on:change=typed(choose)>
                    {zones(&device)}
                </select>
            </label>
            {elsewhere}
        </div>
    }
    .into_any()
}

/// By continent, so that typing a city's first letters finds it.
fn zones(device: &str) -> AnyView {
    let now = zone::name();
    let mut names = zone::all();
    names.extend([now.clone(), device.to_owned(), "UTC".to_owned()]);
    names.sort_unstable();
    names.dedup();
    let continents = names.chunk_by(|one, next| continent(one) == continent(next)).map(|names| {
        let option = |name: &String| {
            view! { <option value=name.clone() selected=*name == now>{city(name)}</option> }.into_any()
        };
        let label = continent(names.first().map(String::as_str).unwrap_or_default()).to_owned();
        view! { <optgroup label=label>{names.iter().map(option).collect_view()}</optgroup> }.into_any()
    });
    continents.collect_view().into_any()
}

fn continent(zone: &str) -> &str {
    zone.split_once('/').map_or(zone, |(continent, _)| continent)
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

#[component]
fn LanguagePreference(prefer: Prefer) -> impl IntoView {
    let Locale { language, strings } = use_locale();
    let choice = expect_context::<LanguageChoice>().0;
    let choose = typed(move |word| {
        if let Ok(chosen) = Language::parse(&word) {
            i18n::remember(chosen);
            prefer.save(Box::new(move |draft| draft.language = chosen));
            choice.set(chosen);
        }
    });
    view! {
        <label class="field">
            <span>{strings.language}</span>
            <select name="accountLanguage" on:change=choose>
                <option value="es" selected=language == Language::Es>"Español"</option>
                <option value="en" selected=language == Language::En>"English"</option>
            </select>
        </label>
    }
    .into_any()
}
