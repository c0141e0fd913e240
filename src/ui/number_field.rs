//! A form's field for a number.

use latido_protocol::number::ParsedNumber;
use leptos::prelude::*;

use super::{
    figure::{Figure, entry},
    form::{Field, Form},
    view::{click, reactive, text},
};

/// A field for a number, and below it what was understood of it.
#[component]
pub fn NumberField(
    form: Form,
    name: &'static str,
    label: &'static str,
    figure: Figure,
    /// Beside the label, where the label does not say it.
    #[prop(optional)]
    unit: &'static str,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let locale = form.locale;
    // Full keyboards: `7:30`, `1 500` and a unit have to be typed too.
    let mode = if figure.is_duration() { "text" } else { "decimal" };
    let choices = reactive(move || {
        let ParsedNumber::Ambiguous { as_thousands, as_decimal } =
            figure.parse(&form.get(name), locale.language)
        else {
            return ().into_any();
        };
        let choice = |value: f64| {
            let choose = click(move || form.set(name, entry(value, locale.language)));
            let written = figure.written(value, locale.language);
            view! { <button type="button" class="button small" data-reading=name on:click=choose>{written}</button> }
        };
        view! { <div class="readings">{choice(as_thousands)} {choice(as_decimal)}</div> }.into_any()
    });
    view! {
        <div class="number">
            <Field form name label unit mode optional/>
            <p class="understood" role="status" data-understood=name>
                {text(move || figure.understood(&form.get(name), locale))}
            </p>
            {choices}
        </div>
    }
    .into_any()
}
