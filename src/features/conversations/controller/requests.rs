//! Requests of an open conversation besides its newest page: older pages, the contact, and the read mark.

use latido_cache::{families::thread::Position, model::Model};
use latido_protocol::{conversation::ConversationOne, event::Family};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{ConversationController, OlderMessages, PAGE};
use crate::api::{Call, Method};

impl ConversationController {
    pub(super) fn mark_read(&self, up_to: Position) {
        if self.0.reading.replace(true) {
            return;
        }
        let controller = self.clone();
        spawn_local(async move {
            let path = format!("{}/read", controller.0.path);
            let answer = controller.0.api.send(Call { method: Method::Post, ..Call::get(&path) }).await;
            controller.0.reading.set(false);
            // What did not work is tried again when something moves.
            if answer.is_ok() {
                controller.0.read.replace(Some(up_to));
                controller.0.contacts.read(&controller.0.key.contact);
                controller.0.queries.refetch_family(Family::Message);
                // More may have come meanwhile.
                controller.look();
            }
        });
    }

    pub fn load_older(&self) {
        let is_there = self.0.queue.thread().borrow().cursor().is_some();
        if !is_there || self.0.older.get_untracked() == OlderMessages::Loading {
            return;
        }
        self.0.older.set(OlderMessages::Loading);
        let controller = self.clone();
        spawn_local(async move {
            match controller.0.thread.load_next(&format!("{}/{PAGE}", controller.0.path)).await {
                Ok(()) => {
                    controller.0.older.set(OlderMessages::There);
                    controller.show();
                    // A page may be lower than the pane.
                    let more = controller.clone();
                    request_animation_frame(move || more.look());
                }
                Err(_) => controller.0.older.set(OlderMessages::Failed),
            }
        });
    }

    /// Asks who this is, where the list does not say.
    pub fn ask_who(&self) {
        let controller = self.clone();
        spawn_local(async move {
            let answer = controller.0.api.send(Call::get(&controller.0.path)).await;
            // If there is no such contact, the response to the messages shows it.
            if let Ok(one) = answer.and_then(|answer| answer.parse::<ConversationOne>()) {
                controller.0.contacts.put(one.conversation);
            }
        });
    }
}
