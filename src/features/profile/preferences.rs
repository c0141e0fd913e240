//! Preferences: a choice applies at once, and is saved at once.

use latido_protocol::{
    profile::HealthProfileDraft,
    values::{GlucoseUnit, Language, TimeZone, Units},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    save::Saving,
    strings::strings,
    zones::{city, zone_options},
};
use crate::{
    api::error::ApiError,
    browser::{units, zone},
    data::queries::profile::Profile,
    i18n::{self, LanguageChoice, Locale, reasons, use_locale, values},
    ui::{
        theme_picker::ThemePicker,
        view::{click, text, typed, when},
    },
};

#[component]
pub fn Preferences(profile: Profile) -> impl IntoView {
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
                let why = text(move || {
                    failure.get().as_ref().map(|error| reasons::error(locale, error)).unwrap_or_default()
                });
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
                <GlucosePicker prefer=prefer.clone()/>
                <ZonePicker prefer=prefer.clone()/>
                <LanguagePreference prefer/>
                <ThemePicker/>
                {failed}
            </div>
        </section>
    }
    .into_any()
}

/// Saves one preference. On failure the page returns to the stored value, with an error.
#[derive(Clone)]
struct Prefer {
    saving: Saving,
    profile: Profile,
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
                    units::set_glucose(saved.glucose_unit);
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
fn GlucosePicker(prefer: Prefer) -> impl IntoView {
    let choose = typed(move |word| {
        if let Ok(chosen) = GlucoseUnit::parse(&word) {
            units::set_glucose(chosen);
            prefer.save(Box::new(move |draft| draft.glucose_unit = chosen));
        }
    });
    let now = units::glucose();
    let option = |unit: &GlucoseUnit| {
        view! { <option value=unit.as_str() selected=now == *unit>{unit.as_str()}</option> }
    };
    view! {
        <label class="field">
            <span>{values::strings(use_locale()).glucose_unit}</span>
            <select
                name="glucoseUnit"
                prop:value=text(|| units::glucose().as_str().to_owned())
                on:change=choose
            >
                {GlucoseUnit::ALL.iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

#[component]
fn ZonePicker(prefer: Prefer) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
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
                    {zone_options(&device, locale)}
                </select>
            </label>
            {elsewhere}
        </div>
    }
    .into_any()
}

#[component]
fn LanguagePreference(prefer: Prefer) -> impl IntoView {
    let Locale { language, strings } = use_locale();
    let choice = expect_context::<LanguageChoice>().0;
    let choose = typed(move |word| {
        if let Ok(chosen) = Language::parse(&word) {
            i18n::choose_for_account(chosen);
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
