//! Lists that the backend does not have. It may hold less than the dashboard shows; a 404 of a list itself means that
//! it has none.

use leptos::prelude::{GetUntracked, Update, With, WithUntracked};
use wasm_bindgen_futures::spawn_local;

use super::Queries;
use crate::api::{Call, error::ApiError};

/// Asked for once it is known that one of a backend's lists is missing: it is not the bundled server.
const OTHERS: [&str; 4] = ["/conversations", "/devices", "/events", "/websocket"];

impl Queries {
    /// Whether the backend has no such list. Tracked.
    pub fn lacks(&self, list: &str) -> bool {
        self.0.missing.with(|missing| missing.iter().any(|path| path == list))
    }

    /// Learns from the outcome of a request for `path`.
    pub(super) fn note_missing(&self, path: &str, outcome: Result<(), &ApiError>) {
        let is_missing = match outcome {
            Ok(()) => false,
            Err(ApiError::Refused(problem)) => problem.status == 404,
            Err(ApiError::Intercepted { status }) => *status == 404,
            Err(_) => return,
        };
        let list = path.split('?').next().unwrap_or_default();
        let was_missing = self.0.missing.with_untracked(|missing| missing.iter().any(|path| path == list));
        // A person who is no longer followed is a 404 as well.
        if is_missing == was_missing || path.contains("person=") {
            return;
        }
        let is_first = is_missing && self.0.missing.get_untracked().is_empty();
        self.0.missing.update(|missing| {
            missing.retain(|path| path != list);
            if is_missing {
                missing.push(list.to_owned());
            }
        });
        if is_first {
            let queries = self.clone();
            spawn_local(async move {
                for list in OTHERS {
                    let answer = queries.0.api.send(Call::get(list)).await;
                    queries.note_missing(list, answer.as_ref().map(|_| ()));
                }
            });
        }
    }
}
