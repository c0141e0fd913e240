//! The navigation between periods: how many days, and until when.

use leptos::prelude::*;

use crate::{
    browser::{
        day::Day,
        format,
        period::{Period, Span},
    },
    i18n::{Locale, records, use_locale},
    ui::{
        icon::Icon,
        view::{click, derived_bool, text, typed},
    },
};

#[component]
pub fn PeriodNav(period: RwSignal<Period>) -> impl IntoView {
    let locale = use_locale();
    let strings = records::strings(locale);
    let pick = typed(move |value| {
        if let Some(picked) = Day::from_input(&value) {
            period.update(|period| period.last = picked.min(Day::today()));
        }
    });
    let step = |spans: i32| click(move || period.update(|period| *period = period.moved(spans)));
    view! {
        <div class="period">
            <Spans period/>
            <div class="day-nav">
                <button type="button" class="icon-button" aria-label=strings.earlier on:click=step(-1)>
                    <Icon name="back"/>
                </button>
                <label class="day-name">
                    <span aria-live="polite">{text(move || name(locale, period.get()))}</span>
                    <input
                        type="date"
                        aria-label=locale.strings.day
                        max=text(|| Day::today().input_value())
                        prop:value=text(move || period.get().last.input_value())
                        on:change=pick
                    />
                </label>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=strings.later
                    disabled=derived_bool(move || period.get().last >= Day::today())
                    on:click=step(1)
                >
                    <Icon name="forward"/>
                </button>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Spans(period: RwSignal<Period>) -> impl IntoView {
    let strings = records::strings(use_locale());
    let choice = |(span, name): (Span, &'static str)| {
        let chosen = text(move || (period.get().span == span).to_string());
        let choose = click(move || period.update(|period| period.span = span));
        view! { <button type="button" aria-pressed=chosen on:click=choose>{name}</button> }.into_any()
    };
    view! {
        <div class="segments" role="group" aria-label=strings.period>
            {Span::ALL.into_iter().zip(strings.spans).map(choice).collect_view()}
        </div>
    }
    .into_any()
}

fn name(locale: Locale, period: Period) -> String {
    let (strings, today) = (records::strings(locale), Day::today());
    match period.span {
        Span::Day if period.last == today => locale.strings.today.to_owned(),
        Span::Day if period.last == today.plus(-1) => locale.strings.yesterday.to_owned(),
        Span::Day => format::day(locale.language, period.last),
        span if period.last == today => (strings.last_days)(span.days()),
        span => (strings.days_until)(span.days(), &format::day(locale.language, period.last)),
    }
}
