//! Diagnosis: a report to hand on, and the log level of the browser's console.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    report::{Diagnosis, report},
    strings::strings,
};
use crate::{
    browser::{clipboard, clock, is_visible},
    config::Config,
    i18n::{Locale, use_locale},
    log::{self, Level},
    realtime::Realtime,
    ui::{
        icon::Icon,
        ticker::every_second,
        view::{click, reactive, text, toggled, typed},
    },
};

const LEVELS: [Level; 3] = [Level::Quiet, Level::Verbose, Level::Debug];

#[component]
pub fn Diagnosing(realtime: Realtime) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let (open, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let copy = {
        let realtime = realtime.clone();
        click(move || {
            let text = diagnose(&realtime, locale);
            spawn_local(async move {
                let copied = clipboard::copy(&text).await;
                said.try_set(if copied { strings.copied } else { strings.not_copied }.to_owned());
            });
        })
    };
    let shown = reactive(move || {
        if !open.get() {
            return ().into_any();
        }
        view! {
            <pre class="report" tabindex="0" role="region" aria-label=strings.show_report data-testid="report">
                {diagnose(&realtime, locale)}
            </pre>
        }
        .into_any()
    });
    view! {
        <section class="card diagnosis">
            <h2>{strings.diagnosis}</h2>
            <p class="quiet">{strings.diagnosis_hint}</p>
            <div class="diagnosis-copy">
                <button type="button" class="button" data-testid="copy-report" on:click=copy>
                    <Icon name="copy"/>
                    <span>{strings.copy}</span>
                </button>
                <span class="quiet" role="status">{text(move || said.get())}</span>
            </div>
            <details on:toggle=toggled(open)>
                <summary data-testid="show-report">{strings.show_report}</summary>
                {shown}
            </details>
            <LogLevel/>
        </section>
    }
    .into_any()
}

fn diagnose(realtime: &Realtime, locale: Locale) -> String {
    let config = Config::read();
    let navigator = window().navigator();
    report(&Diagnosis {
        at: clock::wall(),
        browser: &navigator.user_agent().unwrap_or_default(),
        language: locale.language,
        online: navigator.on_line(),
        visible: is_visible(),
        auth: config.socket_url.is_some().then_some(config.socket_auth),
        level: log::level(),
        status: realtime.status().get_untracked(),
        quality: &realtime.quality(),
        changes: &realtime.history(),
    })
}

/// Follows the console's own functions, which may be called meanwhile.
#[component]
fn LogLevel() -> impl IntoView {
    let strings = strings(use_locale());
    let again = every_second();
    let level = Memo::new(move |_| {
        again.track();
        LEVELS.iter().position(|level| *level == log::level()).unwrap_or_default()
    });
    let choose = typed(move |place| {
        if let Some(level) = place.parse::<usize>().ok().and_then(|place| LEVELS.get(place)) {
            log::choose(*level);
        }
    });
    let options = strings.levels.into_iter().enumerate();
    let options = options.map(|(place, name)| view! { <option value=place>{name}</option> });
    view! {
        <label class="field log-level">
            <span>{strings.level}</span>
            <select
                name="log-level"
                data-testid="log-level"
                prop:value=text(move || level.get().to_string())
                on:change=choose
            >
                {options.collect_view()}
            </select>
            <small>{strings.level_hint}</small>
        </label>
    }
    .into_any()
}
