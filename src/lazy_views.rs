//! All lazy views, in the order in which they are loaded in the background.

use crate::{
    features::{
        connections::connections_page,
        conversations::{conversations_page, unread::unread_count},
        deliveries::deliveries_page,
        equipment::equipment_page,
        overview::overview_page,
        people::selected_person_note,
        profile::{first_browser::first_browser_note, profile_page},
        records::{record_form::record_form, undo::undo_offer, unfinished::unfinished_note},
        trends::{trend_charts, weight_trend},
    },
    shell::{
        connection_status::connection_panel, header::settings_panel, new_version::new_version_offer,
        not_found::not_found_page, outbox::refused_notes, sign_in::sign_in_page,
    },
    ui::lazy::LazyView,
};

pub const ALL: &[LazyView] = &[
    sign_in_page,
    record_form,
    settings_panel,
    connection_panel,
    refused_notes,
    undo_offer,
    unfinished_note,
    unread_count,
    new_version_offer,
    selected_person_note,
    not_found_page,
    overview_page,
    trend_charts,
    weight_trend,
    profile_page,
    first_browser_note,
    conversations_page,
    equipment_page,
    deliveries_page,
    connections_page,
];
