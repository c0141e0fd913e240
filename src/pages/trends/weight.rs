//! The overview's chart: where the weight has been going for a month.

use latido_protocol::metric::MetricKind;
use leptos::prelude::*;

use super::{TrendOf, by_day, measurements::measurements};
use crate::{
    components::{chart::Chart, view::dynamic},
    i18n::use_locale,
};

#[component]
pub fn WeightTrend() -> impl IntoView {
    const KIND: MetricKind = MetricKind::Weight;
    let locale = use_locale();
    let of: TrendOf = expect_context();
    let list = of.list.clone();
    let is_known = Memo::new(move |_| by_day::kinds(&list).contains(&KIND));
    // Whoever never steps on a scale has no use for an empty chart.
    dynamic(move || {
        if !is_known.get() {
            return ().into_any();
        }
        let of = of.clone();
        let title = (locale.strings.kinds)(KIND);
        let data = Signal::derive(move || measurements(KIND, &of, locale));
        view! { <section class="card weight-trend"><Chart title unit=locale.unit(KIND) names=vec![title] data/></section> }
            .into_any()
    })
}
