//! Tells screen readers that rows have come in: politely, and once for all that came within a second, since a
//! burst read out row by row would never end.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::*;

use super::view::text;
use crate::i18n::{records, use_locale};

const BATCH: Duration = Duration::from_secs(1);

/// `count` is `None` until the first answer, which is no news.
#[component]
pub fn NewRows(count: Memo<Option<usize>>) -> impl IntoView {
    let strings = records::strings(use_locale());
    let said = RwSignal::new(String::new());
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
                let say = move || drop(said.try_set((strings.new_rows)(gathered.take())));
                set_timeout(say, BATCH);
            }
        }
        now
    });
    view! { <p class="sr-only" role="status">{text(move || said.get())}</p> }.into_any()
}
