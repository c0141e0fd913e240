//! The overview's chart of the weight over a month.

use latido_protocol::metric::MetricKind;
use leptos::prelude::*;

use super::{by_day, measurements::measurements, subject::TrendOf};
use crate::{
    i18n::use_locale,
    ui::{chart::Chart, lazy::lazy_view, view::reactive},
};

lazy_view! { pub weight_trend: WeightTrend in overview }

#[component]
pub fn WeightTrend() -> impl IntoView {
    const KIND: MetricKind = MetricKind::Weight;
    let locale = use_locale();
    let of: TrendOf = expect_context();
    let list = of.list.clone();
    let is_known = Memo::new(move |_| by_day::kinds(&list).contains(&KIND));
    // Without a weight there is no empty chart.
    reactive(move || {
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
