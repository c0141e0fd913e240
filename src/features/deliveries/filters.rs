//! The filters of deliveries: by status and by kind.

use latido_protocol::delivery::{DeliveryKind, DeliveryStatus};
use leptos::prelude::*;

use super::{feed::DeliveryFilter, strings::strings};
use crate::{
    i18n::use_locale,
    ui::view::{click, text, typed},
};

#[component]
pub fn Filters(filter: RwSignal<DeliveryFilter>) -> impl IntoView {
    let strings = strings(use_locale());
    let choices = [
        (None, strings.all),
        (Some(DeliveryStatus::Pending), strings.pending),
        (Some(DeliveryStatus::Delivered), strings.delivered),
        (Some(DeliveryStatus::Failed), strings.failed),
    ];
    let choice = |(status, name): (Option<DeliveryStatus>, &'static str)| {
        let choose = click(move || filter.update(|filter| filter.status = status));
        view! {
            <button
                type="button"
                data-filter=status.map_or("all", DeliveryStatus::as_str)
                aria-pressed=text(move || (filter.get().status == status).to_string())
                on:click=choose
            >
                {name}
            </button>
        }
        .into_any()
    };
    let choose_kind = typed(move |value| {
        filter.update(|filter| filter.kind = DeliveryKind::parse(&value).ok());
    });
    view! {
        <div class="filters">
            <div class="segments" role="group" aria-label=strings.by_status>
                {choices.into_iter().map(choice).collect_view()}
            </div>
            <label class="filter-kind">
                <span>{strings.kind}</span>
                <select data-testid="filter-kind" on:change=choose_kind>
                    <option value="">{strings.all_kinds}</option>
                    <option value=DeliveryKind::Message.as_str()>{strings.message}</option>
                    <option value=DeliveryKind::ReadReceipt.as_str()>{strings.read_receipt}</option>
                </select>
            </label>
        </div>
    }
    .into_any()
}
