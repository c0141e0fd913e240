//! Which day one looks at: a day back, a day on, any day.

use leptos::prelude::*;

use super::{
    icon::Icon,
    view::{click, flag, text, typed},
};
use crate::{
    browser::{day::Day, format},
    i18n::{Locale, use_locale},
};

#[component]
pub fn DayNav(day: RwSignal<Day>) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let pick = typed(move |value| {
        if let Some(picked) = Day::from_input(&value) {
            day.set(picked.min(Day::today()));
        }
    });
    view! {
        <div class="day-nav">
            <button
                type="button"
                class="icon-button"
                aria-label=strings.previous_day
                on:click=click(move || day.update(|day| *day = day.plus(-1)))
            >
                <Icon name="back"/>
            </button>
            <label class="day-name">
                <span aria-live="polite">{text(move || name(locale, day.get()))}</span>
                <input
                    type="date"
                    aria-label=strings.day
                    max=Day::today().input_value()
                    prop:value=text(move || day.get().input_value())
                    on:change=pick
                />
            </label>
            <button
                type="button"
                class="icon-button"
                aria-label=strings.next_day
                disabled=flag(move || day.get() >= Day::today())
                on:click=click(move || day.update(|day| *day = day.plus(1)))
            >
                <Icon name="forward"/>
            </button>
        </div>
    }
    .into_any()
}

fn name(locale: Locale, day: Day) -> String {
    let today = Day::today();
    if day == today {
        locale.strings.today.to_owned()
    } else if day == today.plus(-1) {
        locale.strings.yesterday.to_owned()
    } else {
        format::day(locale.language, day)
    }
}
