//! Whether the server is ready, and this description.

use utoipa::openapi::{Object, schema::AdditionalProperties};

use crate::openapi::{api::Api, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic("Operations", "For operators of the server, and this documentation.");
    api.get(
        "/healthz",
        operation("healthz", "Whether the process is alive").open().answers_text(200, "text/plain", "It is."),
    );
    api.get(
        "/readyz",
        operation("readyz", "Whether it can serve")
            .open()
            .answers_text(200, "text/plain", "It can.")
            .refuses_as(503, "It is going away, or its database does not answer."),
    );
    let mut anything = Object::new();
    anything.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(true)));
    api.get(
        "/api/openapi.json",
        operation("openapi", "This document")
            .open()
            .answers_with(200, "OpenAPI 3.1.", &[("application/json", anything.into())])
            .cached(),
    );
    for (path, id, summary, content_type, description) in [
        ("/api/docs", "docs", "This document to read", "text/html", "A page."),
        ("/api/docs.css", "docsStyle", "How that page looks", "text/css", "A style sheet."),
    ] {
        api.get(path, operation(id, summary).open().answers_text(200, content_type, description).cached());
    }
}
