//! What of a list is shown, and what can be done there.

use leptos::prelude::*;

use super::{editing::Editing, filter::RecordFilter};
use crate::{browser::period::Period, data::queries::record::RecordKind};

#[derive(Clone, Copy)]
pub struct ShownRecords {
    pub kind: RecordKind,
    pub period: Period,
    pub filter: RwSignal<RecordFilter>,
    pub editing: RwSignal<Option<Editing>>,
    pub can_change: bool,
}
