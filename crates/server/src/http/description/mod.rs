//! The description of the API, a file a topic: its operations and frames, and the bodies that have no type because
//! handlers read them field by field. The other schemas are derived from the types that are written and read.

mod account;
mod conversations;
mod deliveries;
mod devices;
mod links;
mod operations;
mod profile;
mod records;
mod session;
mod socket;
mod webhooks;

use std::sync::LazyLock;

use crate::openapi::{Document, api::Api};

/// The description in both its forms.
pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
        let mut api = Api::default();
        // In the order in which the page shows them.
        session::describe(&mut api);
        records::describe(&mut api);
        profile::describe(&mut api);
        conversations::describe(&mut api);
        deliveries::describe(&mut api);
        webhooks::describe(&mut api);
        devices::describe(&mut api);
        links::describe(&mut api);
        account::describe(&mut api);
        socket::describe(&mut api);
        operations::describe(&mut api);
        Document::of(&api.finish())
    });
    &DOCUMENT
}
