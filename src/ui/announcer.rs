//! Announces new rows to screen readers: politely, and once for all that arrive within a second, since a burst read
//! out row by row would never end.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::*;

use super::view::text;
use crate::browser::timer::after;
use crate::i18n::{records, use_locale};

const BATCH_MS: u32 = 1_000;

/// `count` is `None` until the first answer, which is no news.
#[component]
pub fn NewRows(count: Memo<Option<usize>>) -> impl IntoView {
    let strings = records::strings(use_locale());
    let announced = RwSignal::new(String::new());
    let gathered = Rc::new(Cell::new(0));
    Effect::new(move |before: Option<Option<usize>>| {
        let now = count.get();
        if let (Some(Some(before)), Some(now)) = (before, now)
            && now > before
        {
            let is_first = gathered.get() == 0;
            gathered.set(gathered.get() + now - before);
            if is_first {
                let gathered = gathered.clone();
                let announce = move || drop(announced.try_set((strings.new_rows)(gathered.take())));
                after(BATCH_MS, announce);
            }
        }
        now
    });
    view! { <p class="sr-only" role="status">{text(move || announced.get())}</p> }.into_any()
}
