//! Sums of records as terms of a description list.

use leptos::prelude::*;

use crate::{data::queries::record::RecordKind, i18n::Locale};

/// One term for each sum of the kind; `None`, a sum that is not known yet, shows as a dash.
pub fn total_terms(kind: RecordKind, sums: [Option<f64>; 4], locale: Locale) -> AnyView {
    let term = |(name, sum): (&'static str, Option<f64>)| {
        view! { <div><dt>{name}</dt><dd>{locale.number_or_dash(sum.map(f64::round))}</dd></div> }
    };
    kind.sums(locale).into_iter().zip(sums).map(term).collect_view().into_any()
}
